"""What a read model is: tables that follow the log, and one function that takes the next events into them.

The follower feeds them live, rebuild.py feeds them from the beginning; registry.py lists them.
"""

import traceback
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

import psycopg

import domain.streams  # noqa: F401  (registers every topic that the log may hold)
from domain.events import DomainEvent, decode
from projections.log_reader import SealedEvent


class Recorded(NamedTuple):
    """An event as the log holds it: its position from 0, and when the database recorded it."""

    position: int
    recorded_at: datetime
    event: DomainEvent


class ReadModel(NamedTuple):
    """What `huiyin migrate` needs to know of a read model: its name, its whole DDL and the tables that this makes."""

    name: str
    ddl: str
    tables: tuple[str, ...]


class UnknownEvent(Exception):
    """A read model met an event that it neither takes in nor names as none of its business: it must not go on."""


class UnreadableEvent(Exception):
    """A stored event of which no event can be made: its topic is unknown, or its shape is not that of its class."""

    def __init__(self, position: int, topic: str, error: str) -> None:
        super().__init__(position, topic, error)
        self.position, self.topic, self.error = position, topic, error


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
        """`create table if not exists` for its tables with their primary keys, without any schema's name."""

    @property
    def indexes(self) -> str:
        """`create index if not exists` for all other indexes; a rebuild makes them when the tables are full."""

    @property
    def tables(self) -> tuple[str, ...]:
        """Every table that `ddl` makes; each has a primary key."""

    def apply(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> None:
        """Takes the next events into the tables, in the caller's transaction.

        A batch may end anywhere in the log. Rows may depend on the order within a stream only: the live log is read by
        position, a rebuild stream by stream. Raises UnknownEvent; any exception means that nothing of the batch counts.
        """


def decoded(sealed: Sequence[SealedEvent]) -> list[Recorded]:
    """The events with their positions. Raises UnreadableEvent."""
    return [Recorded(it.position, it.recorded_at, _event(it)) for it in sealed]


def _event(sealed: SealedEvent) -> DomainEvent:
    try:
        return decode(sealed.topic, sealed.originator_id, sealed.originator_version, sealed.state)
    except Exception as error:  # whatever an upcaster may raise: its message may quote the event, and is dropped
        raise UnreadableEvent(sealed.position, sealed.topic, place_of(error)) from None


def place_of(error: Exception) -> str:
    """Which error arose in which file and line; never its message, which may quote the event."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
