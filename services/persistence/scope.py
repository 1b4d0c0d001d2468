"""Whose rows may this transaction see? A `Scope` is what somebody may see; `scoped` binds a transaction to it.

`ScopedConnection.within` binds each question instead, at a third of the price: the API asks so. Every read of a read
model goes through one of them. PostgreSQL itself keeps the scope (projections/row_security.py): outside no row is seen.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import count
from typing import Any, Final, Self

import psycopg
from psycopg import sql
from psycopg._queries import PostgresQuery
from psycopg.abc import Params
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGconn
from psycopg.rows import RowFactory, TupleRow, tuple_row

from projections.row_security import BARRED, DEPARTMENTS, EVERYTHING, PEOPLE, VILLAGES
from services.identity.accounts import Account
from services.persistence.prepared import in_one_message


@dataclass(frozen=True, slots=True)
class Scope:
    """The villages and departments whose rows may be seen (None: all), and the officials about whom none may be.

    `people`: to whom what may be seen was told; a table has either villages or addressees.
    """

    villages: frozenset[str] | None = frozenset()
    departments: frozenset[str] | None = frozenset()
    barred: frozenset[str] = frozenset()
    people: frozenset[str] | None = frozenset()

    @classmethod
    def whole(cls) -> Self:
        """Everything: for whoever works on the machine itself, and for counts that name nobody."""
        return cls(villages=None, departments=None, people=None)

    @classmethod
    def of(cls, account: Account) -> Self:
        """What this account may see: nothing if it reads no cases."""
        if not account.may_read:
            return cls()
        return cls(account.villages, account.departments, account.barred)

    @classmethod
    def of_counts(cls, account: Account) -> Self:
        """What this account's totals count: everything in its villages, for a total names nobody."""
        return cls(account.villages, None, account.barred)

    @classmethod
    def of_inbox(cls, account: Account) -> Self:
        """What was told to this account, and to whom it stands in for in the post it acts in."""
        return cls(barred=account.barred, people=account.actor.persons)

    def settings(self) -> dict[str, str]:
        """The transaction's settings. Raises ValueError for a code that would be read as two."""
        return {
            VILLAGES: EVERYTHING[VILLAGES] if self.villages is None else _listed(self.villages),
            DEPARTMENTS: EVERYTHING[DEPARTMENTS] if self.departments is None else _listed(self.departments),
            BARRED: EVERYTHING[BARRED] + _listed(self.barred),
            PEOPLE: EVERYTHING[PEOPLE] if self.people is None else _listed(self.people),
        }


@contextmanager
def scoped(connection: psycopg.Connection, scope: Scope) -> Iterator[psycopg.Connection]:
    """One transaction that sees what the scope covers, begun and bound in one message.

    RuntimeError if a transaction is open, or begins by itself: its rows would change amid it.
    """
    _needs_its_own_transaction(connection)
    try:
        connection.execute(_begin(scope))
        yield connection
    except BaseException:
        if not connection.closed:
            connection.rollback()
        raise
    connection.commit()


def _begin(scope: Scope) -> sql.Composed:
    bound = (sql.SQL("set_config({}, {}, true)").format(*setting) for setting in scope.settings().items())
    return sql.SQL("begin; select {}").format(sql.SQL(", ").join(bound))


def _needs_its_own_transaction(connection: psycopg.Connection[Any]) -> None:
    if not connection.autocommit or connection.pgconn.transaction_status != TransactionStatus.IDLE:
        raise RuntimeError("a scope needs a transaction of its own")


def _listed(codes: frozenset[str]) -> str:
    if any("," in code or code == "*" for code in codes):
        raise ValueError("a code with a comma, or *")
    return ",".join(sorted(codes))


# -- each question by itself ----------------------------------------------------------------------------------------

_SETTINGS: Final = (VILLAGES, DEPARTMENTS, BARRED, PEOPLE)
_BIND: Final = b"select " + b", ".join(
    b"set_config('%s', $%d::text, true)" % (setting.encode(), nth) for nth, setting in enumerate(_SETTINGS, 1)
)
MOST_PREPARED: Final = 200
"""Statements for each connection: questions put together anew each time must not fill PostgreSQL's memory."""


@lru_cache(maxsize=1000)
def _values(scope: Scope) -> tuple[bytes, ...]:
    """What _BIND takes. Remembered: an account's scope stays the same from question to question."""
    settings = scope.settings()
    return tuple(settings[name].encode() for name in _SETTINGS)


class _ScopedCursor(psycopg.Cursor[Any]):
    """Sends its connection's scope and a question in one message: half of what psycopg's own pipeline takes.

    All that is in the message is one transaction: the scope ends with it, answered or failed, and when the scope cannot
    be bound the question is not looked at. Only `execute` binds; by whatever else a cursor can do no row is seen.
    """

    def execute(self, query: Any, params: Params | None = None, **options: Any) -> Self:
        """As psycopg's. RuntimeError within a scope if a transaction is open."""
        connection = self.connection
        if not isinstance(connection, ScopedConnection) or connection.bind is None:
            return super().execute(query, params, **options)
        _needs_its_own_transaction(connection)
        connection.wait(self._start_query(query))
        asked = self._convert_query(query, params)
        send = partial(self._send, connection, connection.bind, asked)
        try:
            answer = in_one_message(connection, send)
        except psycopg.errors.InvalidSqlStatementName:  # psycopg lets PostgreSQL forget all it prepared, now and then
            connection.prepared.clear()
            answer = in_one_message(connection, send)
        self._set_results([answer])
        return self

    def _send(self, connection: "ScopedConnection", bind: tuple[bytes, ...], asked: PostgresQuery) -> None:
        pgconn = connection.pgconn
        pgconn.send_query_prepared(connection.name_of(_BIND, ()), bind)
        if len(connection.prepared) < MOST_PREPARED or (asked.query, asked.types) in connection.prepared:
            name = connection.name_of(asked.query, asked.types)
            pgconn.send_query_prepared(name, asked.params, asked.formats, self.format)
        else:
            pgconn.send_query_params(asked.query, asked.params, asked.types, asked.formats, self.format)


class ScopedConnection(psycopg.Connection[TupleRow]):
    """A connection in autocommit. Each question asked `within` a scope is a transaction that sees what that covers."""

    bind: tuple[bytes, ...] | None = None

    def __init__(self, pgconn: PGconn, row_factory: RowFactory[TupleRow] = tuple_row) -> None:
        super().__init__(pgconn, row_factory)
        self.cursor_factory = _ScopedCursor
        self.prepared: dict[tuple[bytes, tuple[int, ...]], bytes] = {}
        self._numbers = count()

    @contextmanager
    def within(self, scope: Scope) -> Iterator[Self]:
        """Binds what is asked meanwhile. RuntimeError as `scoped`, here and at each question; also within another."""
        _needs_its_own_transaction(self)
        if self.bind is not None:
            raise RuntimeError("a scope is in force already")
        self.bind = _values(scope)
        try:
            yield self
        finally:
            self.bind = None
            if not self.closed and self.pgconn.transaction_status != TransactionStatus.IDLE:
                self.rollback()  # somebody began a transaction: it ends here, and what it was bound to

    def name_of(self, statement: bytes, types: tuple[int, ...]) -> bytes:
        """Under which name PostgreSQL knows this statement; sent ahead of its first use, in the same message."""
        name = self.prepared.get((statement, types))
        if name is None:
            name = self.prepared[statement, types] = b"scoped_%d" % next(self._numbers)
            self.pgconn.send_prepare(name, statement, types)
        return name
