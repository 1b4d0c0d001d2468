"""Every clock that ran in an issue: from when, until when, what moved it, and what became of it. Pure, from its events.

Read by domain/explaining.py; what was decided is in the events, so nothing is decided again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

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


class Verdict(StrEnum):
    """What became of it."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    TAKEN_OVER = "taken_over"  # it went on as the household's, beside the next holder's


class Change(StrEnum):
    """What moved a limit."""

    EXTENDED = "extended"
    PAUSED = "paused"
    RESUMED = "resumed"
    REDATED = "redated"


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
    """One clock. `deadline` as it stood last; `holder`: who answers for it."""

    whose: Whose
    deadline: Deadline
    holder: Responsible
    moves: tuple[Moved, ...] = ()
    verdict: Verdict = Verdict.RUNNING
    ended_at: datetime | None = None


def clock_lives(history: Iterable[DomainEvent]) -> tuple[ClockLife, ...]:
    """All clocks of an issue in the order in which they began; the last ones may still run."""
    lives: list[ClockLife] = []
    running: dict[bool, int] = {}  # the stage's (False) and the household's (True): where in `lives`
    issue: Issue | None = None
    for event in history:
        before, issue = issue, evolve(issue, event)
        for household in (False, True):
            _follow(lives, running, household, before, issue, event)
    return tuple(lives)


def _follow(
    lives: list[ClockLife],
    running: dict[bool, int],
    household: bool,
    before: Issue | None,
    issue: Issue,
    event: Any,
) -> None:
    old = _clock(before, household) if before else None
    new = _clock(issue, household)
    if household in running and (new is None or _begins(event, before, issue, household)):
        place = running.pop(household)
        lives[place] = _ended(lives[place], event, before)
    if new is not None and household not in running:
        running[household] = len(lives)
        lives.append(_begun(issue, new, event, household))
    elif household in running and old is not None and new is not None and new != old:
        life = lives[running[household]]
        moves = (*life.moves, _moved(event, old, new)) if type(event) in _CHANGES else life.moves
        lives[running[household]] = replace(life, deadline=new, moves=moves)
    if household in running:
        place = running[household]
        lives[place] = replace(lives[place], verdict=_standing(issue, household), holder=_holder(issue, household))


def _clock(issue: Issue, household: bool) -> Deadline | None:
    return issue.promise if household else issue.deadline


def _begins(event: Any, before: Issue | None, issue: Issue, household: bool) -> bool:
    """Whether another clock took the place of the one that ran."""
    if household or before is None or type(event) in _CHANGES:
        return False
    return issue.deadline_version != before.deadline_version


def _begun(issue: Issue, deadline: Deadline, event: Any, household: bool) -> ClockLife:
    whose = Whose.HOUSEHOLD if household else Whose.HOLDER if isinstance(event, e.IssueAssigned) else Whose.STAGE
    return ClockLife(whose, deadline, _holder(issue, household))


def _ended(life: ClockLife, event: Any, before: Issue | None) -> ClockLife:
    if life.verdict is Verdict.MISSED:
        return replace(life, ended_at=event.occurred_at)
    handed_over = isinstance(event, e.IssueAssigned) and life.whose is not Whose.HOUSEHOLD
    taken_over = handed_over and before is not None and before.promise is None
    return replace(life, verdict=Verdict.TAKEN_OVER if taken_over else Verdict.MET, ended_at=event.occurred_at)


def _moved(event: Any, old: Deadline, new: Deadline) -> Moved:
    change = _CHANGES[type(event)]
    by = {Change.EXTENDED: "days", Change.PAUSED: "reason", Change.REDATED: "notice"}.get(change)
    return Moved(change, event.occurred_at, old.due_at, new.due_at, str(getattr(event, by)) if by else None)


def _standing(issue: Issue, household: bool) -> Verdict:
    if issue.promise_missed if household else issue.missed:
        return Verdict.MISSED
    return Verdict.PAUSED if issue.paused else Verdict.RUNNING


def _holder(issue: Issue, household: bool) -> Responsible:
    return (issue.promise_holder if household else None) or issue.responsible
