"""Whose rows may this transaction see? A `Scope` is what somebody may see; `scoped` binds a transaction to it.

Every read of a read model by the API and the command line goes through here. PostgreSQL itself keeps the scope
(projections/row_security.py): outside `scoped` no row is seen at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus

from projections.row_security import BARRED, DEPARTMENTS, EVERYTHING, VILLAGES
from services.identity.accounts import Account


@dataclass(frozen=True, slots=True)
class Scope:
    """The villages and departments whose rows may be seen (None: all), and the officials about whom none may be."""

    villages: frozenset[str] | None = frozenset()
    departments: frozenset[str] | None = frozenset()
    barred: frozenset[str] = frozenset()

    @classmethod
    def whole(cls) -> Self:
        """Everything: for whoever works on the machine itself, and for counts that name nobody."""
        return cls(villages=None, departments=None)

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

    def settings(self) -> dict[str, str]:
        """The transaction's settings. Raises ValueError for a code that would be read as two."""
        return {
            VILLAGES: EVERYTHING[VILLAGES] if self.villages is None else _listed(self.villages),
            DEPARTMENTS: EVERYTHING[DEPARTMENTS] if self.departments is None else _listed(self.departments),
            BARRED: EVERYTHING[BARRED] + _listed(self.barred),
        }


@contextmanager
def scoped(connection: psycopg.Connection, scope: Scope) -> Iterator[psycopg.Connection]:
    """One transaction that sees what the scope covers, begun and bound in one message.

    RuntimeError if a transaction is open, or begins by itself: its rows would change amid it.
    """
    if not connection.autocommit or connection.info.transaction_status is not TransactionStatus.IDLE:
        raise RuntimeError("a scope needs a transaction of its own")
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


def _listed(codes: frozenset[str]) -> str:
    if any("," in code or code == "*" for code in codes):
        raise ValueError("a code with a comma, or *")
    return ",".join(sorted(codes))
