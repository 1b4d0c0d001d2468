"""What runs by the calendar: one Temporal schedule for each place and duty, one workflow for each of its periods.

A schedule starts its workflow as a period begins; the workflow waits for the days within it. `keep` makes the schedules
what they should be; called by services/recurring.py whenever the organisation or a plan changed.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID, uuid5
from zlib import crc32

from temporalio import workflow
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.common import SearchAttributeKey, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from domain.commands import Command
from domain.periods import Cycle, Period
from domain.values import THE_PROCESS
from workflows.messages import Message

PREFIX: Final = "by-calendar-"
"""Every schedule of ours, and every workflow that one of them starts, has an id that begins so."""

_STEP_NAMESPACE: Final = UUID("5be0a3c6-9d0f-4a51-8f5c-7b1f4a6b2f19")
_SCHEDULED: Final = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")
_SPREAD_MINUTES: Final = 30
"""Places begin their periods within half an hour, lest all of a county's workflows start in one second."""
_LATEST: Final = timedelta(days=400)
"""A schedule that was held up by an outage still starts what it missed, unless it is older than that."""
_MONTHS: Final[dict[Cycle, tuple[int, ...]]] = {
    Cycle.MONTH: tuple(range(1, 13)),
    Cycle.QUARTER: (1, 4, 7, 10),
    Cycle.HALF_YEAR: (1, 7),
    Cycle.YEAR: (1,),
}
AnyCommand = TypeVar("AnyCommand", bound=Command)


class Turn(Message):
    """Whose turn it is: the input of every workflow that runs by the calendar. `first` is the period's first day."""

    duty: str
    place: str
    cycle: Cycle
    first: date | None = None  # None: the schedule that started the workflow knows

    @property
    def period(self) -> Period:
        """The period. Raises ValueError before `begun` filled it in."""
        if self.first is None:
            raise ValueError("a turn without its period")
        return Period(self.first, self.cycle)

    def command_id(self, step: str) -> UUID:
        """The id of the command by which the process takes `step` of this turn, however often it is tried."""
        return uuid5(_STEP_NAMESPACE, f"{self.duty}/{self.place}/{self.period.name}/{step}")

    def asks(self, wish: type[AnyCommand], step: str, at: datetime, /, **fields: Any) -> AnyCommand:
        """The command by which the process takes `step`, whose time is the planned one."""
        return wish(command_id=self.command_id(step), actor=THE_PROCESS, occurred_at=at, **fields)

    def asks_here(self, wish: type[AnyCommand], step: str, at: datetime) -> AnyCommand:
        """The same, of a command that names a place and its period."""
        return self.asks(wish, step, at, place=self.place, cycle=self.cycle, first=self.period.first)


@dataclass(frozen=True, slots=True)
class Recurring:
    """`workflow` runs for `place` (its code) in every period of this length. `duty` tells several at a place apart."""

    duty: str
    place: str
    cycle: Cycle
    workflow: str

    @property
    def id(self) -> str:
        """The schedule's id: readable by every operator of Temporal, so it names places and duties, nobody."""
        return f"{PREFIX}{self.duty}-{self.place}-{self.cycle}"

    def begins_at(self, period: Period) -> datetime:
        """When the workflow of this period starts."""
        return period.starts_at + timedelta(minutes=self._minute)

    def workflow_id(self, period: Period) -> str:
        """As Temporal names what a schedule starts, so that nothing is started twice, whoever starts it."""
        return f"{self.id}-{self.begins_at(period).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

    @property
    def _minute(self) -> int:
        return crc32(self.id.encode()) % _SPREAD_MINUTES

    def turn(self, period: Period | None = None) -> Turn:
        """The workflow's input."""
        return Turn(duty=self.duty, place=self.place, cycle=self.cycle, first=period.first if period else None)

    def calendar(self) -> ScheduleCalendarSpec:
        """The moments of `begins_at`, as Temporal writes them."""
        minute = (ScheduleRange(self._minute),)
        if self.cycle is Cycle.WEEK:
            return ScheduleCalendarSpec(minute=minute, day_of_week=(ScheduleRange(1),))  # 0 is Sunday
        months = tuple(ScheduleRange(month) for month in _MONTHS[self.cycle])
        return ScheduleCalendarSpec(minute=minute, day_of_month=(ScheduleRange(1),), month=months)


def begun(turn: Turn) -> Turn:
    """Within a workflow: its turn, with the period in which the schedule started it."""
    if turn.first is not None:
        return turn
    at = workflow.info().typed_search_attributes.get(_SCHEDULED) or workflow.info().start_time
    return turn.model_copy(update={"first": Period.containing(at, turn.cycle).first})


async def keep(client: Client, task_queue: str, wanted: Iterable[Recurring], now: datetime) -> None:
    """Makes the schedules what is wanted, and starts the workflows of this period and the last where they are missing.

    Safe to repeat. Raises RPCError when Temporal cannot take it: what was done stays done.
    """
    by_id = {recurring.id: recurring for recurring in wanted}
    there = {each async for each in _ours(client)}
    for gone in there - by_id.keys():
        await client.get_schedule_handle(gone).delete()
    for recurring in by_id.values():
        await _schedule(client, task_queue, recurring, exists=recurring.id in there)
        present = Period.containing(now, recurring.cycle)
        for period in (present.previous(), present):
            if recurring.begins_at(period) <= now:
                await _start(client, task_queue, recurring, period)


async def _ours(client: Client) -> AsyncIterator[str]:
    async for each in await client.list_schedules():
        if each.id.startswith(PREFIX):
            yield each.id


async def _schedule(client: Client, task_queue: str, recurring: Recurring, *, exists: bool) -> None:
    schedule = Schedule(
        action=ScheduleActionStartWorkflow(
            recurring.workflow, recurring.turn(), id=recurring.id, task_queue=task_queue
        ),
        spec=ScheduleSpec(calendars=[recurring.calendar()], time_zone_name="Asia/Shanghai"),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.ALLOW_ALL, catchup_window=_LATEST),
    )

    async def update(_: ScheduleUpdateInput) -> ScheduleUpdate:
        return ScheduleUpdate(schedule=schedule)

    if not exists:
        try:
            await client.create_schedule(recurring.id, schedule)
        except ScheduleAlreadyRunningError:  # the list of schedules lags behind what was made a moment ago
            exists = True
    if exists:
        await client.get_schedule_handle(recurring.id).update(update)


async def _start(client: Client, task_queue: str, recurring: Recurring, period: Period) -> None:
    try:
        await client.start_workflow(
            recurring.workflow,
            recurring.turn(period),
            id=recurring.workflow_id(period),
            task_queue=task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )
    except WorkflowAlreadyStartedError:
        return
