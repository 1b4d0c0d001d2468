"""The guards of funds: each is one sentence, written once. They refuse by raising."""

from datetime import datetime
from decimal import Decimal

from domain import errors
from domain.context import Context
from domain.fund import errors as refused
from domain.fund.policy import Funding
from domain.fund.state import Adjustment, Fund, Proposed
from domain.values import LOCAL_ZONE


def asked_for(context: Context) -> Funding:
    """The plan in force says how money is dealt with."""
    if context.plan.funding is None:
        raise refused.NoFundingPlan
    return context.plan.funding


def opened(fund: Fund | None) -> Fund:
    """The year's budget was set, or money was carried over into it."""
    if fund is None or not fund.opened:
        raise refused.BudgetNotSet
    return fund


def begun(fund: Fund | None) -> Fund:
    """The year has a budget, or (without one) projects in its pool, which would wait there for ever."""
    return fund if fund is not None and fund.pool else opened(fund)


def year_open(fund: Fund) -> None:
    """The fiscal year was not closed yet."""
    if fund.is_closed:
        raise refused.FiscalYearIsClosed


def within_what_is_left(fund: Fund, amount: Decimal) -> None:
    """Nothing is promised beyond the budget."""
    if amount > fund.left:
        raise errors.OverBudget


def no_round_waits(fund: Fund) -> None:
    """One round at a time."""
    if fund.proposed is not None:
        raise refused.RoundWaits


def round_waits(fund: Fund, number: int) -> Proposed:
    """This round waits for the committee."""
    if fund.proposed is None or fund.proposed.number != number:
        raise refused.NoSuchRound
    return fund.proposed


def adjustment_waits(fund: Fund) -> Adjustment:
    """An adjustment waits for a second person."""
    if fund.adjustment is None:
        raise refused.NoAdjustment
    return fund.adjustment


def year_over(fund: Fund, moment: datetime) -> None:
    """A fiscal year is closed when it is over."""
    if moment.astimezone(LOCAL_ZONE).year <= fund.year:
        raise errors.NotDueYet


def nobody_earlier_waits(fund: Fund, issue_id: object) -> None:
    """Whoever was promised money earlier has had a first payment."""
    for earlier, grant in fund.grants.items():
        if earlier == issue_id:
            return
        if not grant.paid and not grant.carried:
            raise refused.EarlierPaymentWaits
