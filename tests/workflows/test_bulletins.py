"""A township's bulletins through a year: drawn up, issued, overdue; outages change nothing (CX10)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import pytest
from temporalio.client import WorkflowExecutionStatus

from domain.bulletin import commands as c
from domain.bulletin.events import BulletinDrawnUp, BulletinIssued, BulletinOverdue
from domain.casework import Casework
from domain.events import DomainEvent
from domain.organisation.together import reorganise
from domain.periods import Cycle, Period
from domain.plan import load_plan
from domain.values import LOCAL_ZONE
from tests.support.bulletins import ask, drawn_up_by_the_last
from tests.support.casework import PEOPLE, FakeDirectory
from tests.support.office import office_commands
from tests.support.postgres import Database
from tests.workflows.process import Process, ProcessClock, office_at_work
from workflows.bulletins import bulletins_wanted
from workflows.schedules import Recurring

MONTHLY = Recurring("bulletin", "T1", Cycle.MONTH, "BulletinWorkflow")
YEAR = tuple(Period(date(2031, month, 1), Cycle.MONTH) for month in range(1, 13))
JANUARY, FEBRUARY, DECEMBER = YEAR[0], YEAR[1], YEAR[-1]
DAY = timedelta(days=1)


@pytest.fixture
def casework(casework: Casework, database: Database, monkeypatch: pytest.MonkeyPatch) -> Casework:
    """With the organisation in its log, and heads as days are skipped."""
    reorganise(casework, office_commands())
    monkeypatch.setattr(casework, "bulletin_basis", drawn_up_by_the_last(database))
    return casework


def told(casework: Casework, month: Period) -> list[DomainEvent]:
    return list(casework.history(c.bulletin_id_of("T1", month.name)))


def happened(casework: Casework, month: Period) -> list[str]:
    """What happened to a month's bulletin, and when, as people would write it down."""
    return [
        f"{it.TOPIC.removeprefix('bulletin.')} {it.occurred_at.astimezone(LOCAL_ZONE):%m-%d %H:%M}"
        for it in told(casework, month)
    ]


async def ended(process: Process, month: Period) -> bool:
    handle = process.environment.client.get_workflow_handle(MONTHLY.workflow_id(month))
    return (await handle.describe()).status is WorkflowExecutionStatus.COMPLETED


async def issue(process: Process, month: Period, at: datetime) -> None:
    """Time passes until the committee issues it."""
    await process.until(at)
    fields = {"place": "T1", "cycle": month.cycle, "first": month.first}
    await process.send(ask(c.IssueBulletin, at=at, by=PEOPLE["committee"], **fields))


def lived(casework: Casework, clock: ProcessClock, life: Callable[[Process], Awaitable[None]]) -> None:
    async def run() -> None:
        async with office_at_work(casework, clock, since=JANUARY.starts_at) as process:
            await life(process)

    asyncio.run(run())


@pytest.mark.proves("CX10")
def test_given_a_year_then_each_month_has_its_bulletin_and_one_that_nobody_issued_is_overdue(
    casework: Casework, clock: ProcessClock
) -> None:
    async def life(process: Process) -> None:
        for month in YEAR:
            await process.until(month.starts_at)
            await process.begin(MONTHLY, month)
            if month is not JANUARY and month is not FEBRUARY:
                await issue(process, month.previous(), month.starts_at + 6 * DAY)
        await process.until(DECEMBER.ends_at + 12 * DAY)
        assert all([await ended(process, month) for month in YEAR])

    lived(casework, clock, life)
    assert happened(casework, JANUARY) == ["opened 02-05 09:00", "drawn_up 02-05 09:00", "overdue 02-10 23:59"]
    assert happened(casework, FEBRUARY) == ["opened 03-05 09:00", "drawn_up 03-05 09:00", "issued 03-07 00:00"]
    assert happened(casework, DECEMBER) == ["opened 01-05 09:00", "drawn_up 01-05 09:00", "overdue 01-10 23:59"]
    kinds = [{type(it) for it in told(casework, month)} for month in YEAR]
    assert sum(BulletinDrawnUp in kind for kind in kinds) == 12
    assert sum(BulletinIssued in kind for kind in kinds) == 10
    assert sum(BulletinOverdue in kind for kind in kinds) == 2
    (overdue,) = (it for it in told(casework, JANUARY) if isinstance(it, BulletinOverdue))
    assert "committee" in overdue.told


def test_given_a_workflow_that_was_lost_and_an_outage_over_the_day_then_it_is_drawn_up_once_as_of_its_day(
    casework: Casework, clock: ProcessClock
) -> None:
    async def life(process: Process) -> None:
        await process.begin(MONTHLY, JANUARY)
        await process.until(JANUARY.ends_at)
        await process.environment.client.get_workflow_handle(MONTHLY.workflow_id(JANUARY)).terminate()
        await process.until(JANUARY.ends_at + 7 * DAY)
        await process.begin(MONTHLY, JANUARY)
        await process.until(JANUARY.ends_at + 8 * DAY)
        await process.environment.client.get_workflow_handle(MONTHLY.workflow_id(JANUARY)).terminate()
        await process.begin(MONTHLY, JANUARY)
        await process.until(JANUARY.ends_at + 20 * DAY)
        assert await ended(process, JANUARY)

    lived(casework, clock, life)
    assert happened(casework, JANUARY) == ["opened 02-05 09:00", "drawn_up 02-05 09:00", "overdue 02-10 23:59"]


def test_given_a_machine_whose_clock_is_behind_then_it_is_asked_again_in_a_minute_and_not_without_a_pause(
    casework: Casework, clock: ProcessClock
) -> None:
    async def life(process: Process) -> None:
        await process.begin(MONTHLY, JANUARY)
        clock.behind = timedelta(seconds=150)
        await process.until(JANUARY.ends_at + 20 * DAY)
        handle = process.environment.client.get_workflow_handle(MONTHLY.workflow_id(JANUARY))
        history = await handle.fetch_history()
        asked = [it for it in history.events if it.HasField("activity_task_scheduled_event_attributes")]
        assert len(asked) == 1 + 4 + 4  # at once, from the day of the bulletin on, from its last day on
        assert await ended(process, JANUARY)

    lived(casework, clock, life)
    assert happened(casework, JANUARY) == ["opened 02-05 09:00", "drawn_up 02-05 09:00", "overdue 02-10 23:59"]


def test_given_the_plans_then_townships_have_a_schedule_where_one_asks_for_bulletins() -> None:
    organisation = FakeDirectory().organisation
    keys = ("cx", "pc", "mz", "ll", "sg", "xf")
    ids = {key: {it.id for it in bulletins_wanted(organisation, load_plan(key))} for key in keys}
    assert ids["cx"] == ids["pc"] == ids["mz"] == {"by-calendar-bulletin-T1-month", "by-calendar-bulletin-T2-month"}
    assert ids["ll"] == ids["sg"] == ids["xf"] == set()
