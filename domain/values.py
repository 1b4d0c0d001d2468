"""The small values of which commands and events are made: texts, moments, money, people.

Strict where a person types (commands), plain where the log is read back (events).
"""

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

LOCAL_ZONE: Final = ZoneInfo("Asia/Shanghai")
"""All calendar arithmetic happens on the office's own calendar."""


class Value(BaseModel):
    """A frozen value that refuses fields nobody asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# C0/C1 controls (but not line feed and tab), surrogates, bidirectional overrides and isolates, and non-characters:
# none has a meaning in an office's text, and each can hide, reorder or forge what others will read.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_INVISIBLE = re.compile("[\\s\u200b-\u200d\u2060\u00ad\u3000\u3164\uffa0]*")


def _clean_text(text: str) -> str:
    """Normalise to NFC with plain line feeds; refuse what cannot be seen."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if _FORBIDDEN.search(text):
        raise ValueError("control, bidirectional or surrogate characters are not allowed")
    if _INVISIBLE.fullmatch(text):
        raise ValueError("the text is empty")
    return text


def _one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise ValueError("one line only")
    return text


def _whole_text(value: object) -> object:
    """Refuse lone surrogates before pydantic tries (and fails) to encode them."""
    if isinstance(value, str) and _FORBIDDEN.search(value):
        raise ValueError("control, bidirectional or surrogate characters are not allowed")
    return value


Text = Annotated[str, Field(max_length=10_000), BeforeValidator(_whole_text), AfterValidator(_clean_text)]
"""Prose of 1 to 10,000 characters; line breaks kept."""
Line = Annotated[
    str, Field(max_length=200), BeforeValidator(_whole_text), AfterValidator(_clean_text), AfterValidator(_one_line)
]
"""One line of 1 to 200 characters."""
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
"""A stable ASCII key: a category, a department, a common cause."""
UserId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
"""An account name."""
VillageCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,15}$")]
"""A village's short code: the first part of an issue number."""
HouseholdId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{0,31}$")]
"""A household's register number 户号: never a name, a phone or an identity card."""
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of a file, in hexadecimal."""
Moment = AwareDatetime
"""A point in time; a time without its zone is refused."""
Yuan = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2, allow_inf_nan=False)]
"""An exact amount of money."""


class Role(StrEnum):
    """Who acts (requirements: who uses it)."""

    CASE_HANDLER = "case_handler"  # 驻点干部 / 联络员
    STATION_LEAD = "station_lead"  # 驻点组长 / 分管领导
    COMMITTEE_MEMBER = "committee_member"  # 党委会成员
    FINANCE = "finance"  # 财政所
    DEPARTMENT = "department"  # 归口部门
    AUDITOR = "auditor"  # 督查 / 审计
    ADMINISTRATOR = "administrator"  # 管理员
    HOUSEHOLD = "household"  # 群众
    PROCESS = "process"  # 流程: the workflow


class Actor(Value):
    """Who did it, and in which role."""

    user: UserId
    role: Role


class Responsible(Value):
    """Who owns an open stage: a unit (`station:CX`, `township`, `department:water`, `county`) and a person."""

    unit: str
    person: UserId
