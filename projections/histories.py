"""Whole histories of issues, straight from the log or of those that a reader's ledger shows. For what checks them.

From the log nothing is hidden by a table that was tampered with; by the ledger a reader gets no more than their rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Final, LiteralString, NamedTuple
from uuid import UUID

import psycopg

from projections.log_reader import SealedEvent, head
from projections.projection import Recorded, decoded
from projections.streams import whole_streams

_TOPICS: Final = "issue."


class Wanted(NamedTuple):
    """Which issues: of a village, logged from `since` up to but without `until`, or the one of this number."""

    village: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    number: str | None = None


def logged_histories(connection: psycopg.Connection) -> Iterator[list[list[Recorded]]]:
    """Every issue of the log, some at a time; inside a transaction. Raises UnreadableEvent."""
    for batch in whole_streams(connection, head(connection)):
        yield _by_stream([it for it in batch if it.topic.startswith(_TOPICS)])


_IDS: Final[LiteralString] = """
select issue_id from issue_ledger
where (%(village)s::text is null or village = %(village)s) and (%(number)s::text is null or number = %(number)s)
  and (%(since)s::timestamptz is null or logged_at >= %(since)s)
  and (%(until)s::timestamptz is null or logged_at < %(until)s)
order by logged_at desc, number limit %(limit)s
"""
_EVENTS: Final[LiteralString] = """
select coalesce(position, -1), originator_id, originator_version, topic, state, recorded_at
from ledger_events left join seal using (notification_id)
where originator_id = any(%s) order by originator_id, originator_version
"""


def histories_in_scope(
    connection: psycopg.Connection, wanted: Wanted, limit: int, at_once: int = 500
) -> Iterator[list[list[Recorded]]]:
    """The newest `limit` of those that the connection's reader may see, some at a time. Raises UnreadableEvent."""
    asked = {**wanted._asdict(), "limit": limit}
    ids: list[UUID] = [issue_id for (issue_id,) in connection.execute(_IDS, asked).fetchall()]
    for first in range(0, len(ids), at_once):
        rows = connection.execute(_EVENTS, (ids[first : first + at_once],)).fetchall()
        yield _by_stream([SealedEvent._make(row) for row in rows])


def _by_stream(sealed: Sequence[SealedEvent]) -> list[list[Recorded]]:
    streams: Iterable[tuple[UUID, Iterable[SealedEvent]]] = groupby(sealed, key=attrgetter("originator_id"))
    return [decoded(list(events)) for _, events in streams]
