"""What does a spot check draw from? The head after a moment and the candidates as of it, read off the sealed log alone.

Joined to casework by the bootstrap, and asked again by `huiyin spot-check verify`. Connects for the question: it is
asked once a month for a township.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, LiteralString

import psycopg
from eventsourcing.persistence import OperationalError

from domain.events import DomainEvent, decode
from domain.spot_check.basis import TOPICS, Basis, basis_of
from domain.spot_check.drawing import Head, head_of

_HEAD: Final[LiteralString] = """
select position, originator_id, originator_version, recorded_at, state
from seal join ledger_events using (notification_id)
where recorded_at >= %s order by position limit 1
"""
_EVENTS: Final[LiteralString] = """
select topic, originator_id, originator_version, state
from seal join ledger_events using (notification_id)
where position <= %s and topic like any(%s) order by position
"""


class DrawBasis:
    """Reads on a connection of its own."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def __call__(self, township: str, moment: datetime) -> Basis | None:
        """None while no event recorded at or after the moment is sealed. Raises OperationalError."""
        try:
            with psycopg.connect(self._dsn, autocommit=True, connect_timeout=5) as connection, connection.transaction():
                head = head_after(connection, moment)
                return None if head is None else basis_of(head, township, _events(connection, head.position))
        except psycopg.Error as failure:
            raise OperationalError("the log cannot be read") from failure


def head_after(connection: psycopg.Connection, moment: datetime) -> Head | None:
    """The first sealed event recorded at or after this moment; once there is one it stays the one."""
    found = connection.execute(_HEAD, (moment,)).fetchone()
    return head_of(*found) if found else None


def _events(connection: psycopg.Connection, up_to: int) -> Iterator[DomainEvent]:
    with connection.cursor("draw_basis", binary=True) as cursor:
        for row in cursor.execute(_EVENTS, (up_to, list(TOPICS))):
            yield decode(*row)
