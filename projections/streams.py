"""The log stream by stream instead of position by position: for rebuilds, and for looking into the past.

Streams are read whole, so that rows can be folded without keeping more than a batch in memory.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Final, LiteralString
from uuid import UUID

import psycopg

from projections.log_reader import SealedEvent

FIRST: Final = UUID(int=0)
LAST: Final = UUID(int=(1 << 128) - 1)
_STREAMS: Final[LiteralString] = """
select position, originator_id, originator_version, topic, state, recorded_at
from ledger_events join seal using (notification_id)
where position <= %s and originator_id between %s and %s
order by originator_id, originator_version
"""

_OF_KINDS: Final[LiteralString] = """
select position, originator_id, originator_version, topic, state, recorded_at
from ledger_events join seal using (notification_id)
where position <= %s and split_part(topic, '.', 1) = any(%s::text[])
and (%s::uuid[] is null or originator_id = any(%s::uuid[]))
order by originator_id, originator_version
"""


def whole_streams(
    connection: psycopg.Connection, up_to: int, first: UUID = FIRST, last: UUID = LAST, batch_size: int = 4000
) -> Iterator[list[SealedEvent]]:
    """The sealed events up to a position, of the streams with ids from `first` to `last`; inside a transaction.

    Batches of about `batch_size`; no stream is torn between two of them.
    """
    yield from _batches(connection, _STREAMS, (up_to, first, last), batch_size)


def streams_of_kinds(
    connection: psycopg.Connection,
    up_to: int,
    kinds: Sequence[str],
    only: Collection[UUID] | None = None,
    batch_size: int = 4000,
) -> Iterator[list[SealedEvent]]:
    """The same of streams of some kinds alone (`issue`, `meeting`, as domain/streams.py names them).

    `only`: of these streams, None: of all.
    """
    chosen = None if only is None else list(only)
    yield from _batches(connection, _OF_KINDS, (up_to, list(kinds), chosen, chosen), batch_size)


def _batches(
    connection: psycopg.Connection, query: LiteralString, values: tuple[object, ...], batch_size: int
) -> Iterator[list[SealedEvent]]:
    batch: list[SealedEvent] = []
    with connection.cursor("whole_streams", binary=True) as cursor:
        cursor.execute(query, values)
        while rows := cursor.fetchmany(batch_size):
            batch.extend(map(SealedEvent._make, rows))
            whole = len(batch)
            while whole and batch[whole - 1].originator_id == batch[-1].originator_id:
                whole -= 1
            if whole:
                yield batch[:whole]
                batch = batch[whole:]
    if batch:
        yield batch
