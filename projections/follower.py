"""Keeps read models up with the log: reads by position, writes rows and position in one transaction, one leader each.

`follow` runs until it is told to stop; services/followers.py is its process. An event that cannot be taken in stops its
read model, loudly, and no other; it is tried again from time to time, so that a repaired program goes on by itself.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import psycopg
import structlog
from psycopg.conninfo import make_conninfo

from projections import log_reader
from projections.log_reader import LogReader
from projections.parts import run_together
from projections.projection import Projection, UnreadableEvent, decoded, place_of

_LOCK_SPACE: Final = 7_214_003
"""First half of the advisory lock keys; the second is the hash of the read model's name."""
# Rows and position are lost together, or not at all: a follower need not wait for the disk. A frozen one loses its
# transaction, and with the connection its leadership.
_SESSION: Final = "-c synchronous_commit=off -c idle_in_transaction_session_timeout=60s"
_WATCH: Final = {"connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
UNREACHABLE: Final = (psycopg.OperationalError, psycopg.InterfaceError)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How eagerly followers work; seconds, and events for `batch`."""

    batch: int = 2000
    look: float = 0.25  # at most between two looks at the log; the sealer's notice comes sooner
    candidate: float = 0.5  # between two attempts to become the leader
    retry: float = 1.0  # after a failure; doubled up to `retry_at_most` while nothing gets better
    retry_at_most: float = 30.0


class Fenced(Exception):
    """Somebody else moved our position (a rebuild put new tables in place): read it again."""


class _Stuck(Exception):
    """The next event cannot be taken in."""


def follow(dsn: str, projections: Sequence[Projection], stop: threading.Event, pace: Pace = Pace()) -> None:
    """Runs a follower for each read model, until `stop`. Raises FollowerEnded if one of its threads died."""
    head = LogHead(dsn, pace)
    run_together(
        {"log head": head.watch, **{it.name: Follower(it, dsn, head, pace).run for it in projections}},
        stop,
    )


class LogHead:
    """The newest position, watched over one connection for all followers of a process: an idle one costs nothing."""

    def __init__(self, dsn: str, pace: Pace) -> None:
        self._dsn = dsn
        self._pace = pace
        self._position = -1
        self._moved = threading.Condition()

    def wait_beyond(self, position: int, within: float) -> bool:
        """Waits until the log goes further than `position`; whether it does."""
        with self._moved:
            return self._moved.wait_for(lambda: self._position > position, within)

    def watch(self, stop: threading.Event) -> None:
        """Until `stop`: told by the sealer's notice at once, and looking for itself in case a notice was lost."""
        while not stop.is_set():
            try:
                with connect(self._dsn, "log head") as connection:
                    connection.execute("listen sealed")
                    while not stop.is_set():
                        self._look(connection)
                        list(connection.notifies(timeout=self._pace.look, stop_after=1))
            except UNREACHABLE as error:
                log.warning("log_head_unreachable", error=type(error).__name__)
                stop.wait(self._pace.retry)

    def _look(self, connection: psycopg.Connection) -> None:
        position = log_reader.head(connection)
        if position > self._position:
            with self._moved:
                self._position = position
                self._moved.notify_all()


class Follower:
    """Keeps one read model up with the log, on one connection: who loses it has lost the leadership too."""

    def __init__(self, projection: Projection, dsn: str, head: LogHead, pace: Pace) -> None:
        self._projection = projection
        self._dsn = dsn
        self._head = head
        self._pace = pace
        self._delay = pace.retry
        self._faulty = True  # until something was taken in: a fault from before the start may have been noted
        self._log = log.bind(follower=projection.name)

    def run(self, stop: threading.Event) -> None:
        """Follows until `stop`, whatever happens."""
        while not stop.is_set():
            try:
                with connect(self._dsn, self._projection.name) as connection:
                    if self._elected(connection, stop):
                        self._lead(connection, stop)
            except Fenced:
                self._log.info("follower_position_moved")
            except _Stuck:  # said already, with the position
                self._wait(stop)
            except UNREACHABLE as error:
                self._log.warning("follower_disconnected", error=type(error).__name__)
                self._wait(stop)

    def _wait(self, stop: threading.Event) -> None:
        """Without leadership: another process, perhaps of a repaired version, may try meanwhile."""
        stop.wait(self._delay)
        self._delay = min(self._delay * 2, self._pace.retry_at_most)

    def _elected(self, connection: psycopg.Connection, stop: threading.Event) -> bool:
        """Waits to be the leader of this read model; False if stopped before."""
        while not elected(connection, self._projection.name):
            if stop.wait(self._pace.candidate):
                return False
        self._log.info("follower_leads")
        return True

    def _lead(self, connection: psycopg.Connection, stop: threading.Event) -> None:
        position, limit = own_position(connection, self._projection.name), self._pace.batch
        while not stop.is_set():
            if not self._head.wait_beyond(position, within=0.5):
                continue
            try:
                position = self._step(connection, position, limit)
            except (*UNREACHABLE, Fenced):
                raise
            except Exception as error:
                if limit == 1:
                    raise self._stuck(connection, position + 1, error) from error
                limit = max(1, limit // 50)  # up to the very event that fails, everything is taken in
            else:
                limit = min(limit * 2, self._pace.batch)
                self._delay = self._pace.retry

    def _step(self, connection: psycopg.Connection, position: int, limit: int) -> int:
        """Takes in at most `limit` events after `position`; returns the position of the last."""
        with connection.transaction():
            sealed = LogReader(connection).read_sealed(position, limit)
            if not sealed:
                return position
            last = sealed[-1].position
            move_position(connection, self._projection.name, position, last)
            self._projection.apply(connection, decoded(sealed))
            if self._faulty:
                forget_fault(connection, self._projection.name)
        self._faulty = False
        return last

    def _stuck(self, connection: psycopg.Connection, position: int, error: Exception) -> _Stuck:
        """Says which event cannot be taken in and where the program failed; never what the event holds."""
        self._faulty = True
        found = LogReader(connection).read_sealed(position - 1, 1)
        topic = found[0].topic if found else None
        what = note_fault(connection, self._projection.name, position, topic, error)
        self._log.error("follower_stuck", position=position, topic=topic, error=what, retry_in=self._delay)
        return _Stuck(what)


def elected(connection: psycopg.Connection, name: str) -> bool:
    """Whether this connection leads the follower of this name now, for as long as it lives."""
    key = (_LOCK_SPACE, name)
    return connection.execute("select pg_try_advisory_lock(%s, hashtext(%s))", key).fetchone() == (True,)


def own_position(connection: psycopg.Connection, name: str) -> int:
    """Up to where this read model has taken in the log; -1 before the first event."""
    connection.execute("insert into follower_position (name) values (%s) on conflict do nothing", (name,))
    row = connection.execute("select position from follower_position where name = %s", (name,)).fetchone()
    return int(row[0]) if row else -1


def move_position(connection: psycopg.Connection, name: str, expected: int, position: int) -> None:
    """Moves the position on, if it is where we left it; otherwise raises, so that nothing is taken in twice."""
    moved = connection.execute(
        "update follower_position set position = %s where name = %s and position = %s", (position, name, expected)
    )
    if moved.rowcount != 1:
        raise Fenced(name)


def note_fault(connection: psycopg.Connection, name: str, position: int, topic: str | None, error: Exception) -> str:
    """Writes down which event this follower cannot take in and where the program failed; returns the latter."""
    what = error.error if isinstance(error, UnreadableEvent) else place_of(error)
    connection.execute(
        "insert into follower_fault as fault (name, position, topic, error) values (%s, %s, %s, %s)"
        " on conflict (name) do update set position = excluded.position, topic = excluded.topic,"
        " error = excluded.error, tries = fault.tries + 1",
        (name, position, topic, what),
    )
    return what


def forget_fault(connection: psycopg.Connection, name: str) -> None:
    """This follower takes events in again."""
    connection.execute("delete from follower_fault where name = %s", (name,))


def connect(dsn: str, what: str) -> psycopg.Connection:
    """A connection of a follower: autocommit, lost soon after the machine at its other end."""
    conninfo = make_conninfo(dsn, application_name=f"huiyin follower {what}", options=_SESSION, **_WATCH)
    return psycopg.connect(conninfo, autocommit=True)
