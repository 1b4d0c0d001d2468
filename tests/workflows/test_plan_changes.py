"""Another plan comes into force while workflows of the calendar wait: each does what is asked then, or ends."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta

from domain.adoption.book import InForce, PlanBook
from domain.casework import Casework
from domain.meeting.commands import meeting_id_of
from domain.meeting.words import MeetingKind
from domain.organisation.together import reorganise
from domain.periods import Cycle, Period
from domain.plan import Plan, load_plan
from services.bootstrap import open_casework
from tests.support.casework import TOWNSHIP, office
from tests.support.office import office_commands
from tests.support.postgres import Database
from tests.workflows.process import MONDAY, ProcessClock, office_at_work
from workflows.committee import MeetingWorkflow
from workflows.schedules import Recurring

MARCH = Period(date(2031, 3, 1), Cycle.MONTH)
COMMITTEE = Recurring("committee", "T1", Cycle.MONTH, "MeetingWorkflow")


def under(database: Database, clock: ProcessClock, later: Plan, since: datetime) -> Casework:
    """An office of plan cx, and of another plan from a moment on; its organisation is in its log."""
    book = PlanBook(load_plan("cx"), (InForce(later, since),))
    casework = open_casework(database.app_dsn, replace(office(clock), plans=lambda: book))
    reorganise(casework, office_commands())
    return casework


def test_given_a_plan_without_meetings_before_the_cut_off_then_the_month_ends_without_one(
    database: Database,
) -> None:
    clock = ProcessClock()
    casework = under(database, clock, load_plan("xf"), MONDAY + timedelta(days=7))

    async def a_month() -> str:
        async with office_at_work(casework, clock) as process:
            name = await process.begin(COMMITTEE, MARCH)
            await process.until(MONDAY + timedelta(days=31))
            handle = process.environment.client.get_workflow_handle_for(MeetingWorkflow.run, name)
            status = (await handle.describe()).status
            return status.name if status else ""

    assert asyncio.run(a_month()) == "COMPLETED"
    assert not list(casework.history(meeting_id_of(TOWNSHIP, MeetingKind.COMMITTEE, MARCH.name, "T1")))
    casework.close()
