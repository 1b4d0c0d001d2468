"""What a plan asks of officers by the calendar: quotas, service days, the reception rota. Part of domain/plan.py.

None of it in a plan means that nothing of it is demanded.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from domain.organisation.words import Rank
from domain.periods import Cycle
from domain.plan_parts import Title
from domain.values import Key, Line, Value
from domain.visit.words import VisitKind


class Measure(StrEnum):
    """What is counted; shares are percents of something that may be nothing, and then are undefined."""

    VISITS = "visits"  # 走访次数
    DAYS = "days"  # 到村天数
    HOUSEHOLDS = "households"  # 走访户数
    LINKS = "links"  # 结对户数
    LINKED_SHARE = "linked_share"  # 结对户走访率
    VILLAGE_SHARE = "village_share"  # 全村走访率
    PRIORITY_SHARE = "priority_share"  # 重点户走访率
    DIFFICULTIES = "difficulties"  # 每户（村）解决实际困难
    CASES_SHARE = "cases_share"  # 带案走访率
    INSPECTIONS = "inspections"  # 全面检查次数


class CountedAt(StrEnum):
    """At which kind of place a duty is counted. A village without a station stands for one."""

    STATION = "station"
    TOWNSHIP = "township"


class Weekday(StrEnum):
    """By their order."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Quota(Value):
    """走访任务 At least so much in each period."""

    basis: Line = Field(description="依据（要求的条目，如 CX9） the row of the requirements that asks for it")
    at: CountedAt = Field(description="在驻点或在镇统计 counted for a station, or for the township")
    per: Cycle = Field(description="周期 how long a period is")
    measure: Measure = Field(description="统计什么 what is counted")
    least: Annotated[int, Field(strict=True, ge=1, le=10_000)] = Field(
        description="至少多少，比率为百分数 at least so many; of a share, percent"
    )
    who: tuple[Rank, ...] = Field((), description="哪些职级的干部；不设为全站合计 of which ranks; none: all together")
    on_rota: StrictBool = Field(False, description="只对本期排班人员 only for those on the period's rota")
    months: tuple[Annotated[int, Field(strict=True, ge=1, le=12)], ...] = Field(
        (), description="只在始于这些月份的周期 only in periods that begin in these months; none: in all"
    )
    remind_before_days: Annotated[int, Field(strict=True, ge=0, le=200)] | None = Field(
        None, description="期满前几日提醒，不设为统一天数 days before a period's end to remind; left out: as for all"
    )


class ServiceDay(Value):
    """服务日 Fixed days on which officers are there, and what is raised is collected."""

    title: Title
    basis: Line = Field(description="依据 the row of the requirements that asks for it")
    at: CountedAt = Field(description="在驻点或在镇统计 counted for a station, or for the township")
    kinds: tuple[VisitKind, ...] = Field(
        min_length=1, description="以何种走访到场 by which kinds of visits one is there"
    )
    days: tuple[Annotated[int, Field(strict=True, ge=1, le=31)], ...] = Field(
        (), description="每月几日 days of the month"
    )
    weekdays: tuple[Weekday, ...] = Field((), description="每周星期几 days of the week")
    working_days_only: StrictBool = Field(False, description="休息日除外 but for rest days")
    who: tuple[Rank, ...] = Field(
        (), description="哪些职级的干部；不设为至少一人到场 which ranks; none: at least somebody"
    )

    @model_validator(mode="after")
    def _some_day(self) -> Self:
        if not self.days and not self.weekdays:
            raise PydanticCustomError("no_service_day", "a service day needs days of the month or of the week")
        return self


class RotaRules(Value):
    """轮值 Who is there on which day is set for each month."""

    basis: Line = Field(description="依据 the row of the requirements that asks for it")
    at: CountedAt = Field(description="在驻点或在镇统计 counted for a station, or for the township")
    kinds: tuple[VisitKind, ...] = Field(
        (), description="以何种走访到场，不设为不限 kinds of visits by which; none: any"
    )
    weekly: tuple[Rank, ...] = Field((), description="每周至少轮值一次的职级 ranks that receive at least once a week")
    every_working_day: StrictBool = Field(True, description="每个工作日有人接访 somebody on each working day")


class Duties(Value):
    """走访与值班 Duties by the calendar, closed so many days after each period's end."""

    grace_days: Annotated[int, Field(strict=True, ge=0, le=60)] = Field(
        description="期满后几日截账，其间补录仍计 days after a period's end in which entries still count"
    )
    remind_before_days: Annotated[int, Field(strict=True, ge=0, le=60)] = Field(
        description="期满前几日提醒缺口 days before a period's end on which what is missing is told"
    )
    quotas: dict[Key, Quota] = Field({}, description="走访任务 quotas")
    service_days: dict[Key, ServiceDay] = Field({}, description="服务日 service days, counted month by month")
    rota: RotaRules | None = Field(None, description="接访轮值 the reception rota, month by month")

    def reminded_before(self, at: CountedAt, cycle: Cycle) -> int:
        """How many days before such a period's end what is missing is told: once, as early as any quota of it asks."""
        quotas = (quota for quota in self.quotas.values() if (quota.at, quota.per) == (at, cycle))
        asked = [quota.remind_before_days for quota in quotas if quota.remind_before_days is not None]
        return max(asked, default=self.remind_before_days)

    def cycles_at(self, at: CountedAt) -> tuple[Cycle, ...]:
        """The lengths of the periods in which something is counted at such a place."""
        found = {quota.per for quota in self.quotas.values() if quota.at is at}
        monthly = any(it.at is at for it in self.service_days.values()) or (
            self.rota is not None and self.rota.at is at
        )
        return tuple(cycle for cycle in Cycle if cycle in found or (monthly and cycle is Cycle.MONTH))
