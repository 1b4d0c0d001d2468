"""Read models with one row per stream: fold the events of a batch into their rows, then write each touched row once.

issue_ledger.py, dashboard.py and household_register.py are little more than a row type and a table of event -> change
on top of this.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import psycopg
from psycopg import sql

from domain.events import DomainEvent
from domain.streams import elsewhere
from projections.copying import columns_of, copy_rows
from projections.projection import Recorded, UnknownEvent


class IssueRow(Protocol):
    """A row under its issue's id; its fields are the table's columns (see copying.columns_of)."""

    issue_id: UUID


Row = TypeVar("Row")
Change = Callable[[Row, Any, Recorded], None]
"""What one kind of event changes in a row: (row, the event, the event with its position)."""


class BrokenStream(Exception):
    """An event of an issue whose beginning was never seen, or a second beginning: the log or a table is damaged."""


@dataclass(frozen=True)
class PerIssue(Generic[Row]):
    """A projection with one row per issue in the table that bears its name.

    It follows the streams of the events `follows` and passes by those of other streams. Of its own, `begins` maps the
    event that starts an issue to its first row, `changes` every other event that matters here; `passes_over` names
    those that do not. An event in none of them raises UnknownEvent.
    """

    name: str
    question: str
    ddl: str
    indexes: str
    row: type[Row]
    follows: frozenset[type[DomainEvent]]
    begins: Mapping[type[DomainEvent], Callable[[Any, Recorded], Row]]
    changes: Mapping[type[DomainEvent], Change[Row]]
    passes_over: frozenset[type[DomainEvent]] = frozenset()
    key: str = "issue_id"
    """The column that holds the stream's id."""

    @property
    def tables(self) -> tuple[str, ...]:
        """The one table."""
        return (self.name,)

    @cached_property
    def _passed_by(self) -> frozenset[type[DomainEvent]]:
        return self.passes_over | elsewhere(self.follows)

    def apply(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> None:
        """As Projection.apply."""
        self.taken_in(connection, batch)

    def taken_in(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> Collection[Row]:
        """Applies the batch by one read, one delete and one COPY; the rows that it touched."""
        known = self.before(connection, batch)
        rows = self.fold(batch, known)
        self.write(connection, rows.values(), replacing=known.keys())
        return rows.values()

    def before(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> dict[UUID, Row]:
        """The rows that the batch will change, as they stand."""
        changed, begun = dict[int, UUID](), set[int]()  # by number: hashing a UUID costs five times as much
        for it in batch:
            event = it.event
            # What begins here has no row yet. By the version: an event that begins a row may also come later.
            if event.originator_version == 1:
                begun.add(event.originator_id.int)
            elif type(event) in self.changes:
                stream = event.originator_id
                changed[stream.int] = stream
        return self._load(connection, {changed[number] for number in changed.keys() - begun})

    def fold(self, events: Iterable[Recorded], rows: Mapping[UUID, Row]) -> dict[UUID, Row]:
        """The rows after `events`, given those before them. Pure, but for the given rows, which it takes over."""
        after, row, latest = dict(rows), None, -1  # events of a stream often come together: its row is at hand then
        passed_by, changes = self._passed_by, self.changes
        for recorded in events:
            event = recorded.event
            kind = type(event)
            if kind in passed_by:
                continue
            stream = event.originator_id
            if stream.int != latest:
                row, latest = after.get(stream), stream.int
            if row is None:
                row = after[stream] = self._begin(recorded)
            elif change := changes.get(kind):
                change(row, event, recorded)
            else:
                raise self._refusal(event, BrokenStream)
        return after

    def _begin(self, recorded: Recorded) -> Row:
        begin = self.begins.get(type(recorded.event))
        if begin is None:
            raise self._refusal(recorded.event, BrokenStream)
        return begin(recorded.event, recorded)

    def _refusal(self, event: DomainEvent, otherwise: type[Exception]) -> Exception:
        known = type(event) in self.changes or type(event) in self.begins
        error = otherwise if known else UnknownEvent
        return error(f"{self.name}: {event.TOPIC} at version {event.originator_version} of {event.originator_id}")

    # -- the table ----------------------------------------------------------------------------------------------

    @cached_property
    def _columns(self) -> dict[str, str]:
        return columns_of(self.row)

    def _load(self, connection: psycopg.Connection, issue_ids: set[UUID]) -> dict[UUID, Row]:
        if not issue_ids:
            return {}
        names = sql.SQL(", ").join(map(sql.Identifier, self._columns))
        parts = (names, sql.Identifier(self.name), sql.Identifier(self.key))
        query = sql.SQL("select {} from {} where {} = any(%s)").format(*parts)
        with connection.cursor(binary=True) as cursor:
            found = cursor.execute(query, (list(issue_ids),)).fetchall()
        rows = (self.row(*values) for values in found)
        return {getattr(row, self.key): row for row in rows}

    def write(self, connection: psycopg.Connection, rows: Iterable[Row], replacing: Iterable[UUID]) -> None:
        """Rows that stand there are deleted and written anew: one way to write for one event and for a million."""
        old = list(replacing)
        if old:
            query = sql.SQL("delete from {} where {} = any(%s)").format(
                sql.Identifier(self.name), sql.Identifier(self.key)
            )
            connection.execute(query, (old,))
        values_of = attrgetter(*self._columns)
        copy_rows(connection, self.name, self._columns, map(values_of, rows))
