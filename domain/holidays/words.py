"""The words of the holiday tables: a year, its days, and what cannot be one."""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from domain.values import Line, Value, ValueRefused

Year = Annotated[int, Field(ge=2000, le=2199)]
"""A year of our calendar; a table of it may reach back into the last week of December before."""

_SATURDAY: Final = 5
_LATE_DECEMBER: Final = 25
_ALWAYS_OFF: Final = ((1, 1), (5, 1), (10, 1))
"""New Year, Labour Day and National Day are off by law in every year; a table without them is another year's."""


def _in_order(days: tuple[date, ...]) -> tuple[date, ...]:
    """Each day once and in order, so that the same table is always written alike."""
    return tuple(sorted(set(days)))


Days = Annotated[tuple[date, ...], AfterValidator(_in_order)]
"""Days of a table, in order."""


class YearTable(Value):
    """One year's days off and the weekend days worked in exchange, with the notice that says so."""

    year: Year
    days_off: Days
    make_up_days: Days
    notice: Line
    source: Line | None = None


def table_fault(year: int, days_off: Collection[date], make_up_days: Collection[date]) -> ValueRefused | None:
    """What is wrong with such a table, or None."""
    first = date(year - 1, 12, _LATE_DECEMBER)
    if not all(first <= day <= date(year, 12, 31) for day in (*days_off, *make_up_days)):
        return ValueRefused(
            "holiday-of-another-year",
            zh="日期须在本年度内（或上年 12 月 25 日以后）。",
            en="Each day lies in the year itself, or after 24 December of the year before.",
        )
    if set(days_off) & set(make_up_days):
        return ValueRefused(
            "holiday-off-and-worked", zh="同一天不能既放假又上班。", en="A day cannot be both off and worked."
        )
    if not all(day.weekday() >= _SATURDAY for day in make_up_days):
        return ValueRefused(
            "make-up-day-no-weekend", zh="调休上班日须为周六或周日。", en="A make-up workday is a Saturday or Sunday."
        )
    if not all(date(year, month, day) in days_off for month, day in _ALWAYS_OFF):
        return ValueRefused(
            "holiday-left-out",
            zh="缺少法定节日：1 月 1 日、5 月 1 日、10 月 1 日。请写全年安排。",
            en="1 January, 1 May and 1 October are off by law. Give the table of the whole year.",
        )
    return None
