"""The words of spot checks 抽查: which kinds there are, and how periods and stations are written."""

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from domain.values import VillageCode


class CheckKind(StrEnum):
    """How a station comes to be checked."""

    MONTHLY = "monthly"  # 月度抽查: one station, drawn at random
    FULL = "full"  # 全面检查
    UNANNOUNCED = "unannounced"  # 随机巡查: a round that nobody was told of
    SIT_IN = "sit_in"  # 列席会议: a station's meeting sat in on


class Standing(StrEnum):
    """Where a rectification 整改 stands."""

    ORDERED = "ordered"  # 待整改
    REPORTED = "reported"  # 待复核
    ACCEPTED = "accepted"  # 复核合格


TownshipCode = VillageCode
"""A township's code."""
StationCode = VillageCode
"""The code of a station; of a village that belongs to no station."""
ItemNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,15}-[0-9]{4}-[0-9]{4,9}$")]
"""An issue's number, `QS-2026-0001`."""
