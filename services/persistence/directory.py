"""Who is who: villages and the heads of units, from reference tables. Joined to casework by the bootstrap.

Read whole and kept for a few seconds: a county has a few hundred villages, and every new issue asks.
"""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import psycopg
from eventsourcing.persistence import OperationalError

from domain.context import Village
from domain.superiors import superiors

_FRESH_FOR = 5.0  # seconds
_MISS_FRESH_FOR = 0.5  # an unknown village is looked up again soon: it may have been registered just now


@dataclass(frozen=True)
class _Known:
    villages: Mapping[str, Village] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)
    read_at: float = float("-inf")


class SqlDirectory:
    """`domain.context.Directory` on PostgreSQL. Safe to call from several threads."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._lock = threading.Lock()
        self._known = _Known()

    def village(self, code: str) -> Village | None:
        """The village with this code, or None."""
        known = self._read(_FRESH_FOR)
        if code not in known.villages:
            known = self._read(_MISS_FRESH_FOR)
        return known.villages.get(code)

    def head_of(self, unit: str, village: str) -> str | None:  # noqa: ARG002
        """The account that answers for this unit, or None."""
        return self._read(_FRESH_FOR).heads.get(unit)

    def superiors_of(self, user: str) -> frozenset[str]:
        """Everybody above this account, as registered now."""
        known = self._read(_FRESH_FOR)
        return superiors(user, known.villages.values(), known.heads)

    def _read(self, fresh_for: float) -> _Known:
        known = self._known
        if time.monotonic() - known.read_at < fresh_for:
            return known
        with self._lock:
            if time.monotonic() - self._known.read_at >= fresh_for:
                try:
                    self._known = self._load()
                except psycopg.Error as failure:
                    # What was known stays true enough; a process that knows nothing yet cannot decide.
                    if not self._known.villages:
                        raise OperationalError("the directory cannot be read") from failure
            return self._known

    def _load(self) -> _Known:
        with psycopg.connect(self._dsn, autocommit=True, connect_timeout=5) as connection:
            rows = connection.execute("select code, name, township, handler, lead from village")
            villages = {
                code: Village(code=code, name=name, township=township, handler=handler, lead=lead)
                for code, name, township, handler, lead in rows
            }
            heads: dict[str, str] = dict(connection.execute("select unit, person from unit_head").fetchall())
        return _Known(villages, heads, time.monotonic())


def register_villages(connection: psycopg.Connection, villages: Iterable[Village]) -> int:
    """Registers villages that are not known yet; returns how many were new. Known ones stay as they are."""
    statement = (
        "insert into village(code, name, township, handler, lead) values (%s, %s, %s, %s, %s) on conflict do nothing"
    )
    new = 0
    for village in villages:
        row = (village.code, village.name, village.township, village.handler, village.lead)
        new += connection.execute(statement, row).rowcount
    return new


def set_unit_head(connection: psycopg.Connection, unit: str, person: str) -> None:
    """Who answers for `township`, `county` or `department:<key>` from now on."""
    connection.execute(
        "insert into unit_head(unit, person) values (%s, %s) on conflict (unit) do update set person = excluded.person",
        (unit, person),
    )
