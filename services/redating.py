"""Has the process move the limits that a holiday table moves; whose these are, is holiday_effects.py's to say.

`AtWork` starts the workflow of each table beside the worker; `huiyin holidays redate` does the same work by hand.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import psycopg
import structlog
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from domain.casework import Casework
from domain.errors import NotFound, Unavailable
from domain.holidays.commands import HOLIDAYS_ID
from domain.holidays.events import HolidaysAdopted, HolidaysSeeded
from projections.lag import lag
from services.holiday_effects import clocks_from, touched_by
from services.looking import looking_beside
from services.persistence.scope import Scope, scoped
from workflows.redating import OpenClocks, RedateActivities, RedateWorkflow, Redating

LOOKS_EACH_SECONDS: Final = 30.0
_NOT_STARTED_WITHIN: Final = timedelta(days=400)
"""For so long workers may all have been away; as for schedules."""
_LEDGER: Final = "issue_ledger"
_log = structlog.get_logger(__name__)


class Clocks:
    """`workflows.redating.OpenClocks` over the issue ledger, when it has caught up with the log."""

    def __init__(self, dsn: str, casework: Casework) -> None:
        self._dsn = dsn
        self._casework = casework

    def __call__(self, calendar: int, after: UUID | None, limit: int) -> Sequence[UUID]:
        """Raises Unavailable while the ledger lags behind: an issue logged a moment ago must not be overlooked."""
        first = touched_by(self._casework, calendar)
        if first is None:
            return []
        try:
            with psycopg.connect(self._dsn, autocommit=True, connect_timeout=5) as connection:
                if after is None and _lags(connection):
                    raise Unavailable
                with scoped(connection, Scope.whole()):
                    return list(clocks_from(connection, first, after, limit))
        except psycopg.OperationalError as failure:
            raise Unavailable from failure


def _lags(connection: psycopg.Connection) -> bool:
    return any(it.events > 0 for it in lag(connection, [_LEDGER]) if it.name == _LEDGER)


def by_hand(casework: Casework, clocks: OpenClocks, clock: Callable[[], datetime]) -> Iterator[Redating]:
    """What the workflows do, step by step, for each table of `to_count_by`; how far it came after each batch.

    Raises NotFound if no table was ever adopted or seeded, Unavailable while the log is away or the ledger lags.
    """
    calendars = to_count_by(casework)
    if not calendars:
        raise NotFound
    activities, so_far = RedateActivities(casework, clocks, clock), Redating(calendar=0)
    for calendar in calendars:
        so_far = Redating(calendar=calendar, looked_at=so_far.looked_at, moved=so_far.moved)
        while not so_far.done:
            so_far = activities.next_batch(so_far)
            yield so_far


def to_count_by(casework: Casework) -> list[int]:
    """Versions of the tables whose limits may still have to move, in order: the newest, and those of the year before.

    Each changed other days: of two adopted while no worker ran, the second says nothing about the first one's limits.
    """
    tables = [it for it in casework.history(HOLIDAYS_ID) if isinstance(it, HolidaysAdopted | HolidaysSeeded)]
    return [it.originator_version for it in tables if it.occurred_at > tables[-1].occurred_at - _NOT_STARTED_WITHIN]


class AtWork:
    """Starts the workflow of each table, wherever that was not done yet; several workers do no harm."""

    def __init__(self, casework: Casework, task_queue: str) -> None:
        self._casework = casework
        self._task_queue = task_queue
        self._started = 0

    @asynccontextmanager
    async def kept(self, client: Client) -> AsyncIterator[None]:
        """For as long as the `async with` lasts. What goes wrong is said and tried again."""
        self._started = 0
        async with looking_beside(lambda: self.look(client), LOOKS_EACH_SECONDS, "redating.not_started"):
            yield

    async def look(self, client: Client) -> bool:
        """One look; whether a workflow was started. Raises RPCError, OperationalError, InterfaceError."""
        calendars = await asyncio.to_thread(to_count_by, self._casework)
        started = [await start(client, self._task_queue, it) for it in calendars if it > self._started]
        self._started = max(calendars, default=0)
        return any(started)


async def start(client: Client, task_queue: str, calendar: int) -> bool:
    """Starts the workflow of this table; False if it was started before. Raises RPCError."""
    try:
        await client.start_workflow(
            RedateWorkflow.run,
            Redating(calendar=calendar),
            id=f"redate-{calendar}",
            task_queue=task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        )
    except WorkflowAlreadyStartedError:
        return False
    _log.info("redating.started", calendar=calendar)
    return True
