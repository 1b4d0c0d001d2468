"""The register of funded projects: what was approved, granted, paid, spent and given back, and what the form shows."""

from datetime import date
from decimal import Decimal

import pytest

from domain.issue import commands as c
from domain.issue.words import Rating, Stage, Urgency
from domain.values import LOCAL_ZONE
from projections.fund_register import FUND_REGISTER, ProjectRow, funded_by_village, projects
from projections.pages import WHOLE
from projections.registry import PROJECTIONS
from services.exports.project_form import PROJECTS
from tests.projections.ledger import Log, taken_in
from tests.support.casework import Case, case
from tests.support.pool import fund_of, of, pool, project

pytestmark = pytest.mark.proves("CX14", "CX8")


def row_of(life: Case) -> ProjectRow:
    """The row of the case's issue."""
    row = taken_in(FUND_REGISTER, life.events)[life.issue_id]
    assert isinstance(row, ProjectRow)
    return row


def test_given_a_project_through_its_works_then_the_row_tells_each_amount_and_day() -> None:
    row = row_of(case("unspent").do(c.ReturnUnspent))
    assert (row.budget, row.asked, row.approved, row.granted) == (50_000, 30_000, 20_000, 20_000)
    assert (row.tranches, row.paid, row.spent, row.returned) == (1, 10_000, 9_500, 500)
    assert (row.percent, row.expected, row.stage) == (100, date(2026, 9, 30), Stage.FEEDBACK)
    assert row.payments == "2026-03-31 10000.00"
    assert None not in (row.approved_at, row.meeting_id, row.started_at, row.completed_at, row.accepted_at)


def test_given_a_missed_report_and_rework_then_the_row_shows_them() -> None:
    works = case("works")
    missed = works.do(c.RecordMissedReport, at=works.issue.progress_due_at)
    assert row_of(missed).missed_reports == 1
    rework = row_of(case("inspection").do(c.OrderRework))
    assert (rework.percent, rework.completed_at) == (99, None)


def test_given_an_issue_that_reopened_then_the_row_is_of_its_next_project() -> None:
    row = row_of(case("unspent").do(c.RateAnswer, rating=Rating.DISSATISFIED))
    assert (row.approved_at, row.granted, row.paid, row.earlier) == (None, 0, 0, 1)
    assert row_of(case("dissatisfied")).earlier == 0


@pytest.mark.parametrize("state", ["granted", "works", "reported", "inspection", "unspent"])
def test_given_any_project_then_the_row_has_what_issue_and_fund_have(state: str) -> None:
    life = case(state)
    row, grant = row_of(life), fund_of(life).grants[life.issue_id]
    assert (row.granted, row.paid, row.spent, row.percent) == (
        life.issue.granted, life.issue.paid, life.issue.spent, life.issue.percent,
    )  # fmt: skip
    assert (row.granted, row.paid) == (grant.amount, grant.paid)


def test_given_a_log_then_the_form_lists_approved_projects_in_order_with_their_columns(log: Log) -> None:
    first, second = project("a", urgency=Urgency.URGENT), project("b", village="LX", days=31, approved="12000.50")
    life = of(of(pool(first, second), first).do(c.AllocateFunding), first).do(c.PayTranche)
    log.settle()
    log.append(life, case("logged", key="no project"))
    log.fill(*PROJECTIONS)
    lines = projects(log.connection, {**WHOLE, "period": "2026"})
    assert [line.issue_id for line in lines] == [first.issue_id, second.issue_id]
    assert [line.approved for line in lines] == [Decimal(20_000), Decimal("12000.50")]
    assert projects(log.connection, {**WHOLE, "period": "2025"}) == []
    (only,) = projects(log.connection, {**WHOLE, "village": "LX"})
    cells = dict(zip(PROJECTS.columns, PROJECTS.row(only), strict=True))
    assert (cells["村(社区)"], cells["批准补贴"], cells["紧急程度"]) == ("柳溪社区", "12000.50", "一般")
    shown = dict(zip(PROJECTS.columns, PROJECTS.row(lines[0]), strict=True))
    assert (
        shown["已拨付(次数、金额、日期)"] == f"1 次，10000.00 元\n{life.now.astimezone(LOCAL_ZONE):%Y-%m-%d} 10000.00"
    )
    assert funded_by_village(log.connection, 2026) == {"QS": 1}
