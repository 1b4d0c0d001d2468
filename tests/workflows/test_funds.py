"""A funded project's year: approved, a round, tranches, a missed report, accepted, the rest returned, closed."""

import asyncio
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.casework import Casework
from domain.commands import Command
from domain.fund import commands as f
from domain.fund.state import Fund, fold
from domain.issue import commands as c
from domain.issue.words import Stage
from domain.organisation.together import reorganise
from domain.periods import Cycle, Period
from domain.plan import load_plan
from domain.values import LOCAL_ZONE
from tests.support.casework import PEOPLE, TOWNSHIP, FakeDirectory, case
from tests.support.commands import command
from tests.support.office import office_commands
from tests.workflows.process import MONDAY, QUEUE, Process, ProcessClock, happened, office_at_work
from workflows.funding import FundWorkflow, funds_wanted
from workflows.schedules import Recurring

pytestmark = pytest.mark.proves("L9", "CX7")
FUNDS = Recurring("fund", "T1", Cycle.MONTH, "FundWorkflow")
YEAR = {"township": TOWNSHIP, "year": 2031}


@pytest.fixture
def casework(casework: Casework) -> Casework:
    """With the organisation in its log, as the process reads it there."""
    reorganise(casework, office_commands())
    return casework


def at(month: int, day: int, hour: int = 9, year: int = 2031) -> datetime:
    return datetime(year, month, day, hour, tzinfo=LOCAL_ZONE)


async def begin(process: Process, month: int, year: int = 2031, again: str = "") -> None:
    """The calendar starts the month's workflow."""
    period = Period(date(year, month, 1), Cycle.MONTH)
    await process.environment.client.start_workflow(
        FundWorkflow.run, FUNDS.turn(period), id=FUNDS.workflow_id(period) + again, task_queue=QUEUE
    )


async def do(process: Process, kind: type[Command], moment: datetime, by: str, **fields: Any) -> None:
    """Time passes, and somebody acts."""
    await process.until(moment)
    await process.do(kind(command_id=uuid4(), actor=PEOPLE[by], occurred_at=moment, **fields))


def fund_of(casework: Casework, year: int = 2031) -> Fund:
    fund = fold(casework.history(f.fund_id_of(TOWNSHIP, year)))
    assert fund is not None
    return fund


async def works(process: Process, issue: UUID) -> None:
    """From the first payment to the strike-off, with one monthly report missed."""
    on: dict[str, Any] = {"issue_id": issue}
    await do(process, c.PayTranche, at(6, 13), "finance", tranche=1, amount=10_000, **on)
    await do(process, c.ReportProgress, at(7, 20), "handler", percent=60, spent=8_000, **on)
    await do(process, c.PayTranche, at(7, 21), "finance", tranche=2, amount=6_000, **on)
    await do(process, c.CompleteWorks, at(8, 10), "handler", summary="完工。", spent=15_500, **on)
    await do(process, c.AcceptWorks, at(8, 12), "lead", findings="符合要求。", **on)
    await do(process, c.GiveReply, at(8, 13), "handler", findings="属实。", opinion="已修好。", **on)
    await do(process, c.ReturnUnspent, at(8, 14), "finance", amount=500, **on)
    await do(process, c.CancelGrant, at(8, 14), "committee", reasons="工程已结算。", **on)


@pytest.mark.proves("L10", "CX8", "SG9")
def test_given_a_funded_project_when_its_year_passes_then_each_step_comes_and_the_year_closes(
    casework: Casework, clock: ProcessClock
) -> None:
    first, second = (case("funding", at=MONDAY, key=key) for key in ("first", "second"))

    async def a_year() -> None:
        async with office_at_work(casework, clock) as process:
            await process.live(first, second)
            await process.do(command(f.SetBudget, at=process.clock.now, year=2031, budget=60_000))
            await begin(process, 6)
            await process.until(at(6, 11))
            waits = fund_of(casework).proposed
            assert waits is not None
            assert [line.amount for line in waits.lines] == [20_000, 20_000]
            await do(process, f.ConfirmRound, at(6, 12), "committee", round=1, **YEAR)
            await works(process, next(iter(fund_of(casework).grants)))
            await begin(process, 1, 2032)
            await process.until(at(1, 20, year=2032))

    asyncio.run(a_year())

    project = next(it for it in (first, second) if it.issue_id == waits_first(casework))
    told = [name for name, _ in happened(list(casework.history(project.issue_id)))]
    assert told.count("progress_report_missed") == 1
    closed, opened = fund_of(casework), fund_of(casework, 2032)
    assert (closed.paid, closed.returned, closed.budget, closed.is_closed) == (15_500, 500, 15_500, True)
    assert (opened.allocated, opened.left) == (20_000, 60_000 - 15_500 - 20_000)
    (event,) = (it for it in casework.history(f.fund_id_of(TOWNSHIP, 2031)) if it.TOPIC == "fund.year_closed")
    assert event.occurred_at == at(1, 15, 8, year=2032)
    issue = casework.issue(project.issue_id)
    assert issue is not None
    assert issue.stage in (Stage.FEEDBACK, Stage.CLOSED)


def waits_first(casework: Casework) -> UUID:
    """The project that was paid."""
    paid = (it for it in casework.history(f.fund_id_of(TOWNSHIP, 2031)) if it.TOPIC == "fund.payment_made")
    return next(paid).issue_id  # type: ignore[attr-defined]


def test_given_a_committee_that_lets_the_day_pass_then_it_shows_once_however_often_and_late_it_is_started(
    casework: Casework, clock: ProcessClock
) -> None:
    life = case("funding", at=MONDAY)

    async def late() -> None:
        async with office_at_work(casework, clock, since=at(6, 20)) as process:
            await process.live(life)
            await process.do(command(f.SetBudget, at=at(6, 1), year=2031))
            await begin(process, 6)
            await begin(process, 6, again=" again")
            await process.until(at(7, 2))
            await begin(process, 7)
            await process.until(at(7, 20))

    asyncio.run(late())

    of_process = [it for it in casework.history(f.fund_id_of(TOWNSHIP, 2031)) if it.actor.user == "process"]
    assert [(it.TOPIC, it.occurred_at) for it in of_process] == [
        ("fund.round_proposed", at(6, 10, 8)),
        ("fund.round_overdue", at(6, 25, 8)),
    ]


def test_given_the_organisation_then_each_township_whose_plan_has_rounds_wants_its_fund() -> None:
    organisation = FakeDirectory().organisation
    assert [it.place for it in funds_wanted(organisation, load_plan("cx"))] == ["T1", "T2"]
    assert [it.place for it in funds_wanted(organisation, load_plan("ll"))] == []
