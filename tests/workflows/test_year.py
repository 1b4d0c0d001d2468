"""A year of issues that nobody touches: what the process does by itself, and exactly when it says that it happened."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.casework import Casework
from domain.events import DomainEvent
from domain.issue.words import Stage, Tier
from domain.values import Role
from services.bootstrap import open_casework
from tests.support.casework import Case, case, office
from tests.support.postgres import DatabaseServer
from tests.support.vault import opened
from tests.workflows.process import MONDAY, ProcessClock, happened, office_at_work

LEFT_ALONE = [
    ("logged", "03-03 09:00:00"),
    ("deadline_reminded", "03-05 09:00:00"),
    ("deadline_missed", "03-06 23:59:59"),
    ("supervision_notice_sent", "03-06 23:59:59"),
    ("escalated", "03-10 23:59:59"),
    ("deadline_reminded", "03-14 09:00:00"),
    ("deadline_missed", "03-17 23:59:59"),
    ("supervision_notice_sent", "03-17 23:59:59"),
    ("supervision_notice_sent", "04-01 23:59:59"),
    ("supervision_notice_sent", "04-16 23:59:59"),
    ("supervision_notice_sent", "05-01 23:59:59"),
    ("supervision_notice_sent", "05-16 23:59:59"),
    ("supervision_notice_sent", "05-31 23:59:59"),
]
SILENT = [
    ("logged", "03-03 09:00:00"),
    ("fixed_on_site", "03-03 10:00:00"),
    ("reply_given", "03-03 11:00:00"),
    ("household_silent", "03-18 23:59:59"),
    ("closed", "03-18 23:59:59"),
    ("deadline_reminded", "04-22 09:00:00"),
    ("deadline_missed", "05-06 23:59:59"),  # due on 29 April, unless the notice of 2031 makes Labour Day long
    ("supervision_notice_sent", "05-06 23:59:59"),
    ("supervision_notice_sent", "05-21 23:59:59"),
    ("supervision_notice_sent", "06-05 23:59:59"),
    ("supervision_notice_sent", "06-20 23:59:59"),
    ("supervision_notice_sent", "07-05 23:59:59"),
    ("supervision_notice_sent", "07-20 23:59:59"),
]
YEAR = timedelta(days=365)


def test_given_an_issue_nobody_touches_when_a_year_passes_then_it_is_reminded_missed_escalated_and_supervised(
    casework: Casework, clock: ProcessClock
) -> None:
    life = case("logged", at=MONDAY)

    async def a_year() -> None:
        async with office_at_work(casework, clock) as process:
            await process.live(life)
            await process.until(MONDAY + YEAR)

    asyncio.run(a_year())

    events = list(casework.history(life.issue_id))
    assert happened(events) == LEFT_ALONE
    assert {event.actor.role for event in events[1:]} == {Role.PROCESS}
    issue = casework.issue(life.issue_id)
    assert issue is not None
    assert (issue.stage, issue.tier, issue.notices) == (Stage.ESCALATED, Tier.TOWNSHIP, 6)


def test_given_a_reply_nobody_answers_when_a_year_passes_then_silence_closes_it_and_the_look_back_is_missed(
    casework: Casework, clock: ProcessClock
) -> None:
    life = case("feedback", at=MONDAY)

    async def a_year() -> None:
        async with office_at_work(casework, clock) as process:
            await process.live(life)
            await process.until(MONDAY + YEAR)

    asyncio.run(a_year())

    assert happened(casework.history(life.issue_id)) == SILENT
    issue = casework.issue(life.issue_id)
    assert issue is not None
    assert issue.stage is Stage.CLOSED


@pytest.mark.parametrize("state", ["logged", "feedback", "at_department", "works"])
def test_given_a_workflow_started_forty_days_late_when_the_year_is_over_then_not_a_field_differs(
    database_server: DatabaseServer, state: str
) -> None:
    life = case(state, at=MONDAY)

    in_time, late, spread = (
        _a_year_of(life, database_server, since=since, spread=spread)
        for since, spread in ((life.now, 0), (life.now + timedelta(days=40), 0), (life.now, 1800))
    )

    assert len(in_time) > len(life.events) + 5
    assert late == in_time
    assert spread == in_time


def _a_year_of(life: Case, server: DatabaseServer, *, since: datetime, spread: int) -> list[dict[str, Any]]:
    """What the log has after a year if the workflow starts at `since`, each event with all its fields."""
    clock, database = ProcessClock(), server.migrated_database()
    casework = open_casework(database.app_dsn, office(clock))

    async def a_year() -> list[DomainEvent]:
        async with office_at_work(casework, clock, since=since, spread=spread) as process:
            await process.live(life)
            await process.until(MONDAY + YEAR)
            return process.events(life.issue_id)

    try:
        return [{"topic": event.TOPIC, **opened(event).model_dump()} for event in asyncio.run(a_year())]
    finally:
        casework.close()
        server.drop(database)
