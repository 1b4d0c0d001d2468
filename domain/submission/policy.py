"""What has to be handed in by when 报送: `[submissions.<key>]` of a plan file. None of it: nothing is asked for."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from domain.duty.policy import CountedAt
from domain.organisation.words import Rank
from domain.periods import Cycle, Period
from domain.plan_parts import Title
from domain.values import LOCAL_ZONE, Line, Value


class OwedBy(StrEnum):
    """Who hands it in: each of them, one by one."""

    STATION = "station"  # 驻点; a village of no station stands for one
    VILLAGE = "village"  # 村(社区)
    OFFICER = "officer"  # 干部
    DEPARTMENT = "department"  # 归口部门
    TOWNSHIP = "township"  # 镇


class DueIn(StrEnum):
    """In which month its day lies."""

    FIRST_MONTH = "first_month"  # 周期首月
    LAST_MONTH = "last_month"  # 周期末月
    NEXT_MONTH = "next_month"  # 周期之后一个月


_IN_OFFICES = frozenset({OwedBy.DEPARTMENT, OwedBy.TOWNSHIP})


class Submission(Value):
    """报送事项 One paper or ledger that is handed in for each period."""

    title: Title = Field(description="名称 what it is called")
    basis: Line = Field(description="依据（要求的条目，如 CX12） the row of the requirements that asks for it")
    by: OwedBy = Field(description="由谁报送 who hands it in")
    per: Cycle = Field(description="周期，不能是周 how long a period is; no week")
    due_in: DueIn = Field(description="在哪个月到期 in which month it is due")
    due_day: Annotated[int, Field(strict=True, ge=1, le=31)] = Field(
        description="该月几日止（当月不足的为最后一日） up to which day of it (in shorter months the last)"
    )
    remind_before_days: Annotated[int, Field(strict=True, ge=0, le=60)] = Field(
        0, description="到期前几日提醒，0 为不提醒 days before on which what is missing is told; 0: not at all"
    )
    kept: StrictBool = Field(False, description="系统内台账，无须另交文件 a ledger kept here: no paper is needed")
    signed: StrictBool = Field(False, description="须由另一负责人审签后才算报送 counts once a lead has signed it")
    who: tuple[Rank, ...] = Field((), description="哪些职级的干部；不设为全部 officers of which ranks; none: all")
    months: tuple[Annotated[int, Field(strict=True, ge=1, le=12)], ...] = Field(
        (), description="只在始于这些月份的周期 only in periods that begin in these months; none: in all"
    )

    @model_validator(mode="after")
    def _by_months(self) -> Self:
        if self.per is Cycle.WEEK:
            raise PydanticCustomError("no_weekly_submission", "what is handed in is due by the month")
        return self

    @property
    def at(self) -> CountedAt:
        """At which kind of place it is watched: an officer's with the station."""
        return CountedAt.TOWNSHIP if self.by in _IN_OFFICES else CountedAt.STATION

    def asked_in(self, period: Period) -> bool:
        """Whether it is asked for in this period."""
        return self.per is period.cycle and (not self.months or period.first.month in self.months)

    def due_at(self, period: Period) -> datetime:
        """The first moment at which it is late."""
        in_month = {DueIn.FIRST_MONTH: period.first, DueIn.LAST_MONTH: period.last, DueIn.NEXT_MONTH: period.after}
        day = Period.containing(in_month[self.due_in], Cycle.MONTH).day_of_month(self.due_day)
        return datetime.combine(day + timedelta(days=1), time(), LOCAL_ZONE)

    def remind_at(self, period: Period) -> datetime | None:
        """When what is missing is told; None: not at all."""
        if not self.remind_before_days:
            return None
        return max(self.due_at(period) - timedelta(days=self.remind_before_days), period.starts_at)


def cycles_of(submissions: dict[str, Submission], at: CountedAt) -> tuple[Cycle, ...]:
    """The lengths of the periods in which something is handed in at such a place."""
    found = {it.per for it in submissions.values() if it.at is at}
    return tuple(cycle for cycle in Cycle if cycle in found)
