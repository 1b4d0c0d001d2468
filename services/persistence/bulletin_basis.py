"""What does a bulletin say? The head of the log and the figures as of it, read off the sealed log alone.

Joined to casework by the bootstrap, and asked again by `huiyin bulletin verify`. Connects for the question: it is asked
once a month for a township. Issues of other townships are passed over by their numbers.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any, Final, LiteralString

import psycopg
from eventsourcing.persistence import OperationalError

from domain.bulletin.figures import TOPICS, Asked, Drawn, figures_of
from domain.events import DomainEvent, decode
from domain.organisation.evolve import fold
from domain.spot_check.drawing import Head, head_of
from services.persistence.draw_basis import head_after

_HEAD: Final[LiteralString] = """
select position, originator_id, originator_version, recorded_at, state
from seal join ledger_events using (notification_id)
where %(at)s::bigint is null or position = %(at)s order by position desc limit 1
"""
_EVENTS: Final[LiteralString] = """
select topic, originator_id, originator_version, state
from seal join ledger_events using (notification_id)
where position <= %s and topic like any(%s) order by position
"""
_OF_ISSUES: Final[LiteralString] = """
select topic, originator_id, originator_version, state
from seal join ledger_events using (notification_id) join issue_number on issue_id = originator_id
where position <= %s and topic like any(%s) and village = any(%s) order by position
"""
_WHO_IS_WHO: Final = [topic for topic in TOPICS if topic.startswith("organisation.")]
_ISSUES: Final = [topic for topic in TOPICS if topic.startswith("issue.")]
_OTHERS: Final = [topic for topic in TOPICS if topic not in (*_WHO_IS_WHO, *_ISSUES)]


class BulletinBasis:
    """Reads on a connection of its own."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def __call__(self, asked: Asked, moment: datetime | None) -> Drawn | None:
        """By the first event recorded at or after the moment; without one by the last. None: no such event is sealed.

        Raises OperationalError.
        """

        def head(connection: psycopg.Connection) -> Head | None:
            return _head(connection, None) if moment is None else head_after(connection, moment)

        return self._drawn(asked, head)

    def again(self, asked: Asked, position: int) -> Drawn | None:
        """By the event at this position. Raises OperationalError."""
        return self._drawn(asked, lambda connection: _head(connection, position))

    def _drawn(self, asked: Asked, find: Callable[[psycopg.Connection], Head | None]) -> Drawn | None:
        try:
            with psycopg.connect(self._dsn, autocommit=True, connect_timeout=5) as connection, connection.transaction():
                head = find(connection)
                return None if head is None else Drawn(head, figures_of(asked, _events(connection, head, asked)))
        except psycopg.Error as failure:
            raise OperationalError("the log cannot be read") from failure


def _head(connection: psycopg.Connection, position: int | None) -> Head | None:
    found = connection.execute(_HEAD, {"at": position}).fetchone()
    return head_of(*found) if found else None


def _events(connection: psycopg.Connection, head: Head, asked: Asked) -> Iterator[DomainEvent]:
    """Who is who first, for it says which issues are the township's; each of the three in the log's order."""
    who_is_who = list(_read(connection, _EVENTS, (head.position, _WHO_IS_WHO)))
    villages = sorted(fold(who_is_who).villages_under(asked.township))
    issues = _read(connection, _OF_ISSUES, (head.position, _ISSUES, villages))
    return chain(who_is_who, _read(connection, _EVENTS, (head.position, _OTHERS)), issues)


def _read(connection: psycopg.Connection, query: LiteralString, values: tuple[Any, ...]) -> Iterator[DomainEvent]:
    with connection.cursor("bulletin_basis", binary=True) as cursor:
        for row in cursor.execute(query, values):
            yield decode(*row)
