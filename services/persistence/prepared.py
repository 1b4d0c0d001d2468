"""How does a prepared statement reach PostgreSQL, and its rows come back? By libpq's own calls, with as little between.

psycopg's cursor prepares, counts, waits and checks for every kind of use; for one statement in autocommit that takes
longer than all else that a thread does for it, and hands Python's lock over six times. Called by connections.py and,
for several statements in one message, by scope.py.
"""

import select
from collections.abc import Callable
from typing import Any, Final

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

Row = tuple[Any, ...]

_LOOK_AGAIN: Final = 100  # ms: another thread may have closed the connection, which no poll tells
_WELL: Final = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})


class PreparedStatements:
    """One connection in autocommit, for one thread. Parameters and rows are psycopg's types; rows come in binary."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self._pgconn = connection.pgconn
        self._adapting = Transformer(connection)
        self._names: dict[tuple[str, tuple[int, ...]], bytes] = {}
        self._readable = select.poll()
        self._readable.register(self._pgconn.socket, select.POLLIN)
        self._ready = select.poll()
        self._ready.register(self._pgconn.socket, select.POLLIN | select.POLLOUT)

    def execute(self, statement: str, parameters: tuple[Any, ...]) -> list[Row]:
        """Run one statement ($1, $2, ...), prepared at its first use; all its rows. Raises psycopg.Error."""
        try:
            return self._execute(statement, parameters)
        except BaseException:
            # Interrupted between question and answer: nobody else must read that answer.
            if self._pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.connection.close()
            raise

    def _execute(self, statement: str, parameters: tuple[Any, ...]) -> list[Row]:
        adapting = self._adapting
        values = adapting.dump_sequence(parameters, [PyFormat.AUTO] * len(parameters))
        types, formats = adapting.types or (), adapting.formats
        name = self._names.get((statement, types)) or self._prepare(statement, types)
        self._pgconn.send_query_prepared(name, values, formats, Format.BINARY)
        result = self._result()
        if result.status == ExecStatus.COMMAND_OK:
            return []
        adapting.set_pgresult(result)
        rows: list[Row] = adapting.load_rows(0, result.ntuples, tuple)
        return rows

    def _prepare(self, statement: str, types: tuple[int, ...]) -> bytes:
        name = b"huiyin_%d" % len(self._names)
        self._pgconn.send_prepare(name, statement.encode(), types)
        self._result()
        self._names[statement, types] = name
        return name

    def _result(self) -> PGresult:
        """What comes of what was sent. Raises psycopg.Error."""
        pgconn = self._pgconn
        _flush(pgconn, self._ready)
        results = []
        while (result := _next(pgconn, self._readable)) is not None:
            results.append(result)
        return _last_of(results, self.connection)


def in_one_message(connection: psycopg.Connection, send: Callable[[], None]) -> PGresult:
    """What comes of the last of several statements, all answered together or, when one fails, none after it.

    `send` hands them to libpq. The connection is in autocommit: they are one transaction. Raises psycopg.Error.
    """
    pgconn = connection.pgconn
    try:
        pgconn.enter_pipeline_mode()
        send()
        pgconn.pipeline_sync()
        results = _until_synchronised(pgconn)
        pgconn.exit_pipeline_mode()
    except BaseException:
        connection.close()  # nobody else must read what is still to come
        raise
    return _last_of(results, connection)


def _until_synchronised(pgconn: PGconn) -> list[PGresult]:
    ready = select.poll()
    ready.register(pgconn.socket, select.POLLIN | select.POLLOUT)
    _flush(pgconn, ready)
    ready.modify(pgconn.socket, select.POLLIN)
    results: list[PGresult] = []
    while pgconn.status != ConnStatus.BAD:
        result = _next(pgconn, ready)  # None: the end of one statement's
        if result is not None and result.status == ExecStatus.PIPELINE_SYNC:
            break
        results += [result] if result is not None else []
    return results


def _flush(pgconn: PGconn, ready: select.poll) -> None:
    while pgconn.flush():
        ready.poll(_LOOK_AGAIN)
        pgconn.consume_input()


def _next(pgconn: PGconn, readable: select.poll) -> PGresult | None:
    while pgconn.is_busy():
        readable.poll(_LOOK_AGAIN)
        pgconn.consume_input()
    return pgconn.get_result()


def _last_of(results: list[PGresult], connection: psycopg.Connection[Any]) -> PGresult:
    if not results or connection.pgconn.status == ConnStatus.BAD:
        raise psycopg.OperationalError("the connection was lost before the answer came")
    for each in results:
        if each.status not in _WELL:
            raise error_from_result(each, connection.info.encoding)
    return results[-1]
