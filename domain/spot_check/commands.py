"""What may be asked of a spot check 抽查. A monthly one's id follows from township and month: there is one of each."""

from typing import Annotated, Literal, Self
from uuid import UUID, uuid5

from pydantic import Field, model_validator

from domain.commands import Command
from domain.spot_check.words import CheckKind, ItemNumber, StationCode, TownshipCode
from domain.values import Digest, GivenDay, Text, ValueRefused
from domain.visit.words import Month, local_day

_NAMESPACE = UUID("6a1b0a0e-6c5d-4d0f-9a52-3f2c7e1b8d40")
Finding = Annotated[int, Field(ge=1, le=10_000)]
"""The number of a finding within its check."""


def spot_check_id_of(township: str, month: str) -> UUID:
    """The monthly spot check of a township."""
    return uuid5(_NAMESPACE, f"monthly/{township}/{month}")


class SpotCheckCommand(Command):
    """A command to one spot check, full inspection or round in a township."""

    township: TownshipCode


class OfMonth(SpotCheckCommand):
    """A command to the township's check of a month."""

    month: Month

    @property
    def stream_id(self) -> UUID:
        return spot_check_id_of(self.township, self.month)


class AnnounceSpotCheck(OfMonth):
    """公告抽查: on the day of the draw; the rules of the plan are fixed for it, and that the draw follows."""


class DrawSpotCheck(OfMonth):
    """抽取: a station and its issues, by the seed that the log itself gives. It says nothing that could be chosen."""


class RecordInspection(SpotCheckCommand):
    """检查登记: a full inspection, an unannounced round or a meeting sat in on; `occurred_at` is its day."""

    kind: Literal[CheckKind.FULL, CheckKind.UNANNOUNCED, CheckKind.SIT_IN]
    stations: Annotated[tuple[StationCode, ...], Field(min_length=1, max_length=50)]

    @property
    def period(self) -> str:
        """The day, on the office's calendar."""
        return local_day(self.occurred_at).isoformat()

    @property
    def stream_id(self) -> UUID:
        return uuid5(_NAMESPACE, f"{self.kind}/{self.township}/{self.period}/{','.join(sorted(self.stations))}")

    @model_validator(mode="after")
    def _everywhere_once(self) -> Self:
        if len(set(self.stations)) != len(self.stations):
            raise ValueRefused("stations-repeated", zh="驻点不能重复。", en="Each station is named once.")
        return self


class OnCheck(SpotCheckCommand):
    """A command to a check that there is."""

    check_id: UUID

    @property
    def stream_id(self) -> UUID:
        return self.check_id


class HandInLedgers(OnCheck):
    """报送台账: the issues among those drawn whose papers are handed in now; none where none were drawn."""

    items: Annotated[tuple[ItemNumber, ...], Field(max_length=200)] = ()


class RemindHandIn(OnCheck):
    """催报台账: the time to hand in draws to its end."""


class RecordMissedHandIn(OnCheck):
    """台账缺报: the time is over, and something was not handed in."""


class RecordFinding(OnCheck):
    """登记问题: what was found amiss at a station, in one of its issues or in its work at large."""

    station: StationCode
    item: ItemNumber | None = None
    problem: Text


class OnFinding(OnCheck):
    """A command about one finding."""

    finding: Finding


class OrderRectification(OnFinding):
    """责令整改: by which unit, until when, and what is required."""

    unit: StationCode
    requirement: Text
    due_on: GivenDay


class ReportRectification(OnFinding):
    """整改报告: what was put right, by the unit that had to."""

    measures: Text
    evidence: Annotated[tuple[Digest, ...], Field(max_length=20)] = ()


class RecordMissedRectification(OnFinding):
    """整改超期: the day is over, and nothing was reported."""


class RecheckRectification(OnFinding):
    """整改复核: accepted, or to be done again by another day; never by whoever reported it."""

    accepted: bool
    opinion: Text
    due_on: GivenDay | None = None

    @model_validator(mode="after")
    def _again_until(self) -> Self:
        if self.accepted == (self.due_on is not None):
            raise ValueRefused(
                "rectification-day",
                zh="退回重新整改时写明期限；合格时不写。",
                en="Say until when it is done again, or accept it.",
            )
        return self


class CloseSpotCheck(OnCheck):
    """办结抽查: when everything asked for was put right."""

    summary: Text


SPOT_CHECK_COMMANDS: tuple[type[SpotCheckCommand], ...] = (
    AnnounceSpotCheck, DrawSpotCheck, RecordInspection, HandInLedgers, RemindHandIn, RecordMissedHandIn,
    RecordFinding, OrderRectification, ReportRectification, RecordMissedRectification, RecheckRectification,
    CloseSpotCheck,
)  # fmt: skip
