"""The small values of which commands and events are made: texts, moments, money, people.

Strict where a person types (commands), plain where the log is read back (events).
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
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


class ValueRefused(ValueError):
    """What somebody typed is no value of its kind. `code` is stable; the texts never repeat what was typed."""

    def __init__(self, code: str, *, zh: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.zh = zh
        self.en = en


SEALED: Final = "\ue000"
"""The first character of sealed words (domain/privacy.py). It is private to us: nobody can type it."""
# C0/C1 controls (but not line feed and tab), surrogates, bidirectional overrides and isolates, line and paragraph
# separators, annotations, tags and non-characters: none has a meaning in an office's text, and each can hide, reorder
# or forge what others will read.
_FORBIDDEN = re.compile(
    "[\ue000\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
# Spaces, controls, formats and marks with nothing to stand on; letters private to old systems, or newer than this
# Python's tables, do count. The five are letters by name and blank on paper.
_UNSEEN_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Mn", "Me"})
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_LONGEST_TEXT: Final = 10_000
_LONGEST_LINE: Final = 200


def without_forbidden(text: str) -> str:
    """The text without the characters that no text may hold; for imports whose map asks for it."""
    return _FORBIDDEN.sub("", text)


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen."""
    return all(unicodedata.category(letter) in _UNSEEN_CATEGORIES or letter in _BLANK_LETTERS for letter in text)


def _clean_text(text: str) -> str:
    """Normalise to NFC with plain line feeds; refuse what cannot be seen."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if _FORBIDDEN.search(text):
        raise _forbidden_character()
    if is_blank(text):
        raise ValueRefused("text-empty", zh="不能为空。", en="The text is empty.")
    return text


def _bounded(limit: int) -> Callable[[str], str]:
    """A text is counted again once it is composed: a few letters are written as two."""

    def check(text: str) -> str:
        if len(text) > limit:
            raise ValueRefused("text-too-long", zh=f"最多 {limit} 字。", en=f"At most {limit} characters.")
        return text

    return check


def _one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise ValueRefused(
            "text-one-line", zh="只能写一行，不含换行和制表符。", en="One line only: no breaks, no tabs."
        )
    return text


def _whole_text(value: object) -> object:
    """Refuse lone surrogates before pydantic tries (and fails) to encode them."""
    if isinstance(value, str) and _FORBIDDEN.search(value):
        raise _forbidden_character()
    return value


def _forbidden_character() -> ValueRefused:
    return ValueRefused(
        "text-forbidden-character",
        zh="含有不允许的字符（控制符、双向排版符等）。",
        en="Control, bidirectional, separator or surrogate characters are not allowed.",
    )


Text = Annotated[
    str,
    Field(max_length=_LONGEST_TEXT),
    BeforeValidator(_whole_text),
    AfterValidator(_clean_text),
    AfterValidator(_bounded(_LONGEST_TEXT)),
]
"""Prose of 1 to 10,000 characters; line breaks kept."""
Line = Annotated[
    str,
    Field(max_length=_LONGEST_LINE),
    BeforeValidator(_whole_text),
    AfterValidator(_clean_text),
    AfterValidator(_bounded(_LONGEST_LINE)),
    AfterValidator(_one_line),
]
"""One line of 1 to 200 characters."""
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
"""A stable ASCII key: a category, a department, a common cause."""
UserId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
"""An account name."""
VillageCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,15}$")]
"""A village's short code: the first part of an issue number."""
IssueNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,15}-[0-9]{4}-[0-9]{4,9}$")]
"""An issue's number, such as `CX-2026-0001`."""
# Written without hyphens: a mobile telephone, a fixed one with its area code, an identity card.
_OF_A_PERSON = re.compile(r"(?:86)?1[3-9][0-9]{9}|0[1-9][0-9]{8,10}|[1-9][0-9]{16}[0-9X]", re.ASCII)


def _of_no_person(number: str) -> str:
    """Register numbers are sealed nowhere, and shown to those who may see no telephone number."""
    if _OF_A_PERSON.fullmatch(number.replace("-", "")):
        raise ValueRefused(
            "household-number-personal",
            zh="户号不得用电话号码或身份证号。请用登记册上的户号。",
            en="A telephone or identity card number cannot be a register number. Use the one in the register.",
        )
    return number


HouseholdId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{0,31}$"), AfterValidator(_of_no_person)]
"""A household's register number 户号: never a name, a phone or an identity card."""
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of a file, in hexadecimal."""
Moment = AwareDatetime
"""A point in time; a time without its zone is refused."""

# pydantic alone takes "0" for 1970 and "1_000" or full-width digits for amounts: a person never means that.
_WRITTEN_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_WRITTEN_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WRITTEN_AMOUNT = re.compile(r"\d{1,14}(\.\d+)?", re.ASCII)
_FIRST_MOMENT = datetime(1800, 1, 1, tzinfo=UTC)
_LAST_MOMENT = datetime(2200, 1, 1, tzinfo=UTC)


def _read_moment(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        if _WRITTEN_MOMENT.fullmatch(value):
            return datetime.fromisoformat(value)
    except ValueError:
        pass
    raise ValueRefused(
        "time-unreadable",
        zh="须写成 2026-03-01T09:00:00+08:00 的形式，且是存在的时间。",
        en="Write an existing time such as 2026-03-01T09:00:00+08:00.",
    )


def _moment_in_range(moment: datetime) -> datetime:
    if not _FIRST_MOMENT <= moment < _LAST_MOMENT:
        raise _time_out_of_range()
    return moment


def _read_day(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        if _WRITTEN_DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueRefused(
        "date-unreadable",
        zh="须写成 2026-03-01 的形式，且是存在的日期。",
        en="Write an existing date such as 2026-03-01.",
    )


def _day_in_range(day: date) -> date:
    if not _FIRST_MOMENT.date() <= day < _LAST_MOMENT.date():
        raise _time_out_of_range()
    return day


def _time_out_of_range() -> ValueRefused:
    return ValueRefused(
        "time-out-of-range", zh="年份须在 1800 至 2199 之间。", en="The year must lie between 1800 and 2199."
    )


def _read_amount(value: object) -> object:
    if isinstance(value, str):
        if not _WRITTEN_AMOUNT.fullmatch(value):
            raise ValueRefused(
                "amount-unreadable",
                zh="金额须写成 1200 或 1200.50 的形式，不能为负。",
                en="Write an amount such as 1200 or 1200.50, not below zero.",
            )
        return Decimal(value)
    if isinstance(value, float | int) and not isinstance(value, bool):
        return Decimal(str(value))
    return value


def _plain_zero(amount: Decimal) -> Decimal:
    """There is no minus zero yuan."""
    return amount if amount else Decimal(0)


GivenMoment = Annotated[AwareDatetime, BeforeValidator(_read_moment), AfterValidator(_moment_in_range)]
"""A moment that somebody gives (RFC 3339 with its zone), in years in which we can count."""
GivenDay = Annotated[date, BeforeValidator(_read_day), AfterValidator(_day_in_range)]
"""A day that somebody gives (ISO 8601)."""
Yuan = Annotated[
    Decimal,
    Field(ge=0, max_digits=14, decimal_places=2, allow_inf_nan=False),
    BeforeValidator(_read_amount),
    AfterValidator(_plain_zero),
]
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
    PROCESS = "process"  # 流程: the issue's workflow


class Actor(Value):
    """Who did it, and in which role."""

    user: UserId
    role: Role
    on_behalf_of: UserId | None = None  # for whom a deputy acts

    @property
    def persons(self) -> frozenset[str]:
        """Who is bound by what this actor does: also the one for whom a deputy acts."""
        return frozenset({self.user}) if self.on_behalf_of is None else frozenset({self.user, self.on_behalf_of})


THE_PROCESS: Final = Actor(user="process", role=Role.PROCESS)
"""The issue's own workflow, acting."""


class Responsible(Value):
    """Who owns an open stage: a unit (`station:CX`, `township`, `department:water`, `county`) and a person."""

    unit: str
    person: UserId
