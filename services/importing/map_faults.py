"""What can be wrong with a map file, in words of both languages and by path; never with what the file holds.

Called by services/importing/map_file.py only.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from domain.values import ValueRefused
from services.importing.words import MapFault

_PLAIN: Final = re.compile(r"\A[\w -]{1,64}\Z")
_LINE_OF_SYNTAX_ERROR: Final = re.compile(r"\(at line (\d+), column (\d+)\)\Z")

# pydantic's name of the error (with its own context filled in) -> what a person has to know.
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("缺少此项。", "This entry is missing."),
    "extra_forbidden": ("没有此项，请删除或改正名称。", "There is no such entry: remove it or correct its name."),
    "string_type": ("须为带引号的文字。", "It must be a text in quotation marks."),
    "string_too_short": ("不能为空。", "It must not be empty."),
    "string_too_long": ("文字过长，最多 {max_length} 字。", "The text is too long: at most {max_length} characters."),
    "string_pattern_mismatch": ("代码格式不符：{pattern}", "The code does not have the form {pattern}"),
    "bool_type": ("须为 true 或 false。", "It must be true or false."),
    "int_type": ("须为整数。", "It must be a whole number."),
    "greater_than_equal": ("不得小于 {ge}。", "It must be at least {ge}."),
    "less_than_equal": ("不得大于 {le}。", "It must be at most {le}."),
    "enum": ("只能是 {expected} 之一。", "It must be one of {expected}."),
    "literal_error": ("只能是 {expected} 之一。", "It must be one of {expected}."),
    "too_short": ("不能为空表。", "The list must not be empty."),
    "tuple_type": ('须为列表，如 ["a", "b"]。', 'It must be a list, such as ["a", "b"].'),
    "dict_type": ("须为一个表，如 [section]。", "It must be a table, such as [section]."),
    "model_type": ("须为一个表，如 [section]。", "It must be a table, such as [section]."),
    "zone_unknown": ("没有这个时区，如 Asia/Shanghai。", "There is no such time zone; one is Asia/Shanghai."),
    "nothing_said": ("须写 columns 或 otherwise。", "Give columns, or otherwise, or both."),
    "nothing_chosen": ("须写 column 或 otherwise。", "Give column, or otherwise, or both."),
    "table_without_column": ("有 table 须写 column。", "A table needs a column."),
    "both_open_and_closed": ("同一状态不能既是 open 又是 closed。", "A status cannot be both open and closed."),
    "status_without_answer": ("有 [status] 须写 [answer]。", "A [status] needs an [answer] with its times."),
}
_OTHERWISE: Final = ("不合要求。", "It does not fit here.")


def faults_of(error: ValidationError) -> tuple[MapFault, ...]:
    """Each entry that pydantic refused, in the order of the map's fields."""
    return tuple(_fault(each["loc"], each["type"], each.get("ctx", {})) for each in error.errors())


def syntax_fault(message: str) -> MapFault:
    """A file that is not TOML at all; `message` is read for the line only."""
    found = _LINE_OF_SYNTAX_ERROR.search(message)
    where = f"line {found[1]}, column {found[2]}" if found else "file"
    return MapFault(where, "此处不是有效的 TOML（或文件过大）。", "This is not valid TOML (or the file is too large).")


def _fault(place: Sequence[int | str], kind: str, context: Mapping[str, Any]) -> MapFault:
    refusal = context.get("error")
    if isinstance(refusal, ValueRefused):
        return MapFault(_path(place), refusal.zh, refusal.en)
    zh, en = _WORDS.get(kind, _OTHERWISE)
    return MapFault(_path(place), zh.format(**context), en.format(**context))


def _path(parts: Sequence[int | str]) -> str:
    """Dotted; a key that is not plain is quoted and cut, so that no control character reaches a terminal."""
    texts = (str(part) for part in parts if part != "[key]")
    return ".".join(text if _PLAIN.match(text) else json.dumps(text[:40]) for text in texts) or "file"
