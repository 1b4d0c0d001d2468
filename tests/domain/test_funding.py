"""Allocated within the budget, paid within what was allocated, as the works stand, in order (L9)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from domain.errors import (
    AlreadySaid,
    AmountNeeded,
    NotFound,
    OtherTownship,
    OverAllocation,
    OverBudget,
    TrancheOutOfOrder,
    WrongStage,
)
from domain.fund.commands import SetBudget, fund_id_of
from domain.fund.errors import EarlierPaymentWaits, NothingUnpaid, NothingUnspent, RankedAhead, TrancheTooEarly
from domain.fund.events import (
    FundingAllocated,
    Granted,
    GrantReleased,
    MoneyReturned,
    PaymentMade,
    ProjectPooled,
)
from domain.fund.moves import allocate
from domain.fund.state import fold as fold_fund
from domain.fund.words import Freed, PaymentException
from domain.issue.commands import (
    AllocateFunding,
    CancelGrant,
    CloseIssue,
    PayTranche,
    RateAnswer,
    ReportProgress,
    ReturnUnspent,
    WithdrawIssue,
)
from domain.issue.events import AnswerRated, FundingGranted, GrantCancelled, IssueReopened, TranchePaid, UnspentReturned
from domain.issue.words import Rating, Stage, Urgency
from tests.support.casework import FUND_ID, Case, case, given, office, plan_with
from tests.support.pool import fund_of, of, pool, project


def approved(budget: int | str = 100_000) -> Case:
    """An issue approved with 20,000 yuan, and a fund."""
    return case("funding").do(SetBudget, budget=budget)


# -- allocation --------------------------------------------------------------------------------------------------


def test_given_an_approved_issue_when_allocated_then_issue_and_fund_move_together() -> None:
    then = given(approved()).when(AllocateFunding).then(FundingGranted, FundingAllocated)
    assert (then.issue.granted, then.issue.fund_id, then.issue.stage) == (20_000, FUND_ID, Stage.FUNDING)
    assert then.event(FundingAllocated).issue_id == then.issue.issue_id


def test_given_less_than_approved_when_allocated_then_that_much_is_granted() -> None:
    then = given(approved()).when(AllocateFunding, amount="0.01").then(FundingGranted, FundingAllocated)
    assert then.issue.granted == Decimal("0.01")


def test_given_the_whole_budget_when_allocated_then_nothing_is_left() -> None:
    given(approved(20_000)).when(AllocateFunding).then(FundingGranted, FundingAllocated)


def test_given_a_fen_more_than_is_left_when_allocated_then_it_is_refused() -> None:
    given(approved("19999.99")).when(AllocateFunding).refused(OverBudget)


@pytest.mark.parametrize("amount", ["0", "20000.01"])
def test_given_nothing_or_more_than_approved_when_allocated_then_it_is_refused(amount: str) -> None:
    given(approved()).when(AllocateFunding, amount=amount).refused(AmountNeeded)


def test_given_a_grant_when_allocated_again_then_it_is_refused() -> None:
    given("granted").when(AllocateFunding).refused(AlreadySaid)


@pytest.mark.parametrize("state", ["logged", "tabled", "unfunded_works", "works", "reply"])
def test_given_nothing_waits_for_money_when_allocated_then_it_is_refused(state: str) -> None:
    given(state).when(AllocateFunding).refused(WrongStage)


def test_given_no_such_fund_when_allocated_then_it_is_not_found() -> None:
    given("funding").when(AllocateFunding).refused(NotFound)


def test_given_another_townships_fund_when_allocated_then_it_is_refused() -> None:
    rich = approved().do(SetBudget, township="外山镇")
    given(rich).when(AllocateFunding, fund_id=fund_id_of("外山镇", 2026)).refused(OtherTownship)


# -- payment -----------------------------------------------------------------------------------------------------


def test_given_a_grant_when_first_paid_then_the_works_begin() -> None:
    then = given("granted").when(PayTranche).then(TranchePaid, PaymentMade)
    event = then.event(TranchePaid)
    assert (then.issue.stage, then.issue.paid, then.issue.tranches) == (Stage.WORKS, 10_000, 1)
    assert event.deadline is not None
    assert (event.deadline.rule, event.progress_due_at) == ("completion", event.occurred_at + timedelta(days=30))


def test_given_works_half_done_when_the_next_tranche_is_paid_then_their_clock_runs_on() -> None:
    half_done = case("works").do(ReportProgress, percent=50)
    then = given(half_done).when(PayTranche, amount=6_000).then(TranchePaid, PaymentMade)
    assert (then.issue.paid, then.issue.tranches) == (16_000, 2)
    assert then.event(TranchePaid).deadline is None
    assert then.issue.deadline == half_done.issue.deadline


@pytest.mark.proves("L9")
@pytest.mark.parametrize(
    ("percent", "most"), [(0, "0"), (49, "0"), (50, "6000"), (100, "6000")], ids=lambda value: str(value)
)
def test_given_works_at_a_percent_when_more_than_its_share_is_paid_then_too_early(percent: int, most: str) -> None:
    life = case("works").do(ReportProgress, percent=percent)
    given(life).when(PayTranche, amount=Decimal(most) + Decimal("0.01")).refused(TrancheTooEarly)
    if Decimal(most):
        given(life).when(PayTranche, amount=most).then(TranchePaid, PaymentMade)


@pytest.mark.proves("L9")
@pytest.mark.parametrize("state", ["reply", "feedback_after_works"])
def test_given_finished_works_when_the_rest_is_paid_then_it_is_accepted(state: str) -> None:
    then = given(state).when(PayTranche).then(TranchePaid, PaymentMade)
    assert then.issue.stage is case(state).issue.stage


@pytest.mark.parametrize("tranche", [1, 3])
def test_given_a_tranche_paid_when_another_than_the_next_is_paid_then_it_is_refused(tranche: int) -> None:
    given("works").when(PayTranche, tranche=tranche).refused(TrancheOutOfOrder)


def test_given_a_grant_when_nothing_is_paid_then_it_is_refused() -> None:
    given("granted").when(PayTranche, amount=0).refused(AmountNeeded)


def test_given_a_grant_when_a_fen_too_much_is_paid_then_it_is_refused() -> None:
    given("granted").when(PayTranche, amount="20000.01").refused(OverAllocation)
    given("reply").when(PayTranche, amount="10000.01").refused(OverAllocation)


def test_given_money_left_in_the_fund_for_others_when_too_much_is_paid_then_it_is_refused() -> None:
    granted = case("granted")
    fund = fold_fund(granted.streams[FUND_ID])
    assert fund is not None
    others = allocate(fund, granted.commands[-1], Granted(issue_id=UUID(int=7), amount=Decimal(50_000)), None)
    shared = replace(granted, streams={**granted.streams, FUND_ID: (*granted.streams[FUND_ID], others)})
    given(shared).when(PayTranche, amount="20000.01").refused(OverAllocation)
    given(shared).when(PayTranche, amount="10000.00").then(TranchePaid, PaymentMade)


def test_given_a_closed_issue_when_the_rest_is_paid_then_it_is_too_late() -> None:
    closed = case("feedback_after_works").do(RateAnswer).do(CloseIssue)
    given(closed).when(PayTranche).refused(WrongStage)


@pytest.mark.parametrize("state", ["funding", "unfunded_works"])
def test_given_no_grant_when_paid_then_it_is_refused(state: str) -> None:
    given(state).when(PayTranche).refused(WrongStage)


# -- in the order of the ranking (CX7) -----------------------------------------------------------------------------

FIRST = project("first", urgency=Urgency.URGENT)
SECOND = project("second")


@pytest.mark.proves("L9", "CX7")
def test_given_an_approved_project_then_it_is_in_the_pool_until_it_is_granted_money() -> None:
    both = pool(FIRST, SECOND)
    assert list(fund_of(both).pool) == [FIRST.issue_id, SECOND.issue_id]
    granted = of(both, FIRST).do(AllocateFunding, reasons=None)
    assert list(fund_of(granted).pool) == [SECOND.issue_id]


@pytest.mark.proves("L9", "CX7")
def test_given_a_more_urgent_project_waits_when_another_is_allocated_then_it_needs_reasons() -> None:
    both = of(pool(FIRST, SECOND), SECOND)
    given(both).when(AllocateFunding, reasons=None).refused(RankedAhead)
    then = given(both).when(AllocateFunding, reasons="抢险。").then(FundingGranted, FundingAllocated)
    assert then.event(FundingGranted).reasons == "抢险。"


def test_given_the_first_in_rank_when_allocated_then_it_needs_no_reasons() -> None:
    both = of(pool(FIRST, SECOND), FIRST)
    given(both).when(AllocateFunding, reasons=None).then(FundingGranted, FundingAllocated)
    withdrawn = of(of(both, FIRST).do(WithdrawIssue), SECOND)
    given(withdrawn).when(AllocateFunding, reasons=None).then(FundingGranted, FundingAllocated)


@pytest.mark.proves("L9", "SG9")
def test_given_less_than_the_plans_least_share_when_allocated_then_it_needs_reasons() -> None:
    life = pool(project("only"))  # 20,000 approved; the plan gives half of it at least
    given(life).when(AllocateFunding, amount="9999.99", reasons=None).refused(RankedAhead)
    given(life).when(AllocateFunding, amount="9999.99").then(FundingGranted, FundingAllocated)
    given(life).when(AllocateFunding, amount=10_000, reasons=None).then(FundingGranted, FundingAllocated)


def test_given_a_village_with_its_projects_when_one_more_is_allocated_then_it_needs_reasons() -> None:
    most_one = office(plan=plan_with(funding={"per_village": {"least": 1, "most": 1}}))
    both = of(pool(FIRST, SECOND, office=most_one), FIRST).do(AllocateFunding)
    given(of(both, SECOND)).when(AllocateFunding, reasons=None).refused(RankedAhead)
    given(of(both, SECOND)).when(AllocateFunding).then(FundingGranted, FundingAllocated)


@pytest.mark.proves("L9", "CX7")
def test_given_an_earlier_project_without_its_first_payment_when_a_later_is_paid_then_it_waits() -> None:
    granted = of(of(pool(FIRST, SECOND), FIRST).do(AllocateFunding), SECOND).do(AllocateFunding)
    in_order = {"exception": None, "reasons": None}
    given(granted).when(PayTranche, **in_order).refused(EarlierPaymentWaits)
    given(granted).when(PayTranche, exception=PaymentException.EMERGENCY, reasons=None).refused(EarlierPaymentWaits)
    then = given(granted).when(PayTranche).then(TranchePaid, PaymentMade)
    paid = then.event(TranchePaid)
    assert (paid.exception, paid.exception_reasons) == (PaymentException.PAYEE_NOT_READY, "前一项目收款账户未报。")
    assert then.event(PaymentMade).exception is PaymentException.PAYEE_NOT_READY
    first_paid = of(of(granted, FIRST).do(PayTranche, **in_order), SECOND)
    assert given(first_paid).when(PayTranche).then(TranchePaid, PaymentMade).event(TranchePaid).exception is None


# -- money that goes back ------------------------------------------------------------------------------------------


@pytest.mark.proves("L9")
def test_given_works_that_cost_less_when_the_rest_is_returned_then_the_fund_has_it_again() -> None:
    then = given("unspent").when(ReturnUnspent).then(UnspentReturned, MoneyReturned)
    fund = fund_of(then.case)
    assert (fund.paid, fund.allocated, fund.left, fund.returned) == (9_500, 19_500, 180_500, 500)
    given(then.case).when(ReturnUnspent, amount="0.01").refused(NothingUnspent)


@pytest.mark.parametrize(("state", "amount"), [("unspent", "500.01"), ("unspent", "0"), ("works", "1"), ("reply", "1")])
def test_given_nothing_or_less_unspent_when_returned_then_it_is_refused(state: str, amount: str) -> None:
    given(state).when(ReturnUnspent, amount=amount).refused(NothingUnspent)


@pytest.mark.proves("L9", "L11")
def test_given_a_project_partly_paid_when_it_reopens_then_the_unpaid_part_goes_back() -> None:
    when = given("unspent").when(RateAnswer, rating=Rating.DISSATISFIED)
    then = when.then(AnswerRated, IssueReopened, GrantReleased)
    assert then.event(GrantReleased).why is Freed.REOPENED
    assert (fund_of(then.case).allocated, fund_of(then.case).paid) == (10_000, 10_000)
    assert (then.issue.granted, then.issue.unspent_before) == (0, 500)
    again = given(then.case).when(ReturnUnspent).then(UnspentReturned, MoneyReturned)
    assert (again.issue.unspent_before, fund_of(again.case).left) == (0, 190_500)


@pytest.mark.proves("L9")
def test_given_a_grant_when_cancelled_before_any_payment_then_the_project_waits_in_the_pool_again() -> None:
    then = given("granted").when(CancelGrant).then(GrantCancelled, GrantReleased, ProjectPooled)
    assert (then.issue.granted, then.issue.stage) == (0, Stage.FUNDING)
    assert list(fund_of(then.case).pool) == [then.issue.issue_id]
    given(then.case).when(AllocateFunding).then(FundingGranted, FundingAllocated)


def test_given_finished_works_when_the_unpaid_rest_is_cancelled_then_it_is_free_once() -> None:
    then = given("unspent").when(CancelGrant).then(GrantCancelled, GrantReleased)
    assert (then.issue.granted, fund_of(then.case).allocated) == (10_000, 10_000)
    given(then.case).when(CancelGrant).refused(NothingUnpaid)


@pytest.mark.parametrize("state", ["works", "inspection", "logged"])
def test_given_works_under_way_when_the_grant_is_cancelled_then_it_is_refused(state: str) -> None:
    given(state).when(CancelGrant).refused(WrongStage)
