"""What a read model is: tables that follow the log, and one function that takes the next events into them.

The follower feeds them live, rebuild.py feeds them from the beginning; registry.py lists them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import psycopg

from domain.events import DomainEvent, decode
from projections.log_reader import SealedEvent


class Recorded(NamedTuple):
    """An event as the log holds it: its position from 0, and when the database recorded it."""

    position: int
    recorded_at: datetime
    event: DomainEvent


class UnknownEvent(Exception):
    """A read model met an event that it neither takes in nor names as none of its business: it must not go on."""


class Projection(Protocol):
    """A read model: one question, answered from tables that only this class writes."""

    @property
    def name(self) -> str:
        """Its name on the command line and in `follower_position`."""

    @property
    def question(self) -> str:
        """The question it answers."""

    @property
    def ddl(self) -> str:
        """`create ... if not exists` for its tables and indexes, without any schema's name."""

    @property
    def tables(self) -> tuple[str, ...]:
        """Every table that `ddl` makes; each has a primary key."""

    def apply(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> None:
        """Takes the next events into the tables, in the caller's transaction.

        A batch may end anywhere in the log. Rows may depend on the order within a stream only: the live log is read by
        position, a rebuild stream by stream. Raises UnknownEvent; any exception means that nothing of the batch counts.
        """


def decoded(sealed: Iterable[SealedEvent]) -> list[Recorded]:
    """The events with their positions. Raises as `domain.events.decode` does."""
    return [
        Recorded(it.position, it.recorded_at, decode(it.topic, it.originator_id, it.originator_version, it.state))
        for it in sealed
    ]
