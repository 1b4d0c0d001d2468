"""given/when/then for pure decisions: `given("logged").when(FixOnSite).then(IssueFixedOnSite)`, `.refused(WrongStage)`.

Called through tests/support/casework.py.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import pytest

from domain.commands import Command
from domain.errors import HuiyinError
from domain.events import DomainEvent
from domain.issue.events import DeadlineMissed, NoticeMissed, PromiseMissed
from domain.issue.evolve import fold
from domain.issue.state import Issue
from domain.values import THE_PROCESS
from tests.support.states import Case, case

AnyEvent = TypeVar("AnyEvent", bound=DomainEvent)


@dataclass(frozen=True)
class Then:
    """What came of it."""

    events: tuple[DomainEvent, ...]
    case: Case

    @property
    def issue(self) -> Issue:
        """The issue as it stands now."""
        return self.case.issue

    def event(self, kind: type[AnyEvent]) -> AnyEvent:
        """The only event of this kind."""
        found = [event for event in self.events if isinstance(event, kind)]
        assert len(found) == 1, f"{len(found)} events {kind.__name__}"
        return found[0]


@dataclass(frozen=True)
class When:
    """A command about to be decided."""

    case: Case
    asked: Command
    now: datetime | None

    def then(self, *kinds: type[DomainEvent]) -> Then:
        """It causes exactly these events, in this order, each stamped with the command and fitting its stream."""
        before = {key: len(events) for key, events in self.case.streams.items()}
        events = self.case.decide(self.asked, self.now)
        assert [type(event) for event in events] == list(kinds)
        for event in events:
            before[event.originator_id] = before.get(event.originator_id, 0) + 1
            assert event.originator_version == before[event.originator_id]
            assert (event.command_id, event.causation) == (self.asked.command_id, self.asked.causation)
            if isinstance(
                event, DeadlineMissed | PromiseMissed | NoticeMissed
            ):  # told as of the due time, whoever brought it up
                assert (event.occurred_at, event.actor) == (self._missed_at(event), THE_PROCESS)
            else:
                assert (event.occurred_at, event.actor) == (self.asked.occurred_at, self.asked.actor)
        return Then(events, self.case.after(self.asked, self.now))

    def _missed_at(self, event: DeadlineMissed | PromiseMissed | NoticeMissed) -> datetime:
        """The due time; of a provisional limit, the latest that it could be."""
        clocks = (self.case.issue.deadline, self.case.issue.promise, self.case.issue.notice)
        ends = {clock.due_at: clock.missed_at for clock in clocks if clock is not None}
        return ends.get(event.due_at, event.due_at)

    def refused(self, kind: type[HuiyinError]) -> None:
        """It is refused for exactly this reason, and the issue's history is untouched."""
        before = fold(self.case.events)
        with pytest.raises(kind) as caught:
            self.case.decide(self.asked, self.now)
        assert type(caught.value) is kind
        assert fold(self.case.events) == before


@dataclass(frozen=True)
class Given:
    """A case as it stands."""

    case: Case

    def when(self, asked: Command | type[Command], *, now: datetime | None = None, **fields: Any) -> When:
        """A command, or its kind with `at`, `by` and fields; decided at `now` (by default: when it happened)."""
        if isinstance(asked, type):
            asked = self.case.command(asked, **fields)
        return When(self.case, asked, now)


def given(life: Case | str) -> Given:
    """A case, or the name of one."""
    return Given(case(life) if isinstance(life, str) else life)
