"""Read models that take their events one by one, each by a statement of its own: for streams in which little happens.

visits.py, liaison.py and visit_coverage.py are tables of event -> statement on top of this.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import psycopg

from domain.events import DomainEvent
from domain.streams import elsewhere
from projections.projection import Recorded, UnknownEvent

Take = Callable[[psycopg.Connection, Any, Recorded], None]
"""What one kind of event changes: (connection, the event, the event with its position)."""


@dataclass(frozen=True)
class PerEvent:
    """A projection that follows the streams of `follows`; an event of theirs not in `takes` raises UnknownEvent."""

    name: str
    question: str
    ddl: str
    indexes: str
    tables: tuple[str, ...]
    follows: frozenset[type[DomainEvent]]
    takes: Mapping[type[DomainEvent], Take]
    passes_over: frozenset[type[DomainEvent]] = frozenset()

    @cached_property
    def _passed_by(self) -> frozenset[type[DomainEvent]]:
        return self.passes_over | elsewhere(self.follows)

    def apply(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> None:
        """As Projection.apply."""
        for recorded in batch:
            kind = type(recorded.event)
            if kind in self._passed_by:
                continue
            take = self.takes.get(kind)
            if take is None:
                raise UnknownEvent(f"{self.name}: {recorded.event.TOPIC} is not known here")
            take(connection, recorded.event, recorded)
