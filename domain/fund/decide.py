"""What each command to a fund does: the table at the foot. Pure, as domain/issue/decide.py.

Called by casework. Issues whose fate moves a fund call moves.py instead.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from domain import errors
from domain.commands import stamp
from domain.context import Context
from domain.events import DomainEvent
from domain.fund import commands as c
from domain.fund import errors as refused
from domain.fund import events as e
from domain.fund import rounds, rules, year
from domain.fund.moves import next_stamp
from domain.fund.state import Adjustment, Fund
from domain.fund.words import Direction
from domain.issue import rules as common

Decision = Callable[[Fund | None, Any, Context], tuple[DomainEvent, ...]]


def decide(fund: Fund | None, command: c.FundCommand, context: Context) -> tuple[DomainEvent, ...]:
    """The events that `command` causes. Raises a Refusal; then nothing happened."""
    return DECISIONS[type(command)](fund, command, context)


def set_budget(fund: Fund | None, command: c.SetBudget, context: Context) -> tuple[DomainEvent, ...]:
    """Once a year, where the plan asks for adjustments; elsewhere again, not below what is allocated."""
    if fund is not None:
        rules.year_open(fund)
        _may_be_set_again(fund, command, context)
    set_to = e.BudgetSet(
        **stamp(command.fund_id, fund.version + 1 if fund else 1, command),
        township=command.township,
        year=command.year,
        budget=command.budget,
    )
    return (set_to,)


def _may_be_set_again(fund: Fund, command: c.SetBudget, context: Context) -> None:
    if fund.own and context.plan.funding is not None:
        raise refused.BudgetAlreadySet
    if command.budget + fund.carried_in < fund.allocated:
        raise errors.BudgetBelowAllocated
    if fund.own == command.budget and fund.opened:
        raise errors.AlreadySaid


def adjust(fund: Fund | None, command: c.AdjustBudget, context: Context) -> tuple[DomainEvent, ...]:
    """With reason and document, never below what is allocated; by two people where the plan says so."""
    policy = rules.asked_for(context)
    known = rules.opened(fund)
    rules.year_open(known)
    if known.adjustment is not None:
        raise refused.AdjustmentWaits
    waits = Adjustment(command.direction, command.amount, command.reason, command.document, command.actor.persons)
    _adjustable(known, waits)
    if not policy.adjusted_by_two:
        return (_adjusted(known, command, waits),)
    proposed = e.AdjustmentProposed(
        **next_stamp(known, command),
        direction=command.direction,
        amount=command.amount,
        reason=command.reason,
        document=command.document,
    )
    return (proposed,)


def confirm_adjustment(fund: Fund | None, command: c.ConfirmAdjustment, _: Context) -> tuple[DomainEvent, ...]:
    """By another person, and only if it still fits."""
    known = rules.opened(fund)
    rules.year_open(known)
    waits = rules.adjustment_waits(known)
    common.another_person(command.actor.persons, waits.proposed_by)
    _adjustable(known, waits)
    return (_adjusted(known, command, waits),)


def refuse_adjustment(fund: Fund | None, command: c.RefuseAdjustment, _: Context) -> tuple[DomainEvent, ...]:
    """By whomever, also by whoever proposed it."""
    known = rules.opened(fund)
    rules.adjustment_waits(known)
    return (e.AdjustmentRefused(**next_stamp(known, command), reasons=command.reasons),)


def _adjustable(fund: Fund, waits: Adjustment) -> None:
    if not waits.amount:
        raise errors.AmountNeeded
    if waits.direction is Direction.DOWN and (waits.amount > fund.left or waits.amount > fund.own):
        raise errors.BudgetBelowAllocated


def _adjusted(fund: Fund, command: c.FundCommand, waits: Adjustment) -> e.BudgetAdjusted:
    change = waits.amount if waits.direction is Direction.UP else -waits.amount
    return e.BudgetAdjusted(
        **next_stamp(fund, command),
        direction=waits.direction,
        amount=waits.amount,
        reason=waits.reason,
        document=waits.document,
        budget=fund.budget + change,
    )


DECISIONS: Final[Mapping[type[c.FundCommand], Decision]] = {
    c.SetBudget: set_budget,
    c.AdjustBudget: adjust,
    c.ConfirmAdjustment: confirm_adjustment,
    c.RefuseAdjustment: refuse_adjustment,
    c.ProposeRound: rounds.propose,
    c.ConfirmRound: rounds.confirm,
    c.WithdrawRound: rounds.withdraw,
    c.RecordRoundOverdue: rounds.record_overdue,
    c.CloseFiscalYear: year.close,
}
