"""Reminded, missed, supervised, extended (L4)."""

from datetime import datetime, timedelta
from typing import Any

from domain import errors
from domain.context import Context
from domain.deadlines import Deadline, extended
from domain.events import DomainEvent
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue import rules
from domain.issue.concerned import is_barred
from domain.issue.decisions.intake import next_stamp
from domain.issue.state import Issue
from domain.issue.words import OPEN_STAGES, Stage, Tier
from domain.plan import Plan
from domain.values import THE_PROCESS, Responsible, Role

_Miss = e.DeadlineMissed | e.PromiseMissed | e.NoticeMissed


def remind(issue: Issue, command: c.RemindHolder, context: Context) -> tuple[DomainEvent, ...]:
    """L4: once, before the deadline."""
    deadline = rules.open_deadline(issue, command.due_at)
    if issue.reminded or issue.missed or deadline.remind_at is None:
        raise errors.AlreadySaid
    rules.is_due(deadline.remind_at, context.now)
    return (e.DeadlineReminded(**next_stamp(issue, command), rule=deadline.rule, due_at=deadline.due_at),)


def record_missed(issue: Issue, command: c.RecordMissedDeadline, context: Context) -> tuple[DomainEvent, ...]:
    """L4: the deadline passed; the miss is written down, and the next level is told if the plan has notices."""
    deadline = rules.open_deadline(issue, command.due_at)
    if issue.stage is Stage.FEEDBACK:
        raise errors.WrongStage  # the household's time to speak: its silence is nobody's missed deadline
    if issue.missed:
        raise errors.AlreadySaid
    rules.is_due(deadline.missed_at, context.now)
    missed = e.DeadlineMissed(
        **next_stamp(issue, command), rule=deadline.rule, due_at=deadline.due_at, holder=issue.responsible
    )
    return (missed, _notice(issue, command, context, 1, 2)) if deadline.max_notices else (missed,)


def record_missed_promise(issue: Issue, command: c.RecordMissedPromise, context: Context) -> tuple[DomainEvent, ...]:
    """L3, L4: the date given to the household passed, though whoever has the case now has their own."""
    if issue.promise is None or issue.promise.due_at != command.due_at:
        raise errors.NoDeadline
    if issue.promise_missed:
        raise errors.AlreadySaid
    rules.is_due(issue.promise.missed_at, context.now)
    return (_promise_missed(issue, issue.promise, next_stamp(issue, command)),)


def missed_before(issue: Issue, command: c.IssueCommand, after: Issue) -> tuple[DomainEvent, ...]:
    """L4: a late act ends a clock, but not the fact that it was late; each miss is told as of its due time.

    Only what the process has not written down yet. Records of an earlier system are left out: our clocks were no
    promise of theirs; so is the household's own time to speak.
    """
    if command.actor.role is Role.PROCESS or issue.stage is Stage.FEEDBACK or issue.source is not None:
        return ()
    misses: list[tuple[datetime, type[_Miss], Deadline, Responsible]] = []
    clock, promise, notice = issue.deadline, issue.promise, issue.notice
    if clock and not issue.missed and after.deadline_version != issue.deadline_version:
        misses.append((clock.missed_at, e.DeadlineMissed, clock, issue.responsible))
    if promise and not issue.promise_missed and after.promise != promise:
        misses.append((promise.missed_at, e.PromiseMissed, promise, issue.promise_holder or issue.responsible))
    if notice and not issue.notice_missed and after.notice != notice:
        misses.append((notice.missed_at, e.NoticeMissed, notice, issue.responsible))
    passed = sorted((it for it in misses if command.occurred_at > it[0]), key=lambda it: it[0])
    return tuple(
        kind(
            **{**next_stamp(issue, command, ahead), "actor": THE_PROCESS, "occurred_at": at},
            rule=deadline.rule,
            due_at=deadline.due_at,
            holder=holder,
        )
        for ahead, (at, kind, deadline, holder) in enumerate(passed, 1)
    )


def _promise_missed(issue: Issue, promise: Deadline, envelope: dict[str, Any]) -> e.PromiseMissed:
    holder = issue.promise_holder or issue.responsible
    return e.PromiseMissed(**envelope, rule=promise.rule, due_at=promise.due_at, holder=holder)


def supervise(issue: Issue, command: c.SendSupervisionNotice, context: Context) -> tuple[DomainEvent, ...]:
    """L4: still nothing; the next level is told again, as often as the plan says."""
    if issue.deadline is None or issue.next_notice_at is None:
        raise errors.NoDeadline
    if command.notice != issue.notices + 1:
        raise errors.AlreadySaid
    rules.is_due(issue.next_notice_at, context.now)
    return (_notice(issue, command, context, command.notice, 1),)


def _notice(
    issue: Issue, command: c.IssueCommand, context: Context, notice: int, ahead: int
) -> e.SupervisionNoticeSent:
    deadline = issue.deadline
    if deadline is None:
        raise errors.NoDeadline
    again = deadline.notice_every_days is not None and notice < deadline.max_notices
    next_at = command.occurred_at + timedelta(days=deadline.notice_every_days or 0) if again else None
    to_unit = _next_level(issue, context)
    head = context.directory.head_of(to_unit, issue.village)
    return e.SupervisionNoticeSent(
        **next_stamp(issue, command, ahead),
        rule=deadline.rule,
        notice=notice,
        to_unit=to_unit,
        next_notice_at=next_at,
        told=None if head is None or is_barred(head, issue.concerns, context) else (head,),
    )


def _next_level(issue: Issue, context: Context) -> str:
    """Who supervises: the township over villages and departments, the county over the township or a barred head."""
    if issue.tier is not Tier.VILLAGE and issue.department is None:
        return "county"
    head = context.directory.head_of("township", issue.village)
    return "county" if head is not None and is_barred(head, issue.concerns, context) else "township"


def request_extension(issue: Issue, command: c.RequestExtension, context: Context) -> tuple[DomainEvent, ...]:
    """L4: asked for with a reason, before the deadline, at most as often and as long as the plan allows."""
    rules.at_stage(issue, OPEN_STAGES)
    if issue.deadline is None:
        raise errors.NoDeadline
    if issue.extension_asked is not None:
        raise errors.AlreadySaid
    may_be_extended(issue, command.days, command.occurred_at, context.plan)
    told = rules.second_person(issue, context, command.actor.persons)
    return (e.ExtensionRequested(**next_stamp(issue, command), days=command.days, reason=command.reason, told=told),)


def may_be_extended(issue: Issue, days: int, at: datetime, plan: Plan) -> None:
    """L4: before the limit, at most as often and as long as the plan allows."""
    limits = plan.extensions
    too_late = issue.deadline is not None and at > issue.deadline.due_at
    if too_late or issue.extensions >= limits.max_count or days > limits.max_days:
        raise errors.ExtensionsExhausted


def grant_extension(issue: Issue, command: c.GrantExtension, context: Context) -> tuple[DomainEvent, ...]:
    """L4: granted by another person: the one whom the plan names, if it names one."""
    days = _asked_by_another(issue, command)
    may_approve(command.actor.role, context.plan)
    if issue.deadline is None:
        raise errors.NoDeadline
    later = extended(issue.deadline, days, context.plan, context.holidays)
    promise = issue.promise and extended(issue.promise, days, context.plan, context.holidays)
    return (e.ExtensionGranted(**next_stamp(issue, command), days=days, deadline=later, promise=promise),)


def may_approve(role: Role, plan: Plan) -> None:
    """L4: the one whom the plan names, if it names one."""
    approver = plan.extensions.approver
    if approver is not None and role.value != approver.value:
        raise errors.RoleNotAllowed


def refuse_extension(issue: Issue, command: c.RefuseExtension, context: Context) -> tuple[DomainEvent, ...]:
    """L4: refused, with reasons; the clock runs on."""
    _asked_by_another(issue, command)
    return (e.ExtensionRefused(**next_stamp(issue, command), reasons=command.reasons),)


def _asked_by_another(issue: Issue, command: c.IssueCommand) -> int:
    if issue.extension_asked is None:
        raise errors.ExtensionNotAsked
    days, askers = issue.extension_asked
    rules.another_person(command.actor.persons, askers)
    return days
