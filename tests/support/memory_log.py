"""A log in memory for commands that go to no issue: decided as casework decides them, with words really sealed.

`MemoryLog().do(command)` appends and returns the events; it is what `domain.context.Log` asks for.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from uuid import UUID

import pytest

from domain.audit.sampling import Criteria, SampleBasis
from domain.audit.sampling import basis_of as sample_basis_of
from domain.bulletin.figures import Asked, Drawn, figures_of
from domain.commands import Command
from domain.context import Context
from domain.duty.registers import CaseLed
from domain.elsewhere import decide_elsewhere
from domain.errors import HuiyinError
from domain.events import DomainEvent
from domain.household.commands import household_id_of
from domain.household.events import HouseholdRegistered
from domain.household.state import Household
from domain.household.state import fold as fold_household
from domain.issue.events import IssueLogged
from domain.issue.evolve import fold
from domain.issue.state import Issue
from domain.organisation.commands import ORGANISATION_ID
from domain.organisation.evolve import fold as fold_organisation
from domain.organisation.state import Organisation
from domain.periods import Period
from domain.plan import Plan
from domain.spot_check.basis import Basis, basis_of
from domain.spot_check.drawing import Head
from domain.spot_check.events import InspectionRecorded
from domain.spot_check.words import CheckKind
from tests.support.office import office, office_events
from tests.support.vault import VAULT


@cache
def _who_is_who() -> tuple[DomainEvent, ...]:
    return tuple(office_events())


def _is(events: tuple[DomainEvent, ...], kind: type[DomainEvent]) -> bool:
    return isinstance(events[0], kind)


Streams = Mapping[UUID, tuple[DomainEvent, ...]]


class MemoryLog:
    """Streams by id; `plan` is the one in force."""

    def __init__(self, streams: Streams | None = None, plan: Plan | None = None) -> None:
        self.streams: dict[UUID, tuple[DomainEvent, ...]] = {ORGANISATION_ID: _who_is_who(), **(streams or {})}
        self._office = office(plan=plan)
        self.plan = self._office.plan
        self.head: Head | None = None
        self.began: datetime | None = None

    def history(self, stream_id: UUID) -> Iterator[DomainEvent]:
        """All events of a stream, oldest first."""
        return iter(self.streams.get(stream_id, ()))

    def issue(self, issue_id: UUID) -> Issue | None:
        """An issue's present state, or None."""
        events = self.streams.get(issue_id, ())
        return fold(events) if events and isinstance(events[0], IssueLogged) else None

    def household(self, village: str, household: str) -> Household | None:
        """A household's entry in the register, or None."""
        return fold_household(self.history(household_id_of(village, household)))

    def organisation(self) -> Organisation:
        """Who is who and where."""
        return fold_organisation(self.history(ORGANISATION_ID))

    def issues_numbered(self, numbers: Iterable[str]) -> dict[UUID, Issue]:
        """The issues that have these numbers."""
        wanted = frozenset(numbers)
        begun = {key: events for key, events in self.streams.items() if isinstance(events[0], IssueLogged)}
        issues = {key: fold(events) for key, events in begun.items()}
        return {key: issue for key, issue in issues.items() if issue is not None and issue.number in wanted}

    def draw_basis(self, township: str, moment: datetime) -> Basis | None:
        """What is drawn from, once the test has given the log a head."""
        everything = (event for events in self.streams.values() for event in events)
        return None if self.head is None else basis_of(self.head, township, everything)

    def sample_basis(self, asked: Criteria) -> SampleBasis | None:
        """What a sample is drawn from, once the test has given the log a head."""
        everything = (event for events in self.streams.values() for event in events)
        return None if self.head is None else sample_basis_of(self.head, asked, everything)

    def bulletin_basis(self, asked: Asked, moment: datetime | None) -> Drawn | None:
        """The figures of a month, once the test has given the log a head."""
        everything = (event for events in self.streams.values() for event in events)
        return None if self.head is None else Drawn(self.head, figures_of(asked, everything))

    def context(self, command: Command, now: datetime | None = None) -> Context:
        """What every decision may look at; `now`: by default when it happened."""
        known = self._office
        at = now or command.occurred_at
        return Context(at, known.plan, known.holidays, known.directory, registers=self, began=self.began)

    def households(self, village: str) -> frozenset[str]:
        """The register numbers of a village's households."""
        known = (fold_household(events) for events in self.streams.values() if _is(events, HouseholdRegistered))
        return frozenset(it.household for it in known if it and it.village == village and not it.is_erased)

    def cases_led(self, villages: Collection[str]) -> tuple[CaseLed, ...]:
        """The cases of these villages that are led by somebody."""
        issues = (fold(events) for events in self.streams.values() if _is(events, IssueLogged))
        return tuple(CaseLed(it.leader, it.number) for it in issues if it and it.leader and it.village in villages)

    def full_inspections(self, township: str, period: Period, by: datetime) -> int:
        """How many of the period; of those recorded by then (here a thing is recorded as it happens)."""
        begun = (events[0] for events in self.streams.values() if events)
        made = (it for it in begun if isinstance(it, InspectionRecorded) and it.occurred_at <= by)
        found = (it for it in made if (it.township, it.kind) == (township, CheckKind.FULL))
        return sum(date.fromisoformat(it.period) in period for it in found)

    def decide(self, command: Command, now: datetime | None = None) -> tuple[DomainEvent, ...]:
        """What the command would cause. Raises the refusal."""
        return decide_elsewhere(command, self, self.context(command, now), None, VAULT)

    def do(self, command: Command, now: datetime | None = None) -> tuple[DomainEvent, ...]:
        """Decides and appends."""
        events = self.decide(command, now)
        for event in events:
            self.streams[event.originator_id] = (*self.streams.get(event.originator_id, ()), event)
        return events


def refusal(log: MemoryLog, command: Command, now: datetime | None = None) -> type[HuiyinError]:
    """With what the command is refused; then nothing was written."""
    before = dict(log.streams)
    with pytest.raises(HuiyinError) as caught:
        log.do(command, now)
    assert log.streams == before
    return caught.type
