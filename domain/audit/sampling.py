"""Which issues is a sample drawn from, and which are drawn? Pure; anybody who has the log can do it again.

head       = the sealed event by which the sample was asked for (its hash as in spot_check/drawing.py)
seed       = SHA-256 of three lines: "huiyin-audit-sample-1", head, the sample's id
candidates = the issues (no complaints about officials) to which `kind` happened within the days, as of the head
drawn      = the candidates of the lowest ranks (SHA-256 of two lines: seed, number)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from domain.audit.words import SampleKind
from domain.events import DomainEvent
from domain.issue import events as i
from domain.spot_check.drawing import Head, digest_of, drawn, hash_of
from domain.visit.words import local_day

_SEED: Final = "huiyin-audit-sample-1"
HAPPENED: Final[Mapping[SampleKind, type[DomainEvent]]] = {
    SampleKind.LOGGED: i.IssueLogged,
    SampleKind.FIXED_ON_SITE: i.IssueFixedOnSite,
    SampleKind.ANSWERED: i.ReplyGiven,
    SampleKind.PAID: i.TranchePaid,
    SampleKind.MISSED: i.DeadlineMissed,
    SampleKind.REOPENED: i.IssueReopened,
    SampleKind.CLOSED: i.IssueClosed,
}
"""What makes an issue one of a kind."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """What was asked for. `since`, `until`: days of the office's calendar, both included; None: open."""

    sample_id: UUID
    kind: SampleKind
    village: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        """The events that tell the candidates."""
        return tuple({i.IssueLogged.TOPIC, HAPPENED[self.kind].TOPIC})

    def admits(self, issue: i.IssueLogged) -> bool:
        """Whether the issue is of the village asked for; a complaint about an official is drawn for nobody."""
        return issue.concerns is None and self.village in (None, issue.village)

    def covers(self, day: date) -> bool:
        """Whether the day lies within the days asked for."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class SampleBasis:
    """The head, and the numbers of the candidates as of it."""

    head: Head
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sampling:
    """What came of a draw, and of what: everything that a second one is compared with."""

    seed: str
    counted: int
    digest: str
    items: tuple[str, ...]


def basis_of(head: Head, asked: Criteria, events: Iterable[DomainEvent]) -> SampleBasis:
    """From the events of the criteria's topics up to the head, in the log's order."""
    wanted = HAPPENED[asked.kind]
    numbers: dict[UUID, str] = {}
    found = set[str]()
    for event in events:
        if isinstance(event, i.IssueLogged) and event.number and asked.admits(event):
            numbers[event.originator_id] = event.number
        if isinstance(event, wanted) and event.originator_id in numbers and asked.covers(local_day(event.occurred_at)):
            found.add(numbers[event.originator_id])
    return SampleBasis(head, tuple(sorted(found)))


def sample_from(basis: SampleBasis, sample_id: UUID, number: int) -> Sampling:
    """Up to `number` of the candidates."""
    seed = hash_of(_SEED, basis.head.hash, str(sample_id))
    candidates = basis.candidates
    return Sampling(seed, len(candidates), digest_of(candidates), drawn(seed, candidates, number))
