"""A clock stands still, goes on, and is counted anew when the holidays change (L3, L4)."""

from datetime import datetime, timedelta
from typing import Any

from domain import errors
from domain.context import Context
from domain.counting import local_time
from domain.deadlines import MORNING, Deadline, redated, resumed, stopped
from domain.events import DomainEvent
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue import rules
from domain.issue.decisions.intake import next_stamp
from domain.issue.state import Issue
from domain.issue.words import OPEN_STAGES, Stage
from domain.pausing import NotPaused, Pause, PauseNotAllowed, PauseReason, PauseTerms


def pause(issue: Issue, command: c.PauseClock, context: Context) -> tuple[DomainEvent, ...]:
    """L4: for a reason that the plan allows, before the limit, as long as it allows; then it goes on by itself."""
    rules.at_stage(issue, OPEN_STAGES - {Stage.FEEDBACK})
    if issue.deadline is None:
        raise errors.NoDeadline
    if issue.paused:
        raise errors.AlreadySaid
    standing = allowed(issue, issue.deadline, command, context)

    def stop(clock: Deadline) -> Deadline:
        return stopped(clock, standing, context.plan, context.holidays)

    paused = e.ClockPaused(
        **next_stamp(issue, command),
        rule=issue.deadline.rule,
        reason=command.reason,
        note=command.note,
        until=standing.until,
        deadline=stop(issue.deadline),
        promise=stop(issue.promise) if issue.promise and not issue.promise.promised else None,
    )
    return (paused,)


def allowed(issue: Issue, deadline: Deadline, asked: c.PauseClock | e.ClockPaused, context: Context) -> Pause:
    """The pause, as long as the plan allows. Raises PauseNotAllowed, SamePerson."""
    terms = context.plan.clock(deadline.rule).pauses.get(asked.reason)
    in_time = deadline.started_at <= asked.occurred_at <= deadline.due_at
    earlier = deadline.pauses[-1].until if deadline.pauses else deadline.started_at
    if terms is None or issue.missed or not in_time or asked.occurred_at < earlier:
        raise PauseNotAllowed
    if terms.approver is not None:
        if asked.actor.role is not terms.approver.role:
            raise PauseNotAllowed
        rules.another_person(asked.actor.persons, {issue.responsible.person})
    until = _at_the_latest(deadline, asked.reason, asked.occurred_at, terms)
    return Pause(reason=asked.reason, since=asked.occurred_at, until=until)


def _at_the_latest(deadline: Deadline, reason: PauseReason, since: datetime, terms: PauseTerms) -> datetime:
    """The morning of the day on which the plan's time for this reason is used up."""
    used = sum(
        (local_time(it.until).date() - local_time(it.since).date()).days
        for it in deadline.pauses or ()
        if it.reason is reason
    )
    if used >= terms.longest_days:
        raise PauseNotAllowed
    day = local_time(since).date() + timedelta(days=terms.longest_days - used)
    return datetime.combine(day, MORNING)


def resume(issue: Issue, command: c.ResumeClock, context: Context) -> tuple[DomainEvent, ...]:
    """L4: what was waited for is there; the time that passed is not counted."""
    last = _last_pause(issue)
    rules.not_before(last.since, command.occurred_at)
    return (_resumed(issue, command, min(command.occurred_at, last.until), context, command.note),)


def end_pause(issue: Issue, command: c.EndPause, context: Context) -> tuple[DomainEvent, ...]:
    """L4: nobody said so in time, so the clock goes on by itself."""
    last = _last_pause(issue)
    if last.until != command.due_at:
        raise errors.NoDeadline
    rules.is_due(last.until, context.now)
    return (_resumed(issue, command, last.until, context, None),)


def _last_pause(issue: Issue) -> Pause:
    if not issue.paused or issue.deadline is None or not issue.deadline.pauses:
        raise NotPaused
    return issue.deadline.pauses[-1]


def _resumed(issue: Issue, command: Any, at: datetime, context: Context, note: str | None) -> e.ClockResumed:
    if issue.deadline is None:
        raise errors.NoDeadline

    def go_on(clock: Deadline) -> Deadline:
        return resumed(clock, at, context.plan, context.holidays)

    return e.ClockResumed(
        **next_stamp(issue, command),
        rule=issue.deadline.rule,
        note=note,
        deadline=go_on(issue.deadline),
        promise=go_on(issue.promise) if issue.promise and not issue.promise.promised else None,
    )


def redate(issue: Issue, command: c.RedateDeadline, context: Context) -> tuple[DomainEvent, ...]:
    """L3: another holiday table moves the running limits; what was missed stays missed, and nothing becomes it.

    A process that does not know that table yet has to come again.
    """
    if context.holidays.version < command.calendar:
        raise errors.Unavailable
    deadline = rules.open_deadline(issue, command.due_at)
    new = None if issue.missed else _moved(deadline, context)
    promise = _moved(issue.promise, context) if issue.promise and not issue.promise_missed else None
    telling = _moved(issue.notice, context) if issue.notice and not issue.notice_missed else None
    if new is None and promise is None and telling is None:
        raise errors.AlreadySaid
    return (
        e.DeadlineRedated(
            **next_stamp(issue, command),
            rule=deadline.rule,
            was=deadline.due_at,
            deadline=new or deadline,
            promise_was=issue.promise.due_at if issue.promise and promise else None,
            promise=promise,
            notice=command.notice,
            calendar=command.calendar,
            telling_was=issue.notice.due_at if issue.notice and telling else None,
            telling=telling,
        ),
    )


def _moved(deadline: Deadline, context: Context) -> Deadline | None:
    """The deadline by the table in force, if that changes anything that is told of it."""
    new = redated(deadline, context.plan, context.holidays, context.now)
    return new if new.model_copy(update={"calendar": deadline.calendar}) != _as_told(deadline, new) else None


def _as_told(deadline: Deadline, new: Deadline) -> Deadline:
    """What an older event left unsaid is no change."""
    kept = ("basis", "article", "roll", "remind_before", "escalate_after", "promised")
    return deadline if deadline.roll is not None else deadline.model_copy(update={it: getattr(new, it) for it in kept})
