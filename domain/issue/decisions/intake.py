"""Logged, fixed on site, escalated, accepted, assigned, resolved (L1, L2, L3, L5)."""

from typing import Any
from uuid import UUID

from domain.commands import stamp
from domain.context import Context
from domain.deadlines import Deadline, for_next_holder, promised, reckon
from domain.errors import AlreadyAtTop, AlreadySaid
from domain.events import DomainEvent
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue import rules
from domain.issue.concerned import may_be_named, unless_barred
from domain.issue.decisions.petition import not_settled_before, notice_after_return, notice_owed, objection
from domain.issue.state import Issue
from domain.issue.words import OPEN_STAGES, Stage, Tier
from domain.values import Moment, Responsible


def log_issue(command: c.LogIssue, context: Context) -> tuple[DomainEvent, ...]:
    """L1: channel, village, category and description make an issue, with an owner and a date from the first moment."""
    rules.known_category(context.plan, command.category)
    rules.open_village(context, command.village)
    not_settled_before(command, context)
    responsible = rules.responsible_at(context, command.village, Tier.VILLAGE, concerns=command.concerns)
    logged = e.IssueLogged(
        **stamp(command.issue_id, 1, command),
        receipt_hash=context.receipt_hash,
        plan=context.plan.id,
        channel=command.channel,
        village=command.village,
        category=command.category,
        title=command.title,
        description=command.description,
        place=command.place,
        photos=command.photos,
        household=command.household,
        source=command.source,
        concerns=command.concerns,
        repeats=command.repeats,
        responsible=responsible,
        deadline=_first_deadline(command.occurred_at, command.promised_by, context),
        notice=notice_owed(command.household, command.source, command.occurred_at, context),
    )
    return (logged,)


def _first_deadline(logged_at: Moment, promised_by: Moment | None, context: Context) -> Deadline:
    """The on-site window, unless the official promised a date of their own."""
    if promised_by is None:
        return reckon("on_site", logged_at, context.plan, context.holidays)
    return promised("on_site", logged_at, promised_by, context.plan, context.holidays)


def clock(rule: str, command: Any, context: Context) -> Deadline:
    """The deadline of `rule`, counted from when the command's action happened."""
    return reckon(rule, command.occurred_at, context.plan, context.holidays)


def next_stamp(issue: Issue, command: Any, ahead: int = 1) -> dict[str, Any]:
    """The envelope of the event `ahead` steps after the present state."""
    return stamp(issue.issue_id, issue.version + ahead, command)


def fix_on_site(issue: Issue, command: c.FixOnSite, context: Context) -> tuple[DomainEvent, ...]:
    """L2: what can be fixed on the spot is fixed on the spot, and goes straight to the answer."""
    rules.at_stage(issue, {Stage.LOGGED})
    return (
        e.IssueFixedOnSite(
            **next_stamp(issue, command),
            measures=command.measures,
            before=command.before or None,
            evidence=command.evidence,
            deadline=clock("reply", command, context),
        ),
    )


def escalate(issue: Issue, command: c.EscalateIssue, context: Context) -> tuple[DomainEvent, ...]:
    """L5: up a tier, or sideways to the department that owns it."""
    rules.at_stage(issue, {Stage.LOGGED, Stage.HANDLING})
    if command.department is not None:
        rules.known_department(context.plan, command.department)
    tier = rules.next_tier(issue.tier)
    if tier is issue.tier and command.department == issue.department:
        raise AlreadyAtTop
    return (_escalated(issue, command, context, tier, command.department, command.reason),)


def escalate_overdue(issue: Issue, command: c.EscalateOverdue, context: Context) -> tuple[DomainEvent, ...]:
    """L4: nobody acted in time, so the next tier takes it; the plan says how long after the deadline."""
    rules.at_stage(issue, {Stage.LOGGED, Stage.ESCALATED})
    deadline = rules.open_deadline(issue, command.due_at)
    if not may_escalate_by_itself(issue) or deadline.escalate_at is None:
        raise AlreadyAtTop
    rules.is_due(deadline.escalate_at, context.now)
    return (_escalated(issue, command, context, rules.next_tier(issue.tier), None, None),)


def may_escalate_by_itself(issue: Issue) -> bool:
    """From the village to the township, or from a department back to the township's leaders."""
    return issue.stage in {Stage.LOGGED, Stage.ESCALATED} and (
        issue.tier is Tier.VILLAGE or issue.department is not None
    )


def _escalated(
    issue: Issue, command: Any, context: Context, tier: Tier, department: str | None, reason: str | None
) -> e.IssueEscalated:
    return e.IssueEscalated(
        **next_stamp(issue, command),
        tier=tier,
        department=department,
        reason=reason,
        overdue=isinstance(command, c.EscalateOverdue),
        responsible=rules.responsible_at(context, issue.village, tier, department, concerns=issue.concerns),
        deadline=clock("acceptance", command, context),
        notice=notice_owed(issue.household, issue.source, command.occurred_at, context),
    )


def accept(issue: Issue, command: c.AcceptIssue, context: Context) -> tuple[DomainEvent, ...]:
    """L3: the receiving unit names who answers for it, and the handling clock starts."""
    rules.at_stage(issue, {Stage.ESCALATED})
    rules.another_person(command.actor.persons, issue.sent_up_by)
    may_be_named(command.person, issue.concerns, context)
    return (
        e.IssueAccepted(
            **next_stamp(issue, command),
            responsible=Responsible(unit=issue.responsible.unit, person=command.person),
            deadline=clock("handling", command, context),
        ),
    )


def return_escalation(issue: Issue, command: c.ReturnEscalation, context: Context) -> tuple[DomainEvent, ...]:
    """L5: sent to the wrong unit; it goes back, with reasons, to whoever sent it."""
    rules.at_stage(issue, {Stage.ESCALATED})
    tier, responsible = issue.came_from or (issue.tier, issue.responsible)
    village = rules.known_village(context, issue.village)
    limit, late = objection(issue, command, context)
    return (
        e.EscalationReturned(
            **next_stamp(issue, command),
            reasons=command.reasons,
            tier=tier,
            responsible=unless_barred(responsible, village, issue.concerns, context),
            deadline=clock("handling", command, context),
            objection=limit,
            late=late or None,
            notice=notice_after_return(issue, command.occurred_at, context),
        ),
    )


def assign(issue: Issue, command: c.AssignIssue, context: Context) -> tuple[DomainEvent, ...]:
    """L3: another person answers for it; the household's clock runs on."""
    rules.at_stage(issue, OPEN_STAGES)
    if command.person == issue.responsible.person:
        raise AlreadySaid
    may_be_named(command.person, issue.concerns, context)
    return (
        e.IssueAssigned(
            **next_stamp(issue, command),
            responsible=Responsible(unit=issue.responsible.unit, person=command.person),
            deadline=own_clock(issue, command.occurred_at, context),
        ),
    )


def own_clock(issue: Issue, at: Moment, context: Context) -> Deadline | None:
    """L3: the next holder gets the plan's least, where the running clock leaves less; the household's date stays."""
    least = context.plan.holder
    if least is None or issue.deadline is None or issue.paused or issue.stage is Stage.FEEDBACK:
        return None
    return for_next_holder(issue.deadline, at, least, context.plan, context.holidays)


def resolve(issue: Issue, command: c.ResolveIssue, context: Context) -> tuple[DomainEvent, ...]:
    """L6: the village or the department solved it; now the household is owed the answer."""
    rules.at_stage(issue, {Stage.LOGGED, Stage.HANDLING})
    return (
        e.IssueResolved(
            **next_stamp(issue, command),
            measures=command.measures,
            evidence=command.evidence,
            deadline=clock("reply", command, context),
        ),
    )


def split_child(parent: Issue, part: c.Part, child_id: UUID, command: c.SplitIssue, context: Context) -> e.IssueLogged:
    """L13: one part of a split issue, with a number of its own; the household and its receipt stay with each part."""
    rules.known_category(context.plan, part.category)
    return e.IssueLogged(
        **stamp(child_id, 1, command),
        receipt_hash=parent.receipt_hash,
        plan=context.plan.id,
        channel=parent.channel,
        village=parent.village,
        category=part.category,
        description=part.description,
        place=parent.place,
        household=parent.household,
        split_from=parent.issue_id,
        concerns=parent.concerns,
        responsible=rules.responsible_at(context, parent.village, Tier.VILLAGE, concerns=parent.concerns),
        deadline=clock("on_site", command, context),
        notice=None if parent.notice_missed else parent.notice,
    )
