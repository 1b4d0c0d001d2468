"""Progress reported or missed, works completed, accepted or done again (L10)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from pydantic import ValidationError

from domain.errors import NoDeadline, NotDueYet, ProgressBackwards, SamePerson, WrongStage
from domain.issue.commands import AcceptWorks, CompleteWorks, OrderRework, RecordMissedReport, ReportProgress
from domain.issue.errors import CostOverrun, SpentBeyondPaid
from domain.issue.events import (
    ProgressReported,
    ProgressReportMissed,
    ReworkOrdered,
    WorksAccepted,
    WorksCompleted,
)
from domain.issue.words import Stage
from tests.support.casework import PHOTO, case, given

# -- progress ----------------------------------------------------------------------------------------------------


@pytest.mark.proves("L10")
def test_given_works_when_reported_then_percent_and_money_are_kept_and_the_next_report_is_due() -> None:
    then = given("works").when(ReportProgress).then(ProgressReported)
    event = then.event(ProgressReported)
    assert (event.percent, event.spent, event.photos) == (40, Decimal(8_000), (PHOTO,))
    assert event.progress_due_at == event.occurred_at + timedelta(days=30)
    assert (then.issue.percent, then.issue.spent) == (40, 8_000)
    assert then.issue.progress_due_at == event.progress_due_at


def test_given_the_same_figures_when_reported_again_then_it_is_a_report_too() -> None:
    given("reported").when(ReportProgress).then(ProgressReported)


@pytest.mark.parametrize(("percent", "spent"), [(39, "8000"), (40, "7999.99")], ids=["percent", "spent"])
def test_given_figures_that_go_backwards_when_reported_then_it_is_refused(percent: int, spent: str) -> None:
    given("reported").when(ReportProgress, percent=percent, spent=spent).refused(ProgressBackwards)


@pytest.mark.parametrize("percent", [-1, 101])
def test_given_no_percentage_when_reported_then_it_is_no_command(percent: int) -> None:
    with pytest.raises(ValidationError, match="percent"):
        case("works").command(ReportProgress, percent=percent)


def test_given_no_works_when_reported_then_it_is_refused() -> None:
    given("granted").when(ReportProgress).refused(WrongStage)


# -- missed reports ----------------------------------------------------------------------------------------------


@pytest.mark.proves("L10")
def test_given_no_report_when_it_is_due_then_the_miss_shows_and_the_next_is_due_a_period_later() -> None:
    due_at = case("works").issue.progress_due_at
    assert due_at is not None
    then = given("works").when(RecordMissedReport, at=due_at).then(ProgressReportMissed)
    assert then.event(ProgressReportMissed).due_at == due_at
    assert then.issue.progress_due_at == due_at + timedelta(days=30)


def test_given_no_works_when_a_report_is_missed_then_it_is_refused() -> None:
    given("inspection").when(RecordMissedReport).refused(WrongStage)


def test_given_a_second_left_when_missed_then_it_is_not_due() -> None:
    due_at = case("works").issue.progress_due_at
    assert due_at is not None
    given("works").when(RecordMissedReport, at=due_at - timedelta(seconds=1)).refused(NotDueYet)


def test_given_a_report_came_meanwhile_when_missed_then_it_is_refused() -> None:
    due_at = case("works").issue.progress_due_at
    given("reported").when(RecordMissedReport, at=due_at, due_at=due_at).refused(NoDeadline)


def test_given_the_same_miss_recorded_when_missed_again_then_it_is_refused() -> None:
    due_at = case("works").issue.progress_due_at
    missed = case("works").do(RecordMissedReport, at=due_at)
    given(missed).when(RecordMissedReport, at=due_at, due_at=due_at).refused(NoDeadline)


# -- completed, accepted, done again -----------------------------------------------------------------------------


def test_given_works_when_completed_then_somebody_else_looks_at_them_by_a_date() -> None:
    then = given("reported").when(CompleteWorks).then(WorksCompleted)
    assert (then.issue.stage, then.issue.percent, then.issue.spent) == (Stage.INSPECTION, 100, Decimal(19_500))
    assert then.issue.progress_due_at is None
    assert then.event(WorksCompleted).deadline.rule == "inspection"


@pytest.mark.proves("L10", "CX8")
@pytest.mark.parametrize(("kind", "more"), [(ReportProgress, {"percent": 90}), (CompleteWorks, {})])
def test_given_spending_that_does_not_fit_then_each_reason_has_its_own_refusal(
    kind: type[ReportProgress | CompleteWorks], more: dict[str, int]
) -> None:
    """Of 50,000 the fund grants 20,000 and has paid 10,000: 30,000 are the office's own."""
    given("reported").when(kind, spent="7999.99", **more).refused(ProgressBackwards)
    given("reported").when(kind, spent="50000.01", **more).refused(CostOverrun)
    given("reported").when(kind, spent="40000.01", **more).refused(SpentBeyondPaid)
    assert case("reported").do(kind, spent="40000.00", **more).issue.spent == 40_000
    assert case("unfunded_works").do(kind, spent="50000.00", **more).issue.spent == 50_000


def test_given_completed_works_when_completed_again_then_it_is_refused() -> None:
    given("inspection").when(CompleteWorks).refused(WrongStage)


@pytest.mark.proves("L10")
def test_given_somebody_who_did_no_work_when_accepted_then_the_household_is_owed_its_answer() -> None:
    then = given("inspection").when(AcceptWorks).then(WorksAccepted)
    assert (then.issue.stage, then.event(WorksAccepted).deadline.rule) == (Stage.REPLY, "reply")


@pytest.mark.proves("L10")
def test_given_whoever_completed_it_when_accepted_then_it_is_refused() -> None:
    given("inspection").when(AcceptWorks, by="handler").refused(SamePerson)


def test_given_whoever_once_reported_progress_when_accepted_then_it_is_refused() -> None:
    worked = case("works").do(ReportProgress, by="handler2").do(CompleteWorks, by="handler")
    given(worked).when(AcceptWorks, by="handler2").refused(SamePerson)


def test_given_accepted_works_when_accepted_again_then_it_is_refused() -> None:
    given("reply").when(AcceptWorks).refused(WrongStage)


@pytest.mark.proves("L10")
def test_given_a_fault_when_rework_is_ordered_then_the_works_go_on() -> None:
    then = given("inspection").when(OrderRework).then(ReworkOrdered)
    event = then.event(ReworkOrdered)
    assert (then.issue.stage, then.issue.percent, event.deadline.rule) == (Stage.WORKS, 99, "completion")
    assert then.issue.progress_due_at == event.occurred_at + timedelta(days=30)


def test_given_whoever_completed_it_when_rework_is_ordered_then_it_is_refused() -> None:
    given("inspection").when(OrderRework, by="handler").refused(SamePerson)


def test_given_rework_ordered_when_ordered_again_then_it_is_refused() -> None:
    given(case("inspection").do(OrderRework)).when(OrderRework).refused(WrongStage)


def test_given_rework_done_when_completed_then_whoever_did_either_cannot_accept_it() -> None:
    twice = case("inspection").do(OrderRework).do(CompleteWorks, by="handler2")
    for worker in ("handler", "handler2"):
        given(twice).when(AcceptWorks, by=worker).refused(SamePerson)
    given(twice).when(AcceptWorks).then(WorksAccepted)
