"""From a beginning and an amount to a last day, by the office's calendar and without the days of a pause; pure.

domain/deadlines.py makes deadlines of it, domain/explanation.py tells it day by day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final, Protocol

from domain.plan_parts import MAX_AMOUNT
from domain.values import LOCAL_ZONE
from domain.workdays import HolidayTable, Unit

# A day ends at 24:00 (民法典 203). It is written 23:59:59 because 00:00 carries tomorrow's date: every ledger, letter
# and group-by would show a limit of the 5th as the 6th.
_END_OF_DAY: Final = time(23, 59, 59, tzinfo=LOCAL_ZONE)
DAY: Final = timedelta(days=1)

Span = tuple[date, date]
"""Days that are not counted: from the first, up to but without the second."""


class Stop(Protocol):
    """A time in which a clock stood still."""

    @property
    def since(self) -> datetime:
        """When it was stopped."""

    @property
    def until(self) -> datetime:
        """When it went on."""


class Why(StrEnum):
    """Why a day counts, or does not."""

    FIRST_DAY = "first_day"  # the day it begins is not counted (民法典 201)
    NATURAL_DAY = "natural_day"
    WORKING_DAY = "working_day"
    MAKE_UP_DAY = "make_up_day"  # a weekend day worked in exchange 调休上班
    WEEKEND = "weekend"
    HOLIDAY = "holiday"  # a weekday off 放假、调休
    PAUSED = "paused"  # the clock stood still 暂停
    ROLLED_TO = "rolled_to"  # the working day after the rest on which the period would have ended (民法典 203)


@dataclass(frozen=True)
class CountedDay:
    """One day of a count. `official` is False where it matters whether the day is worked and no notice says so yet."""

    date: date
    counted: bool
    why: Why
    official: bool


@dataclass(frozen=True)
class Count:
    """A period counted: `due_at` in Asia/Shanghai; `provisional` when a day that decided it has no published notice."""

    started_at: datetime
    amount: int
    unit: Unit
    roll: bool
    holidays: HolidayTable
    due_at: datetime
    provisional: bool
    stops: tuple[Stop, ...] = ()

    @property
    def days(self) -> tuple[CountedDay, ...]:
        """Every day from the first to the last, in order; empty for hours, which run straight through."""
        return () if self.unit is Unit.HOURS else tuple(_days(self))


def end_of_day(day: date) -> datetime:
    """The last moment of `day` in Asia/Shanghai, written 23:59:59."""
    return datetime.combine(day, _END_OF_DAY)


def count(
    started_at: datetime, amount: int, unit: Unit, holidays: HolidayTable, *, roll: bool, stops: Sequence[Stop] = ()
) -> Count:
    """Count `amount` (1 to 3660) of `unit` from `started_at`, without the time of `stops` (in order, not overlapping).

    The day of `started_at` is not counted and the last day runs to its end; hours run from the moment. With `roll` a
    natural-day period that would end on a rest day ends with the next working day. The day on which a clock goes on
    takes the place of the day on which it was stopped. Raises ValueError for a naive time or an amount out of range,
    OverflowError past the year 9999.
    """
    local = local_time(started_at)
    due_at, provisional = due_of(local, in_range(amount), unit, holidays, roll, stops)
    return Count(local, amount, unit, roll, holidays, due_at, provisional, tuple(stops))


def local_time(moment: datetime) -> datetime:
    """On the office's own calendar. Raises ValueError for a time without its zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without its zone cannot be counted from")
    return moment.astimezone(LOCAL_ZONE)


def in_range(amount: int) -> int:
    """An amount that can be counted. Raises ValueError."""
    if not 1 <= amount <= MAX_AMOUNT:
        raise ValueError(f"an amount is 1 to {MAX_AMOUNT}")
    return amount


def due_of(
    local: datetime, amount: int, unit: Unit, holidays: HolidayTable, roll: bool, stops: Sequence[Stop] = ()
) -> tuple[datetime, bool]:
    """The due time, and whether it is provisional."""
    if unit is Unit.HOURS:
        stood = sum((stop.until - stop.since for stop in stops), timedelta())
        return hours_later(local, amount) + stood, False
    last, provisional = _last_day(local.date(), amount, unit, holidays, roll, spans_of(local.date(), stops))
    return end_of_day(last), provisional


def hours_later(local: datetime, hours: int) -> datetime:
    """Elapsed hours, through UTC: clocks in China were moved in summer from 1986 to 1991."""
    return (local.astimezone(UTC) + timedelta(hours=hours)).astimezone(LOCAL_ZONE)


def spans_of(first: date, stops: Sequence[Stop]) -> tuple[Span, ...]:
    """The days that are not counted.

    The day on which the clock goes on takes the place of the day on which it was stopped: that one is not counted, this
    one is. Stopped on the very first day, which is not counted anyway, the other one is not counted either.
    """
    spans: list[Span] = []
    for stop in stops:
        since, until = local_time(stop.since).date(), local_time(stop.until).date()
        if since > first:
            spans.append((since, until))
        else:
            spans.append((first + DAY, until + DAY))
            first = until
    return tuple(spans)


def working_day_from(day: date, amount: int, step: timedelta, holidays: HolidayTable) -> date:
    """The `amount`-th working day after `day` (or before it, when `step` is a day back)."""
    while amount:
        day += step
        amount -= holidays.is_working_day(day)
    return day


def stands_still(day: date, spans: Sequence[Span]) -> bool:
    """Whether the clock stands still on this day."""
    return any(since <= day < until for since, until in spans)


@lru_cache(maxsize=65_536)
def _last_day(
    first: date, amount: int, unit: Unit, holidays: HolidayTable, roll: bool, spans: tuple[Span, ...]
) -> tuple[date, bool]:
    """The last day of the period and whether it is provisional; cached: an import asks by day, not by moment."""
    if unit is Unit.WORKING:
        last, official = _working(first, amount, holidays, spans)
        return last, not official
    last = unrolled = natural_end(first, amount, spans)
    if not roll:
        return last, False
    while not holidays.is_working_day(last):
        last += DAY
    return last, not holidays.covers(unrolled, last)


def _working(first: date, amount: int, holidays: HolidayTable, spans: tuple[Span, ...]) -> tuple[date, bool]:
    """The last working day, and whether notices settle every day that was asked."""
    if not spans:
        last = working_day_from(first, amount, DAY, holidays)
        return last, holidays.covers(first + DAY, last)
    day, official = first, True
    while amount:
        day += DAY
        if not stands_still(day, spans):
            amount -= holidays.is_working_day(day)
            official = official and holidays.is_official(day)
    return day, official


def natural_end(first: date, amount: int, spans: Sequence[Span]) -> date:
    """The last of `amount` natural days after `first`."""
    last = first + amount * DAY
    for since, until in spans:
        if since <= last:
            last += until - since
    return last


def _days(counted: Count) -> Iterator[CountedDay]:
    holidays, day, left = counted.holidays, counted.started_at.date(), counted.amount
    spans, natural = spans_of(day, counted.stops), counted.unit is Unit.NATURAL
    yield CountedDay(day, counted=False, why=Why.FIRST_DAY, official=True)
    while left:
        day += DAY
        if stands_still(day, spans):
            yield CountedDay(day, counted=False, why=Why.PAUSED, official=True)
        elif natural:
            left -= 1
            settled = bool(left) or not counted.roll or holidays.is_official(day)
            yield CountedDay(day, counted=True, why=Why.NATURAL_DAY, official=settled)
        else:
            worked = holidays.is_working_day(day)
            left -= worked
            yield CountedDay(day, counted=worked, why=_why(day, holidays), official=holidays.is_official(day))
    while day < counted.due_at.date():
        day += DAY
        why = Why.ROLLED_TO if holidays.is_working_day(day) else _why(day, holidays)
        yield CountedDay(day, counted=False, why=why, official=holidays.is_official(day))


def _why(day: date, holidays: HolidayTable) -> Why:
    if day in holidays.make_up_days:
        return Why.MAKE_UP_DAY
    if day in holidays.days_off:
        return Why.HOLIDAY
    return Why.WORKING_DAY if holidays.is_working_day(day) else Why.WEEKEND
