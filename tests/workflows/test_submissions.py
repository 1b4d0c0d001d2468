"""A station's month: listed, told of, missed at once for all of the place; a process that was away changes nothing."""

import asyncio
from datetime import date, timedelta
from uuid import UUID

import pytest

from domain.casework import Casework
from domain.duty.policy import CountedAt
from domain.events import DomainEvent
from domain.organisation.together import reorganise
from domain.periods import Cycle, Period
from domain.plan import load_plan
from domain.submission import commands as c
from domain.submission import events as e
from tests.support.casework import PEOPLE, FakeDirectory
from tests.support.office import office_commands
from tests.workflows.process import ProcessClock, office_at_work
from workflows.schedules import Recurring
from workflows.submissions import submissions_wanted

APRIL = Period(date(2031, 4, 1), Cycle.MONTH)
MAY = APRIL.next()
MONTHLY = Recurring("submissions", "QS", Cycle.MONTH, "SubmissionWorkflow")
DAY = timedelta(days=1)


@pytest.fixture
def casework(casework: Casework) -> Casework:
    """With the organisation in its log, as the process reads it there."""
    reorganise(casework, office_commands())
    return casework


def happened(casework: Casework, period: Period) -> list[DomainEvent]:
    return list(casework.history(c.submissions_id_of("QS", period.name)))


def photos(period: Period) -> c.HandInSubmission:
    return c.HandInSubmission(
        command_id=UUID(int=period.first.month),
        actor=PEOPLE["handler"],
        occurred_at=period.starts_at + timedelta(hours=30),
        place="QS",
        cycle=period.cycle,
        first=period.first,
        submission="board_photos",
        owner="QS",
        paper=c.Paper(name="公开栏.jpg", digest="ab" * 32),
    )


@pytest.mark.proves("CX12")
def test_given_a_month_with_only_the_photos_then_the_rest_is_told_of_and_missed_in_one_step(
    casework: Casework, clock: ProcessClock
) -> None:
    async def run() -> None:
        async with office_at_work(casework, clock, since=APRIL.starts_at) as process:
            await process.begin(MONTHLY, APRIL)
            await process.until(APRIL.starts_at + timedelta(hours=30))
            await process.send(photos(APRIL))
            await process.until(APRIL.ends_at + DAY)

    asyncio.run(run())
    kinds = [(type(it), it.occurred_at) for it in happened(casework, APRIL)]
    due = APRIL.starts_at + 30 * DAY
    assert kinds == [
        (e.SubmissionsOpened, APRIL.starts_at), (e.SubmissionHandedIn, APRIL.starts_at + timedelta(hours=30)),
        (e.SubmissionsReminded, due - 3 * DAY), (e.SubmissionMissed, due), (e.SubmissionMissed, due),
    ]  # fmt: skip
    first, second = happened(casework, APRIL)[-2:]
    assert first.command_id == second.command_id  # one step for all of the place


def test_given_a_process_that_was_away_for_the_month_then_the_same_is_missed_as_of_the_same_times(
    casework: Casework, clock: ProcessClock
) -> None:
    async def run() -> None:
        async with office_at_work(casework, clock, since=APRIL.ends_at + DAY) as process:
            await process.until(APRIL.ends_at + 2 * DAY)
            await process.begin(MONTHLY, APRIL)
            await process.until(APRIL.ends_at + 3 * DAY)

    asyncio.run(run())
    missed = [it for it in happened(casework, APRIL) if isinstance(it, e.SubmissionMissed)]
    assert [(it.submission, it.occurred_at) for it in missed] == [
        ("board_photos", APRIL.starts_at + 3 * DAY),
        ("committee_form", APRIL.starts_at + 30 * DAY),
        ("priority_register", APRIL.starts_at + 30 * DAY),
    ]
    assert not any(isinstance(it, e.SubmissionsReminded) for it in happened(casework, APRIL))


def test_given_a_place_that_owes_nothing_then_its_workflow_ends_at_once(
    casework: Casework, clock: ProcessClock
) -> None:
    async def run() -> None:
        async with office_at_work(casework, clock, since=MAY.starts_at) as process:
            name = await process.begin(Recurring("submissions", "T1", Cycle.MONTH, "SubmissionWorkflow"), MAY)
            assert await process.environment.client.get_workflow_handle(name).result() == {"moments": []}

    asyncio.run(run())
    assert not list(casework.history(c.submissions_id_of("T1", MAY.name)))


def test_given_the_plans_then_there_is_a_schedule_for_each_place_and_length() -> None:
    organisation = FakeDirectory().organisation
    ids = {key: {it.id for it in submissions_wanted(organisation, load_plan(key))} for key in ("cx", "mz", "xf")}
    villages = ("QS", "LX", "WS")
    assert ids["cx"] == {f"by-calendar-submissions-{place}-month" for place in villages}
    assert ids["mz"] == {
        *(f"by-calendar-submissions-{place}-{cycle}" for place in villages for cycle in ("month", "year")),
        *(f"by-calendar-submissions-{place}-year" for place in ("T1", "T2")),
    }
    assert ids["xf"] == set()
    assert {it.at for it in load_plan("mz").submissions.values()} == set(CountedAt)
