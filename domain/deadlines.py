"""From a rule and a beginning to a due time, by the office's calendar; pure: the table of holidays is passed in.

decide stores the result in the event, so that replay never counts again. domain/explanation.py tells it day by day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Final

from pydantic import Field

from domain.errors import PromiseInThePast
from domain.plan import Plan
from domain.plan_parts import MAX_AMOUNT, Clock
from domain.values import LOCAL_ZONE, Moment, Value
from domain.workdays import HolidayTable, Unit

# A day ends at 24:00 (民法典 203). It is written 23:59:59 because 00:00 carries tomorrow's date: every ledger, letter
# and group-by would show a limit of the 5th as the 6th.
_END_OF_DAY: Final = time(23, 59, 59, tzinfo=LOCAL_ZONE)
# A reminder at midnight helps nobody: it goes out as the day's work begins.
_MORNING: Final = time(9, tzinfo=LOCAL_ZONE)
_DAY: Final = timedelta(days=1)
_HOURS_A_DAY: Final = 24


class Why(StrEnum):
    """Why a day counts, or does not."""

    FIRST_DAY = "first_day"  # the day it begins is not counted (民法典 201)
    NATURAL_DAY = "natural_day"
    WORKING_DAY = "working_day"
    MAKE_UP_DAY = "make_up_day"  # a weekend day worked in exchange 调休上班
    WEEKEND = "weekend"
    HOLIDAY = "holiday"  # a weekday off 放假、调休
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

    @property
    def days(self) -> tuple[CountedDay, ...]:
        """Every day from the first to the last, in order; empty for hours, which run straight through."""
        return () if self.unit is Unit.HOURS else tuple(_days(self))


class Deadline(Value):
    """A step's time limit as the event keeps it: which rule of which plan, from when, until when, and what follows.

    `amount` counts in `unit` (for a promised date: the natural days from the start). `provisional` is True when
    `due_at` rests on a day that no published holiday notice settles yet.
    """

    rule: str
    plan: str
    started_at: Moment
    due_at: Moment
    remind_at: Moment | None = None
    escalate_at: Moment | None = None
    notice_every_days: int | None = None
    max_notices: int
    amount: Annotated[int, Field(ge=0)]
    unit: Unit
    provisional: bool


def end_of_day(day: date) -> datetime:
    """The last moment of `day` in Asia/Shanghai, written 23:59:59."""
    return datetime.combine(day, _END_OF_DAY)


def count(started_at: datetime, amount: int, unit: Unit, holidays: HolidayTable, *, roll: bool) -> Count:
    """Count `amount` (1 to 3660) of `unit` from `started_at`.

    The day of `started_at` is not counted and the last day runs to its end; hours run from the moment. With `roll` a
    natural-day period that would end on a rest day ends with the next working day. Raises ValueError for a naive time
    or an amount out of range, OverflowError past the year 9999.
    """
    local = _local(started_at)
    due_at, provisional = _due(local, _in_range(amount), unit, holidays, roll)
    return Count(local, amount, unit, roll, holidays, due_at, provisional)


def reckon(
    rule: str, started_at: datetime, plan: Plan, holidays: HolidayTable, *, amount: int | None = None
) -> Deadline:
    """The deadline of `rule` under `plan`, or of another `amount` in the clock's unit. Raises as `count` does."""
    clock, local = plan.clock(rule), _local(started_at)
    amount = clock.amount if amount is None else _in_range(amount)
    due_at, provisional = _due(local, amount, clock.unit, holidays, clock.roll)
    return _deadline(rule, local, due_at, plan, holidays, amount=amount, unit=clock.unit, provisional=provisional)


def promised(rule: str, started_at: datetime, due_at: datetime, plan: Plan, holidays: HolidayTable) -> Deadline:
    """The deadline of a date that a person promised, kept as given (`end_of_day` makes one of a bare date).

    Reminder and escalation follow the clock of `rule`. Raises PromiseInThePast when it lies before `started_at`.
    """
    local, due = _local(started_at), _local(due_at)
    if due < local:
        raise PromiseInThePast
    days = (due.date() - local.date()).days
    return _deadline(rule, local, due, plan, holidays, amount=days, unit=Unit.NATURAL, provisional=False)


def extended(deadline: Deadline, days: int, plan: Plan, holidays: HolidayTable) -> Deadline:
    """`deadline` with `days` more, in its own unit (hours: by whole days), counted from its beginning.

    One longer period, not a second one after the first: a rest day at the old end does not lengthen it twice.
    It never ends earlier than before, even if the holidays were changed meanwhile. Raises as `count` does.
    """
    local, unit = _local(deadline.started_at), deadline.unit
    amount = deadline.amount + _in_range(days) * (_HOURS_A_DAY if unit is Unit.HOURS else 1)
    due_at, provisional = _due(local, amount, unit, holidays, plan.clock(deadline.rule).roll)
    due_at = max(due_at, _local(deadline.due_at))
    return _deadline(deadline.rule, local, due_at, plan, holidays, amount=amount, unit=unit, provisional=provisional)


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time without its zone cannot be counted from")
    return moment.astimezone(LOCAL_ZONE)


def _in_range(amount: int) -> int:
    if not 1 <= amount <= MAX_AMOUNT:
        raise ValueError(f"an amount is 1 to {MAX_AMOUNT}")
    return amount


def _due(local: datetime, amount: int, unit: Unit, holidays: HolidayTable, roll: bool) -> tuple[datetime, bool]:
    """The due time, and whether it is provisional."""
    if unit is Unit.HOURS:
        return _hours_later(local, amount), False
    last, provisional = _last_day(local.date(), amount, unit, holidays, roll)
    return end_of_day(last), provisional


def _hours_later(local: datetime, hours: int) -> datetime:
    """Elapsed hours, through UTC: clocks in China were moved in summer from 1986 to 1991."""
    return (local.astimezone(UTC) + timedelta(hours=hours)).astimezone(LOCAL_ZONE)


@lru_cache(maxsize=65_536)
def _last_day(first: date, amount: int, unit: Unit, holidays: HolidayTable, roll: bool) -> tuple[date, bool]:
    """The last day of the period and whether it is provisional; cached: an import asks by day, not by moment."""
    if unit is Unit.WORKING:
        last = _working_day_from(first, amount, _DAY, holidays)
        return last, not holidays.covers(first + _DAY, last)
    last = unrolled = first + amount * _DAY
    if not roll:
        return last, False
    while not holidays.is_working_day(last):
        last += _DAY
    return last, not holidays.covers(unrolled, last)


def _working_day_from(day: date, amount: int, step: timedelta, holidays: HolidayTable) -> date:
    """The `amount`-th working day after `day` (or before it, when `step` is a day back)."""
    while amount:
        day += step
        amount -= holidays.is_working_day(day)
    return day


def _deadline(
    rule: str,
    local: datetime,
    due_at: datetime,
    plan: Plan,
    holidays: HolidayTable,
    *,
    amount: int,
    unit: Unit,
    provisional: bool,
) -> Deadline:
    """Add to a due time what the plan lets follow from it."""
    clock = plan.clock(rule)
    return Deadline(
        rule=str(rule),
        plan=plan.id,
        started_at=local,
        due_at=due_at,
        remind_at=_reminder(local, due_at, clock, holidays),
        escalate_at=_escalation(due_at, clock, holidays),
        notice_every_days=plan.supervision.notice_every_days,
        max_notices=plan.supervision.max_notices,
        amount=amount,
        unit=unit,
        provisional=provisional,
    )


def _reminder(local: datetime, due_at: datetime, clock: Clock, holidays: HolidayTable) -> datetime | None:
    """In the morning of the day that lies `remind_before` before the last one; at once when that is over already."""
    if not clock.remind_before:
        return None
    if clock.unit is Unit.HOURS:
        return max(local, _hours_later(due_at, -clock.remind_before))
    day = due_at.date() - clock.remind_before * _DAY
    if clock.unit is Unit.WORKING:
        day = _working_day_from(due_at.date(), clock.remind_before, -_DAY, holidays)
    return max(local, datetime.combine(day, _MORNING))


def _escalation(due_at: datetime, clock: Clock, holidays: HolidayTable) -> datetime | None:
    if clock.escalate_after is None:
        return None
    return _due(due_at, clock.escalate_after, clock.unit, holidays, clock.roll)[0]


def _days(counted: Count) -> Iterator[CountedDay]:
    holidays, day, last = counted.holidays, counted.started_at.date(), counted.due_at.date()
    yield CountedDay(day, counted=False, why=Why.FIRST_DAY, official=True)
    unrolled = day + counted.amount * _DAY if counted.unit is Unit.NATURAL else day
    while day < unrolled:
        day += _DAY
        matters = counted.roll and day == unrolled
        yield CountedDay(day, counted=True, why=Why.NATURAL_DAY, official=not matters or holidays.is_official(day))
    while day < last:
        day += _DAY
        rolled = counted.unit is Unit.NATURAL
        worked = holidays.is_working_day(day)
        why = Why.ROLLED_TO if rolled and worked else _why(day, holidays)
        yield CountedDay(day, counted=worked and not rolled, why=why, official=holidays.is_official(day))


def _why(day: date, holidays: HolidayTable) -> Why:
    if day in holidays.make_up_days:
        return Why.MAKE_UP_DAY
    if day in holidays.days_off:
        return Why.HOLIDAY
    return Why.WORKING_DAY if holidays.is_working_day(day) else Why.WEEKEND
