"""Progress reported or missed, works completed, accepted or done again (L10)."""

from datetime import datetime, timedelta

from domain import errors
from domain.context import Context
from domain.events import DomainEvent
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue import rules
from domain.issue.decisions.ending import rectification_planned
from domain.issue.decisions.intake import clock, next_stamp
from domain.issue.errors import CostOverrun, SpentBeyondPaid
from domain.issue.state import Issue
from domain.issue.words import Stage
from domain.plan import Plan


def next_report(since: datetime, plan: Plan) -> datetime:
    """When the next progress report is due."""
    return since + timedelta(days=plan.works.progress_every_days)


def report_progress(issue: Issue, command: c.ReportProgress, context: Context) -> tuple[DomainEvent, ...]:
    """L10: percent and money spent, each month until done; neither goes backwards."""
    rules.at_stage(issue, {Stage.WORKS})
    if command.percent < issue.percent:
        raise errors.ProgressBackwards
    _spending_fits(issue, command, context)
    following = next_report(command.occurred_at, context.plan)
    reported = e.ProgressReported(
        **next_stamp(issue, command),
        percent=command.percent,
        spent=command.spent,
        note=command.note,
        photos=command.photos,
        # A report that is recorded late does not make a month due again whose report was missed already.
        progress_due_at=max(following, issue.progress_due_at or following),
    )
    return (reported,)


def _spending_fits(issue: Issue, command: c.ReportProgress | c.CompleteWorks, context: Context) -> None:
    """CX8: not less than before, not past the budget, nor past what was paid and the office's own share."""
    if command.spent < issue.spent:
        raise errors.ProgressBackwards
    if command.spent > issue.total_budget:
        raise CostOverrun
    if context.plan.funding is not None and command.spent > issue.total_budget - issue.granted + issue.paid:
        raise SpentBeyondPaid


def record_missed_report(issue: Issue, command: c.RecordMissedReport, context: Context) -> tuple[DomainEvent, ...]:
    """L10: a missed report shows; the next one is due a period later."""
    rules.at_stage(issue, {Stage.WORKS})
    if issue.progress_due_at != command.due_at:
        raise errors.NoDeadline
    rules.is_due(command.due_at, context.now)
    missed = e.ProgressReportMissed(
        **next_stamp(issue, command),
        due_at=command.due_at,
        progress_due_at=next_report(command.due_at, context.plan),
    )
    return (missed,)


def complete(issue: Issue, command: c.CompleteWorks, context: Context) -> tuple[DomainEvent, ...]:
    """L10: done, and waiting for someone else to look at it."""
    rules.at_stage(issue, {Stage.WORKS})
    rectification_planned(issue, context)
    _spending_fits(issue, command, context)
    completed = e.WorksCompleted(
        **next_stamp(issue, command),
        summary=command.summary,
        spent=command.spent,
        photos=command.photos,
        deadline=clock("inspection", command, context),
        told=rules.second_person(issue, context, issue.workers | command.actor.persons),
    )
    return (completed,)


def accept_works(issue: Issue, command: c.AcceptWorks, context: Context) -> tuple[DomainEvent, ...]:
    """L10: accepted by someone who did not do the work."""
    rules.at_stage(issue, {Stage.INSPECTION})
    rules.another_person(command.actor.persons, issue.workers)
    accepted = e.WorksAccepted(
        **next_stamp(issue, command), findings=command.findings, deadline=clock("reply", command, context)
    )
    return (accepted,)


def order_rework(issue: Issue, command: c.OrderRework, context: Context) -> tuple[DomainEvent, ...]:
    """L10: not good enough; the works go on."""
    rules.at_stage(issue, {Stage.INSPECTION})
    rules.another_person(command.actor.persons, issue.workers)
    ordered = e.ReworkOrdered(
        **next_stamp(issue, command),
        reasons=command.reasons,
        deadline=clock("completion", command, context),
        progress_due_at=next_report(command.occurred_at, context.plan),
    )
    return (ordered,)
