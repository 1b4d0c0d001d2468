"""Rounds of allocation: proposed by the ranking, confirmed by the committee, all of it or item by item (L9, CX7)."""

from collections.abc import Iterator
from datetime import timedelta

from domain.context import Context
from domain.events import DomainEvent
from domain.fund import commands as c
from domain.fund import errors as refused
from domain.fund import events as e
from domain.fund import rules
from domain.fund.moves import next_stamp
from domain.fund.state import Fund, Proposed, evolve
from domain.fund.what_if import lines_of, waiting_in
from domain.issue import rules as common
from domain.issue.decisions.funding import grant, waits_for_money


def propose(fund: Fund | None, command: c.ProposeRound, context: Context) -> tuple[DomainEvent, ...]:
    """The ranking of everybody who waits, within what is left; with its reasons, line by line."""
    policy = rules.asked_for(context)
    known = rules.opened(fund)
    rules.year_open(known)
    rules.no_round_waits(known)
    lines = lines_of(known, waiting_in(known, context.others), policy)
    if not any(line.amount for line in lines):
        raise refused.NothingInPool
    proposed = e.RoundProposed(
        **next_stamp(known, command),
        round=known.rounds + 1,
        left=known.left,
        lines=lines,
        confirm_by=command.occurred_at + timedelta(days=policy.rounds.confirm_within_days),
        plan=context.plan.id,
        basis=policy.basis,
        told=context.directory.committee_of(known.township) or None,
    )
    return (proposed,)


def confirm(fund: Fund | None, command: c.ConfirmRound, context: Context) -> tuple[DomainEvent, ...]:
    """Every share in one transaction; what differs from the ranking has reasons."""
    rules.asked_for(context)
    known = rules.opened(fund)
    rules.year_open(known)
    proposed = rules.round_waits(known, command.round)
    common.another_person(command.actor.persons, proposed.proposed_by)
    shares = _shares(proposed, command)
    confirmed = e.RoundConfirmed(
        **next_stamp(known, command), round=proposed.number, granted=tuple(shares.values()), reasons=command.reasons
    )
    return (confirmed, *_granted(evolve(known, confirmed), shares, command, context))


def _shares(proposed: Proposed, command: c.ConfirmRound) -> dict[object, e.Granted]:
    """What each is given, in the order of the ranking. Only projects of the round, each once."""
    given = {line.issue_id: line.amount for line in proposed.lines if line.amount}
    asked = given if command.shares is None else {it.issue_id: it.amount for it in command.shares}
    in_round = {line.issue_id: line for line in proposed.lines}
    if not asked.keys() <= in_round.keys() or (command.shares and len(command.shares) != len(asked)):
        raise refused.RoundOutdated
    if asked != given and command.reasons is None:
        raise refused.RankedAhead
    return {
        line.issue_id: e.Granted(issue_id=line.issue_id, village=line.village, amount=asked[line.issue_id])
        for line in proposed.lines
        if line.issue_id in asked
    }


def _granted(
    fund: Fund, shares: dict[object, e.Granted], command: c.ConfirmRound, context: Context
) -> Iterator[DomainEvent]:
    for share in shares.values():
        issue = context.others.get(share.issue_id)
        if issue is None or not waits_for_money(issue):
            raise refused.RoundOutdated
        for event in grant(issue, command, context, fund, share.amount, command.round, None):
            fund = evolve(fund, event) if event.originator_id == fund.fund_id else fund
            yield event


def withdraw(fund: Fund | None, command: c.WithdrawRound, _: Context) -> tuple[DomainEvent, ...]:
    """Nothing was granted; the pool waits as before."""
    known = rules.opened(fund)
    proposed = rules.round_waits(known, command.round)
    return (e.RoundWithdrawn(**next_stamp(known, command), round=proposed.number, reasons=command.reasons),)


def record_overdue(fund: Fund | None, command: c.RecordRoundOverdue, context: Context) -> tuple[DomainEvent, ...]:
    """The committee let the day pass; it shows."""
    known = rules.opened(fund)
    proposed = rules.round_waits(known, command.round)
    common.is_due(proposed.confirm_by, context.now)
    if proposed.overdue:
        raise refused.NoSuchRound
    overdue = e.RoundOverdue(
        **next_stamp(known, command),
        round=proposed.number,
        confirm_by=proposed.confirm_by,
        told=context.directory.committee_of(known.township) or None,
    )
    return (overdue,)
