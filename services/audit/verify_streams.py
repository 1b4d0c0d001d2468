"""Is every stream 1, 2, 3 ... in the order of the log, and can it be read? Reads them for the others too."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import psycopg

import domain.streams  # noqa: F401  (registers every topic that the log may hold)
from domain.events import DomainEvent, decode
from domain.issue.events import IssueLogged
from domain.issue.evolve import BrokenHistory, evolve
from domain.issue.state import Issue
from projections.log_reader import SealedEvent
from projections.streams import whole_streams
from services.audit.verify_faults import Faults, Where, where


class Told(NamedTuple):
    """A sealed event and what it says; None if it cannot be read."""

    sealed: SealedEvent
    event: DomainEvent | None


def streams(connection: psycopg.Connection, up_to: int) -> Iterator[list[Told]]:
    """Every stream of the log up to a position, whole; inside a transaction."""
    for batch in whole_streams(connection, up_to):
        for _, events in groupby(batch, attrgetter("originator_id")):
            yield [Told(it, _read(it)) for it in events]


def _read(sealed: SealedEvent) -> DomainEvent | None:
    try:
        return decode(sealed.topic, sealed.originator_id, sealed.originator_version, sealed.state)
    except Exception:  # whatever an upcaster may raise
        return None


Before = Callable[[Issue, DomainEvent, SealedEvent], None]
"""Told of each event of an issue with the state in front of it."""


class Order:
    """Takes positions, and streams."""

    def __init__(self) -> None:
        self.faults = Faults()
        self._next = 0

    def take(self, events: Sequence[SealedEvent]) -> None:
        """The next events, by position: dense."""
        for event in events:
            if event.position != self._next:
                self.faults.add("position-missing", where(event), f"{self._next} ... {event.position}")
            self._next = event.position + 1

    def end(self, head: int) -> None:
        """After the last position."""
        if self._next <= head:
            self.faults.add("position-missing", Where(position=self._next), f"{self._next} ... {head}")

    def take_stream(self, stream: Sequence[Told]) -> None:
        """One stream: versions 1..n, positions rising, everything readable."""
        last = -1
        for nth, (sealed, event) in enumerate(stream, 1):
            if sealed.originator_version != nth or sealed.position < last:
                self.faults.add("version-gap", where(sealed), f"{nth}: {sealed.originator_version}")
                return
            if event is None:
                self.faults.add("record-unreadable", where(sealed))
                return
            last = sealed.position


def walk(stream: Sequence[Told], before: Before) -> tuple[Issue | None, SealedEvent | None]:
    """Folds a stream of an issue, telling each event with the state before it.

    The last state, None if it is no issue; and the event that does not follow from those before, if there is one.
    """
    issue: Issue | None = None
    if not isinstance(stream[0].event, IssueLogged):
        return None, None
    for sealed, event in stream:
        if event is None:
            return issue, None  # Order says so
        if issue is not None:
            before(issue, event, sealed)
        try:
            issue = evolve(issue, event)
        except BrokenHistory:
            return issue, sealed
    return issue, None
