"""What an object-centric export gathers before it is written: in a scratch database beside the file, not in memory.

Objects are met in many streams and events are told in the order of the log, so that neither can be written at once.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from services.audit.exporting.told import ToldEvent
from services.audit.exporting.vocabulary import Value

_TABLES: Final = """
pragma journal_mode = off;
pragma synchronous = off;
pragma locking_mode = exclusive;
create table event (position integer primary key, type text, time text, attributes text);
create table event_object (
  position integer, object text, qualifier text, primary key (position, object, qualifier)
) without rowid;
create table object (id text primary key, type text) without rowid;
create table object_value (
  object text, nth integer, time text, name text, value text, primary key (object, nth)
) without rowid;
create unique index first_value on object_value (object, name) where time is null;
create table object_object (
  source text, target text, qualifier text, primary key (source, target, qualifier)
) without rowid;
"""
_SHOWN: Final = (
    "create table shown (id text primary key) without rowid; insert into shown select distinct object from event_object"
)


class SpooledEvent(NamedTuple):
    """An event as it is written. `time` in UTC; `attributes`: name -> value."""

    position: int
    type: str
    time: str
    attributes: dict[str, str]
    relations: list[tuple[str, str]]


class SpooledObject(NamedTuple):
    """An object as it is written. `values`: (time, or None: from the beginning; name; value), in their order."""

    id: str
    type: str
    values: list[tuple[str | None, str, str]]
    relations: list[tuple[str, str]]


class Spool:
    """The scratch database: filled event by event, then read in order."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._nth = 0

    def take(self, told: Iterable[ToldEvent]) -> None:
        """More events, of whole streams."""
        for it in told:
            self._take(it)

    def _take(self, told: ToldEvent) -> None:
        execute, many = self._connection.execute, self._connection.executemany
        position = told.recorded.position
        if told.told:
            attributes = orjson.dumps({name: text_of(value) for name, value in told.attributes.items()})
            when = text_of(told.recorded.event.occurred_at)
            execute("insert into event values (?, ?, ?, ?)", (position, told.kind, when, attributes))
            related = ((position, it.object, it.qualifier) for it in told.relations)
            many("insert or ignore into event_object values (?, ?, ?)", related)
        many("insert or ignore into object values (?, ?)", told.objects.items())
        many("insert or ignore into object_object values (?, ?, ?)", told.links)
        for change in told.values:
            self._nth += 1
            at = None if change.at is None else text_of(change.at)
            row = (change.object, self._nth, at, change.name, text_of(change.value))
            execute("insert or ignore into object_value values (?, ?, ?, ?, ?)", row)

    def close_filling(self) -> None:
        """Everything was taken. Objects that no event tells of are left out."""
        self._connection.executescript(_SHOWN)

    def types(self, table: str) -> list[str]:
        """The types of events or objects that there are, in order."""
        queries = {
            "event": "select distinct type from event order by type",
            "object": "select distinct type from object join shown using (id) order by type",
        }
        return [kind for (kind,) in self._connection.execute(queries[table])]

    def events(self) -> Iterator[SpooledEvent]:
        """In the order of the log."""
        rows = self._connection.execute("select position, type, time, attributes from event order by position")
        for position, kind, when, attributes in rows:
            related = self._connection.execute(
                "select object, qualifier from event_object where position = ? order by object, qualifier", (position,)
            )
            yield SpooledEvent(position, kind, when, orjson.loads(attributes), related.fetchall())

    def objects(self) -> Iterator[SpooledObject]:
        """In the order of their ids."""
        for found, kind in self._connection.execute("select id, type from object join shown using (id) order by id"):
            values = self._connection.execute(
                "select time, name, value from object_value where object = ? order by nth", (found,)
            )
            related = self._connection.execute(
                "select target, qualifier from object_object join shown on id = target where source = ?"
                " order by target, qualifier",
                (found,),
            )
            yield SpooledObject(found, kind, values.fetchall(), related.fetchall())


@contextmanager
def spool_at(path: Path) -> Iterator[Spool]:
    """A scratch database in this file, which is gone afterwards, however it ended."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript(_TABLES)
        connection.execute("begin")
        yield Spool(connection)
    finally:
        connection.close()
        path.unlink(missing_ok=True)


def text_of(value: Value) -> str:
    """A value as text, as the format asks it: times in UTC, yes and no as true and false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    return str(value)
