"""Stored events and recorders for the tests of the log: plain rows, so that no test needs a real event's fields."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresDatastore

from domain.store import Allotment, CommandRecord
from services.persistence.recorder import LedgerRecorder
from tests.support.postgres import Database


def stored(stream: UUID, version: int, note: str = "说明") -> StoredEvent:
    """One event row whose state says what it is."""
    state = json.dumps({"note": note, "version": version}, ensure_ascii=False).encode()
    return StoredEvent(stream, version, "test.noted", state)


def command(stream: UUID, version: int, command_id: UUID | None = None) -> CommandRecord:
    """A command's row, with a new id unless given."""
    return CommandRecord(command_id or uuid4(), stream, version, bytes(32))


def append(recorder: LedgerRecorder, stream: UUID, *versions: int) -> list[int]:
    """Append these versions to a stream, under one new command."""
    events = [stored(stream, version) for version in versions]
    return list(recorder.insert_events(events, commands=[command(stream, versions[-1])]))


def log_issue(recorder: LedgerRecorder, village: str = "CX", year: int = 2026) -> Allotment:
    """Append a new issue's first event; the allotment tells its number."""
    allotment = Allotment(uuid4(), village, year)
    event = stored(allotment.issue_id, 1)
    recorder.insert_events([event], commands=[command(allotment.issue_id, 1)], allotments=[allotment])
    return allotment


@contextmanager
def open_recorder(dsn: str) -> Iterator[LedgerRecorder]:
    """A recorder on this database, closed at the end."""
    recorder = LedgerRecorder(PostgresDatastore("unused", "unused", 0, "unused", "unused"), dsn=dsn)
    try:
        yield recorder
    finally:
        recorder.close()


def rows(database: Database, query: str, *parameters: object) -> list[tuple[object, ...]]:
    """The rows of a query, as the owner sees them."""
    with psycopg.connect(database.owner_dsn) as connection:
        return connection.execute(query.encode(), parameters).fetchall()
