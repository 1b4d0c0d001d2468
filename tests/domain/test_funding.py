"""Allocated within the budget, paid within what was allocated, in order (L9)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from domain.context import Context
from domain.errors import (
    AlreadySaid,
    AmountNeeded,
    BudgetBelowAllocated,
    NotFound,
    OtherTownship,
    OverAllocation,
    OverBudget,
    TrancheOutOfOrder,
    WrongStage,
)
from domain.fund.fund import (
    BudgetSet,
    Fund,
    FundingAllocated,
    PaymentMade,
    SetBudget,
    allocate,
    evolve_fund,
    fold_fund,
    fund_id_of,
    pay,
    set_budget,
)
from domain.issue.commands import AllocateFunding, CloseIssue, PayTranche, RateAnswer
from domain.issue.events import FundingGranted, TranchePaid
from domain.issue.words import Stage
from tests.support.casework import FUND_ID, START, TOWNSHIP, Case, case, command, given, office


def approved(budget: int = 100_000) -> Case:
    """An issue approved with 20,000 yuan, and a fund."""
    return case("funding").do(SetBudget, budget=budget)


# -- the budget --------------------------------------------------------------------------------------------------


def test_given_no_fund_when_the_budget_is_set_then_there_is_one() -> None:
    given("logged").when(SetBudget).then(BudgetSet)


def test_given_a_budget_when_it_rises_or_falls_above_what_is_allocated_then_it_is_set() -> None:
    for budget in (20_000, 500_000):
        given("granted").when(SetBudget, budget=budget).then(BudgetSet)


def test_given_a_budget_when_it_falls_below_what_is_allocated_then_it_is_refused() -> None:
    given("granted").when(SetBudget, budget="19999.99").refused(BudgetBelowAllocated)


def test_given_a_budget_when_set_to_the_same_then_it_is_refused() -> None:
    given("granted").when(SetBudget).refused(AlreadySaid)


def test_given_township_and_year_then_there_is_one_fund_each() -> None:
    assert fund_id_of(TOWNSHIP, 2026) == FUND_ID
    assert len({FUND_ID, fund_id_of(TOWNSHIP, 2027), fund_id_of("外山镇", 2026)}) == 3


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
    given(approved(20_000).do(SetBudget, budget="19999.99")).when(AllocateFunding).refused(OverBudget)


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


def test_given_works_when_the_next_tranche_is_paid_then_their_clock_runs_on() -> None:
    then = given("works").when(PayTranche).then(TranchePaid, PaymentMade)
    assert (then.issue.paid, then.issue.tranches) == (20_000, 2)
    assert then.event(TranchePaid).deadline is None
    assert then.issue.deadline == case("works").issue.deadline


@pytest.mark.parametrize("state", ["inspection", "reply", "feedback_after_works"])
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
    given("works").when(PayTranche, amount="10000.01").refused(OverAllocation)


def test_given_money_left_in_the_fund_for_others_when_too_much_is_paid_then_it_is_refused() -> None:
    granted = case("granted")
    fund = fold_fund(granted.streams[FUND_ID])
    assert fund is not None
    others = allocate(fund, granted.commands[-1], UUID(int=7), Decimal(50_000))
    shared = replace(granted, streams={**granted.streams, FUND_ID: (*granted.streams[FUND_ID], others)})
    given(shared).when(PayTranche, amount="20000.01").refused(OverAllocation)
    given(shared).when(PayTranche, amount="20000.00").then(TranchePaid, PaymentMade)


def test_given_a_closed_issue_when_the_rest_is_paid_then_it_is_too_late() -> None:
    closed = case("feedback_after_works").do(RateAnswer).do(CloseIssue)
    given(closed).when(PayTranche).refused(WrongStage)


@pytest.mark.parametrize("state", ["funding", "unfunded_works"])
def test_given_no_grant_when_paid_then_it_is_refused(state: str) -> None:
    given(state).when(PayTranche).refused(WrongStage)


# -- whatever comes, the budget holds ----------------------------------------------------------------------------

AMOUNTS = st.decimals(0, 1_000, places=2)


class FundMachine(RuleBasedStateMachine):
    """Budgets, allocations and payments in any order; what is refused is forgotten."""

    grants = Bundle("grants")

    @initialize()
    def start(self) -> None:
        self.fund: Fund | None = None
        self.events: list[BudgetSet | FundingAllocated | PaymentMade] = []
        asked = office()
        self.context = Context(START, asked.plan, asked.holidays, asked.directory)

    def _take(self, event: BudgetSet | FundingAllocated | PaymentMade) -> None:
        self.fund = evolve_fund(self.fund, event)
        self.events.append(event)

    @rule(budget=AMOUNTS)
    def set_budget(self, budget: Decimal) -> None:
        asked = command(SetBudget, budget=budget, key=len(self.events))
        fund = self.fund
        if fund is not None and (budget < fund.allocated or budget == fund.budget):
            with pytest.raises(BudgetBelowAllocated if budget < fund.allocated else AlreadySaid):
                set_budget(fund, asked, self.context)
        else:
            (event,) = set_budget(fund, asked, self.context)
            self._take(event)

    @rule(target=grants, amount=AMOUNTS)
    def allocate(self, amount: Decimal) -> Decimal:
        asked = command(AllocateFunding, FUND_ID, amount=amount, key=len(self.events))
        fund = self.fund or Fund(FUND_ID, 0)
        if amount > fund.budget - fund.allocated:
            with pytest.raises(OverBudget):
                allocate(fund, asked, asked.issue_id, amount)
            return Decimal(0)
        self._take(allocate(fund, asked, asked.issue_id, amount))
        return amount

    @rule(grant=grants, share=st.integers(1, 3))
    def pay(self, grant: Decimal, share: int) -> None:
        asked = command(PayTranche, FUND_ID, tranche=1, amount=grant, key=len(self.events))
        fund, amount = self.fund or Fund(FUND_ID, 0), grant * share
        if fund.paid + amount > fund.allocated:
            with pytest.raises(OverAllocation):
                pay(fund, asked, asked.issue_id, 1, amount)
        else:
            self._take(pay(fund, asked, asked.issue_id, 1, amount))

    @invariant()
    def the_budget_is_never_exceeded(self) -> None:
        fund = self.fund
        if fund is None:
            return
        assert 0 <= fund.paid <= fund.allocated <= fund.budget
        assert fund.left == fund.budget - fund.allocated
        assert fund == fold_fund(self.events)
        assert fund.version == len(self.events)


FundMachine.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, derandomize=True, deadline=None, database=None
)
TestTheBudgetHolds = FundMachine.TestCase
