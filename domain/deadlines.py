"""From a rule and a beginning to a due time, by the office's calendar; pure: the table of holidays is passed in.

decide stores the result in the event with everything it was counted from, so that replay never counts again, and a new
holiday table, a pause or an extension counts from the same beginning. domain/explanation.py tells it day by day.
"""

from datetime import datetime, time
from typing import Annotated, Final, NamedTuple, Self

from pydantic import Field

from domain.bounds import bounds
from domain.counting import (
    DAY,
    Count,
    CountedDay,
    Why,
    count,
    due_of,
    end_of_day,
    hours_later,
    in_range,
    local_time,
    spans_of,
    working_day_from,
)
from domain.errors import PromiseInThePast
from domain.pausing import HolderTerms, Pause
from domain.plan import Plan
from domain.values import LOCAL_ZONE, Moment, Value
from domain.workdays import HolidayTable, Unit

__all__ = ["Count", "CountedDay", "Deadline", "Why", "count", "end_of_day"]

# A reminder at midnight helps nobody: it goes out as the day's work begins.
MORNING: Final = time(9, tzinfo=LOCAL_ZONE)
_HOURS_A_DAY: Final = 24


class Deadline(Value):
    """A step's time limit as the event keeps it: which rule of which plan, from when, until when, and what follows.

    `amount` counts in `unit` (for a promised date: the natural days from the start). `provisional` is True when
    `due_at` rests on a day that no published holiday notice settles yet; then `earliest` and `latest` bound it.
    `pauses`: when it stood still. `calendar`: the version of the holiday table it was counted by. None where an event
    of an earlier version does not say.
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
    earliest: Moment | None = None
    latest: Moment | None = None
    basis: str | None = None
    article: str | None = None
    roll: bool | None = None
    remind_before: int | None = None
    escalate_after: int | None = None
    promised: bool | None = None
    pauses: tuple[Pause, ...] | None = None
    calendar: int | None = None

    @property
    def missed_at(self) -> datetime:
        """From when it counts as missed: a provisional limit not before no notice to come could save it."""
        return self.latest or self.due_at


class _Terms(NamedTuple):
    """What the plan said of a clock when it started."""

    rule: str
    plan: str
    unit: Unit
    roll: bool
    remind_before: int
    escalate_after: int | None
    notice_every_days: int | None
    max_notices: int
    basis: str | None
    article: str | None
    promised: bool = False

    @classmethod
    def of_plan(cls, rule: str, plan: Plan) -> Self:
        """As this plan says now."""
        clock, supervision = plan.clock(rule), plan.supervision
        follows = (supervision.notice_every_days, supervision.max_notices)
        before = (clock.unit, clock.roll, clock.remind_before, clock.escalate_after)
        return cls(str(rule), plan.id, *before, *follows, clock.basis, clock.article)

    @classmethod
    def of_deadline(cls, deadline: Deadline, plan: Plan) -> Self:
        """As the plan said then; what an old event does not say, as `plan` says."""
        terms = cls.of_plan(deadline.rule, plan)
        promised = was_promised(deadline, terms.unit)
        terms = terms._replace(
            plan=deadline.plan,
            unit=terms.unit if promised else deadline.unit,
            notice_every_days=deadline.notice_every_days,
            max_notices=deadline.max_notices,
            promised=promised,
        )
        if deadline.roll is None:
            return terms
        return terms._replace(
            roll=deadline.roll,
            remind_before=deadline.remind_before or 0,
            escalate_after=deadline.escalate_after,
            basis=deadline.basis,
            article=deadline.article,
        )

    @property
    def counted_in(self) -> Unit:
        """In what the amount counts: a date that was promised lies so many natural days ahead."""
        return Unit.NATURAL if self.promised else self.unit


def reckon(
    rule: str, started_at: datetime, plan: Plan, holidays: HolidayTable, *, amount: int | None = None
) -> Deadline:
    """The deadline of `rule` under `plan`, or of another `amount` in the clock's unit. Raises as `count` does."""
    terms, local = _Terms.of_plan(rule, plan), local_time(started_at)
    return _counted(terms, local, in_range(plan.clock(rule).amount if amount is None else amount), holidays)


def promised(rule: str, started_at: datetime, due_at: datetime, plan: Plan, holidays: HolidayTable) -> Deadline:
    """The deadline of a date that a person promised, kept as given (`end_of_day` makes one of a bare date).

    Reminder and escalation follow the clock of `rule`. Raises PromiseInThePast when it lies before `started_at`.
    """
    local, due = local_time(started_at), local_time(due_at)
    if due < local:
        raise PromiseInThePast
    terms = _Terms.of_plan(rule, plan)._replace(promised=True)
    return _deadline(terms, local, due, (due.date() - local.date()).days, holidays)


def extended(deadline: Deadline, days: int, plan: Plan, holidays: HolidayTable) -> Deadline:
    """`deadline` with `days` more, in its own unit (hours: by whole days), counted from its beginning.

    One longer period, not a second one after the first: a rest day at the old end does not lengthen it twice, and what
    was paused stays paused. It never ends earlier than before, even if the holidays were changed meanwhile. Raises as
    `count` does.
    """
    terms, local = _Terms.of_deadline(deadline, plan), local_time(deadline.started_at)
    more = in_range(days) * (_HOURS_A_DAY if deadline.unit is Unit.HOURS else 1)
    later = _counted(terms, local, deadline.amount + more, holidays, deadline.pauses)
    return _not_before(local_time(deadline.due_at), later, terms, holidays)


def redated(deadline: Deadline, plan: Plan, holidays: HolidayTable, now: datetime) -> Deadline:
    """`deadline` counted anew by another holiday table; a promised date stays as it was promised.

    A table that lengthens the period moves the end to where it now falls. One that shortens it moves the end forward,
    but not before the end of the day of `now`, lest the table make a breach in retrospect.
    """
    terms, local = _Terms.of_deadline(deadline, plan), local_time(deadline.started_at)
    if terms.promised:
        return deadline
    old = local_time(deadline.due_at)
    new = _counted(terms, local, deadline.amount, holidays, deadline.pauses)
    today = end_of_day(local_time(now).date())
    return new if new.due_at >= old else _not_before(min(old, today), new, terms, holidays)


def stopped(deadline: Deadline, pause: Pause, plan: Plan, holidays: HolidayTable) -> Deadline:
    """`deadline` with one pause more; a promised date moves by its days."""
    terms, local = _Terms.of_deadline(deadline, plan), local_time(deadline.started_at)
    pauses = (*(deadline.pauses or ()), pause)
    if terms.promised:
        stood = local_time(pause.until).date() - local_time(pause.since).date()
        due = local_time(deadline.due_at) + stood
        return _deadline(terms, local, due, deadline.amount + stood.days, holidays, pauses)
    return _counted(terms, local, deadline.amount, holidays, pauses)


def resumed(deadline: Deadline, at: datetime, plan: Plan, holidays: HolidayTable) -> Deadline:
    """`deadline`, whose last pause ended at `at` and not as late as it might have."""
    pauses = deadline.pauses or ()
    if not pauses:
        return deadline
    earlier, last = pauses[:-1], pauses[-1]
    stood = local_time(last.until).date() - local_time(last.since).date()
    due = local_time(deadline.due_at) - stood if deadline.promised else deadline.due_at
    amount = deadline.amount - stood.days if deadline.promised else deadline.amount
    before = deadline.model_copy(update={"pauses": earlier or None, "due_at": due, "amount": amount})
    return stopped(before, last.model_copy(update={"until": at}), plan, holidays)


def for_next_holder(
    deadline: Deadline, at: datetime, least: HolderTerms, plan: Plan, holidays: HolidayTable
) -> Deadline | None:
    """The next holder's own clock, where `deadline` leaves less than the least; None where it leaves enough."""
    terms = _Terms.of_plan(deadline.rule, plan)._replace(
        unit=least.unit, roll=False, basis=least.basis, article=None, remind_before=0, escalate_after=None
    )
    own = _counted(terms, local_time(at), least.amount, holidays)
    return own if own.due_at > local_time(deadline.due_at) else None


def count_of(deadline: Deadline, plan: Plan, holidays: HolidayTable) -> Count:
    """The count behind a deadline, told anew by this table. Raises as `count` does."""
    terms = _Terms.of_deadline(deadline, plan)
    stops = deadline.pauses or ()
    return count(deadline.started_at, deadline.amount, terms.counted_in, holidays, roll=terms.roll, stops=stops)


def was_promised(deadline: Deadline, unit: Unit) -> bool:
    """Whether a person gave the date; of old events, which do not say, by what no clock of the plan would give."""
    if deadline.promised is not None or deadline.roll is not None:
        return bool(deadline.promised)
    whole_day = local_time(deadline.due_at) == end_of_day(local_time(deadline.due_at).date())
    return deadline.unit is Unit.NATURAL and (unit is not Unit.NATURAL or not whole_day)


def _counted(
    terms: _Terms, local: datetime, amount: int, holidays: HolidayTable, pauses: tuple[Pause, ...] | None = None
) -> Deadline:
    """The deadline of so much from then on."""
    due_at, provisional = due_of(local, amount, terms.counted_in, holidays, terms.roll, pauses or ())
    made = _deadline(terms, local, due_at, amount, holidays, pauses)
    if not provisional:
        return made
    spans = spans_of(local.date(), pauses or ())
    earliest, latest = bounds(local.date(), amount, terms.counted_in, holidays, roll=terms.roll, spans=spans)
    return made.model_copy(update={"provisional": True, "earliest": end_of_day(earliest), "latest": end_of_day(latest)})


def _not_before(moment: datetime, deadline: Deadline, terms: _Terms, holidays: HolidayTable) -> Deadline:
    """`deadline`, or ending at `moment` if that is later."""
    if deadline.due_at >= moment:
        return deadline
    local = local_time(deadline.started_at)
    return _deadline(terms, local, moment, deadline.amount, holidays, deadline.pauses)


def _deadline(
    terms: _Terms,
    local: datetime,
    due_at: datetime,
    amount: int,
    holidays: HolidayTable,
    pauses: tuple[Pause, ...] | None = None,
) -> Deadline:
    """Add to a due time what the plan lets follow from it."""
    return Deadline(
        rule=terms.rule,
        plan=terms.plan,
        started_at=local,
        due_at=due_at,
        remind_at=_reminder(local, due_at, terms, holidays),
        escalate_at=_escalation(due_at, terms, holidays),
        notice_every_days=terms.notice_every_days,
        max_notices=terms.max_notices,
        amount=amount,
        unit=terms.counted_in,
        provisional=False,
        basis=terms.basis,
        article=terms.article,
        roll=terms.roll,
        remind_before=terms.remind_before or None,
        escalate_after=terms.escalate_after,
        promised=terms.promised or None,
        pauses=pauses or None,
        calendar=holidays.version or None,
    )


def _reminder(local: datetime, due_at: datetime, terms: _Terms, holidays: HolidayTable) -> datetime | None:
    """In the morning of the day that lies `remind_before` before the last one; at once when that is over already."""
    if not terms.remind_before:
        return None
    if terms.unit is Unit.HOURS:
        return max(local, hours_later(due_at, -terms.remind_before))
    day = due_at.date() - terms.remind_before * DAY
    if terms.unit is Unit.WORKING:
        day = working_day_from(due_at.date(), terms.remind_before, -DAY, holidays)
    return max(local, datetime.combine(day, MORNING))


def _escalation(due_at: datetime, terms: _Terms, holidays: HolidayTable) -> datetime | None:
    if terms.escalate_after is None:
        return None
    return due_of(due_at, terms.escalate_after, terms.unit, holidays, terms.roll)[0]
