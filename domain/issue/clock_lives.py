"""Every clock that ran in an issue: from when, until when, what moved it, and what became of it. Pure, from its events.

Read by domain/explaining.py; what was decided is in the events, so nothing is decided again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from domain.deadlines import Deadline
from domain.events import DomainEvent
from domain.issue import events as e
from domain.issue.evolve import evolve
from domain.issue.state import Issue
from domain.values import Responsible


class Whose(StrEnum):
    """Whose clock it is."""

    STAGE = "stage"  # 环节期限: of whoever has the case
    HOLDER = "holder"  # 承办人自己的期限, after a hand-over
    HOUSEHOLD = "household"  # 对群众的期限, beside it
    NOTICE = "notice"  # 告知期限, until the household has been told


class Verdict(StrEnum):
    """What became of it."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    TAKEN_OVER = "taken_over"  # it went on as the household's, beside the next holder's
    PASSED_ON = "passed_on"  # 转出: whoever has the case now has a clock of their own


class Change(StrEnum):
    """What moved a limit."""

    EXTENDED = "extended"
    PAUSED = "paused"
    RESUMED = "resumed"
    REDATED = "redated"


_TRACKS: Final = (Whose.STAGE, Whose.HOUSEHOLD, Whose.NOTICE)
"""Clocks that may run at once; a next holder's own takes the place of the stage's."""
_CHANGES: dict[type[DomainEvent], Change] = {
    e.ExtensionGranted: Change.EXTENDED,
    e.ClockPaused: Change.PAUSED,
    e.ClockResumed: Change.RESUMED,
    e.DeadlineRedated: Change.REDATED,
}


@dataclass(frozen=True, slots=True)
class Moved:
    """One move of a limit. `by`: days granted, the reason of a pause, or the notice."""

    change: Change
    at: datetime
    was: datetime
    due_at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class ClockLife:
    """One clock. `deadline` as it stood last; `holder`: who answers for it.

    `begun`, `ended`: the version of the event that began it, and of the one that ended it.
    """

    whose: Whose
    deadline: Deadline
    holder: Responsible
    moves: tuple[Moved, ...] = ()
    verdict: Verdict = Verdict.RUNNING
    ended_at: datetime | None = None
    begun: int = 0
    ended: int | None = None


Step = tuple[Issue | None, DomainEvent, Issue]
"""The issue before an event, the event, and the issue after it."""


def clock_lives(history: Iterable[DomainEvent]) -> tuple[ClockLife, ...]:
    """All clocks of an issue in the order in which they began; the last ones may still run."""
    return lives_of(_steps(history))


def _steps(history: Iterable[DomainEvent]) -> Iterator[Step]:
    issue: Issue | None = None
    for event in history:
        before, issue = issue, evolve(issue, event)
        yield before, event, issue


def lives_of(steps: Iterable[Step]) -> tuple[ClockLife, ...]:
    """The same, for whoever has the steps already."""
    lives: list[ClockLife] = []
    running: dict[Whose, int] = {}  # which of the three that may run at once: where in `lives`
    for before, event, issue in steps:
        for track in _TRACKS:
            _follow(lives, running, track, before, issue, event)
    return tuple(lives)


def _follow(
    lives: list[ClockLife],
    running: dict[Whose, int],
    track: Whose,
    before: Issue | None,
    issue: Issue,
    event: Any,
) -> None:
    new = _clock(issue, track)
    if new is None and track not in running:
        return
    old = _clock(before, track) if before else None
    if track in running and (new is None or _begins(event, before, issue, track)):
        place = running.pop(track)
        lives[place] = _ended(lives[place], event, before)
    if new is not None and track not in running:
        running[track] = len(lives)
        lives.append(_begun(issue, new, event, track))
    elif track in running and old is not None and new is not None and new != old:
        life = lives[running[track]]
        moves = (*life.moves, _moved(event, old, new)) if type(event) in _CHANGES else life.moves
        lives[running[track]] = replace(life, deadline=new, moves=moves)
    if track in running:
        place = running[track]
        life, standing, holder = lives[place], _standing(issue, track), _holder(issue, track)
        if life.verdict is not standing or life.holder is not holder:
            lives[place] = replace(life, verdict=standing, holder=holder)


def _clock(issue: Issue, track: Whose) -> Deadline | None:
    if track is Whose.NOTICE:
        return issue.notice
    return issue.promise if track is Whose.HOUSEHOLD else issue.deadline


def _begins(event: Any, before: Issue | None, issue: Issue, track: Whose) -> bool:
    """Whether another clock took the place of the one that ran."""
    if before is None or type(event) in _CHANGES:
        return False
    if track is Whose.NOTICE:
        return issue.notice != before.notice
    return track is Whose.STAGE and issue.deadline_version != before.deadline_version


def _begun(issue: Issue, deadline: Deadline, event: Any, track: Whose) -> ClockLife:
    whose = Whose.HOLDER if track is Whose.STAGE and isinstance(event, e.IssueAssigned) else track
    return ClockLife(whose, deadline, _holder(issue, track), begun=issue.version)


def _ended(life: ClockLife, event: Any, before: Issue | None) -> ClockLife:
    if life.verdict is Verdict.MISSED:
        return replace(life, ended_at=event.occurred_at, ended=event.originator_version)
    handed_over = isinstance(event, e.IssueAssigned) and life.whose in (Whose.STAGE, Whose.HOLDER)
    taken_over = handed_over and before is not None and before.promise is None
    verdict = Verdict.TAKEN_OVER if taken_over else Verdict.MET
    if life.whose is Whose.NOTICE and isinstance(event, e.IssueEscalated | e.EscalationReturned):
        verdict = Verdict.PASSED_ON
    return replace(life, verdict=verdict, ended_at=event.occurred_at, ended=event.originator_version)


def _moved(event: Any, old: Deadline, new: Deadline) -> Moved:
    change = _CHANGES[type(event)]
    by = {Change.EXTENDED: "days", Change.PAUSED: "reason", Change.REDATED: "notice"}.get(change)
    return Moved(change, event.occurred_at, old.due_at, new.due_at, str(getattr(event, by)) if by else None)


def _standing(issue: Issue, track: Whose) -> Verdict:
    missed = {Whose.STAGE: issue.missed, Whose.HOUSEHOLD: issue.promise_missed, Whose.NOTICE: issue.notice_missed}
    if missed[track]:
        return Verdict.MISSED
    return Verdict.PAUSED if issue.paused and track is not Whose.NOTICE else Verdict.RUNNING


def _holder(issue: Issue, track: Whose) -> Responsible:
    return (issue.promise_holder if track is Whose.HOUSEHOLD else None) or issue.responsible
