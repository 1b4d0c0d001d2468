"""Which events follow this position? The log in its sealed order, for followers and rebuilds.

Positions are dense from 0 (projections/seal.py), so a batch that starts where the last one ended misses nothing.
"""

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg


class SealedEvent(NamedTuple):
    """One stored event and its place in the log. `state` is what `domain.events.decode` takes."""

    position: int
    originator_id: UUID
    originator_version: int
    topic: str
    state: bytes
    recorded_at: datetime


_NEXT: Final = """
select position, originator_id, originator_version, topic, state, recorded_at
from seal join ledger_events using (notification_id)
where position > $1::bigint and position <= $2::bigint
order by position
"""
_HEAD: Final = "select coalesce(max(position), -1) from seal"
_UNSEALED: Final = """
select count(*) from (
  select from ledger_events where notification_id > (select coalesce(max(notification_id), 0) from seal) limit 100001
) as waiting
"""


def _sealed_row(_: Any) -> Any:
    return SealedEvent._make


class LogReader:
    """Reads over one connection, inside whatever transaction its owner has open."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._cursor: psycopg.RawCursor[SealedEvent] = psycopg.RawCursor(connection, row_factory=_sealed_row)

    def read_sealed(self, after_position: int, limit: int) -> list[SealedEvent]:
        """The next events after this position (-1: from the start), at most `limit`; empty at the end of the log."""
        window = (after_position, after_position + limit)
        return self._cursor.execute(_NEXT, window, prepare=True, binary=True).fetchall()


def head(connection: psycopg.Connection[Any]) -> int:
    """The position of the last sealed event, -1 while there is none."""
    return _number(connection, _HEAD)


def unsealed(connection: psycopg.Connection[Any]) -> int:
    """How many committed events still wait for a position, counted up to 100,001; late ones in gaps are left out."""
    return _number(connection, _UNSEALED)


def _number(connection: psycopg.Connection[Any], query: str) -> int:
    with connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
        found: int = cursor.execute(query.encode()).fetchall()[0][0]
        return found
