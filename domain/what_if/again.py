"""The same events with everything that a plan gave counted anew: who did what and when stays as it was.

What the other plan would have refused (an extension, a pause) moves no limit there; acts.py tells of it.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from domain.context import Context
from domain.deadlines import Deadline, extended, redated, resumed, stopped
from domain.errors import Refusal
from domain.events import DomainEvent
from domain.issue import events as e
from domain.issue.decisions.answer import review_window
from domain.issue.decisions.clocks import may_approve, may_be_extended
from domain.issue.decisions.ending import look_back_due
from domain.issue.decisions.intake import own_clock
from domain.issue.decisions.pauses import allowed
from domain.issue.decisions.petition import notice_after_return, notice_owed, objection
from domain.issue.decisions.works import next_report
from domain.issue.evolve import BrokenHistory, evolve
from domain.issue.state import Issue
from domain.plan import cut_off_after
from domain.what_if.world import World

Changes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Both:
    """One event in both worlds, and the issue before and after it in both. `refused`: the other plan forbids it."""

    before: Issue | None
    event: DomainEvent
    after: Issue
    other_before: Issue | None
    other_event: DomainEvent
    other_after: Issue
    refused: bool


def both_worlds(history: Iterable[DomainEvent], world: World) -> list[Both]:
    """An issue's history beside what it would have been. Raises BrokenHistory."""
    again, steps = _Again(world), list[Both]()
    before: Issue | None = None
    for event in history:
        after = evolve(before, event)
        other_before, other_event, other_after = again.step(before, event)
        steps.append(Both(before, event, after, other_before, other_event, other_after, again.refused))
        before = after
    return steps


class _Again:
    """Goes through one history."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.issue: Issue | None = None
        self.refused = False
        self._extension_refused = False

    def step(self, recorded: Issue | None, event: Any) -> tuple[Issue | None, DomainEvent, Issue]:
        before, self.refused = self.issue, False
        change = _ANEW.get(type(event), _clock if type(event) in _WITH_CLOCK else None)
        if isinstance(event, e.ExtensionRequested):
            self._extension_refused = self._is_refused(lambda: self._extension(event))
        if change is not None:
            event = event.model_copy(update=change(self, recorded, event))
        after = evolve(before, event)
        # Whether a limit was missed is asked of the times in this world, not of what the process wrote in the other.
        after.missed = after.promise_missed = after.notice_missed = False
        if self.refused and before is not None:
            after.extensions, after.paused = before.extensions, before.paused
        self.issue = after
        return before, event, after

    # -- what changes take ----------------------------------------------------------------------------------------

    @property
    def present(self) -> Issue:
        """The issue in the other world. Raises BrokenHistory before it was logged."""
        if self.issue is None:
            raise BrokenHistory("nothing was logged yet")
        return self.issue

    def context(self, event: Any, deadline: Deadline | None = None) -> Context:
        """By the plan and the table by which the event counted, or their places in the other world."""
        if deadline is not None:
            plan = self.world.plan_of(deadline.plan)
            return self.world.context(event.occurred_at, plan, deadline.calendar)
        running = self.present.deadline
        plan = self.world.plan_at(event.occurred_at, self.present.village)
        return self.world.context(event.occurred_at, plan, running.calendar if running else None)

    def refuses(self, ask: Callable[[], object]) -> bool:
        """Remembers and tells whether the other plan refuses."""
        self.refused = self._is_refused(ask)
        return self.refused

    @staticmethod
    def _is_refused(ask: Callable[[], object]) -> bool:
        with suppress(Refusal):
            ask()
            return False
        return True

    def _extension(self, asked: e.ExtensionRequested) -> None:
        plan = self.world.plan_at(asked.occurred_at, self.present.village)
        may_be_extended(self.present, asked.days, asked.occurred_at, plan)

    def may_not_be_granted(self, granted: e.ExtensionGranted) -> bool:
        """Asked for too late, too often or for too long, or granted by somebody else than the plan names."""
        plan = self.world.plan_at(granted.occurred_at, self.present.village)
        self.refused = self._extension_refused or self._is_refused(lambda: may_approve(granted.actor.role, plan))
        return self.refused


def _clock(it: _Again, recorded: Issue | None, event: Any) -> Changes:
    return {"deadline": None if event.deadline is None else it.world.counted(event.deadline)}


def _logged(it: _Again, _: Issue | None, event: e.IssueLogged) -> Changes:
    plan = it.world.plan_of(event.deadline.plan)
    context = it.world.context(event.occurred_at, plan, event.deadline.calendar)
    if event.split_from is not None:  # what its parent had left, moved as that was
        notice = _inherited(it, event.notice)
    else:
        notice = notice_owed(event.household, event.source, event.occurred_at, context)
    return {**_clock(it, None, event), "plan": plan.id, "notice": notice}


def _inherited(it: _Again, notice: Deadline | None) -> Deadline | None:
    if notice is None:
        return None
    unmoved = World(it.world.book, it.world.tables, it.world.directory).counted(notice)
    moved = unmoved is None or unmoved.due_at != notice.due_at
    return notice if moved else it.world.counted(notice)


def _escalated(it: _Again, recorded: Issue | None, event: e.IssueEscalated) -> Changes:
    issue, context = it.present, it.context(event, event.deadline)
    notice = notice_owed(issue.household, issue.source, event.occurred_at, context)
    return {**_clock(it, recorded, event), "notice": notice}


def _returned(it: _Again, recorded: Issue | None, event: e.EscalationReturned) -> Changes:
    context = it.context(event, event.deadline)
    limit, late = objection(it.present, event, context)
    notice = notice_after_return(it.present, event.occurred_at, context)
    return {**_clock(it, recorded, event), "objection": limit, "late": late or None, "notice": notice}


def _assigned(it: _Again, recorded: Issue | None, event: e.IssueAssigned) -> Changes:
    return {"deadline": own_clock(it.present, event.occurred_at, it.context(event, event.deadline))}


def _granted(it: _Again, recorded: Issue | None, event: e.ExtensionGranted) -> Changes:
    issue = it.present
    if it.may_not_be_granted(event) or issue.deadline is None:
        return {"deadline": issue.deadline, "promise": issue.promise}
    plan, table = it.world.plan_of(issue.deadline.plan), it.world.table(event.deadline.calendar)
    later = extended(issue.deadline, event.days, plan, table)
    return {"deadline": later, "promise": issue.promise and extended(issue.promise, event.days, plan, table)}


def _paused(it: _Again, recorded: Issue | None, event: e.ClockPaused) -> Changes:
    issue, running = it.present, it.present.deadline
    plan = it.world.plan_at(event.occurred_at, issue.village)
    context = it.world.context(event.occurred_at, plan, event.deadline.calendar)
    if running is None or it.refuses(lambda: allowed(issue, running, event, context)):
        return {"deadline": running, "promise": issue.promise}
    standing = allowed(issue, running, event, context)
    return {"until": standing.until, **_both(it, lambda clock: stopped(clock, standing, plan, context.holidays))}


def _resumed(it: _Again, recorded: Issue | None, event: e.ClockResumed) -> Changes:
    issue, table = it.present, it.world.table(event.deadline.calendar)
    if not issue.paused or issue.deadline is None or not issue.deadline.pauses:
        return {"deadline": issue.deadline, "promise": issue.promise}
    at, plan = min(event.occurred_at, issue.deadline.pauses[-1].until), it.world.plan_of(issue.deadline.plan)
    return _both(it, lambda clock: resumed(clock, at, plan, table))


def _both(it: _Again, move: Callable[[Deadline], Deadline]) -> Changes:
    """The stage's clock and the household's move together; a date that was promised stays."""
    deadline, promise = it.present.deadline, it.present.promise
    moved = move(promise) if promise is not None and not promise.promised else None
    return {"deadline": deadline and move(deadline), "promise": moved}


def _redated(it: _Again, recorded: Issue | None, event: e.DeadlineRedated) -> Changes:
    """Where the calendar is another one all the time, no revision of ours moves anything."""
    issue = it.present
    running = issue.deadline

    def moved(before: Deadline | None, own: Deadline | None, new: Deadline | None) -> Deadline | None:
        if own is None or it.world.holidays is not None:
            return None
        if before is not None and before.due_at == own.due_at:
            return new  # also how far it was fair to move it, which only the moment of recording tells
        if event.occurred_at > own.missed_at:
            return None
        return redated(own, it.world.plan_of(own.plan), it.world.table(event.calendar), event.occurred_at)

    was = recorded or issue
    return {
        "deadline": moved(was.deadline, running, event.deadline) or running,
        "promise": moved(was.promise, issue.promise, event.promise),
        "telling": moved(was.notice, issue.notice, event.telling),
    }


def _closed(it: _Again, recorded: Issue | None, event: e.IssueClosed) -> Changes:
    back = event.look_back
    return {"look_back": back and look_back_due(event, it.context(event, back))}


def _replied(it: _Again, recorded: Issue | None, event: e.ReplyGiven) -> Changes:
    until = review_window(event.occurred_at, it.context(event, event.deadline))
    return {**_clock(it, recorded, event), "review_until": until}


def _reviewed(it: _Again, recorded: Issue | None, event: e.ReviewDecided) -> Changes:
    until = review_window(event.occurred_at, it.context(event, event.deadline))
    return {**_clock(it, recorded, event), "recheck_until": until}


def _to_committee(it: _Again, recorded: Issue | None, event: Any) -> Changes:
    return {"table_at": cut_off_after(event.occurred_at, it.context(event).plan)}


def _works(it: _Again, recorded: Issue | None, event: Any) -> Changes:
    due = event.progress_due_at
    following = due and next_report(event.occurred_at, it.context(event, event.deadline).plan)
    return {**_clock(it, recorded, event), "progress_due_at": following}


_ANEW: Final[dict[type[DomainEvent], Callable[[_Again, Issue | None, Any], Changes]]] = {
    e.IssueLogged: _logged,
    e.IssueEscalated: _escalated,
    e.EscalationReturned: _returned,
    e.IssueAssigned: _assigned,
    e.ExtensionGranted: _granted,
    e.ClockPaused: _paused,
    e.ClockResumed: _resumed,
    e.DeadlineRedated: _redated,
    e.IssueClosed: _closed,
    e.ReplyGiven: _replied,
    e.ReviewDecided: _reviewed,
    e.SubmissionSigned: _to_committee,
    e.SubmissionDeferred: _to_committee,
    e.SubmissionApproved: _works,
    e.TranchePaid: _works,
    e.ReworkOrdered: _works,
}
_WITH_CLOCK: Final = frozenset(it for it in e.ISSUE_EVENTS if "deadline" in it.__pydantic_fields__)
