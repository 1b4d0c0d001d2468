"""What runs by the calendar: schedules of the real server, and workflows that no outage and no repetition doubles."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from temporalio import workflow
from temporalio.client import Client, ScheduleBackfill, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from domain.periods import Cycle, Period
from services.embedded import EmbeddedTemporal
from tests.workflows.process import KEY
from workflows.codec import data_converter
from workflows.schedules import PREFIX, Recurring, Turn, begun, keep

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@workflow.defn
class SaysItsTurn:
    """Ends at once with the turn that it took."""

    @workflow.run
    async def run(self, turn: Turn) -> Turn:
        return begun(turn)


def bulletin(place: str, cycle: Cycle = Cycle.MONTH) -> Recurring:
    return Recurring("bulletin", place, cycle, "SaysItsTurn")


class Town:
    """A queue and places of its own on the session's server, and a worker for as long as the `async with` lasts."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.name = uuid4().hex[:12]
        self.worker = Worker(
            client, task_queue=self.name, workflows=[SaysItsTurn], workflow_runner=UnsandboxedWorkflowRunner()
        )

    async def keep(self, wanted: Sequence[Recurring], now: datetime = NOW) -> None:
        await keep(self.client, self.name, wanted, now)

    async def turn_of(self, workflow_id: str) -> Turn:
        handle: WorkflowHandle[SaysItsTurn, Turn] = self.client.get_workflow_handle_for(SaysItsTurn.run, workflow_id)
        return await handle.result()

    async def schedules(self) -> set[str]:
        return {each.id async for each in await self.client.list_schedules() if self.name in each.id}

    async def schedules_become(self, expected: set[str]) -> None:
        async with asyncio.timeout(20):
            while await self.schedules() != expected:  # the server's list lags behind
                await asyncio.sleep(0.1)


async def in_town(server: EmbeddedTemporal) -> Town:
    return Town(await Client.connect(server.address, data_converter=data_converter(KEY)))


def test_given_a_place_when_kept_twice_then_this_period_and_the_last_ran_once(
    temporal_server: EmbeddedTemporal,
) -> None:
    async def lived() -> None:
        town = await in_town(temporal_server)
        monthly = bulletin(town.name)
        november = Period.containing(NOW, Cycle.MONTH)
        async with town.worker:
            await town.keep([monthly])
            await town.keep([monthly])
            turns = [await town.turn_of(monthly.workflow_id(period)) for period in (november.previous(), november)]
            found = [each async for each in town.client.list_workflows(f"TaskQueue = '{town.name}'")]
        assert [turn.period.name for turn in turns] == ["2026-10", "2026-11"]
        assert turns[1].command_id("draw") != turns[0].command_id("draw") == turns[0].command_id("draw")
        assert {each.status for each in found} <= {WorkflowExecutionStatus.COMPLETED}
        await town.schedules_become({monthly.id})
        await town.keep([])

    asyncio.run(lived())


def test_given_a_schedule_when_its_time_comes_then_the_workflow_knows_its_period(
    temporal_server: EmbeddedTemporal,
) -> None:
    async def lived() -> None:
        town = await in_town(temporal_server)
        monthly = bulletin(town.name)
        august = Period(date(2025, 8, 1), Cycle.MONTH)
        async with town.worker:
            await town.keep([monthly], august.starts_at - timedelta(days=70))
            at = monthly.begins_at(august)
            handle = town.client.get_schedule_handle(monthly.id)
            await handle.backfill(
                ScheduleBackfill(start_at=at - timedelta(minutes=1), end_at=at + timedelta(minutes=1))
            )
            turn = await eventual_turn(town, monthly.workflow_id(august))
        assert turn == monthly.turn(august)
        await town.keep([])

    asyncio.run(lived())


async def eventual_turn(town: Town, workflow_id: str) -> Turn:
    async with asyncio.timeout(20):
        while True:
            try:
                return await town.turn_of(workflow_id)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
            await asyncio.sleep(0.1)


def test_given_a_place_that_is_closed_when_kept_then_its_schedule_goes(temporal_server: EmbeddedTemporal) -> None:
    async def lived() -> None:
        town = await in_town(temporal_server)
        stays, goes = bulletin(f"{town.name}-a"), bulletin(f"{town.name}-b")
        long_ago = datetime(2025, 1, 1, tzinfo=UTC) - timedelta(minutes=1)
        async with town.worker:
            await town.keep([stays, goes], long_ago)
            await town.schedules_become({stays.id, goes.id})
            await town.keep([stays], long_ago)
            await town.schedules_become({stays.id})
            await town.keep([])

    asyncio.run(lived())


@given(
    st.dates(date(2020, 1, 1), date(2100, 1, 1)), st.sampled_from(Cycle), st.text("abcdefgh-", min_size=1, max_size=9)
)
def test_given_any_period_then_its_workflow_begins_within_the_first_half_hour(
    day: date, cycle: Cycle, place: str
) -> None:
    recurring, period = bulletin(place, cycle), Period.containing(day, cycle)
    begins = recurring.begins_at(period)
    assert period.starts_at <= begins < period.starts_at + timedelta(minutes=30)
    assert recurring.workflow_id(period).startswith(PREFIX)
    assert recurring.workflow_id(period) != recurring.workflow_id(period.next())


def test_given_a_turn_without_its_period_when_asked_for_it_then_it_is_refused() -> None:
    with pytest.raises(ValueError, match="period"):
        _ = bulletin("QS").turn().period
