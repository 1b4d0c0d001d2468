"""Pooled, funded, paid, given back (L9): what moves an issue and its township's fund together or not at all."""

from dataclasses import replace
from datetime import datetime, time
from decimal import ROUND_DOWN, Decimal
from typing import Any

from domain import errors
from domain.commands import Command
from domain.context import Context
from domain.deadlines import Deadline, promised
from domain.events import DomainEvent
from domain.fund import errors as refused
from domain.fund.events import Granted, Project
from domain.fund.moves import allocate, pay, pool, release, take_back
from domain.fund.policy import Funding
from domain.fund.ranking import least_of, ranked
from domain.fund.rules import nobody_earlier_waits
from domain.fund.state import Fund, evolve
from domain.fund.words import Freed, PaymentException, Rest
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue import rules
from domain.issue.concerned import may_act
from domain.issue.decisions.intake import clock, next_stamp
from domain.issue.decisions.works import next_report
from domain.issue.state import Issue
from domain.issue.words import Stage
from domain.values import LOCAL_ZONE

_FEN = Decimal("0.01")
_PAYABLE = frozenset({Stage.FUNDING, Stage.WORKS, Stage.INSPECTION, Stage.REPLY, Stage.FEEDBACK, Stage.ANSWERED})
_AFTER_WORKS = frozenset(
    {Stage.REPLY, Stage.FEEDBACK, Stage.ANSWERED, Stage.REVIEW, Stage.RECHECK, Stage.CLOSED, Stage.SETTLED}
)


def completion(issue: Issue, command: Any, context: Context) -> Deadline:
    """The works' deadline: the day named in the submission, unless that day has passed; then the plan's clock."""
    expected = issue.expected_completion
    if expected is None or expected <= command.occurred_at.astimezone(LOCAL_ZONE).date():
        return clock("completion", command, context)
    due_at = datetime.combine(expected, time(23, 59, 59), LOCAL_ZONE)
    return promised("completion", command.occurred_at, due_at, context.plan, context.holidays)


# -- the pool -------------------------------------------------------------------------------------------------------


def pooled(issue: Issue, decided: DomainEvent, command: Command, context: Context) -> tuple[DomainEvent, ...]:
    """CX7: an approved project enters the pool of its township and year; nothing where the plan has no rounds."""
    if not isinstance(decided, e.SubmissionApproved) or not decided.subsidy:
        return ()
    return _into_pool(issue, decided.subsidy, command, context)


def _into_pool(issue: Issue, subsidy: Decimal, command: Command, context: Context) -> tuple[DomainEvent, ...]:
    if context.plan.funding is None:
        return ()
    village = rules.known_village(context, issue.village)
    year = command.occurred_at.astimezone(LOCAL_ZONE).year
    return (pool(context.fund, command, village.township, year, project_of(issue, subsidy)),)


def project_of(issue: Issue, approved: Decimal) -> Project:
    """By what the issue is ranked."""
    return Project(
        issue_id=issue.issue_id,
        village=issue.village,
        urgency=issue.urgency,
        submitted_at=issue.submitted_at or issue.logged_at,
        asked=issue.subsidy_asked,
        approved=approved,
    )


def waits_for_money(issue: Issue | None) -> bool:
    """Approved with a subsidy, and nothing was granted yet."""
    return issue is not None and issue.stage is Stage.FUNDING and not issue.granted


# -- grants ---------------------------------------------------------------------------------------------------------


def allocate_funding(issue: Issue, command: c.AllocateFunding, context: Context) -> tuple[DomainEvent, ...]:
    """L9: one project by itself: the first in rank, or with reasons."""
    rules.at_stage(issue, {Stage.FUNDING})
    rules.another_person(command.actor.persons, issue.prepared_by)
    if context.fund is None or not context.fund.opened:
        raise errors.NotFound
    if command.reasons is None:
        _nobody_ranks_ahead(issue, context.fund, context)
        _not_less_than_the_least(issue, command.amount, context)
    return grant(issue, command, context, context.fund, command.amount, None, command.reasons)


def grant(
    issue: Issue,
    command: Command,
    context: Context,
    fund: Fund,
    amount: Decimal,
    round: int | None,
    reasons: str | None,
) -> tuple[DomainEvent, DomainEvent]:
    """Within what was approved, and within what is left; by somebody else than whoever prepared it."""
    may_act(command.actor, issue.concerns, context)
    rules.another_person(command.actor.persons, issue.prepared_by)
    if issue.granted:
        raise errors.AlreadySaid
    if not 0 < amount <= issue.subsidy:
        raise errors.AmountNeeded
    rules.same_township(context, issue.village, fund.township)
    granted = e.FundingGranted(**next_stamp(issue, command), fund_id=fund.fund_id, amount=amount, reasons=reasons)
    share = Granted(issue_id=issue.issue_id, village=issue.village, amount=amount)
    return granted, allocate(fund, command, share, round)


def _nobody_ranks_ahead(issue: Issue, fund: Fund, context: Context) -> None:
    policy = context.plan.funding
    if policy is None:
        return
    others = (it for it in fund.pool.values() if it.issue_id != issue.issue_id)
    waiting = [it for it in others if waits_for_money(context.others.get(it.issue_id))]
    first = ranked([*waiting, project_of(issue, issue.subsidy)])[0].issue_id == issue.issue_id
    if not first or (policy.per_village and fund.grants_of(issue.village) >= policy.per_village.most):
        raise refused.RankedAhead


def _not_less_than_the_least(issue: Issue, amount: Decimal, context: Context) -> None:
    """With less than the plan's least share a project waits, as in a round."""
    if context.plan.funding is not None and 0 < amount < least_of(issue.subsidy, context.plan.funding):
        raise refused.RankedAhead


# -- payments -------------------------------------------------------------------------------------------------------


def pay_tranche(issue: Issue, command: c.PayTranche, context: Context) -> tuple[DomainEvent, ...]:
    """L9: in order, within the grant, as far as the works stand; the first payment starts them."""
    rules.at_stage(issue, _PAYABLE)
    if not issue.granted or context.fund is None:
        raise errors.WrongStage
    rules.another_person(command.actor.persons, issue.prepared_by | issue.granted_by)
    if command.tranche != issue.tranches + 1:
        raise errors.TrancheOutOfOrder
    if not command.amount:
        raise errors.AmountNeeded
    if issue.paid + command.amount > issue.granted:
        raise errors.OverAllocation
    _works_stand_there(issue, command.amount, context)
    exception = _exception(issue, command, context)
    starts = issue.stage is Stage.FUNDING
    paid = e.TranchePaid(
        **next_stamp(issue, command),
        tranche=command.tranche,
        amount=command.amount,
        exception=exception,
        exception_reasons=command.reasons if exception else None,
        deadline=completion(issue, command, context) if starts else None,
        progress_due_at=next_report(command.occurred_at, context.plan) if starts else None,
    )
    return (paid, pay(context.fund, command, issue.issue_id, command.tranche, command.amount, exception))


def payable_now(issue: Issue, policy: Funding | None) -> Decimal:
    """What may be paid by now: the share of the grant that progress or acceptance has made due, less what was paid."""
    if not issue.granted or issue.stage not in _PAYABLE:
        return Decimal(0)
    if policy is None:
        return issue.granted - issue.paid
    share = policy.payable_share(issue.percent, accepted=issue.stage in _AFTER_WORKS)
    due = (issue.granted * share / 100).quantize(_FEN, ROUND_DOWN)
    return max(due - issue.paid, Decimal(0))


def in_turn(issue: Issue, fund: Fund, policy: Funding | None) -> bool:
    """Whether nobody who was promised money earlier waits for a first payment, where the plan asks for that."""
    if policy is None or not policy.in_order or issue.tranches:
        return True
    try:
        nobody_earlier_waits(fund, issue.issue_id)
    except refused.EarlierPaymentWaits:
        return False
    return True


def _works_stand_there(issue: Issue, amount: Decimal, context: Context) -> None:
    """The plan's tranches: no more than the share that the progress, or the acceptance, has made due."""
    if context.plan.funding is not None and amount > payable_now(issue, context.plan.funding):
        raise refused.TrancheTooEarly


def _exception(issue: Issue, command: c.PayTranche, context: Context) -> PaymentException | None:
    """Why an earlier project is passed over, if one waits; None if this payment is in order."""
    if context.fund is None or in_turn(issue, context.fund, context.plan.funding):
        return None
    if command.exception is None or command.reasons is None:
        raise refused.EarlierPaymentWaits
    return command.exception


# -- given back -----------------------------------------------------------------------------------------------------


def unspent(issue: Issue) -> Decimal:
    """What was paid and not spent: of finished works, and of those before the issue reopened."""
    of_these = max(issue.paid - issue.returned - issue.spent, Decimal(0)) if issue.stage in _AFTER_WORKS else Decimal(0)
    return of_these + issue.unspent_before


def return_unspent(issue: Issue, command: c.ReturnUnspent, context: Context) -> tuple[DomainEvent, ...]:
    """L9: what is left when the works are done goes back to the fund."""
    if context.fund is None or not 0 < command.amount <= unspent(issue):
        raise refused.NothingUnspent
    policy = context.plan.funding
    rest = policy.year_end.rest if policy else Rest.LAPSES
    returned = e.UnspentReturned(**next_stamp(issue, command), amount=command.amount)
    return (returned, take_back(context.fund, command, issue.issue_id, command.amount, rest))


def cancel_grant(issue: Issue, command: c.CancelGrant, context: Context) -> tuple[DomainEvent, ...]:
    """The unpaid part goes back to the fund; before any payment, the project waits in the pool again."""
    rules.at_stage(issue, {Stage.FUNDING} | _AFTER_WORKS)
    freed = released(issue, command, context, Freed.CANCELLED)
    if not freed:
        raise refused.NothingUnpaid
    cancelled = e.GrantCancelled(
        **next_stamp(issue, command), amount=issue.granted - issue.paid, reasons=command.reasons
    )
    return (cancelled, *freed, *_pooled_again(issue, command, context, freed[-1]))


def _pooled_again(issue: Issue, command: Command, context: Context, freed: DomainEvent) -> tuple[DomainEvent, ...]:
    if issue.stage is not Stage.FUNDING:
        return ()
    return _into_pool(issue, issue.subsidy, command, replace(context, fund=evolve(context.fund, freed)))


def released(issue: Issue, command: Command, context: Context, why: Freed) -> tuple[DomainEvent, ...]:
    """The fund's part of whatever ends a grant: nothing if there is none, or nothing of it is unpaid."""
    if issue.granted <= issue.paid or context.fund is None:
        return ()
    freed = release(context.fund, command, issue.issue_id, why)
    return (freed,) if freed else ()
