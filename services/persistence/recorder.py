"""How are events, commands and numbers written and read? The recorder under `Casework`, on PostgreSQL.

Every save is one statement and one transaction (statements.py); what went wrong comes back as the library's errors.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NoReturn
from uuid import UUID

import psycopg
from eventsourcing.persistence import (
    DatabaseError,
    DataError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    StoredEvent,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresRecorder
from psycopg.conninfo import make_conninfo
from psycopg.errors import DeadlockDetected, SerializationFailure

from domain.store import Allotment, CommandAlreadyRecorded, CommandRecord, VersionConflict
from services.persistence import statements
from services.persistence.connections import ThreadConnections
from services.persistence.prepared import Row

MOST_EVENTS_PER_SAVE: Final = 200
"""More in one transaction would hold village counters for long and make large gaps when it fails."""
MOST_EVENTS_WITHOUT_NUMBERS: Final = 5_000
"""No counter is held: a whole organisation is read in at once, or not at all."""
_EVERY_VERSION: Final = 2**63 - 1
_CONFLICTS: Final = {
    "command_log_pkey": CommandAlreadyRecorded,
    "ledger_events_pkey": VersionConflict,
    "issue_number_issue_id_key": VersionConflict,  # the same issue logged twice
}


class LedgerRecorder(PostgresApplicationRecorder):
    """Writes and reads the log. One per process, safe from several threads; each thread has its own connection.

    The library's pool, table lock, NOTIFY and hidden retries are not used: after a lost connection the caller is told
    at once (OperationalError) and looks whether its command was recorded.
    """

    def __init__(
        self, datastore: PostgresDatastore, *, events_table_name: str = "ledger_events", dsn: str | None = None
    ) -> None:
        # Not the parents' __init__: theirs opens the pool to look up a composite type that we do not use.
        PostgresRecorder.__init__(self, datastore)
        if events_table_name != "ledger_events":
            raise ProgrammingError("the log's table is ledger_events: name the application 'ledger'")
        if datastore.enable_db_functions:
            raise ProgrammingError("POSTGRES_ENABLE_DB_FUNCTIONS loses events for readers: unset it")
        self.events_table_name = events_table_name
        self._connections = ThreadConnections(dsn if dsn is not None else _dsn_of(datastore))
        # Raises LookupError for an unknown number, so that only what can never change again is remembered.
        self._issue_of = lru_cache(maxsize=65_536)(self._read_issue)

    def close(self) -> None:
        """Close all connections, of every thread."""
        self._connections.close()

    # -- writing ------------------------------------------------------------------------------------------------

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        commands: Sequence[CommandRecord] = (),
        allotments: Sequence[Allotment] = (),
        **_: Any,
    ) -> Sequence[int]:
        """Append events with the commands that caused them; fill each allotment's `number`. All of it or nothing.

        Returns notification ids in the events' order. Raises CommandAlreadyRecorded, VersionConflict (reload, decide
        again), DataError, or OperationalError (it may or may not have been written: look for the command).
        """
        most = MOST_EVENTS_PER_SAVE if allotments else MOST_EVENTS_WITHOUT_NUMBERS
        if len(stored_events) > most:
            raise ProgrammingError(f"more than {most} events in one save: make several saves")
        try:
            if len(stored_events) == 1 and len(commands) == 1 and len(allotments) <= 1:
                return self._insert_one(stored_events[0], commands[0], allotments)
            if stored_events or commands:
                return self._insert_all(stored_events, commands, allotments)
        except psycopg.Error as error:
            _translate(error)
        return []

    def _insert_one(self, event: StoredEvent, command: CommandRecord, allotments: Sequence[Allotment]) -> list[int]:
        recorded = (command.command_id, command.originator_id, command.version, command.digest)
        if not allotments:
            written = (event.originator_id, event.originator_version, event.topic, event.state)
            rows = self._connections.execute(statements.APPEND_ONE, recorded + written)
            return [rows[0][0]]
        allotment = allotments[0]
        _check_first((event,), allotments)
        wanted = (allotment.village, allotment.year, allotment.issue_id)
        rows = self._connections.execute(statements.LOG_ONE, recorded + wanted + (event.topic, event.state))
        notification_id, allotment.number = rows[0]
        return [notification_id]

    def _insert_all(
        self, events: Sequence[StoredEvent], commands: Sequence[CommandRecord], allotments: Sequence[Allotment]
    ) -> list[int]:
        _check_first(events, allotments)
        columns = (
            *_columns(commands, "command_id", "originator_id", "version", "digest"),
            *_columns(allotments, "issue_id", "village", "year"),
            *_columns(events, "originator_id", "originator_version", "topic", "state"),
        )
        ((ids, issue_ids, numbers),) = self._connections.execute(statements.SAVE_ALL, columns)
        number_of = dict(zip(issue_ids, numbers, strict=True))
        for allotment in allotments:
            allotment.number = number_of[allotment.issue_id]
        notification_ids: list[int] = ids
        return notification_ids

    # -- reading ------------------------------------------------------------------------------------------------

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """A stream's events by version: above `gt`, up to `lte`, newest first if `desc`, at most `limit`."""
        statement = _SELECT_NEWEST if desc else _SELECT_OLDEST
        rows = self._read(statement, originator_id, gt or 0, _EVERY_VERSION if lte is None else lte, limit)
        return [StoredEvent(originator_id, version, topic, state) for version, topic, state in rows]

    def find_command(self, command_id: UUID) -> CommandRecord | None:
        """The command with this id, if it was recorded."""
        rows = self._read(statements.FIND_COMMAND, command_id)
        return CommandRecord(*rows[0]) if rows else None

    def known_commands(self, command_ids: Sequence[UUID]) -> dict[UUID, bytes]:
        """Those among these commands that were recorded, with their digests."""
        return dict(self._read(statements.KNOWN_COMMANDS, list(command_ids)))

    def find_issue(self, number: str) -> UUID | None:
        """The issue with this number, e.g. `CX-2026-0001`."""
        try:
            return self._issue_of(number)
        except LookupError:
            return None

    def numbers_of(self, issue_ids: Sequence[UUID]) -> dict[UUID, str]:
        """The numbers of those among these issues that have one."""
        return dict(self._read(statements.NUMBERS_OF, list(issue_ids)))

    def max_notification_id(self) -> int | None:
        """The highest id given to a committed event; no position: ids have gaps and may appear late."""
        last: int | None = self._read(statements.LAST_NOTIFICATION)[0][0]
        return last

    def _read_issue(self, number: str) -> UUID:
        rows = self._read(statements.FIND_ISSUE, number)
        if not rows:
            raise LookupError
        issue_id: UUID = rows[0][0]
        return issue_id

    def _read(self, statement: str, *parameters: Any) -> list[Row]:
        try:
            return self._connections.read(statement, parameters)
        except psycopg.Error as error:
            _translate(error)

    # -- what this log does not do ------------------------------------------------------------------------------

    def create_table(self) -> None:
        """Refused: start-up DDL races. `huiyin migrate` makes the tables."""
        raise ProgrammingError("tables are made by `huiyin migrate`: set CREATE_TABLE=n")

    def select_notifications(self, *_: Any, **__: Any) -> NoReturn:
        """Refused: whoever follows notification ids overlooks events. Followers read positions."""
        raise ProgrammingError("follow the log by position: projections.log_reader")

    def subscribe(self, *_: Any, **__: Any) -> NoReturn:
        """Refused, as `select_notifications`."""
        raise ProgrammingError("follow the log by position: projections.log_reader")


_SELECT_OLDEST: Final = statements.SELECT_EVENTS.format(direction="asc")
_SELECT_NEWEST: Final = statements.SELECT_EVENTS.format(direction="desc")


def _dsn_of(datastore: PostgresDatastore) -> str:
    """The connection string that the library's settings amount to."""
    settings: Any = datastore.pool.kwargs
    return make_conninfo(**{name: settings[name] for name in ("dbname", "host", "port", "user", "password")})


def _columns(records: Sequence[Any], *names: str) -> list[list[Any]]:
    return [[getattr(record, name) for record in records] for name in names]


def _check_first(events: Sequence[StoredEvent], allotments: Sequence[Allotment]) -> None:
    """A number is written into its issue's first event, so that event has to be here."""
    first = {event.originator_id for event in events if event.originator_version == 1}
    if not first.issuperset(allotment.issue_id for allotment in allotments):
        raise ProgrammingError("a number was asked for without the issue's first event")


def _translate(error: psycopg.Error) -> NoReturn:
    """Raise the library's error for psycopg's. Rows are never quoted: PostgreSQL's details show what was written."""
    said = f"{error.sqlstate or 'connection'}: {error.diag.message_primary or error}"
    if isinstance(error, psycopg.IntegrityError):
        kind = _CONFLICTS.get(error.diag.constraint_name or "", IntegrityError)
        raise kind(said) from None
    if isinstance(error, DeadlockDetected | SerializationFailure):
        raise VersionConflict(said) from None  # a lost race: nothing was written
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        raise OperationalError(said) from error
    if isinstance(error, psycopg.DataError):
        raise DataError(f"{error.sqlstate or 'data'}: the log cannot hold this text or number") from None
    if isinstance(error, psycopg.ProgrammingError):
        raise ProgrammingError(said) from error
    raise DatabaseError(said) from error
