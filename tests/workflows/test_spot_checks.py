"""A township's months of spot checks: drawn, reminded, missed, put right, closed; outages change nothing (D6, CX11)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import pytest
from temporalio.client import WorkflowExecutionStatus

from domain.casework import Casework
from domain.events import DomainEvent
from domain.organisation.together import reorganise
from domain.periods import Cycle, Period
from domain.plan import load_plan
from domain.spot_check import commands as c
from domain.spot_check.events import HandInMissed, SpotCheckDrawn
from domain.spot_check.state import Check, fold
from domain.values import LOCAL_ZONE, Actor, Role
from tests.support.casework import FakeDirectory
from tests.support.office import office_commands
from tests.support.postgres import Database
from tests.support.spot_checks import ask, drawn_since_announced
from tests.workflows.process import Process, ProcessClock, office_at_work
from workflows.schedules import Recurring
from workflows.spot_check import spot_checks_wanted

pytestmark = pytest.mark.proves("D6", "CX11")

MONTHLY = Recurring("spot-check", "T1", Cycle.MONTH, "SpotCheckWorkflow")
JANUARY, FEBRUARY = (Period(date(2031, month, 1), Cycle.MONTH) for month in (1, 2))
HEAD = Actor(user="township-head", role=Role.STATION_LEAD)
DAY = timedelta(days=1)


@pytest.fixture
def casework(casework: Casework, database: Database, monkeypatch: pytest.MonkeyPatch) -> Casework:
    """With the organisation in its log, as the process reads it there."""
    reorganise(casework, office_commands())
    monkeypatch.setattr(casework, "draw_basis", drawn_since_announced(database))
    return casework


def at(month: Period, day: int, hour: int = 12) -> datetime:
    return datetime(month.first.year, month.first.month, day, hour, tzinfo=LOCAL_ZONE)


def told(casework: Casework, month: Period) -> list[DomainEvent]:
    return list(casework.history(c.spot_check_id_of("T1", month.name)))


def happened(casework: Casework, month: Period) -> list[str]:
    """What happened to a month's check, and when, as people would write it down."""
    moments = (
        (it.TOPIC.removeprefix("spot_check."), it.occurred_at.astimezone(LOCAL_ZONE)) for it in told(casework, month)
    )
    return [f"{name} {moment:%m-%d %H:%M}" for name, moment in moments]


def check_of(casework: Casework, month: Period) -> Check:
    found = fold(told(casework, month))
    assert found is not None
    return found


async def ended(process: Process, month: Period) -> bool:
    """Whether the month's workflow has ended, a day later."""
    await process.until(await process.environment.get_current_time() + DAY)
    handle = process.environment.client.get_workflow_handle(MONTHLY.workflow_id(month))
    return (await handle.describe()).status is WorkflowExecutionStatus.COMPLETED


async def person(process: Process, kind: type[c.OnCheck], month: Period, moment: datetime, **fields: object) -> None:
    """Time passes until somebody acts."""
    await process.until(moment)
    check = check_of(process.casework, month)
    of: dict[str, object] = {"township": "T1", "check_id": check.check_id, **fields}
    if kind is c.HandInLedgers:
        of = {"items": check.missing, "by": HEAD, **of}
    if kind in (c.RecordFinding, c.OrderRectification):
        of["station" if kind is c.RecordFinding else "unit"] = check.stations[0]
    if kind is c.ReportRectification:
        of["by"] = HEAD
    if kind is c.OrderRectification:
        of["by"] = None
    await process.send(ask(kind, at=moment, **of))


def lived(casework: Casework, clock: ProcessClock, life: Callable[[Process], Awaitable[None]]) -> None:
    async def run() -> None:
        async with office_at_work(casework, clock, since=JANUARY.starts_at) as process:
            await life(process)

    asyncio.run(run())


def test_given_two_months_then_each_runs_its_own_course(casework: Casework, clock: ProcessClock) -> None:
    async def life(process: Process) -> None:
        await process.begin(MONTHLY, JANUARY)
        await person(process, c.HandInLedgers, JANUARY, at(JANUARY, 8))
        await person(process, c.RecordFinding, JANUARY, at(JANUARY, 9))
        await person(process, c.OrderRectification, JANUARY, at(JANUARY, 9), due_on=date(2031, 1, 14))
        await person(process, c.ReportRectification, JANUARY, at(JANUARY, 16))
        again = {"accepted": False, "due_on": date(2031, 1, 20)}
        await person(process, c.RecheckRectification, JANUARY, at(JANUARY, 17), **again)
        await person(process, c.ReportRectification, JANUARY, at(JANUARY, 19))
        await person(process, c.RecheckRectification, JANUARY, at(JANUARY, 22))
        await person(process, c.CloseSpotCheck, JANUARY, at(JANUARY, 22, 13))
        assert await ended(process, JANUARY)
        await process.until(FEBRUARY.starts_at)
        await process.begin(MONTHLY, FEBRUARY)
        await process.until(at(FEBRUARY, 14))
        assert not await ended(process, FEBRUARY)

    lived(casework, clock, life)
    assert happened(casework, JANUARY) == [
        "announced 01-05 09:00", "drawn 01-05 09:00", "ledgers_handed_in 01-08 12:00", "finding_recorded 01-09 12:00",
        "rectification_ordered 01-09 12:00", "rectification_missed 01-14 23:59", "rectification_reported 01-16 12:00",
        "rectification_rechecked 01-17 12:00", "rectification_reported 01-19 12:00",
        "rectification_rechecked 01-22 12:00", "closed 01-22 13:00",
    ]  # fmt: skip
    assert happened(casework, FEBRUARY) == [
        "announced 02-05 09:00", "drawn 02-05 09:00", "hand_in_reminded 02-10 09:00", "hand_in_missed 02-12 23:59",
    ]  # fmt: skip
    stations = [check_of(casework, month).stations[0] for month in (JANUARY, FEBRUARY)]
    assert sorted(stations) == ["LX", "QS"], "a station drawn is not drawn again in the next months"


def test_given_workflows_that_were_lost_then_started_anew_they_do_nothing_twice(
    casework: Casework, clock: ProcessClock
) -> None:
    async def life(process: Process) -> None:
        await process.begin(MONTHLY, JANUARY)
        await process.until(at(JANUARY, 11))
        await process.environment.client.get_workflow_handle(MONTHLY.workflow_id(JANUARY)).terminate()
        await process.begin(MONTHLY, JANUARY)
        await process.until(at(JANUARY, 14))

    lived(casework, clock, life)
    assert happened(casework, JANUARY) == [
        "announced 01-05 09:00", "drawn 01-05 09:00", "hand_in_reminded 01-10 09:00", "hand_in_missed 01-12 23:59",
    ]  # fmt: skip


def test_given_an_outage_over_the_draw_then_it_is_caught_up_and_nobody_is_late_by_it(
    casework: Casework, clock: ProcessClock
) -> None:
    async def life(process: Process) -> None:
        await process.until(at(JANUARY, 25))
        await process.begin(MONTHLY, JANUARY)
        await process.until(at(FEBRUARY, 3))

    lived(casework, clock, life)
    drawn = next(it for it in told(casework, JANUARY) if isinstance(it, SpotCheckDrawn))
    missed = next(it for it in told(casework, JANUARY) if isinstance(it, HandInMissed))
    assert f"{drawn.occurred_at.astimezone(LOCAL_ZONE):%m-%d %H:%M}" == "01-05 09:00"
    assert missed.hand_in_by.astimezone(LOCAL_ZONE).date() == date(2031, 2, 1)


def test_given_a_plan_without_spot_checks_or_a_month_long_past_then_the_workflow_ends(
    casework: Casework, clock: ProcessClock
) -> None:
    async def life(process: Process) -> None:
        await process.until(JANUARY.ends_at + 90 * DAY)
        await process.begin(MONTHLY, JANUARY)
        assert await ended(process, JANUARY)

    lived(casework, clock, life)
    assert not told(casework, JANUARY)


def test_given_the_plans_then_townships_have_a_schedule_where_one_asks_for_spot_checks() -> None:
    organisation = FakeDirectory().organisation
    ids = {key: {it.id for it in spot_checks_wanted(organisation, load_plan(key))} for key in ("cx", "pc", "ll", "xf")}
    assert ids["cx"] == ids["pc"] == {"by-calendar-spot-check-T1-month", "by-calendar-spot-check-T2-month"}
    assert ids["ll"] == ids["xf"] == set()
