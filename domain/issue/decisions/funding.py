"""Funded and paid (L9): what goes through an issue's stream and its township's fund together or not at all."""

from datetime import datetime, time
from typing import Any

from domain import errors
from domain.context import Context
from domain.deadlines import Deadline, promised
from domain.events import DomainEvent
from domain.fund.fund import allocate, pay
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue import rules
from domain.issue.decisions.intake import clock, next_stamp
from domain.issue.decisions.works import next_report
from domain.issue.state import Issue
from domain.issue.words import Stage
from domain.values import LOCAL_ZONE


def completion(issue: Issue, command: Any, context: Context) -> Deadline:
    """The works' deadline: the day named in the submission, unless that day has passed; then the plan's clock."""
    expected = issue.expected_completion
    if expected is None or expected <= command.occurred_at.astimezone(LOCAL_ZONE).date():
        return clock("completion", command, context)
    due_at = datetime.combine(expected, time(23, 59, 59), LOCAL_ZONE)
    return promised("completion", command.occurred_at, due_at, context.plan, context.holidays)


def allocate_funding(issue: Issue, command: c.AllocateFunding, context: Context) -> tuple[DomainEvent, ...]:
    """L9: within what was approved, and within what is left; both streams move together or not at all."""
    rules.at_stage(issue, {Stage.FUNDING})
    rules.another_person(command.actor.persons, issue.prepared_by)
    if issue.granted:
        raise errors.AlreadySaid
    if not 0 < command.amount <= issue.subsidy:
        raise errors.AmountNeeded
    if context.fund is None:
        raise errors.NotFound
    rules.same_township(context, issue.village, context.fund.township)
    granted = e.FundingGranted(**next_stamp(issue, command), fund_id=command.fund_id, amount=command.amount)
    return (granted, allocate(context.fund, command, issue.issue_id, command.amount))


def pay_tranche(issue: Issue, command: c.PayTranche, context: Context) -> tuple[DomainEvent, ...]:
    """L9: in order, within the grant; the first payment starts the works."""
    rules.at_stage(issue, {Stage.FUNDING, Stage.WORKS, Stage.INSPECTION, Stage.REPLY, Stage.FEEDBACK, Stage.ANSWERED})
    if not issue.granted or context.fund is None:
        raise errors.WrongStage
    rules.another_person(command.actor.persons, issue.prepared_by | issue.granted_by)
    if command.tranche != issue.tranches + 1:
        raise errors.TrancheOutOfOrder
    if not command.amount:
        raise errors.AmountNeeded
    if issue.paid + command.amount > issue.granted:
        raise errors.OverAllocation
    starts = issue.stage is Stage.FUNDING
    paid = e.TranchePaid(
        **next_stamp(issue, command),
        tranche=command.tranche,
        amount=command.amount,
        deadline=completion(issue, command, context) if starts else None,
        progress_due_at=next_report(command.occurred_at, context.plan) if starts else None,
    )
    return (paid, pay(context.fund, command, issue.issue_id, command.tranche, command.amount))
