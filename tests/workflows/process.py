"""A process under test: real workflows, real activities, a real casework, and a Temporal whose clock jumps ahead.

Everything happens from MONDAY on, years from now, so that the calendar of the tests is the same whenever they run.
"""

from collections.abc import AsyncIterator, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from temporalio import activity
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from domain.casework import Casework
from domain.commands import Command
from domain.errors import AlreadySaid
from domain.events import DomainEvent
from domain.fund.commands import SetBudget
from domain.fund.errors import BudgetAlreadySet
from domain.issue.words import Stage
from domain.meeting.state import fold_meeting
from domain.meeting.words import MeetingKind, Phase
from domain.periods import Period
from domain.plan import load_plan
from domain.values import LOCAL_ZONE
from services.bootstrap import open_casework
from services.holidays import official_years
from services.worker import activities_of, office_worker
from tests.support.bulletins import drawn_up_by_the_last
from tests.support.casework import Case, Clock, office
from tests.support.postgres import Database
from tests.support.spot_checks import drawn_since_announced
from tests.support.temporal import time_skipping
from tests.workflows.skipped_time import SkippedTime, time_of_activity
from workflows.codec import data_converter
from workflows.issue import IssueWorkflow
from workflows.messages import Situation, situation_of
from workflows.names import workflow_id
from workflows.schedules import Recurring, Turn
from workflows.tell import tell

MONDAY: Final = datetime(2031, 3, 3, 9, 0, tzinfo=LOCAL_ZONE)
KEY: Final = b"the codec's key of the tests, 32"
QUEUE: Final = "issues-of-the-tests"


class ProcessClock(Clock):
    """For a person the time that was set; for a step the time by Temporal, where days are skipped."""

    def __init__(self) -> None:
        super().__init__(MONDAY)
        self.behind = timedelta()
        """By so much the machine that takes the steps is behind Temporal's."""

    def __call__(self) -> datetime:
        return time_of_activity() - self.behind if activity.in_activity() else self.now


@dataclass(frozen=True)
class Process:
    """One office at work."""

    environment: WorkflowEnvironment
    casework: Casework
    clock: ProcessClock
    spread: int
    issues: set[UUID] = field(default_factory=set)
    others: set[UUID] = field(default_factory=set)  # meetings, funds

    async def live(self, *lives: Case) -> None:
        """People live through these cases, and the workflows hear how each stands."""
        for life in lives:
            for sent in life.commands:
                await self.send(sent)
            await self.tell(life.issue_id)

    async def do(self, *commands: Command) -> None:
        """People act, and the workflows hear of it."""
        for sent in commands:
            await self.send(sent)
            await self.tell(sent.stream_id)

    async def send(self, sent: Command) -> None:
        """A person acts; no workflow hears of it yet. A budget that another case set already stays."""
        self.clock.set(max(self.clock.now, sent.occurred_at))
        try:
            self.casework.handle(sent)
        except (AlreadySaid, BudgetAlreadySet):
            if not isinstance(sent, SetBudget):
                raise

    async def tell(self, issue_id: UUID) -> None:
        """What the relay does after a batch; of meetings and funds no workflow hears."""
        is_issue = self.casework.issue(issue_id) is not None
        (self.issues if is_issue else self.others).add(issue_id)
        if is_issue:
            await tell(self.environment.client, QUEUE, self.situation(issue_id))

    async def begin(self, recurring: Recurring, period: Period, turn: Turn | None = None) -> str:
        """The calendar starts a period's workflow; its id. `turn`: as a schedule gives it, which names no period."""
        name = recurring.workflow_id(period)
        asked = turn or recurring.turn(period)
        await self.environment.client.start_workflow(recurring.workflow, asked, id=name, task_queue=QUEUE)
        return name

    async def known(self, issue_id: UUID) -> Situation:
        """How the issue stands as far as its workflow knows."""
        return await self.handle(issue_id).query(IssueWorkflow.situation)

    async def until(self, moment: datetime) -> None:
        """Time passes, and whatever falls due is done."""
        now = await self.environment.get_current_time()
        await self.environment.sleep(moment - now)
        # The jump ends when the clock shows the moment; one more turn lets the steps of that very moment finish.
        await self.environment.sleep(timedelta(seconds=1))

    @property
    def waiting(self) -> "KnownHere":
        """In place of the read models, which nobody keeps up here."""
        return KnownHere(self)

    def clocks(self, calendar: int, after: UUID | None, limit: int) -> list[UUID]:
        """In place of the ledger: every issue that people lived with, in order."""
        return [it for it in sorted(self.issues) if after is None or it > after][:limit]

    def situation(self, issue_id: UUID) -> Situation:
        """How the issue stands by the log."""
        issue = self.casework.issue(issue_id)
        assert issue is not None
        return situation_of(issue, self.spread)

    def handle(self, issue_id: UUID) -> WorkflowHandle[IssueWorkflow, Situation]:
        """Its workflow."""
        return self.environment.client.get_workflow_handle_for(IssueWorkflow.run, workflow_id(issue_id))

    def events(self, issue_id: UUID) -> list[DomainEvent]:
        """Everything that happened to the issue."""
        return list(self.casework.history(issue_id))


@dataclass(frozen=True)
class KnownHere:
    """What people lived with: issues, and meetings that they called for."""

    process: Process

    def issues(self, villages: Collection[str], stages: Collection[Stage], by: datetime) -> tuple[UUID, ...]:
        """All at these stages; the decision looks at each."""
        known = ((it, self.process.casework.issue(it)) for it in self.process.issues)
        return tuple(it for it, issue in known if issue and issue.stage in stages)

    def special_meetings(self, township: str, by: datetime) -> tuple[UUID, ...]:
        """Those of the township that should have sat, or been confirmed."""
        known = (fold_meeting(self.process.casework.history(it)) for it in self.process.others)
        ours = (it for it in known if it and it.township == township and it.kind is MeetingKind.SPECIAL)
        due = ((it, it.meet_by if it.phase is Phase.DRAWN else it.confirm_by) for it in ours if not it.confirmed)
        return tuple(it.meeting_id for it, last in due if last and last <= by)


def counting_by_its_log(database: Database, clock: ProcessClock, plan: str = "cx") -> Casework:
    """An office whose calendar is what its log says, and whose draws and bulletins come from what it recorded."""
    made: list[Casework] = []
    own = replace(
        office(clock, load_plan(plan)),
        calendar=lambda: made[0].holidays().table(official_years()),
        draw_basis=drawn_since_announced(database),
        bulletin_basis=drawn_up_by_the_last(database),
    )
    made.append(open_casework(database.app_dsn, own))
    return made[0]


@asynccontextmanager
async def office_at_work(
    casework: Casework, clock: ProcessClock, *, since: datetime = MONDAY, spread: int = 0
) -> AsyncIterator[Process]:
    """A Temporal that starts at `since`, and a worker on it, inside the sandbox. Only `until` lets time pass.

    Left to itself the client skips time for as long as a test waits for a result, and a little longer: on a busy
    machine the limits of everybody else were over before it stopped. And a timer that fires while its workflow is being
    told leaves the test server stuck for good: so nobody acts at the very moment at which something is due.
    """
    async with time_skipping(data_converter(KEY), SkippedTime()) as environment:
        await environment.sleep(since - await environment.get_current_time())
        process = Process(environment, casework, clock, spread)
        with environment.auto_time_skipping_disabled():
            async with at_work(process):
                yield process


@asynccontextmanager
async def at_work(process: Process) -> AsyncIterator[None]:
    """A worker of this process."""
    activities = activities_of(process.casework, process.spread, process.waiting, process.clocks)
    with ThreadPoolExecutor(8) as threads:
        client, runner = process.environment.client, SandboxedWorkflowRunner()
        async with office_worker(client, QUEUE, activities, threads, runner=runner):
            yield


def happened(events: Iterable[DomainEvent]) -> list[tuple[str, str]]:
    """Topic (without `issue.`) and local time of each event, as people would write them down."""
    return [
        (event.TOPIC.removeprefix("issue."), f"{event.occurred_at.astimezone(LOCAL_ZONE):%m-%d %H:%M:%S}")
        for event in events
    ]
