"""The file of OCEL 2.0 in SQLite: six tables for every log, and one for each type of event and of object."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from services.audit.exporting.ocel_json import event_attributes, event_id
from services.audit.exporting.spool import Spool, SpooledEvent, SpooledObject
from services.audit.exporting.vocabulary import OBJECTS, Kind

BEGINNING: Final = "1970-01-01 00:00:00"
_TABLES: Final = """
pragma journal_mode = off;
pragma synchronous = off;
create table event_map_type (ocel_type text primary key, ocel_type_map text);
create table object_map_type (ocel_type text primary key, ocel_type_map text);
create table event (ocel_id text primary key, ocel_type text references event_map_type (ocel_type));
create table object (ocel_id text primary key, ocel_type text references object_map_type (ocel_type));
create table event_object (
  ocel_event_id text references event (ocel_id), ocel_object_id text references object (ocel_id), ocel_qualifier text,
  primary key (ocel_event_id, ocel_object_id, ocel_qualifier)
);
create table object_object (
  ocel_source_id text references object (ocel_id), ocel_target_id text references object (ocel_id), ocel_qualifier text,
  primary key (ocel_source_id, ocel_target_id, ocel_qualifier)
);
"""
_COLUMNS: Final[Mapping[Kind, str]] = {
    Kind.STRING: "TEXT",
    Kind.TIME: "TIMESTAMP",
    Kind.INTEGER: "INTEGER",
    Kind.FLOAT: "REAL",
    Kind.BOOLEAN: "BOOLEAN",
}
_READ: Final[Mapping[Kind, Callable[[str], Any]]] = {
    Kind.STRING: str,
    Kind.TIME: lambda text: written_time(text),
    Kind.INTEGER: int,
    Kind.FLOAT: float,
    Kind.BOOLEAN: lambda text: int(text == "true"),
}


def table_of(kind: str) -> str:
    """The end of the name of a type's table: `IssueLogged` of `issue.logged`."""
    return "".join(word.capitalize() for word in kind.replace(".", "_").split("_"))


def written_time(text: str) -> str:
    """A time in UTC as this format writes it."""
    return text.replace("T", " ").removesuffix("Z")


def write_ocel_sqlite(spool: Spool, path: Path) -> None:
    """The whole database, into an empty file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(_TABLES)
        connection.execute("begin")
        for kind in spool.types("event"):
            _make_type(connection, "event", kind, event_attributes(kind))
        for kind in spool.types("object"):
            _make_type(connection, "object", kind, OBJECTS[kind])
        for found in spool.objects():
            _write_object(connection, found)
        for found in spool.objects():
            related = ((found.id, other, qualifier) for other, qualifier in found.relations)
            connection.executemany("insert into object_object values (?, ?, ?)", related)
        for event in spool.events():
            _write_event(connection, event)
        connection.execute("commit")


def _make_type(connection: sqlite3.Connection, what: str, kind: str, attributes: Mapping[str, Kind]) -> None:
    """Names of types and attributes are the program's own, never what somebody typed."""
    connection.execute(f"insert into {what}_map_type values (?, ?)", (kind, table_of(kind)))  # noqa: S608  (our own names)
    key = "primary key " if what == "event" else ""
    columns = [f"ocel_id text {key}references {what} (ocel_id)", "ocel_time TIMESTAMP"]
    if what == "object":
        columns.append("ocel_changed_field text")
    columns += [f'"{name}" {_COLUMNS[each]}' for name, each in attributes.items()]
    connection.execute(f'create table "{what}_{table_of(kind)}" ({", ".join(columns)})')


def _write_object(connection: sqlite3.Connection, found: SpooledObject) -> None:
    kinds = OBJECTS[found.type]
    connection.execute("insert into object values (?, ?)", (found.id, found.type))
    first = {name: _READ[kinds[name]](value) for at, name, value in found.values if at is None}
    _insert(connection, "object", found.type, {"ocel_id": found.id, "ocel_time": BEGINNING, **first})
    for at, name, value in found.values:
        if at is not None:
            change = {"ocel_id": found.id, "ocel_time": written_time(at), "ocel_changed_field": name}
            _insert(connection, "object", found.type, {**change, name: _READ[kinds[name]](value)})


def _write_event(connection: sqlite3.Connection, event: SpooledEvent) -> None:
    kinds, found = event_attributes(event.type), event_id(event.position)
    connection.execute("insert into event values (?, ?)", (found, event.type))
    attributes = {name: _READ[kinds[name]](value) for name, value in event.attributes.items()}
    _insert(connection, "event", event.type, {"ocel_id": found, "ocel_time": written_time(event.time), **attributes})
    related = ((found, other, qualifier) for other, qualifier in event.relations)
    connection.executemany("insert into event_object values (?, ?, ?)", related)


def _insert(connection: sqlite3.Connection, what: str, kind: str, row: Mapping[str, Any]) -> None:
    columns, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
    statement = f'insert into "{what}_{table_of(kind)}" ({columns}) values ({marks})'  # noqa: S608  (our own names)
    connection.execute(statement, tuple(row.values()))
