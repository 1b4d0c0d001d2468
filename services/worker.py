"""The worker: runs the workflows and takes their steps. `huiyin worker` starts it; any number may run.

It waits for Temporal where that is away, goes on when it is back, and ends its steps before it ends.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from typing import Any, Final

import structlog
import uvloop
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkflowRunner

from domain.casework import Casework
from domain.errors import Unavailable
from services.bootstrap import casework_of, open_erasing, open_sending, system_clock
from services.collecting import look_for_cycles_seldom
from services.exports.making_beside import making_beside
from services.files.opening import open_sweeping
from services.files.sweeping import sweeping_beside
from services.holidays import package_name, seed
from services.logs import log_as_json
from services.notify.sending import sending_beside
from services.persistence.waiting_issues import WaitingIssues
from services.privacy.erasing import erasing_beside
from services.recurring import KeptCalendar
from services.redating import AtWork, Clocks
from services.settings import Settings
from services.temporal_client import connect
from workflows.activities import IssueActivities
from workflows.bulletin_steps import BulletinActivities
from workflows.bulletins import BulletinWorkflow
from workflows.committee import MeetingWorkflow
from workflows.duties import DutyWorkflow
from workflows.duty_steps import DutyActivities
from workflows.funding import FundWorkflow
from workflows.funding_steps import FundActivities
from workflows.issue import IssueWorkflow
from workflows.meeting_steps import MeetingActivities, Waiting
from workflows.redating import OpenClocks, RedateActivities, RedateWorkflow
from workflows.spot_check import SpotCheckWorkflow
from workflows.spot_check_steps import SpotCheckActivities
from workflows.submission_steps import SubmissionActivities
from workflows.submissions import SubmissionWorkflow

WORKFLOWS: Final[tuple[type, ...]] = (
    IssueWorkflow,
    MeetingWorkflow,
    DutyWorkflow,
    SubmissionWorkflow,
    FundWorkflow,
    SpotCheckWorkflow,
    BulletinWorkflow,
    RedateWorkflow,
)
STEPS_AT_ONCE: Final = 8
"""Threads that take steps; each has a database connection of its own."""

_REMEMBERED: Final = 3_000  # workflows; what is not remembered is replayed from its history when something happens
_STEPS_MAY_END = timedelta(seconds=3)  # within the supervisor's patience of 5 s
_STICKY_PATIENCE = timedelta(seconds=5)  # after another worker was killed its issues wait this long, not 10 s
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 10.0  # seconds between attempts to reach Temporal

_log = structlog.get_logger()


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or Ctrl-C. Raises MachineProblem when it is not known where things are."""
    log_as_json()
    with (
        closing(casework_of(settings)) as casework,
        open_erasing(settings, casework) as erasing,
        erasing_beside(erasing.step),
        open_sweeping(settings, casework) as sweeping,
        sweeping_beside(sweeping.step),
        sending_beside(open_sending(settings).step),
        making_beside(settings.database_url),
        ThreadPoolExecutor(STEPS_AT_ONCE, "step") as threads,
    ):
        _seed_holidays(casework)
        waiting = WaitingIssues(settings.database_url)
        activities = activities_of(
            casework, settings.wake_spread_seconds, waiting, Clocks(settings.database_url, casework)
        )
        calendar = KeptCalendar(casework, settings.task_queue, system_clock)
        redating = AtWork(casework, settings.task_queue)

        def worker(client: Client) -> Worker:
            return office_worker(client, settings.task_queue, activities, threads)

        look_for_cycles_seldom()
        uvloop.run(_until_asked_to_stop(lambda: connect(settings), worker, calendar, redating))


def _seed_holidays(casework: Casework) -> None:
    """Writes down the years that came with this version; with the database away, the next start does."""
    try:
        if seed(casework, system_clock()):
            _log.info("holidays.seeded", package=package_name())
    except Unavailable:
        _log.warning("holidays.not_seeded")


def activities_of(
    casework: Casework, wake_spread_seconds: int, waiting: Waiting, clocks: OpenClocks
) -> list[Callable[..., Any]]:
    """Everything that the workflows can do."""
    return [
        IssueActivities(casework, wake_spread_seconds).take_step,
        MeetingActivities(casework, waiting).meeting_step,
        DutyActivities(casework).duty_step,
        SubmissionActivities(casework).submission_step,
        FundActivities(casework).fund_step,
        SpotCheckActivities(casework).spot_check_step,
        BulletinActivities(casework).bulletin_step,
        RedateActivities(casework, clocks, system_clock).redate_batch,
    ]


def office_worker(
    client: Client,
    task_queue: str,
    activities: Sequence[Callable[..., Any]],
    threads: Executor,
    *,
    runner: WorkflowRunner | None = None,
) -> Worker:
    """A worker for everything on this queue.

    Without Temporal's sandbox: it costs twice the processor time. The tests run the same workflows inside it.
    """
    return Worker(
        client,
        task_queue=task_queue,
        workflows=WORKFLOWS,
        activities=activities,
        activity_executor=threads,
        max_concurrent_activities=STEPS_AT_ONCE,
        max_concurrent_local_activities=STEPS_AT_ONCE,
        workflow_runner=runner or UnsandboxedWorkflowRunner(),
        max_cached_workflows=_REMEMBERED,
        sticky_queue_schedule_to_start_timeout=_STICKY_PATIENCE,
        graceful_shutdown_timeout=_STEPS_MAY_END,
    )


async def _until_asked_to_stop(
    connected: Callable[[], Awaitable[Client]],
    worker: Callable[[Client], Worker],
    calendar: KeptCalendar,
    redating: AtWork,
) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    pause = _FIRST_PAUSE
    while not stop.is_set():
        try:
            client = await connected()
            working = worker(client)
            _log.info("worker.working", task_queue=working.task_queue)
            pause = _FIRST_PAUSE
            async with calendar.kept(client), redating.kept(client):
                await _work(working, stop)
        except RuntimeError as trouble:  # Temporal is away, or refused the worker: its words name no data of ours
            _log.warning("worker.waits_for_temporal", reason=str(trouble), seconds=pause)
            await _wait(stop, pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


async def _work(worker: Worker, stop: asyncio.Event) -> None:
    """Until asked to stop, then ends what was begun. Raises RuntimeError when the worker fails by itself."""
    working = asyncio.create_task(worker.run())
    asked = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, asked}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            await worker.shutdown()
        await working
    finally:
        asked.cancel()


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    """So long, or until asked to stop."""
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait({waiting}, timeout=seconds)
    waiting.cancel()
