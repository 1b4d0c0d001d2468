"""Which field is wrong, and how? pydantic's errors in words for people, without what they had written.

Called by bodies.py and commands.py for bodies, and by queries.py for query parameters.
"""

from collections.abc import Mapping
from itertools import takewhile
from typing import Any, Final

from pydantic import ValidationError

from domain.plan import PlanInvalid
from domain.plan_schema import plan_names
from domain.values import ValueRefused
from services.api.door.problems import FieldProblem

MOST_ERRORS: Final = 20

_TEXT_LENGTH: Final = ("too-long", "过长，最多 {max_length} 项或字。", "Too long: at most {max_length}.")
_TOO_FEW: Final = ("too-short", "过短，至少 {min_length} 项或字。", "Too short: at least {min_length}.")
_WRONG_TYPE: Final = ("wrong-type", "类型不对，须为{zh}。", "The type is wrong: it must be {en}.")
_NO_MONEY: Final = ("amount-out-of-range", "金额最多十二位整数、两位小数。", "At most twelve digits and two decimals.")
_OTHERWISE: Final = ("invalid-value", "不合要求。", "This value does not fit here.")

# pydantic's name of the error -> our code and the two sentences, in which bounds of *ours* may be filled in.
_WORDS: Final[Mapping[str, tuple[str, str, str]]] = {
    "missing": ("missing-field", "缺少此项。", "This is missing."),
    "json_invalid": ("json-syntax", "不是合法的 JSON。", "This is not JSON."),
    "string_too_long": _TEXT_LENGTH,
    "too_long": _TEXT_LENGTH,
    "string_too_short": _TOO_FEW,
    "too_short": _TOO_FEW,
    "string_pattern_mismatch": ("wrong-format", "格式不对，见接口说明。", "The format is wrong: see the description."),
    "greater_than_equal": ("out-of-range", "不得小于 {ge}。", "It must be at least {ge}."),
    "less_than_equal": ("out-of-range", "不得大于 {le}。", "It must be at most {le}."),
    "enum": ("not-in-list", "只能是 {expected} 之一。", "It must be one of {expected}."),
    "decimal_max_digits": _NO_MONEY,
    "decimal_max_places": _NO_MONEY,
    "decimal_whole_digits": _NO_MONEY,
    "finite_number": _NO_MONEY,
    "timezone_aware": (
        "time-without-zone",
        "时间须写明时区，如 2026-03-01T09:00:00+08:00。",
        "Write the time with its zone, such as 2026-03-01T09:00:00+08:00.",
    ),
}
_TYPES: Final[Mapping[str, tuple[str, str]]] = {
    "int_type": ("整数", "a whole number"),
    "int_parsing": ("整数", "a whole number"),
    "int_parsing_size": ("整数", "a whole number of ordinary size"),
    "bool_type": ("true 或 false", "true or false"),
    "bool_parsing": ("true 或 false", "true or false"),
    "string_type": ("文字", "a text"),
    "tuple_type": ("数组", "an array"),
    "model_type": ("对象", "an object"),
    "dict_type": ("对象", "an object"),
    "uuid_type": ("UUID", "a UUID"),
    "uuid_parsing": ("UUID", "a UUID"),
    "datetime_type": ("带时区的时间", "a time with its zone"),
    "date_type": ("日期", "a date"),
    "is_instance_of": ("金额", "an amount"),
    "decimal_type": ("金额", "an amount"),
}
_OUR_BOUNDS: Final = frozenset({"max_length", "min_length", "ge", "le", "expected"})


def field_problems(error: ValidationError, root: str, known: frozenset[str]) -> list[FieldProblem]:
    """What pydantic refused, field by field; `root` is where it stood (`body`, `query`), `known` its field names."""
    found = error.errors(include_url=False, include_input=False)
    return [_field_problem(each["type"], each["loc"], each.get("ctx", {}), root, known) for each in found[:MOST_ERRORS]]


def _field_problem(
    kind: str, loc: tuple[int | str, ...], context: Mapping[str, Any], root: str, known: frozenset[str]
) -> FieldProblem:
    if kind == "extra_forbidden":
        return unknown_field(_path(root, loc[:-1]), known if len(loc) == 1 else frozenset())
    cause = context.get("error")
    if isinstance(cause, ValueRefused):
        return FieldProblem(_path(root, loc), cause.code, cause.zh, cause.en)
    return FieldProblem(_path(root, loc), *_words(kind, context))


def unknown_field(path: str, known: frozenset[str]) -> FieldProblem:
    """Some field at `path` is not one of `known`. Its name is the caller's input: only where it stood is told."""
    names = ", ".join(sorted(known))
    zh = "有未知的字段。" + (f"可用的字段：{names}。" if names else "")
    en = "There is an unknown field." + (f" Known fields: {names}." if names else "")
    return FieldProblem(path, "unknown-field", zh, en)


def plan_problems(refusal: PlanInvalid, root: str) -> list[FieldProblem]:
    """Everything wrong with a plan that stood at `root`. A path ends before the first name that is the caller's own."""
    faults = refusal.faults[:MOST_ERRORS]
    return [FieldProblem(_known_path(root, fault.path), "plan-entry", fault.zh, fault.en) for fault in faults]


def _known_path(root: str, path: str) -> str:
    known = takewhile(plan_names().__contains__, path.split("."))
    return ".".join((root, *known))


def _words(kind: str, context: Mapping[str, Any]) -> tuple[str, str, str]:
    if kind in _TYPES:
        code, zh, en = _WRONG_TYPE
        kind_zh, kind_en = _TYPES[kind]
        return code, zh.format(zh=kind_zh), en.format(en=kind_en)
    code, zh, en = _WORDS.get(kind, _OTHERWISE)
    bounds = {name: value for name, value in context.items() if name in _OUR_BOUNDS}
    return code, zh.format(**bounds), en.format(**bounds)


def _path(root: str, loc: tuple[int | str, ...]) -> str:
    return root + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
