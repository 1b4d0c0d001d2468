"""What does a bulletin say? The head of the log and the figures as of it, read off the sealed log alone.

Joined to casework by the bootstrap, and asked again by `huiyin bulletin verify`. Issues of other townships are passed
over by their numbers.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain
from typing import Final, LiteralString

import psycopg

from domain.bulletin.figures import TOPICS, Asked, Drawn, figures_of
from domain.events import DomainEvent
from domain.organisation.evolve import fold
from domain.spot_check.drawing import Head, head_of
from services.persistence.sealed_log import events_of, head_after, read, sealed_log

_HEAD: Final[LiteralString] = """
select position, originator_id, originator_version, recorded_at, state
from seal join ledger_events using (notification_id)
where %(at)s::bigint is null or position = %(at)s order by position desc limit 1
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
        with sealed_log(self._dsn) as connection:
            head = find(connection)
            return None if head is None else Drawn(head, figures_of(asked, _events(connection, head, asked)))


def _head(connection: psycopg.Connection, position: int | None) -> Head | None:
    found = connection.execute(_HEAD, {"at": position}).fetchone()
    return head_of(*found) if found else None


def _events(connection: psycopg.Connection, head: Head, asked: Asked) -> Iterator[DomainEvent]:
    """Who is who first, for it says which issues are the township's; each of the three in the log's order."""
    who_is_who = list(events_of(connection, head.position, _WHO_IS_WHO))
    villages = sorted(fold(who_is_who).villages_under(asked.township))
    issues = read(connection, _OF_ISSUES, (head.position, _ISSUES, villages))
    return chain(who_is_who, events_of(connection, head.position, _OTHERS), issues)
