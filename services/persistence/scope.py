"""Whose rows may this transaction see? A `Scope` is what somebody may see; `scoped` binds a transaction to it.

`ScopedConnection.within` binds each question instead, at a third of the price: the API asks so. Every read of a read
model goes through one of them. PostgreSQL itself keeps the scope (projections/row_security.py): outside no row is seen.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final, LiteralString, Self

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGconn
from psycopg.rows import RowFactory, TupleRow, tuple_row

from projections.row_security import BARRED, DEPARTMENTS, EVERYTHING, PEOPLE, VILLAGES
from services.identity.accounts import Account


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

_BINDING: Final = b"scope_of_a_question"
_SETTINGS: Final = (VILLAGES, DEPARTMENTS, BARRED, PEOPLE)
_PREPARE: Final[LiteralString] = "prepare scope_of_a_question (text, text, text, text) as select " + ", ".join(
    f"set_config('{setting}', ${nth}, true)" for nth, setting in enumerate(_SETTINGS, 1)
)


@lru_cache(maxsize=1000)
def _values(scope: Scope) -> tuple[bytes, ...]:
    """What _PREPARE takes. Remembered: an account's scope stays the same from question to question."""
    settings = scope.settings()
    return tuple(settings[name].encode() for name in _SETTINGS)


class _ScopedCursor(psycopg.Cursor[Any]):
    """Sends its connection's scope ahead of each question, without waiting in between.

    Until PostgreSQL is told to finish, after the question, all that came is one transaction: the scope ends with it,
    answered or failed, and when the scope cannot be bound the question is not looked at. Only `execute` binds; by
    whatever else a cursor can do no row is seen.
    """

    def execute(self, *question: Any, **options: Any) -> Self:
        """As psycopg's. RuntimeError within a scope if a transaction is open."""
        connection = self.connection
        if not isinstance(connection, ScopedConnection) or connection.bind is None:
            return super().execute(*question, **options)
        _needs_its_own_transaction(connection)
        try:
            return self._ask(connection, connection.bind, *question, **options)
        except psycopg.errors.InvalidSqlStatementName:  # psycopg lets PostgreSQL forget all it prepared, now and then
            psycopg.Cursor(connection).execute(_PREPARE)
            return self._ask(connection, connection.bind, *question, **options)

    def _ask(self, connection: psycopg.Connection, bind: Callable[[], None], *question: Any, **options: Any) -> Self:
        with connection.pipeline() as pipeline:
            pipeline.command_queue.append(bind)
            pipeline.result_queue.append(None)  # nobody reads its answer; a refusal is raised
            return super().execute(*question, **options)


class ScopedConnection(psycopg.Connection[TupleRow]):
    """A connection in autocommit. Each question asked `within` a scope is a transaction that sees what that covers."""

    bind: Callable[[], None] | None = None
    _is_prepared = False

    def __init__(self, pgconn: PGconn, row_factory: RowFactory[TupleRow] = tuple_row) -> None:
        super().__init__(pgconn, row_factory)
        self.cursor_factory = _ScopedCursor

    @contextmanager
    def within(self, scope: Scope) -> Iterator[Self]:
        """Binds what is asked meanwhile. RuntimeError as `scoped`, here and at each question; also within another."""
        _needs_its_own_transaction(self)
        if self.bind is not None:
            raise RuntimeError("a scope is in force already")
        if not self._is_prepared:
            self.execute(_PREPARE)
            self._is_prepared = True
        self.bind = partial(self.pgconn.send_query_prepared, _BINDING, _values(scope))
        try:
            yield self
        finally:
            self.bind = None
            if not self.closed and self.pgconn.transaction_status != TransactionStatus.IDLE:
                self.rollback()  # somebody began a transaction: it ends here, and what it was bound to
