"""What did the sealed log hold up to a head? Read once, in one transaction, for whatever is drawn from it.

Used by draw_basis.py and bulletin_basis.py. Connects for the question, which is seldom asked.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg
from eventsourcing.persistence import OperationalError

from domain.events import DomainEvent, decode
from domain.spot_check.drawing import Head, head_of

_HEAD: Final[LiteralString] = """
select position, originator_id, originator_version, recorded_at, state
from seal join ledger_events using (notification_id)
where recorded_at >= %s order by position limit 1
"""
_HEAD_OF: Final[LiteralString] = """
select position, originator_id, originator_version, recorded_at, state
from seal join ledger_events using (notification_id)
where originator_id = %s and originator_version = 1
"""
_EVENTS: Final[LiteralString] = """
select topic, originator_id, originator_version, state
from seal join ledger_events using (notification_id)
where position <= %s and topic like any(%s) order by position
"""


@contextmanager
def sealed_log(dsn: str) -> Iterator[psycopg.Connection]:
    """A connection in a transaction of its own. Raises OperationalError."""
    try:
        with psycopg.connect(dsn, autocommit=True, connect_timeout=5) as connection, connection.transaction():
            yield connection
    except psycopg.Error as failure:
        raise OperationalError("the log cannot be read") from failure


def head_after(connection: psycopg.Connection, moment: datetime) -> Head | None:
    """The first sealed event recorded at or after this moment; once there is one it stays the one."""
    found = connection.execute(_HEAD, (moment,)).fetchone()
    return head_of(*found) if found else None


def head_begun_by(connection: psycopg.Connection, stream: UUID) -> Head | None:
    """The sealed event with which a stream begins; None while it is not sealed."""
    found = connection.execute(_HEAD_OF, (stream,)).fetchone()
    return head_of(*found) if found else None


def events_of(connection: psycopg.Connection, up_to: int, topics: Sequence[str]) -> Iterator[DomainEvent]:
    """The events of these topics, as SQL's `like` writes them, up to a position, in the log's order."""
    return read(connection, _EVENTS, (up_to, list(topics)))


def read(connection: psycopg.Connection, query: LiteralString, values: tuple[Any, ...]) -> Iterator[DomainEvent]:
    """The events that a query finds by topic, stream, version and state, without holding them all."""
    with connection.cursor("sealed_log", binary=True) as cursor:
        for row in cursor.execute(query, values):
            yield decode(*row)
