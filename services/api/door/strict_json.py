"""Is this body one plain JSON object? The guard in front of pydantic, for what pydantic and json let pass.

Refuses what two readers could understand differently: other encodings, a byte order mark, repeated names, NaN and
numbers too large, nesting without end. Called by bodies.py and commands.py.
"""

import codecs
import json
import math
from typing import Any, Final

from services.api.door.problems import FieldProblem, Malformed

_LONGEST_NUMBER: Final = 40  # characters; the longest amount has 17
_WHITESPACE: Final = b" \t\r\n"


class _RepeatedName(ValueError):
    pass


class _NumberTooLarge(ValueError):
    pass


def read_object(raw: bytes) -> tuple[bytes, dict[str, Any]]:
    """The body without surrounding space, and its members. Raises Malformed."""
    if raw.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        raise _refused("body-encoding", "须为不带 BOM 的 UTF-8 编码。", "Write UTF-8 without a byte order mark.")
    raw = raw.strip(_WHITESPACE)
    if not raw:
        raise _refused("body-empty", "缺少请求内容；没有内容时请写 {}。", "The body is empty: write {} instead.")
    members = _parse(raw)
    if not isinstance(members, dict):
        raise _refused("body-not-object", "须为一个 JSON 对象。", "The body must be one JSON object.")
    return raw, members


def _parse(raw: bytes) -> Any:
    try:
        return _DECODER.decode(raw.decode("utf-8", "strict"))
    except UnicodeDecodeError:
        raise _refused("body-encoding", "须为 UTF-8 编码。", "Write UTF-8.") from None
    except _RepeatedName:
        raise _refused("repeated-name", "同一对象中有重复的字段名。", "A name occurs twice in one object.") from None
    except _NumberTooLarge:
        raise _refused("number-out-of-range", "数值过大，或不是有限数。", "A number is too large, or none.") from None
    except (ValueError, RecursionError):
        raise _refused("json-syntax", "不是合法的 JSON，或嵌套过深。", "Not JSON, or nested too deeply.") from None


def _refused(code: str, zh: str, en: str) -> Malformed:
    return Malformed(FieldProblem("body", code, zh, en))


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RepeatedName
    return members


def _whole_number(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise _NumberTooLarge
    return int(digits)


def _fraction(digits: str) -> float:
    number = float(digits) if len(digits) <= _LONGEST_NUMBER else math.inf
    if not math.isfinite(number):
        raise _NumberTooLarge
    return number


def _constant(_: str) -> float:
    raise _NumberTooLarge


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_whole_number, parse_float=_fraction, parse_constant=_constant
)
