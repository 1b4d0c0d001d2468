"""An office whose relay is under test: a real log, a real Temporal, and nobody who works off what was told."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import psycopg
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.service import RPCError

from domain.casework import Casework
from projections.log_reader import head
from projections.relay import PACE, Relay
from projections.seal import seal_once
from projections.workflow_rebuild import RebuiltWorkflows, rebuild_workflows
from services.embedded import EmbeddedTemporal
from tests.support.casework import Case, Clock, live_through
from tests.support.postgres import Database
from tests.support.waiting import eventually
from workflows.codec import data_converter
from workflows.messages import Situation
from workflows.names import workflow_id

KEY = b"the codec's key of the tests, 32"
QUICK = replace(PACE, look=0.02, candidate=0.02, retry=0.05, retry_at_most=0.2)


class Office:
    """One office with its log and its Temporal; no worker, so that what was told stays to be seen."""

    def __init__(self, casework: Casework, clock: Clock, database: Database, temporal: EmbeddedTemporal) -> None:
        self.casework = casework
        self.temporal = temporal
        self._clock = clock
        self._dsn = database.follower_dsn
        self._converter = data_converter(KEY)

    def live(self, *lives: Case) -> None:
        """People live through these cases, and the log is sealed."""
        for life in lives:
            live_through(self.casework, self._clock, life)
        self.seal()

    def seal(self) -> None:
        """Everything recorded so far has its position."""
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            seal_once(connection)

    async def connect(self) -> Client:
        """A client as the processes have."""
        return await Client.connect(self.temporal.address, data_converter=self._converter)

    def relay(self, **pace: Any) -> Relay:
        """A relay of this office, not yet running."""
        return Relay(
            self._dsn,
            self.casework,
            self.connect,
            task_queue="nobody-listens",
            wake_spread_seconds=240,
            pace=replace(QUICK, **pace),
        )

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> RebuiltWorkflows:
        """What `huiyin rebuild workflows` does."""
        return rebuild_workflows(
            self._dsn,
            self.casework,
            self.connect,
            task_queue="nobody-listens",
            wake_spread_seconds=240,
            progress=progress,
        )

    def caught_up(self, relay: Relay) -> bool:
        """Whether this relay told all that is sealed and saved so."""
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            return relay.position == head(connection) == self.saved_position()

    def saved_position(self) -> int:
        """Where the next relay would begin."""
        with psycopg.connect(self._dsn) as connection:
            row = connection.execute("select position from follower_position where name = 'relay'").fetchone()
            return int(row[0]) if row else -1

    def signals(self, life: Case) -> list[Situation]:
        """All that this issue's workflow was told, in order; empty if it has no workflow."""
        return asyncio.run(self._signals(life))

    async def _signals(self, life: Case) -> list[Situation]:
        client = await self.connect()
        try:
            history = await client.get_workflow_handle(workflow_id(life.issue_id)).fetch_history()
        except RPCError:
            return []
        told = []
        for event in history.events:
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
                attributes = event.workflow_execution_signaled_event_attributes
                told += await self._converter.decode(attributes.input.payloads, [Situation])
        return told

    def execute(self, statement: str) -> None:
        """Something happens to the database."""
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running(relay: Relay) -> Iterator[Relay]:
    """The relay in a thread of its own; it has to end within seconds when asked to."""
    stop, failures = threading.Event(), []

    def run() -> None:
        try:
            relay.run(stop)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield relay
    finally:
        stop.set()
        thread.join(15)
        assert not thread.is_alive()
        assert not failures, failures


def tell_everything(town: Office, relay: Relay | None = None, within: float = 15) -> Relay:
    """A relay runs until it told everything, and stops."""
    with running(relay or town.relay()) as told:
        eventually(partial(town.caught_up, told), within=within)
    return told
