"""The closed lists of the visit diary 民情日记: what kind of visit, how grave a hazard, which month."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from domain.values import LOCAL_ZONE


class VisitKind(StrEnum):
    """What somebody went out for; each names the channel by which issues come from it."""

    HOUSEHOLD = "household_visit"  # 入户走访
    RECEPTION = "reception_day"  # 接访
    TALK_DAY = "talk_day"  # 村民说事日
    SERVICE_DAY = "service_day"  # 服务日
    HAZARD = "hazard_inspection"  # 隐患排查


class HazardLevel(StrEnum):
    """等级 of a hazard or dispute that was found."""

    GENERAL = "general"  # 一般
    SERIOUS = "serious"  # 较大
    GRAVE = "grave"  # 重大


OPINION_CATEGORIES = (
    "income", "construction", "social_security", "education_health", "environment", "culture", "hardship",
    "public_safety", "conduct",
)  # fmt: skip
"""The nine of the opinion form 意见反馈表 (SG4), in its order."""

Month = Annotated[str, StringConstraints(pattern=r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$")]
"""A month of the office's calendar, `2026-03`."""


def local_day(moment: datetime) -> date:
    """The day on the office's calendar."""
    return moment.astimezone(LOCAL_ZONE).date()


def month_of(day: date) -> str:
    """`2026-03`."""
    return f"{day.year:04d}-{day.month:02d}"
