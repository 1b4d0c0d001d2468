"""Do the workflows know what happened? Follows the sealed log and tells each issue's workflow how the issue stands now.

`huiyin follow relay` runs it beside the other followers, one leader at a time. Temporal may be away for days: the relay
waits, and then tells. It tells again rather than not at all: a workflow goes by the version and hears everything once.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Final
from uuid import UUID

import psycopg
import structlog
import uvloop
from eventsourcing.persistence import InterfaceError, OperationalError
from temporalio.client import Client
from temporalio.service import RPCError

from domain.casework import Casework
from domain.events import DomainEvent
from domain.issue import events as e
from domain.issue.evolve import BrokenHistory
from domain.values import Role
from projections.follower import (
    UNREACHABLE,
    Fenced,
    Pace,
    connect,
    elected,
    forget_fault,
    move_position,
    note_fault,
    own_position,
)
from projections.log_reader import LogReader, head
from projections.projection import Recorded, decoded
from workflows.messages import Situation, situation_of
from workflows.tell import tell_all

NAME: Final = "relay"

PASSED_OVER: Final[frozenset[type[DomainEvent]]] = frozenset(
    {
        e.FundingGranted,  # the clock runs until the first payment
        e.UnspentReturned,  # after the works
        e.GrantCancelled,  # before the first payment or after the works: the clock runs on
        e.ReplyDelivered,  # a copy's delivery; the household's time runs from the reply
        e.AnswerShared,  # to an issue that was merged: it has no workflow any more
        e.LookBackFailed,  # always with a reopening, of which the workflow hears
        e.ExtensionRequested,  # the clock moves when it is granted
        e.ExtensionRefused,
        e.IssueAbsorbed,  # the duplicate's workflow hears that it was merged; this one waits as before
        e.CommonCauseLinked,
        e.RectificationPlanned,
        e.BacklogMarked,
        e.FinalFilingProposed,  # the clock runs until it is decided
        e.FinalFilingRefused,
        e.LeaderAssigned,
        e.EntryCorrected,
    }
)
"""Events that change nothing for which a workflow waits (tests/projections/test_relay_rules.py proves it for each)."""

BY_ANOTHER_PROCESS: Final[frozenset[type[DomainEvent]]] = frozenset({e.DeadlineRedated})
"""Done by a process, but not by the issue's own: its workflow has to hear of it."""

_DATABASE_AWAY: Final = (*UNREACHABLE, OperationalError, InterfaceError)
# When a machine's power fails, its Temporal may forget the last moments. So each new leader tells those again.
_LATEST: Final = """
select coalesce(min(position) - 1, -1) from seal join ledger_events using (notification_id)
where position between %(position)s - 1999 and %(position)s and recorded_at > (
  select recorded_at from seal join ledger_events using (notification_id) where position = %(position)s
) - interval '5 minutes'
"""

PACE: Final = Pace(batch=500, retry=0.5, retry_at_most=10.0)

log = structlog.get_logger(__name__)


class _Away(Exception):
    """Temporal or the database cannot be reached now."""


class _Stuck(Exception):
    """The next event cannot be told."""


class _Stopped(Exception):
    """Asked to stop amid a batch: the next leader tells it all."""


class Relay:
    """Tells the workflows. `position`, `lag` (events) and `delivered` (since the start) are its metrics."""

    def __init__(
        self,
        dsn: str,
        casework: Casework,
        temporal: Callable[[], Awaitable[Client]],
        *,
        task_queue: str,
        wake_spread_seconds: int,
        pace: Pace = PACE,
    ) -> None:
        self.position = -1
        self.lag = 0
        self.delivered = 0
        self._dsn = dsn
        self._casework = casework
        self._temporal = temporal
        self._task_queue = task_queue
        self._wake_spread_seconds = wake_spread_seconds
        self._pace = pace
        self._delay = pace.retry
        self._stop = threading.Event()
        self._well = False  # until something was told: a fault from before the start may have been noted
        self._tried = -1  # up to this position somebody may have told already

    def run(self, stop: threading.Event) -> None:
        """Tells until `stop`, whatever happens to the database or to Temporal."""
        self._stop = stop
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, suppress(_Stopped):
            while not stop.is_set():
                try:
                    with connect(self._dsn, NAME) as connection:
                        self._await_election(connection)
                        self._lead(connection, runner)
                except Fenced:
                    log.info("relay_position_moved")
                except (_Away, _Stuck) as trouble:
                    self._wait(trouble)
                except _DATABASE_AWAY as trouble:
                    self._wait(_Away(f"the database: {type(trouble).__name__}"))

    def _wait(self, trouble: Exception) -> None:
        """Without leadership: another process, perhaps of a repaired version, may try meanwhile."""
        say = log.error if isinstance(trouble, _Stuck) else log.warning
        say("relay_waits", reason=str(trouble), seconds=self._delay)
        self._stop.wait(self._delay)
        self._delay = min(self._delay * 2, self._pace.retry_at_most)

    def _await_election(self, connection: psycopg.Connection) -> None:
        """Until this relay leads."""
        while not elected(connection, NAME):
            if self._stop.wait(self._pace.candidate):
                raise _Stopped

    def _lead(self, connection: psycopg.Connection, runner: asyncio.Runner) -> None:
        self.position = own_position(connection, NAME)
        self._tried = max(self._tried, self.position + self._pace.batch)
        teller = _Teller(runner, self._temporal, self._task_queue)
        log.info("relay_leads", position=self.position)
        self._tell_again(connection, teller)
        connection.execute("listen sealed")
        limit = self._pace.batch
        while not self._stop.is_set():
            self.lag = max(head(connection) - self.position, 0)
            if self.lag:
                limit = self._step(connection, teller, limit)
            else:
                list(connection.notifies(timeout=self._pace.look, stop_after=1))

    def _step(self, connection: psycopg.Connection, teller: "_Teller", limit: int) -> int:
        """Tells of at most `limit` events and moves on; returns how many to try next."""
        try:
            batch = decoded(LogReader(connection).read_sealed(self.position, limit))
            last = batch[-1].position
            told_before, self._tried = self._tried, max(self._tried, last)
            self.delivered += teller.tell(self._news(batch, told_before))
        except (_Away, _Stopped, *_DATABASE_AWAY):
            raise
        except Exception as error:
            if limit > 1:
                return max(1, limit // 50)  # up to the very event that fails, everything is told
            self._well = False
            what = note_fault(connection, NAME, self.position + 1, None, error)
            raise _Stuck(f"position {self.position + 1}: {what}") from error
        move_position(connection, NAME, self.position, last)
        self._all_is_well(connection)
        self.position = last
        return min(limit * 2, self._pace.batch)

    def _all_is_well(self, connection: psycopg.Connection) -> None:
        if not self._well:
            forget_fault(connection, NAME)
        self._well, self._delay = True, self._pace.retry

    def _tell_again(self, connection: psycopg.Connection, teller: "_Teller") -> None:
        """Tells what was told last. What cannot be told is passed over: it was told before."""
        row = connection.execute(_LATEST, {"position": self.position}).fetchone()
        start = int(row[0]) if row else self.position
        try:
            latest = decoded(LogReader(connection).read_sealed(start, self.position - start))
            teller.tell(self._news(latest, told_before=self.position))
        except (_Away, _Stopped, *_DATABASE_AWAY):
            raise
        except Exception as error:
            log.error("relay_cannot_tell_again", error=type(error).__name__, after=start)

    def _news(self, batch: Sequence[Recorded], told_before: int) -> Iterator[Situation]:
        """How each issue that moved stands now. One that came and ended since `told_before` never had a workflow."""
        came = {it.event.originator_id for it in batch if type(it.event) is e.IssueLogged and it.position > told_before}
        for issue_id in issues_to_tell(it.event for it in batch):
            if self._stop.is_set():
                raise _Stopped
            issue = self._casework.issue(issue_id)
            if issue is None:
                raise BrokenHistory(f"{issue_id} does not begin")
            if not (issue.is_final and issue_id in came):
                yield situation_of(issue, self._wake_spread_seconds)


class _Teller:
    """A connection to Temporal, made anew by each leader."""

    def __init__(self, runner: asyncio.Runner, temporal: Callable[[], Awaitable[Client]], task_queue: str) -> None:
        self._runner = runner
        self._task_queue = task_queue
        self._client = runner.run(_connected(temporal))

    def tell(self, situations: Iterator[Situation]) -> int:
        """Tells all of them; how many. Raises _Away, or what `situations` raises."""
        try:
            return self._runner.run(tell_all(self._client, self._task_queue, situations))
        except RPCError as error:
            raise _Away(f"Temporal: {error.status.name}") from error


async def _connected(temporal: Callable[[], Awaitable[Client]]) -> Client:
    try:
        return await temporal()
    except RuntimeError as error:
        raise _Away("Temporal cannot be reached") from error


def issues_to_tell(events: Iterable[DomainEvent]) -> list[UUID]:
    """The issues whose workflows have to hear of these events: each once, in the order in which they moved.

    What the process did itself its workflow knows already: the step answered with how the issue stood then.
    """
    return list(dict.fromkeys(event.originator_id for event in events if _is_news(event)))


def _is_news(event: DomainEvent) -> bool:
    if type(event) in BY_ANOTHER_PROCESS:
        return True
    return event.TOPIC.startswith("issue.") and type(event) not in PASSED_OVER and event.actor.role is not Role.PROCESS
