"""How far is each follower behind the log, and does one stand still? For `huiyin doctor`, /metrics and tests."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, LiteralString

import psycopg
from psycopg.rows import class_row

_LAGS: Final[LiteralString] = """
with head as (select coalesce(max(position), -1) as position from seal),
follower as (
  select name, position from follower_position
  union all
  select name, -1 from unnest(%s::text[]) as wanted (name) where name not in (select name from follower_position)
)
select follower.name, follower.position, head.position as head, head.position - follower.position as events,
  coalesce(greatest(extract(epoch from clock_timestamp() - waiting.recorded_at), 0), 0)::float8 as seconds,
  fault.position as fault_position, fault.topic as fault_topic, fault.error as fault_error, fault.since as fault_since
from follower cross join head
left join seal on seal.position = follower.position + 1
left join ledger_events waiting using (notification_id)
left join follower_fault fault on fault.name = follower.name
order by follower.name
"""


@dataclass(frozen=True, slots=True)
class FollowerLag:
    """One follower: `events` sealed but not taken in, the oldest of them recorded `seconds` ago.

    The fault fields tell of the event that it cannot take in; None while all is well.
    """

    name: str
    position: int
    head: int
    events: int
    seconds: float
    fault_position: int | None
    fault_topic: str | None
    fault_error: str | None
    fault_since: datetime | None


def lag(connection: psycopg.Connection, names: Collection[str] = ()) -> list[FollowerLag]:
    """The lag of every follower that ever ran (the relay too), and of those in `names` even if it never did."""
    with connection.cursor(row_factory=class_row(FollowerLag)) as cursor:
        return cursor.execute(_LAGS, (sorted(names),)).fetchall()
