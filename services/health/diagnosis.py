"""The examination behind `huiyin doctor`: asks every part how it is, and collects what is wrong, in words.

Reads only. Every check stands by itself: one part being away does not hide what is wrong with another.
"""

import asyncio
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from domain.issue.words import FINAL_STAGES
from projections.lag import FollowerLag, lag
from projections.log_reader import unsealed
from projections.registry import NAMES
from services.audit.witness_alarms import findings_of_witnesses
from services.audit.witness_list import witnesses_of
from services.embedded.problems import MachineProblem
from services.embedded.process import http_status, is_running
from services.health import findings
from services.health.findings import Finding
from services.identity.passwords import demonstration_accounts
from services.migrate import pending_migrations
from services.notify.targets import undeliverable
from services.persistence.file_checks import faulty
from services.persistence.scope import Scope, scoped
from services.running import Running
from services.settings import Settings
from services.start_check import findings_of, tables_of_read_models
from services.temporal_client import connect

_LEAST_FREE: Final = 1 << 30  # bytes
_TOLERATED_SECONDS: Final = 10.0  # a burst is worked off within this; longer means that something stands still
_TEMPORAL_PATIENCE: Final = 8.0  # seconds
_POLLS_WITHIN: Final = 90.0


@dataclass
class Diagnosis:
    """What was found. `lags`: events and seconds behind, by follower."""

    problems: list[Finding] = field(default_factory=list)
    lags: dict[str, dict[str, Any]] = field(default_factory=dict)
    unsealed: int | None = None
    open_issues: int | None = None
    running_workflows: int | None = None


def examine(settings: Settings) -> Diagnosis:
    """Asks every part."""
    diagnosis = Diagnosis()
    running = Running.find(settings.home)
    if running is None and settings.given_database_url is None:
        diagnosis.problems.append(findings.NOTHING_RUNS)
        return diagnosis
    if running is not None:
        down = (name for name, pid in running.processes.items() if pid is None or not is_running(pid))
        diagnosis.problems += [findings.process_down(name) for name in down]
    _examine_disk(settings, diagnosis)
    _examine_database(settings, diagnosis)
    _examine_temporal(settings, diagnosis)
    if http_status(_port(settings, running), "/healthz") != HTTPStatus.OK:
        diagnosis.problems.append(findings.API_AWAY)
    return diagnosis


def _port(settings: Settings, running: Running | None) -> int:
    """Where the API is: what `huiyin up` wrote down, else as set."""
    return (urlsplit(running.address).port if running else None) or settings.port


def _examine_disk(settings: Settings, diagnosis: Diagnosis) -> None:
    if settings.home.exists() and shutil.disk_usage(settings.home).free < _LEAST_FREE:
        diagnosis.problems.append(findings.DISK_NEARLY_FULL)


def _examine_database(settings: Settings, diagnosis: Diagnosis) -> None:
    try:
        with psycopg.connect(settings.database_url, autocommit=True, connect_timeout=3) as connection:
            connection.execute("set statement_timeout = '10s'")
            diagnosis.problems += findings_of(connection, tables_of_read_models())
            if pending_migrations(connection):
                diagnosis.problems.append(findings.MIGRATIONS_PENDING)
                return
            diagnosis.unsealed = unsealed(connection)
            _examine_lags(lag(connection, (*NAMES, "relay")), _sealer_stalls(connection), diagnosis)
            diagnosis.open_issues = _open_issues(connection)
            diagnosis.problems += examine_ways_in(settings, connection)
            if given_up := undeliverable(connection):
                diagnosis.problems.append(findings.notices_undeliverable(given_up))
            if wrong := faulty(connection):
                diagnosis.problems.append(findings.files_faulty(wrong))
            diagnosis.problems += _witnesses(settings, connection)
    except psycopg.OperationalError:
        diagnosis.problems.append(findings.DATABASE_AWAY)


def examine_ways_in(settings: Settings, connection: psycopg.Connection) -> list[Finding]:
    """Whether passwords that are only for showing open the door to the public."""
    in_public = settings.demonstration and settings.public_url is not None
    return [findings.DEMONSTRATION_IN_PUBLIC] if in_public and demonstration_accounts(connection) else []


def _witnesses(settings: Settings, connection: psycopg.Connection) -> list[Finding]:
    silent_after = timedelta(minutes=settings.witness_minutes)
    return findings_of_witnesses(connection, witnesses_of(settings.witnesses), silent_after, datetime.now(UTC))


def _sealer_stalls(connection: psycopg.Connection) -> bool:
    """Whether an event has waited for its position for longer than a burst explains."""
    oldest = connection.execute(
        "select extract(epoch from clock_timestamp() - min(recorded_at)) from ledger_events"
        " where notification_id > (select low_watermark from seal_progress)"
        " and not exists (select from seal where seal.notification_id = ledger_events.notification_id)"
    ).fetchone()
    return oldest is not None and oldest[0] is not None and oldest[0] > _TOLERATED_SECONDS


def _examine_lags(lags: Sequence[FollowerLag], sealer_stalls: bool, diagnosis: Diagnosis) -> None:
    if sealer_stalls:
        diagnosis.problems.append(findings.SEALER_BEHIND)
    for follower in lags:
        seconds = round(follower.seconds, 1)
        diagnosis.lags[follower.name] = {"position": follower.position, "events": follower.events, "seconds": seconds}
        stuck = follower.fault_position is not None or (follower.events and follower.seconds > _TOLERATED_SECONDS)
        if stuck:
            is_relay = follower.name == "relay"
            diagnosis.problems.append(findings.RELAY_BEHIND if is_relay else findings.follower_behind(follower.name))


def _open_issues(connection: psycopg.Connection) -> int:
    statement = "select count(*) from issue_ledger where stage <> all(%s)"
    with scoped(connection, Scope.whole()):
        row = connection.execute(statement, (sorted(FINAL_STAGES),)).fetchone()
    return row[0] if row else 0


def _examine_temporal(settings: Settings, diagnosis: Diagnosis) -> None:
    try:
        pollers, workflows = asyncio.run(asyncio.wait_for(_ask_temporal(settings), _TEMPORAL_PATIENCE))
    except (RPCError, RuntimeError, TimeoutError, MachineProblem):
        diagnosis.problems.append(findings.TEMPORAL_AWAY)
        return
    diagnosis.running_workflows = workflows
    if not pollers:
        diagnosis.problems.append(findings.NO_WORKER)
    behind = diagnosis.lags.get("relay", {}).get("events", 0)
    if diagnosis.open_issues is not None and not behind and workflows < diagnosis.open_issues:
        diagnosis.problems.append(findings.WORKFLOWS_MISSING)


async def _ask_temporal(settings: Settings) -> tuple[int, int]:
    """How many workers poll, and how many issues' workflows run."""
    client = await connect(settings)
    counted = await client.count_workflows("WorkflowType = 'IssueWorkflow' AND ExecutionStatus = 'Running'")
    return await _pollers(client, settings.task_queue), counted.count


async def _pollers(client: Client, task_queue: str) -> int:
    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=task_queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    described = await client.workflow_service.describe_task_queue(request)
    # Temporal remembers the dead for minutes; the living ask at least once a minute.
    asked_since = time.time() - _POLLS_WITHIN
    return sum(poller.last_access_time.seconds > asked_since for poller in described.pollers)
