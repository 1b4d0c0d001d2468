"""Which connection does this thread use? One PostgreSQL connection per thread, kept, watched and replaced when broken.

Called by the recorder. A pool's check-out costs more than the statement; callers' thread pools bound the number.
"""

import threading
from typing import Any, Final

import psycopg
from psycopg.conninfo import make_conninfo

from services.persistence.prepared import PreparedStatements, Row

# psycopg waits for an answer without end: these make the operating system and the server end it.
_LIMITS: Final = {
    "connect_timeout": 3,  # s
    "tcp_user_timeout": 5_000,  # ms a sent byte may stay unacknowledged
    "keepalives": 1,
    "keepalives_idle": 5,  # s of silence before the first probe
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
_SESSION: Final = "-c statement_timeout=10s -c idle_in_transaction_session_timeout=5s"


class ConnectionsClosed(psycopg.OperationalError):
    """The recorder was closed; no connection is opened any more."""


class ThreadConnections:
    """Autocommit connections, one a thread, opened at first use. `dsn`: any libpq connection string."""

    def __init__(self, dsn: str) -> None:
        self._conninfo = make_conninfo(dsn, **_LIMITS, application_name="huiyin ledger", options=_SESSION)
        self._mine = threading.local()
        self._all: dict[threading.Thread, psycopg.Connection] = {}
        self._lock = threading.Lock()
        self._closed = False

    def execute(self, statement: str, parameters: tuple[Any, ...]) -> list[Row]:
        """Run one prepared statement ($1, $2, ...) as one transaction; all its rows. Raises psycopg.Error."""
        return self._statements().execute(statement, parameters)

    def read(self, statement: str, parameters: tuple[Any, ...]) -> list[Row]:
        """As `execute`, for statements that change nothing: once more if the kept connection proved dead."""
        try:
            return self.execute(statement, parameters)
        except psycopg.OperationalError:
            if not self.is_broken():
                raise
        return self.execute(statement, parameters)

    def is_broken(self) -> bool:
        """Whether this thread's connection died, so that the next call opens another."""
        statements: PreparedStatements | None = getattr(self._mine, "statements", None)
        return statements is not None and statements.connection.closed

    def close(self) -> None:
        """Close every thread's connection; statements under way fail."""
        with self._lock:
            self._closed = True
            connections = list(self._all.values())
            self._all.clear()
        for connection in connections:
            connection.close()

    def _statements(self) -> PreparedStatements:
        statements: PreparedStatements | None = getattr(self._mine, "statements", None)
        if statements is None or statements.connection.closed:
            statements = PreparedStatements(self._open())
            self._mine.statements = statements
        return statements

    def _open(self) -> psycopg.Connection:
        if self._closed:
            raise ConnectionsClosed("the log was closed")
        connection = psycopg.connect(self._conninfo, autocommit=True)
        with self._lock:
            # A thread that ended left its connection here: nobody else would ever close it.
            for thread in [thread for thread in self._all if not thread.is_alive()]:
                self._all.pop(thread).close()
            self._all[threading.current_thread()] = connection
        return connection
