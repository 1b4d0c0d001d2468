"""Which lists does each officer look at again and again? Named filters of a ledger, their own, beside the log.

Called by the API's handlers; a connection for each request, for they are rare.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from domain.errors import Refusal

MOST: Final = 50
"""Views of one person."""
_OF: Final = "select name, ledger, query from saved_view where person = %s order by name"
_KEEP: Final = """
insert into saved_view (person, name, ledger, query) values (%s, %s, %s, %s)
on conflict (person, name) do update set ledger = excluded.ledger, query = excluded.query, saved_at = clock_timestamp()
"""
_DROP: Final = "delete from saved_view where person = %s and name = %s"
_ONE_AT_A_TIME: Final = "select pg_advisory_xact_lock(7214034, hashtext(%s))"


class TooManyViews(Refusal):
    code = "too-many-views"
    zh = "常用视图最多 50 个。请先删去不用的。"
    en = "At most fifty saved views. Remove those that are no longer used."


@dataclass(frozen=True, slots=True)
class SavedView:
    """A ledger with the parameters of its address."""

    name: str
    ledger: str
    query: Mapping[str, str]


class SavedViews:
    """Everybody's views. `dsn`: role huiyin_app."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def of(self, person: str) -> list[SavedView]:
        """Somebody's views by name. Raises psycopg.Error."""
        with self._connected() as connection:
            return _views(connection, person)

    def keep(self, person: str, view: SavedView) -> list[SavedView]:
        """All of them, with this one, in the place of one of the same name. Raises TooManyViews, psycopg.Error."""
        with self._connected() as connection, connection.transaction():
            connection.execute(_ONE_AT_A_TIME, (person,))
            connection.execute(_KEEP, (person, view.name, view.ledger, Jsonb(dict(view.query))))
            kept = _views(connection, person)
            if len(kept) > MOST:
                raise TooManyViews
        return kept

    def drop(self, person: str, name: str) -> list[SavedView]:
        """All of them, without the one of this name, if there was one. Raises psycopg.Error."""
        with self._connected() as connection:
            connection.execute(_DROP, (person, name))
            return _views(connection, person)

    def _connected(self) -> psycopg.Connection:
        return psycopg.connect(self._dsn, autocommit=True, connect_timeout=3, options="-c statement_timeout=10s")


def _views(connection: psycopg.Connection, person: str) -> list[SavedView]:
    with connection.cursor(row_factory=class_row(SavedView)) as cursor:
        return cursor.execute(_OF, (person,)).fetchall()
