"""Weeks, months, quarters, half-years and years of the office's calendar: when does a period begin, and when the next?

Pure; by Asia/Shanghai. Called by whatever a plan asks for by the calendar, and by workflows/schedules.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, Self

from domain.values import LOCAL_ZONE

_DAY: Final = timedelta(days=1)


class Cycle(StrEnum):
    """How long a period is."""

    WEEK = "week"  # 周: from Monday
    MONTH = "month"  # 月
    QUARTER = "quarter"  # 季度
    HALF_YEAR = "half_year"  # 半年
    YEAR = "year"  # 年


_MONTHS: Final = {Cycle.MONTH: 1, Cycle.QUARTER: 3, Cycle.HALF_YEAR: 6, Cycle.YEAR: 12}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From the first moment of `first` up to, but without, the first moment of `after`."""

    first: date
    cycle: Cycle

    @classmethod
    def containing(cls, moment: datetime | date, cycle: Cycle) -> Self:
        """The period of this length in which `moment` lies. Raises ValueError for a time without its zone."""
        day = _day_of(moment)
        if cycle is Cycle.WEEK:
            return cls(day - day.weekday() * _DAY, cycle)
        months = _MONTHS[cycle]
        return cls(date(day.year, (day.month - 1) // months * months + 1, 1), cycle)

    @property
    def after(self) -> date:
        """The first day of the next one."""
        if self.cycle is Cycle.WEEK:
            return self.first + 7 * _DAY
        month = self.first.month - 1 + _MONTHS[self.cycle]
        return date(self.first.year + month // 12, month % 12 + 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.after - _DAY

    @property
    def starts_at(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time(), LOCAL_ZONE)

    @property
    def ends_at(self) -> datetime:
        """The first moment that is no longer in it."""
        return datetime.combine(self.after, time(), LOCAL_ZONE)

    @property
    def name(self) -> str:
        """`2026-W48`, `2026-11`, `2026-Q4`, `2026-H2` or `2026`: as ledgers write it, and part of ids for good."""
        year, month = self.first.year, self.first.month
        match self.cycle:
            case Cycle.WEEK:
                week = self.first.isocalendar()
                return f"{week.year}-W{week.week:02}"
            case Cycle.MONTH:
                return f"{year}-{month:02}"
            case Cycle.QUARTER:
                return f"{year}-Q{(month + 2) // 3}"
            case Cycle.HALF_YEAR:
                return f"{year}-H{(month + 5) // 6}"
        return str(year)

    def next(self) -> "Period":
        """The one after it."""
        return Period(self.after, self.cycle)

    def previous(self) -> "Period":
        """The one before it."""
        return Period.containing(self.first - _DAY, self.cycle)

    def __contains__(self, moment: datetime | date) -> bool:
        return self.first <= _day_of(moment) < self.after

    def days(self) -> Iterator[date]:
        """Each of its days, in order."""
        return (self.first + number * _DAY for number in range((self.after - self.first).days))

    def day_of_month(self, day: int) -> date:
        """The `day`-th of the month in which it begins; in shorter months the last."""
        return min(self.first.replace(day=1) + (day - 1) * _DAY, Period.containing(self.first, Cycle.MONTH).last)


_NAMED: Final = re.compile(
    r"(?P<year>[12][0-9]{3})(?:-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])|H(?P<half>[12])|W(?P<week>[0-5][0-9])))?"
)


def period_named(name: str) -> Period:
    """The period that bears this name, as `Period.name` gives it. Raises ValueError if there is none."""
    found = _NAMED.fullmatch(name)
    if found is None:
        raise ValueError("no period has this name")
    year = int(found["year"])
    if found["week"]:
        return Period(date.fromisocalendar(year, int(found["week"]), 1), Cycle.WEEK)
    for part, cycle in (("month", Cycle.MONTH), ("quarter", Cycle.QUARTER), ("half", Cycle.HALF_YEAR)):
        if found[part]:
            return Period(date(year, (int(found[part]) - 1) * _MONTHS[cycle] + 1, 1), cycle)
    return Period(date(year, 1, 1), Cycle.YEAR)


def _day_of(moment: datetime | date) -> date:
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError("a time without its zone lies in no period")
    return moment.astimezone(LOCAL_ZONE).date()
