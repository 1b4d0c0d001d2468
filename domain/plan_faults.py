"""What can be wrong with a plan file, in words of both languages and by path; never with what the file holds.

Called by domain/plan.py only.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

_PLAIN_KEY: Final = re.compile(r"\A[A-Za-z0-9_-]{1,64}\Z")
_LINE_OF_SYNTAX_ERROR: Final = re.compile(r"\(at line (\d+), column (\d+)\)\Z")
CATCH_ALL: Final = "other"

# pydantic's name of the error (with its own context filled in) -> what a person has to know.
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("缺少此项。", "This entry is missing."),
    "extra_forbidden": ("方案中没有此项，请删除或改正名称。", "There is no such entry: remove it or correct its name."),
    "greater_than_equal": ("不得小于 {ge}。", "It must be at least {ge}."),
    "less_than_equal": ("不得大于 {le}。", "It must be at most {le}."),
    "int_type": ("须为整数。", "It must be a whole number."),
    "bool_type": ("须为 true 或 false。", "It must be true or false."),
    "string_type": ("须为带引号的文字。", "It must be a text in quotation marks."),
    "string_too_long": ("文字过长，最多 {max_length} 字。", "The text is too long: at most {max_length} characters."),
    "string_pattern_mismatch": (
        "须为小写英文字母开头的代码（小写字母、数字、_、-）。",
        "It must be a key: a lower-case letter, then lower-case letters, digits, _ or -.",
    ),
    "value_error": ("文字为空、换行或含不允许的字符。", "The text is empty, has line breaks or forbidden characters."),
    "enum": ("只能是 {expected} 之一。", "It must be one of {expected}."),
    "model_type": ("须为一个表，如 [section]。", "It must be a table, such as [section]."),
    "dict_type": ("须为一个表，如 [section]。", "It must be a table, such as [section]."),
    "reminder_before_start": ("提醒须晚于起算：remind_before 须小于 amount。", "remind_before must be below amount."),
    "only_natural_days_roll": ("只有自然日可以顺延：roll 须为 false。", "Only natural days roll: roll must be false."),
    "notices_half_set": (
        "督办间隔与次数须同时设定，或都不设定（次数为 0）。",
        "Set both notice_every_days and max_notices, or leave the interval out and set max_notices to 0.",
    ),
    "months_unordered": ("月份须依次各写一次。", "Name each month once, in order."),
    "least_above_most": ("下限不得大于上限。", "The least cannot be larger than the most."),
    "shares_not_whole": ("各批拨付比例合计须为 100。", "The tranches' shares must make 100 together."),
    "tranches_unordered": (
        "首批不设条件，以后各批进度递增，验收后的排在最后。",
        "The first tranche has no condition; each next comes later, those after acceptance last.",
    ),
    "no_service_day": ("服务日须写每月几日或星期几。", "A service day needs days of the month or of the week."),
    "tuple_type": ("须为列表，如 [5, 15]。", "It must be a list, such as [5, 15]."),
    "too_short": ("至少写一项。", "At least one entry is needed."),
    "no_weekly_submission": ("报送周期不能是周。", "What is handed in is due by the month: no weeks."),
    "reminder_before_draw": (
        "提醒须晚于抽取：remind_before 须小于 hand_in_days。",
        "remind_before must be below hand_in_days.",
    ),
    "reminder_before_closing": (
        "提醒须晚于散会：remind_before 须小于 confirm_within_days。",
        "remind_before must be below confirm_within_days.",
    ),
    "quorum_above_members": ("法定人数不得超过委员总数。", "The quorum cannot be larger than the committee."),
}
OTHERWISE: Final = ("不合要求。", "It does not fit here.")


@dataclass(frozen=True)
class PlanFault:
    """One thing wrong: where (`clocks.on_site.amount`) and what."""

    path: str
    zh: str
    en: str


def field_faults(error: ValidationError) -> tuple[PlanFault, ...]:
    """Each field that pydantic refused, in the order of the plan's fields."""
    return tuple(_field_fault(each["loc"], each["type"], each.get("ctx", {})) for each in error.errors())


def _field_fault(place: Sequence[int | str], kind: str, context: Mapping[str, Any]) -> PlanFault:
    zh, en = _WORDS.get(kind, OTHERWISE)
    return PlanFault(_path([part for part in place if part != "[key]"]), zh.format(**context), en.format(**context))


def _path(parts: Sequence[int | str]) -> str:
    """Dotted; a key that is not plain is quoted and cut, so that no control character reaches a terminal."""
    texts = (str(part) for part in parts)
    return ".".join(text if _PLAIN_KEY.match(text) else json.dumps(text[:40]) for text in texts)


def cross_faults(raw: Mapping[str, Any], rules: Sequence[str]) -> tuple[PlanFault, ...]:
    """What one entry alone cannot show: clocks left out, no catch-all category, departments that are not listed."""
    return (*_clocks_left_out(raw, rules), *_category_faults(raw))


def _clocks_left_out(raw: Mapping[str, Any], rules: Sequence[str]) -> Iterator[PlanFault]:
    clocks = raw.get("clocks")
    if isinstance(clocks, dict):
        for rule in rules:
            if rule not in clocks:
                yield _field_fault(("clocks", rule), "missing", {})


def _category_faults(raw: Mapping[str, Any]) -> Iterator[PlanFault]:
    categories, departments = raw.get("categories"), raw.get("departments")
    if not isinstance(categories, dict):
        return
    if CATCH_ALL not in categories:
        yield _field_fault(("categories", CATCH_ALL), "missing", {})
    if not isinstance(departments, dict):
        return
    for key, category in categories.items():
        owner = category.get("department") if isinstance(category, dict) else None
        if isinstance(owner, str) and owner not in departments:
            yield PlanFault(
                _path(("categories", key, "department")),
                "归口部门未在 departments 中列出。",
                "This department is not listed under departments.",
            )


def syntax_fault(message: str) -> PlanFault:
    """A file that is not TOML at all; `message` is read for the line only."""
    found = _LINE_OF_SYNTAX_ERROR.search(message)
    where = f"line {found[1]}, column {found[2]}" if found else "file"
    return PlanFault(where, "此处不是有效的 TOML（或文件过大）。", "This is not valid TOML (or the file is too large).")
