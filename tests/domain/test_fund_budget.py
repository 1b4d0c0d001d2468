"""A fund's budget: set once, adjusted with a document by two people, never below what is allocated (L9)."""

import pytest

from domain.errors import AlreadySaid, AmountNeeded, BudgetBelowAllocated, RoleNotAllowed, SamePerson
from domain.fund.commands import (
    AdjustBudget,
    ConfirmAdjustment,
    FundCommand,
    ProposeRound,
    RefuseAdjustment,
    SetBudget,
    fund_id_of,
)
from domain.fund.errors import AdjustmentWaits, BudgetAlreadySet, BudgetNotSet, NoAdjustment, NoFundingPlan
from domain.fund.events import AdjustmentProposed, AdjustmentRefused, BudgetAdjusted, BudgetSet
from domain.fund.words import Direction
from domain.issue.commands import AllocateFunding
from domain.plan import Plan, load_plan
from tests.support.casework import FUND_ID, TOWNSHIP, case, given, office, plan_with
from tests.support.pool import fund_of

pytestmark = pytest.mark.proves("L9")


def without_funding() -> Plan:
    """A plan that asks for no rounds."""
    return load_plan("cx").model_copy(update={"funding": None})


def test_given_no_fund_when_the_budget_is_set_then_there_is_one() -> None:
    then = given("logged").when(SetBudget).then(BudgetSet)
    assert fund_of(then.case).left == 200_000


def test_given_a_budget_when_set_again_then_it_wants_an_adjustment() -> None:
    given("granted").when(SetBudget, budget=500_000).refused(BudgetAlreadySet)


def test_given_a_plan_without_rounds_when_the_budget_is_set_again_then_not_below_what_is_allocated() -> None:
    life = case("granted", office=office(plan=without_funding()))
    given(life).when(SetBudget, budget=20_000).then(BudgetSet)
    given(life).when(SetBudget, budget="19999.99").refused(BudgetBelowAllocated)
    given(life).when(SetBudget).refused(AlreadySaid)
    given(life).when(AdjustBudget).refused(NoFundingPlan)
    given(life).when(ProposeRound).refused(NoFundingPlan)


def test_given_an_adjustment_when_another_person_confirms_then_the_budget_changes() -> None:
    proposed = given("granted").when(AdjustBudget).then(AdjustmentProposed)
    assert fund_of(proposed.case).budget == 200_000
    given(proposed.case).when(AdjustBudget, amount=1).refused(AdjustmentWaits)
    given(proposed.case).when(ConfirmAdjustment, by="finance").refused(SamePerson)
    confirmed = given(proposed.case).when(ConfirmAdjustment).then(BudgetAdjusted)
    event = confirmed.event(BudgetAdjusted)
    assert (event.budget, event.document) == (230_000, "云财〔2026〕8号")
    assert fund_of(confirmed.case).budget == 230_000
    given(confirmed.case).when(ConfirmAdjustment).refused(NoAdjustment)


def test_given_an_adjustment_when_refused_then_nothing_changes_and_another_can_be_proposed() -> None:
    refused = given(case("granted").do(AdjustBudget)).when(RefuseAdjustment).then(AdjustmentRefused)
    assert fund_of(refused.case).budget == 200_000
    given(refused.case).when(AdjustBudget, amount=1).then(AdjustmentProposed)
    given(refused.case).when(RefuseAdjustment).refused(NoAdjustment)


def test_given_a_plan_that_wants_one_person_when_adjusted_then_it_counts_at_once() -> None:
    life = case("granted", office=office(plan=plan_with(funding={"adjusted_by_two": False})))
    given(life).when(AdjustBudget, direction=Direction.DOWN, amount=180_000).then(BudgetAdjusted)
    given(life).when(AdjustBudget, direction=Direction.DOWN, amount="180000.01").refused(BudgetBelowAllocated)
    given(life).when(AdjustBudget, amount=0).refused(AmountNeeded)


def test_given_money_allocated_meanwhile_when_a_cut_is_confirmed_then_it_no_longer_fits() -> None:
    cut = case("funding").do(SetBudget, budget=20_000).do(AdjustBudget, direction=Direction.DOWN, amount=1)
    allocated = cut.do(AllocateFunding)
    given(allocated).when(ConfirmAdjustment).refused(BudgetBelowAllocated)


@pytest.mark.parametrize("kind", [AdjustBudget, ProposeRound])
def test_given_no_budget_when_something_is_asked_of_the_fund_then_it_is_refused(kind: type[FundCommand]) -> None:
    given("funding").when(kind).refused(BudgetNotSet)


@pytest.mark.parametrize("by", ["committee", "handler", "lead"])
def test_given_anybody_but_finance_when_they_adjust_then_it_is_refused(by: str) -> None:
    given("granted").when(AdjustBudget, by=by).refused(RoleNotAllowed)


def test_given_township_and_year_then_there_is_one_fund_each() -> None:
    assert fund_id_of(TOWNSHIP, 2026) == FUND_ID
    assert len({FUND_ID, fund_id_of(TOWNSHIP, 2027), fund_id_of("外山镇", 2026)}) == 3
