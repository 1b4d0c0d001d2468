"""The closed lists and small values of what links officers with households: books, cards, years."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from domain.household.words import Phone
from domain.values import Line, UserId, Value


class Book(StrEnum):
    """四本账: for what visits, issues and help plans do not already tell by themselves (MZ4)."""

    PEOPLE = "people"  # 民情账
    ASSISTANCE = "assistance"  # 帮扶账
    ORGANISATION = "organisation"  # 组织账
    STABILITY = "stability"  # 稳定账


class Whereabouts(StrEnum):
    """着落 of a matter that a household brought up: every item has a place (LL10)."""

    ANSWERED = "answered"  # 已答复
    ON_THE_SPOT = "on_the_spot"  # 当场办理
    IN_HAND = "in_hand"  # 办理中
    PASSED_ON = "passed_on"  # 已转事项
    JOINED = "joined"  # 并案待答复
    WITHDRAWN = "withdrawn"  # 已撤回
    NOTHING_ASKED = "nothing_asked"  # 记录在册
    WAITING = "waiting"  # 待落实


class CardOfficial(Value):
    """One official on a contact card 便民联系卡: who, as what, under which number; given to every household."""

    officer: UserId
    name: Line
    duty: Line
    phone: Phone


Year = Annotated[int, Field(ge=1949, le=2199)]
Number = Annotated[int, Field(ge=1, le=100_000)]
"""The number of an entry within its register."""
