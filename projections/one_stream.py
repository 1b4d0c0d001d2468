"""What does the log hold of a stream? Its events with position, recorded time, and where each one's command went.

For replays: from the log itself, never behind it. A position comes a moment after the event; before, there is none.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, LiteralString, NamedTuple
from uuid import UUID

import psycopg

from domain.events import DomainEvent
from domain.proof.hashing import Hashing
from projections.log_reader import SealedEvent
from projections.projection import Recorded, decoded

_EVENTS: Final[LiteralString] = """
select position, originator_id, originator_version, topic, state, recorded_at
from ledger_events left join seal using (notification_id)
where originator_id = any(%s) order by originator_id, originator_version
"""
_WENT_TO: Final[LiteralString] = "select command_id, originator_id from command_log where command_id = any(%s)"
_COVERED: Final[LiteralString] = """
select position, size, signed_at from unnest(%s::bigint[]) as position cross join lateral (
  select size, signed_at from checkpoint where hashing = %s and size > position order by size limit 1
) as covering
"""
_NO_POSITION: Final = -1


class Stored(NamedTuple):
    """One event as the log holds it. `went_to`: the stream to which its command was sent; None where nobody knows."""

    position: int | None
    recorded_at: datetime
    event: DomainEvent
    went_to: UUID | None = None

    @property
    def recorded(self) -> Recorded:
        """As read models take it."""
        return Recorded(_NO_POSITION if self.position is None else self.position, self.recorded_at, self.event)


class Covering(NamedTuple):
    """The first signed checkpoint that has a position in it."""

    size: int
    signed_at: datetime


def stored_stream(connection: psycopg.Connection, stream_id: UUID) -> list[Stored]:
    """The whole stream in its order; empty if there is none. Raises as `projections.projection.decoded` does."""
    found = stored_streams(connection, [stream_id])
    asked = list({it.event.command_id for it in found})
    went_to: dict[UUID, UUID] = dict(connection.execute(_WENT_TO, (asked,)).fetchall())
    return [it._replace(went_to=went_to.get(it.event.command_id)) for it in found]


def stored_streams(connection: psycopg.Connection, stream_ids: Sequence[UUID]) -> list[Stored]:
    """Several whole streams, one after the other; where commands went is not looked up. Raises as `decoded` does."""
    rows = connection.execute(_EVENTS, (list(stream_ids),)).fetchall()
    sealed = [SealedEvent(_NO_POSITION if position is None else position, *rest) for position, *rest in rows]
    return [Stored(given[0], it.recorded_at, it.event) for given, it in zip(rows, decoded(sealed), strict=True)]


def covering_checkpoints(
    connection: psycopg.Connection, hashing: Hashing, positions: Sequence[int]
) -> dict[int, Covering]:
    """By position, of those that a signed checkpoint covers."""
    rows = connection.execute(_COVERED, (list(positions), hashing.name)).fetchall()
    return {position: Covering(size, signed_at) for position, size, signed_at in rows}
