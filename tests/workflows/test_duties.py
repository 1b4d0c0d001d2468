"""A station's year: each month is opened, told of what is missing, and closed; an outage changes nothing of it (D2)."""

import asyncio
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

import pytest

from domain.casework import Casework
from domain.duty.commands import duties_id_of
from domain.duty.events import DutiesReminded, DutyPeriodClosed, DutyPeriodOpened
from domain.events import DomainEvent
from domain.organisation.together import reorganise
from domain.periods import Cycle, Period
from domain.plan import load_plan
from domain.values import LOCAL_ZONE
from domain.visit.commands import RecordVisit
from tests.support.casework import FakeDirectory
from tests.support.duties import months, of
from tests.support.office import office_commands
from tests.support.visits import ask
from tests.workflows.process import Process, ProcessClock, office_at_work
from workflows.duties import duties_wanted
from workflows.schedules import Recurring

MONTHLY = Recurring("duties", "QS", Cycle.MONTH, "DutyWorkflow")
MONTHS = months(2031)
YEAR = Period(date(2031, 1, 1), Cycle.YEAR)
NEW_YEAR = YEAR.starts_at


@pytest.fixture
def casework(casework: Casework) -> Casework:
    """With the organisation in its log, as the process reads it there."""
    reorganise(casework, office_commands())
    return casework


def happened(casework: Casework, period: Period, place: str = "QS") -> list[DomainEvent]:
    return list(casework.history(duties_id_of(place, period.name)))


def closed(casework: Casework, period: Period) -> DutyPeriodClosed:
    last = happened(casework, period)[-1]
    assert isinstance(last, DutyPeriodClosed)
    return last


async def visit(process: Process, month: Period, households: int, *, late: bool = False) -> None:
    """So many households on the month's first Thursday; entered at once, or two days after the month was closed."""
    thursday = next(day for day in month.days() if day.weekday() == 3)
    written = month.ends_at + timedelta(days=5) if late else datetime.combine(thursday, time(18), LOCAL_ZONE)
    process.clock.set(written)
    for number in range(households):
        at = datetime.combine(thursday, time(8, number), LOCAL_ZONE)
        await process.send(ask(RecordVisit, at=at, household=f"QS-{number:03}"))


async def lived(process: Process, away: Collection[int] = ()) -> None:
    """Twelve months, more visits in each; in the months `away` no workflow runs: they are started in the next."""
    missed: list[Period] = []
    await process.begin(Recurring("duties", "QS", Cycle.YEAR, "DutyWorkflow"), YEAR)
    for month in MONTHS:
        await process.until(month.starts_at + timedelta(minutes=5))
        if month.first.month in away:
            missed.append(month)
        else:
            for each in (*missed, month):
                await process.begin(MONTHLY, each)
            missed = []
        await visit(process, month, 2 * month.first.month)
        await process.until(month.ends_at - timedelta(days=1))
    await process.until(YEAR.ends_at + timedelta(days=20))


def a_year(casework: Casework, clock: ProcessClock, away: Collection[int] = ()) -> None:
    async def run() -> None:
        async with office_at_work(casework, clock, since=NEW_YEAR) as process:
            await lived(process, away)

    asyncio.run(run())


@pytest.mark.proves("D2", "D3", "CX3", "CX9")
def test_given_a_year_of_one_station_then_each_month_is_opened_told_of_and_closed(
    casework: Casework, clock: ProcessClock
) -> None:
    a_year(casework, clock)
    for month in MONTHS:
        opened, told, counted = happened(casework, month)
        assert isinstance(opened, DutyPeriodOpened)
        assert isinstance(told, DutiesReminded)
        assert isinstance(counted, DutyPeriodClosed)
        assert [it.occurred_at for it in (opened, told, counted)] == [
            month.starts_at, month.ends_at - timedelta(days=5), month.ends_at + timedelta(days=3)
        ]  # fmt: skip
        made = 2 * month.first.month
        tally = of(counted.tallies, "households")
        assert (tally.done, tally.shortfall) == (made, max(0, 20 - made))
        assert [it.shortfall for it in told.missing if it.rule == "households"] == ([20 - made] if made < 20 else [])
        assert sum(not it.missed for it in counted.days) == 1
    assert of(closed(casework, YEAR).tallies, "priority_register").done is None


@pytest.mark.proves("D2")
def test_given_an_outage_of_two_months_then_the_same_is_closed_as_without(
    casework: Casework, clock: ProcessClock
) -> None:
    a_year(casework, clock, away=(6, 7))
    for month in MONTHS:
        events = happened(casework, month)
        counted = closed(casework, month)
        assert counted.occurred_at == counted.counted_to == month.ends_at + timedelta(days=3)
        assert of(counted.tallies, "households").done == 2 * month.first.month
        assert len(events) == (2 if month.first.month == 6 else 3)  # in August nothing is left to remind of in June


@pytest.mark.proves("D2")
def test_given_visits_entered_after_the_closing_then_they_show_in_the_next_period(
    casework: Casework, clock: ProcessClock
) -> None:
    january, february = MONTHS[:2]

    async def run() -> None:
        async with office_at_work(casework, clock, since=NEW_YEAR) as process:
            await process.begin(MONTHLY, january)
            await process.until(january.ends_at + timedelta(days=4))
            await visit(process, january, 3, late=True)
            await process.begin(MONTHLY, february)
            await process.until(february.ends_at + timedelta(days=4))

    asyncio.run(run())
    assert of(closed(casework, january).tallies, "households").done == 0
    told = of(closed(casework, february).tallies, "households")
    assert (told.done, told.after_closing) == (0, 3)


def test_given_a_plan_that_asks_for_nothing_then_no_period_is_opened(casework: Casework, clock: ProcessClock) -> None:
    async def run() -> None:
        async with office_at_work(casework, clock, since=NEW_YEAR) as process:
            recurring = Recurring("duties", "T1", Cycle.MONTH, "DutyWorkflow")
            name = await process.begin(recurring, MONTHS[0])
            handle = process.environment.client.get_workflow_handle(name)
            assert await handle.result() == {"remind_at": None, "closes_at": None, "reminded": False, "closed": False}

    asyncio.run(run())
    assert not list(casework.history(duties_id_of("T1", "2031-01")))


def test_given_the_plans_then_their_duties_have_a_schedule_for_each_place_and_length() -> None:
    organisation = FakeDirectory().organisation
    ids = {key: {it.id for it in duties_wanted(organisation, load_plan(key))} for key in ("cx", "pc", "xf")}
    assert ids["cx"] == {
        *(f"by-calendar-duties-{place}-{cycle}" for place in ("QS", "LX", "WS") for cycle in ("month", "year")),
        *(f"by-calendar-duties-{township}-year" for township in ("T1", "T2")),  # full inspections
    }
    assert ids["pc"] == {f"by-calendar-duties-{place}-{cycle}" for place in ("T1", "T2") for cycle in ("month", "year")}
    assert ids["xf"] == set()


@pytest.mark.proves("CX11", "D6")
def test_given_a_year_without_full_inspections_then_it_is_told_of_in_november_and_recorded_when_the_year_is_over(
    casework: Casework, clock: ProcessClock
) -> None:
    async def to_the_end() -> None:
        async with office_at_work(casework, clock, since=NEW_YEAR) as process:
            await process.begin(Recurring("duties", "T1", Cycle.YEAR, "DutyWorkflow"), YEAR)
            await process.until(YEAR.ends_at + timedelta(days=20))

    asyncio.run(to_the_end())

    opened, told, counted = happened(casework, YEAR, "T1")
    assert isinstance(opened, DutyPeriodOpened)
    assert isinstance(told, DutiesReminded)
    assert isinstance(counted, DutyPeriodClosed)
    assert (told.occurred_at, counted.occurred_at) == (
        YEAR.ends_at - timedelta(days=60), YEAR.ends_at + timedelta(days=3)
    )  # fmt: skip
    assert of(counted.tallies, "full_inspections").shortfall == 2
    assert "committee" in (counted.told or ())
