"""In which order did it all happen? The sealer gives each committed event its dense position, counted from 0.

One elected process runs `Sealer(dsn).run(stop)`; followers, receipts and proofs know events by position only.

Notification ids are drawn before their transactions commit, so a reader of `notification_id > last` overlooks whatever
appears late. The sealer looks for it: an id that was passed over is a gap, and is sealed at the next position once it
appears. So nobody's open transaction holds up anybody else's events, and none is lost. Why the order is right:

* One statement, hence one snapshot, shows both the gaps and the new ids, and seals what it sees by ascending id. If an
  event's transaction began after another's ended (the next version of an issue, the next number of a village), its
  id is higher, and no snapshot shows it without the other.
* A gap is dead only when nobody who could have drawn it is still running. Whoever draws an id has a transaction id
  already (the column's default sees to it), so his is lower than one that the sealer is assigned after seeing the gap:
  the bound. Once a snapshot's xmin is above the bound, all of them have ended, and if that snapshot does not show the
  id, it never comes. (xmax will not do: it is the last COMPLETED transaction's id + 1, and passes by running ones.)
* What is remembered dies with the process. The low watermark, kept in the same transaction as the positions, says from
  where on gaps have to be looked for again: all of them, however far back, each with a new bound.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import psycopg
import structlog
from psycopg.conninfo import make_conninfo

from projections.gaps import Gaps, gaps_between

_ELECTION: Final = 7_214_002
"""Advisory lock key. The lock belongs to the session that also writes: who lost it cannot write any more."""
_MOST_PER_PASS: Final = 5_000
_SHORTEST_PAUSE: Final = 0.010
_LONGEST_PAUSE: Final = 0.050
_PAUSE_GROWTH: Final = 1.5
_STANDBY_PAUSE: Final = 0.5
_RETRY_PAUSE: Final = 1.0

_LOOK: Final = """
select array(select notification_id from unnest($1::bigint[], $2::bigint[]) as gap (first, last)
             join ledger_events on notification_id between gap.first and gap.last order by notification_id),
       array(select notification_id from ledger_events where notification_id > $3::bigint
             order by notification_id limit $4::bigint),
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint
"""
# The answer's transaction id is assigned after `_LOOK` saw the gaps of this pass: it is their bound.
_SEAL: Final = """
with sealed as (
  insert into seal (position, notification_id)
  select $1::bigint + nth, id from unnest($2::bigint[]) with ordinality as sealed (id, nth)
), settled as (
  update seal_progress set low_watermark = $3::bigint
)
select pg_current_xact_id()::text::bigint,
       extract(epoch from clock_timestamp() - recorded_at)::float8,
       pg_notify('sealed', ($1::bigint + cardinality($2::bigint[]))::text)
from ledger_events where notification_id = ($2::bigint[])[1]
"""
_RECOVER: Final = """
select coalesce((select max(position) from seal), -1),
       greatest(low_watermark, (select max(notification_id) from seal)), low_watermark
from seal_progress
"""
_RECOVER_GAPS: Final = """
select id + 1, next - 1 from (
  select id, lead(id) over (order by id) as next
  from (select $1::bigint union all select notification_id from seal where notification_id > $1::bigint) as known (id)
) as neighbours
where next > id + 1 order by id
"""

_SESSION: Final = (
    "-c synchronous_commit=on"  # a position that somebody has read must survive a crash
    " -c statement_timeout=60s -c idle_in_transaction_session_timeout=10s"
    # A machine that vanished must give up the lock in seconds, not hours.
    " -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
)
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SealProgress:
    """One pass: the last position so far, events sealed now, seconds the first of them waited, gaps still open."""

    position: int
    sealed: int
    lag_seconds: float
    open_gaps: int


class Sealing:
    """The elected sealer's memory on one connection (autocommit, holding the lock). Any error: make a new one."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._cursor = psycopg.RawCursor(connection, row_factory=psycopg.rows.tuple_row)
        ((self._position, self._highest, low),) = self._run(_RECOVER)
        self._gaps = Gaps()
        ranges = self._run(_RECOVER_GAPS, low)
        if ranges:
            ((bound,),) = self._run("select pg_current_xact_id()::text::bigint")
            self._gaps.open(ranges, bound)

    def pass_once(self, most: int = _MOST_PER_PASS) -> SealProgress:
        """Seal what is visible now: all late events, and up to `most` new ones."""
        ((late, fresh, oldest_running),) = self._run(_LOOK, *self._gaps.ranges, self._highest, most)
        # Late ids count as seen and dead gaps as settled by the very snapshot that showed them.
        self._gaps.settle(late, oldest_running)
        if not late and not fresh:
            return SealProgress(self._position, 0, 0.0, len(self._gaps))
        ranges = gaps_between(self._highest, fresh)
        self._highest = fresh[-1] if fresh else self._highest
        sealed = late + fresh  # ascending: whatever is in a gap lies below whatever is new
        ((bound, lag, _),) = self._run(_SEAL, self._position, sealed, self._low_watermark(ranges))
        self._gaps.open(ranges, bound)
        self._position += len(sealed)
        return SealProgress(self._position, len(sealed), lag, len(self._gaps))

    def _low_watermark(self, ranges: list[tuple[int, int]]) -> int:
        lowest = self._gaps.lowest or (ranges[0][0] if ranges else None)
        return self._highest if lowest is None else lowest - 1

    def _run(self, query: str, *parameters: Any) -> list[Any]:
        return self._cursor.execute(query, parameters, prepare=True, binary=True).fetchall()


class Sealer:
    """Seals for ever, when elected. `dsn`: role huiyin_app or the owner; `observe` is told of every pass."""

    def __init__(self, dsn: str, observe: Callable[[SealProgress], None] = lambda _: None) -> None:
        self._conninfo = make_conninfo(dsn, application_name="huiyin sealer", connect_timeout=5, options=_SESSION)
        self._observe = observe

    def run(self, stop: threading.Event) -> None:
        """Until `stop`: wait to be elected, seal; after a lost connection begin again from what is stored.

        Raises psycopg.Error only for what a new connection cannot mend, such as missing tables.
        """
        while not stop.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True) as connection:
                    self._serve(connection, stop)
            except (psycopg.OperationalError, psycopg.InterfaceError) as failure:
                log.warning("sealer_lost_database", reason=str(failure))
                stop.wait(_RETRY_PAUSE)

    def _serve(self, connection: psycopg.Connection[Any], stop: threading.Event) -> None:
        while not _elected(connection):
            if stop.wait(_STANDBY_PAUSE):
                return
        sealing = Sealing(connection)
        log.info("sealer_elected")
        pause = _SHORTEST_PAUSE
        while not stop.is_set():
            progress = sealing.pass_once()
            self._observe(progress)
            if progress.sealed >= _MOST_PER_PASS:
                continue  # more is waiting
            pause = _SHORTEST_PAUSE if progress.sealed else min(pause * _PAUSE_GROWTH, _LONGEST_PAUSE)
            stop.wait(pause)


def seal_once(connection: psycopg.Connection[Any]) -> int:
    """Seal everything visible now and return how many events that were; 0 if another sealer is elected.

    For imports, tests and tools; `connection` must be in autocommit.
    """
    if not _elected(connection):
        return 0
    try:
        sealing = Sealing(connection)
        total = 0
        while sealed := sealing.pass_once().sealed:
            total += sealed
        return total
    finally:
        connection.execute("select pg_advisory_unlock(%s)", (_ELECTION,))


def _elected(connection: psycopg.Connection[Any]) -> bool:
    with connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
        return cursor.execute("select pg_try_advisory_lock(%s)", (_ELECTION,)).fetchall() == [(True,)]
