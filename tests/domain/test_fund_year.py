"""The end of a fiscal year: what is promised is carried over, the rest moves or lapses, nothing is lost (L9)."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from domain.errors import NotDueYet
from domain.fund.commands import CloseFiscalYear, ConfirmRound, ProposeRound, SetBudget, fund_id_of
from domain.fund.errors import BudgetAlreadySet, BudgetNotSet, FiscalYearIsClosed, NothingUnspent
from domain.fund.events import BudgetSet, FiscalYearClosed, FundCarriedOver, MoneyReturned, PaymentMade
from domain.fund.words import Rest
from domain.issue.commands import AllocateFunding, PayTranche, ReportProgress, ReturnUnspent
from domain.issue.events import TranchePaid, UnspentReturned
from domain.issue.words import Urgency
from domain.values import LOCAL_ZONE
from tests.support.casework import TOWNSHIP, Case, case, given, office, plan_with
from tests.support.pool import fund_of, of, pool, project

pytestmark = pytest.mark.proves("L9")
NEW_YEAR = datetime(2027, 1, 1, tzinfo=LOCAL_ZONE)
CLOSING = datetime(2027, 1, 15, 9, tzinfo=LOCAL_ZONE)
NEXT = fund_id_of(TOWNSHIP, 2027)
PAID = project("paid", urgency=Urgency.URGENT)
PROMISED = project("promised", days=1)
WAITING = project("waiting", days=2)


def december(rest: Rest = Rest.MOVES) -> Case:
    """Of 60,000: one project half paid, one promised, one waiting in the pool."""
    end = {"month": 1, "day": 15, "rest": rest}
    life = pool(PAID, PROMISED, WAITING, office=office(plan=plan_with(funding={"year_end": end})), budget=60_000)
    life = of(life, PAID).do(AllocateFunding, reasons=None)
    life = of(life, PROMISED).do(AllocateFunding, reasons=None)
    return of(life, PAID).do(PayTranche)


def test_given_the_year_is_not_over_when_closed_then_it_is_too_early() -> None:
    given(december()).when(CloseFiscalYear, at=NEW_YEAR - timedelta(seconds=1)).refused(NotDueYet)
    given(december()).when(CloseFiscalYear, at=NEW_YEAR).then(FiscalYearClosed, FundCarriedOver)


@pytest.mark.parametrize(("rest", "moved", "lapsed"), [(Rest.MOVES, 20_000, 0), (Rest.LAPSES, 0, 20_000)])
def test_given_a_closed_year_then_every_yuan_is_paid_carried_moved_or_lapsed(
    rest: Rest, moved: int, lapsed: int
) -> None:
    then = given(december(rest)).when(CloseFiscalYear, at=CLOSING).then(FiscalYearClosed, FundCarriedOver)
    closed = then.event(FiscalYearClosed)
    carried = sum(it.amount for it in closed.carried)
    assert (closed.paid, carried, closed.moved, closed.lapsed) == (10_000, 30_000, moved, lapsed)
    old, new = fund_of(then.case), fund_of(then.case, NEXT)
    assert old.budget == old.allocated == old.paid == closed.paid
    assert closed.paid + carried + moved + lapsed == 60_000
    assert (new.budget, new.allocated, new.left) == (30_000 + moved, 30_000, moved)
    assert list(new.pool) == [WAITING.issue_id]


def test_given_a_closed_year_when_anything_is_asked_of_it_then_it_is_refused() -> None:
    closed = december().do(CloseFiscalYear, at=CLOSING)
    given(closed).when(CloseFiscalYear).refused(FiscalYearIsClosed)
    given(closed).when(SetBudget).refused(FiscalYearIsClosed)
    given(of(closed, WAITING)).when(AllocateFunding).refused(FiscalYearIsClosed)


def test_given_a_grant_carried_over_when_paid_then_the_new_year_pays() -> None:
    closed = of(december().do(CloseFiscalYear, at=CLOSING), PROMISED)
    paid = closed.do(PayTranche, exception=None, reasons=None)
    assert isinstance(paid.streams[NEXT][-1], PaymentMade)
    assert (fund_of(paid).paid, fund_of(paid, NEXT).paid) == (10_000, 10_000)


def test_given_money_carried_over_when_the_new_budget_is_set_then_both_can_be_given_in_a_round() -> None:
    closed = december().do(CloseFiscalYear, at=CLOSING)
    opened = given(closed).when(SetBudget, year=2027, budget=5_000).then(BudgetSet).case
    given(opened).when(SetBudget, year=2027, budget=6_000).refused(BudgetAlreadySet)
    assert fund_of(opened, NEXT).left == 25_000
    confirmed = opened.do(ProposeRound, year=2027).do(ConfirmRound, year=2027)
    assert of(confirmed, WAITING).issue.granted == 20_000
    assert fund_of(confirmed, NEXT).left == 5_000


def test_given_a_budget_set_before_the_old_year_is_closed_then_both_add_up() -> None:
    early = december().do(SetBudget, year=2027, budget=5_000, at=NEW_YEAR)
    closed = early.do(CloseFiscalYear, at=CLOSING)
    assert (fund_of(closed, NEXT).budget, fund_of(closed, NEXT).left) == (55_000, 25_000)


@pytest.mark.parametrize(("rest", "left"), [(Rest.MOVES, 500), (Rest.LAPSES, 0)])
def test_given_money_of_a_closed_year_when_returned_then_it_goes_where_that_years_rest_went(
    rest: Rest, left: int
) -> None:
    end = {"month": 1, "day": 15, "rest": rest}
    paid_up = case("unspent", office=office(plan=plan_with(funding={"year_end": end}))).do(PayTranche)
    closed = paid_up.do(CloseFiscalYear, at=CLOSING)
    before = fund_of(closed, NEXT).left
    then = given(closed).when(ReturnUnspent, amount=500).then(UnspentReturned, MoneyReturned)
    assert fund_of(then.case, NEXT).left - before == left
    assert fund_of(then.case).paid == 20_000
    given(then.case).when(ReturnUnspent, amount="10000.01").refused(NothingUnspent)


def test_given_works_that_go_on_into_the_next_year_then_their_shares_are_paid_there() -> None:
    closed = of(december().do(CloseFiscalYear, at=CLOSING), PAID).do(ReportProgress, percent=50)
    then = given(closed).when(PayTranche, amount=6_000).then(TranchePaid, PaymentMade)
    assert fund_of(then.case, NEXT).grants[PAID.issue_id].unpaid == Decimal(4_000)


def test_given_a_year_without_a_budget_when_closed_then_its_pool_waits_in_the_next_one() -> None:
    closed = pool(WAITING, budget=None).do(CloseFiscalYear, at=CLOSING)
    assert list(fund_of(closed, NEXT).pool) == [WAITING.issue_id]
    funded = closed.do(SetBudget, year=2027, budget=20_000).do(ProposeRound, year=2027).do(ConfirmRound, year=2027)
    assert of(funded, WAITING).issue.granted == 20_000


def test_given_neither_budget_nor_project_when_closed_then_it_is_refused() -> None:
    given(december()).when(CloseFiscalYear, year=2025, at=CLOSING).refused(BudgetNotSet)


def test_given_the_next_year_was_closed_first_then_the_one_after_it_gets_what_is_left() -> None:
    newer = december().do(SetBudget, year=2027, budget=5_000, at=NEW_YEAR)
    newer = newer.do(CloseFiscalYear, year=2027, at=CLOSING.replace(year=2028))
    closed = newer.do(CloseFiscalYear, at=CLOSING.replace(year=2028, day=16))
    after = fund_of(closed, fund_id_of(TOWNSHIP, 2028))
    assert (after.year, after.budget, after.allocated, list(after.pool)) == (2028, 55_000, 30_000, [WAITING.issue_id])
    paid = of(closed, PROMISED).do(PayTranche, exception=None, reasons=None)
    assert fund_of(paid, after.fund_id).paid == 10_000
