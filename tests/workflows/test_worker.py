"""One issue from end to end on real parts: log, sealer, relay, Temporal and the worker's own process."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from temporalio.client import WorkflowExecutionStatus
from temporalio.worker import Replayer

from domain.casework import Casework
from domain.issue import commands as c
from projections.relay import Relay
from projections.seal import Sealer
from services.bootstrap import open_casework
from services.embedded import EmbeddedTemporal
from services.settings import Settings
from services.temporal_client import connect
from tests.support.casework import Case, case, office
from tests.support.people import settle
from tests.support.postgres import Database
from tests.support.waiting import eventually
from tests.workflows.process import KEY
from workflows.codec import data_converter
from workflows.issue import IssueWorkflow
from workflows.names import workflow_id

PROGRAM = "from services.settings import Settings; from services.worker import run_worker; run_worker(Settings())"
LONG_AGO = datetime(2026, 3, 2, 9, tzinfo=UTC)
OVERDUE = ["deadline_reminded", "deadline_missed", "supervision_notice_sent", "escalated"]


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """An installation of its own; Temporal's address comes with the server."""
    keys = tmp_path / "home" / "keys"
    keys.mkdir(parents=True, mode=0o700)
    (keys / "codec.key").write_bytes(KEY)
    (keys / "codec.key").chmod(0o600)
    settle(database.app_dsn)
    return Settings(
        home=tmp_path / "home",
        given_database_url=database.app_dsn,
        given_follower_database_url=database.follower_dsn,
        given_keys_database_url=database.keys_dsn,
        task_queue="end-to-end",
    )


@pytest.fixture
def now_casework(database: Database) -> Iterator[Casework]:
    """The office by the real clock, as the worker's own."""
    opened = open_casework(database.app_dsn, office(lambda: datetime.now(UTC)))  # type: ignore[arg-type]
    yield opened
    opened.close()


def said(settings: Settings) -> Path:
    """What the worker of these settings writes."""
    return settings.home / "worker.log"


@contextmanager
def worker(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """`huiyin worker` as a process of its own; SIGTERM has to end it with status 0."""
    environment = {
        **os.environ,
        "HUIYIN_HOME": str(settings.home),
        "HUIYIN_DATABASE_URL": settings.database_url,
        "HUIYIN_KEYS_DATABASE_URL": settings.keys_database_url,
        "HUIYIN_TEMPORAL_ADDRESS": settings.temporal_address,
        "HUIYIN_TASK_QUEUE": settings.task_queue,
    }
    command = [sys.executable, "-c", PROGRAM]
    with said(settings).open("wb") as log, subprocess.Popen(command, env=environment, stderr=log) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            status = process.wait(timeout=15)
        assert status == 0


@contextmanager
def followed(settings: Settings, casework: Casework) -> Iterator[Relay]:
    """Sealer and relay at work."""
    relay = Relay(
        settings.follower_database_url,
        casework,
        lambda: connect(settings),
        task_queue=settings.task_queue,
        wake_spread_seconds=settings.wake_spread_seconds,
    )
    stop = threading.Event()
    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(Sealer(settings.follower_database_url).run, stop), threads.submit(relay.run, stop)]
        try:
            yield relay
        finally:
            stop.set()
            for each in running:
                each.result(timeout=20)


def did(casework: Casework, life: Case) -> list[str]:
    """What the process did with the issue."""
    return [event.TOPIC.removeprefix("issue.") for event in casework.history(life.issue_id)][len(life.events) :]


def log_it(casework: Casework, life: Case) -> None:
    """People recorded late what happened long ago."""
    for sent in life.commands:
        casework.handle(sent)


async def state_of(settings: Settings, issue_id: UUID) -> tuple[WorkflowExecutionStatus | None, Exception | None]:
    """How its workflow stands, and what speaks against replaying its history in the sandbox."""
    client = await connect(settings)
    workflow = client.get_workflow_handle(workflow_id(issue_id))
    replayer = Replayer(workflows=[IssueWorkflow], data_converter=data_converter(KEY))
    replayed = await replayer.replay_workflow(await workflow.fetch_history(), raise_on_replay_failure=False)
    return (await workflow.describe()).status, replayed.replay_failure


def test_given_an_overdue_issue_when_everything_runs_then_it_is_missed_and_escalated_even_over_a_killed_temporal(
    settings: Settings, now_casework: Casework, tmp_path: Path
) -> None:
    first, second = case("logged", at=LONG_AGO, household="QS-501"), case("logged", at=LONG_AGO, household="QS-502")
    with EmbeddedTemporal(tmp_path / "temporal") as temporal:
        known = settings.model_copy(update={"given_temporal_address": temporal.address})
        with worker(known), followed(known, now_casework):
            log_it(now_casework, first)
            eventually(lambda: did(now_casework, first)[:4] == OVERDUE, within=60)

            assert temporal.pid is not None
            os.kill(temporal.pid, signal.SIGKILL)
            log_it(now_casework, second)
            temporal.start()

            eventually(lambda: did(now_casework, second)[:4] == OVERDUE, within=60)
            withdrawal = first.command(c.WithdrawIssue, at=datetime.now(UTC))
            now_casework.handle(withdrawal)
            eventually(
                lambda: asyncio.run(state_of(known, first.issue_id)) == (WorkflowExecutionStatus.COMPLETED, None),
                within=60,
            )
        assert asyncio.run(state_of(known, second.issue_id)) == (WorkflowExecutionStatus.RUNNING, None)

    events = list(now_casework.history(second.issue_id))[1:5]
    deadline = second.issue.deadline
    assert deadline is not None
    assert [event.occurred_at for event in events] == [
        deadline.remind_at,
        deadline.due_at,
        deadline.due_at,
        deadline.escalate_at,
    ]


def test_given_no_temporal_when_the_worker_starts_then_it_waits_for_it_and_ends_when_asked(settings: Settings) -> None:
    nobody = settings.model_copy(update={"given_temporal_address": "127.0.0.1:9"})
    with worker(nobody) as process:
        eventually(lambda: said(nobody).read_text().count("worker.waits_for_temporal") >= 2, within=60)
        assert process.poll() is None
