"""Told, objected to, not accepted again: what the petition regulations of 2022 add to the life of an issue (XF1).

A plan asks for each by a clock or an entry of its own; under any other plan nothing of it is demanded.
"""

from datetime import datetime

from domain import errors
from domain.commands import stamp
from domain.context import Context
from domain.deadlines import Deadline, reckon
from domain.errors import Refusal
from domain.events import DomainEvent
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue import rules
from domain.issue.state import Issue
from domain.issue.words import OPEN_STAGES, NoticeAbout, Stage
from domain.plan_parts import Rule
from domain.values import Role

_SETTLED = frozenset({Stage.ANSWERED, Stage.CLOSED, Stage.SETTLED})


class NobodyToTell(Refusal):
    code = "nobody-to-tell"
    zh = "此件没有登记群众，无需告知。"
    en = "No household is registered with this issue, so there is nobody to tell."


class NoExtensionToTell(Refusal):
    code = "no-extension-to-tell"
    zh = "当前期限没有延长，或已告知过。"
    en = "The present time limit was not extended, or that was told already."


class UnknownEarlierIssue(Refusal):
    code = "unknown-earlier-issue"
    zh = "本村（社区）没有这个编号的事项，或不能与此件关联。请核对编号。"
    en = "This village has no issue of that number that could be linked. Check the number."


class SettledByRecheck(Refusal):
    """`number`: of the earlier issue, as the log has it; for the office's eyes."""

    code = "settled-by-recheck"
    zh = "同一事实和理由已经复核终结，不再受理。请书面告知群众。"
    en = "The same facts and grounds were settled by a re-check and are not accepted again. Tell the household so."

    def __init__(self, number: str = "") -> None:
        super().__init__()
        self.number = number

    def __str__(self) -> str:
        return f"{super().__str__()} {self.number}".rstrip()


def notify(issue: Issue, command: c.NotifyHousehold, context: Context) -> tuple[DomainEvent, ...]:
    """XF1: the household is told in writing; once for each office that received it, once for each extension."""
    rules.at_stage(issue, OPEN_STAGES)
    if issue.household is None:
        raise NobodyToTell
    of_acceptance = command.about is NoticeAbout.ACCEPTANCE
    if of_acceptance and issue.told_since == issue.received_at:
        raise errors.AlreadySaid
    if not of_acceptance and (not issue.extensions or issue.told_extension == issue.deadline_version):
        raise NoExtensionToTell
    notice = issue.notice or _limit(Rule.NOTICE, issue.received_at, context) if of_acceptance else None
    return (
        e.HouseholdNotified(
            **stamp(issue.issue_id, issue.version + 1, command),
            about=command.about,
            content=command.content,
            method=command.method,
            notice=notice,
            late=_is_late(notice, command.occurred_at),
        ),
    )


def notice_owed(household: str | None, source: str | None, since: datetime, context: Context) -> Deadline | None:
    """XF1: until when whoever received it tells the household; not of records of an earlier system."""
    return _limit(Rule.NOTICE, since, context) if household is not None and source is None else None


def notice_after_return(issue: Issue, at: datetime, context: Context) -> Deadline | None:
    """XF1: nothing more if the household was told before it was sent on; else the time of who has it again."""
    return None if issue.told_before_sent else notice_owed(issue.household, issue.source, at, context)


def remind_of_notice(issue: Issue, command: c.RemindOfNotice, context: Context) -> tuple[DomainEvent, ...]:
    """XF1: once, some days before the household has to be told."""
    notice = rules.open_notice(issue, command.due_at)
    if issue.notice_reminded or issue.notice_missed or notice.remind_at is None:
        raise errors.AlreadySaid
    rules.is_due(notice.remind_at, context.now)
    envelope = stamp(issue.issue_id, issue.version + 1, command)
    return (e.NoticeReminded(**envelope, rule=notice.rule, due_at=notice.due_at),)


def record_missed_notice(issue: Issue, command: c.RecordMissedNotice, context: Context) -> tuple[DomainEvent, ...]:
    """XF1: once, when the time is over; the household can still be told, and then it is told late."""
    notice = rules.open_notice(issue, command.due_at)
    if issue.notice_missed:
        raise errors.AlreadySaid
    rules.is_due(notice.missed_at, context.now)
    envelope = stamp(issue.issue_id, issue.version + 1, command)
    return (e.NoticeMissed(**envelope, rule=notice.rule, due_at=notice.due_at, holder=issue.responsible),)


def objection(
    issue: Issue, command: c.ReturnEscalation | e.EscalationReturned, context: Context
) -> tuple[Deadline | None, bool]:
    """XF1: by when whoever is not in charge had to object, and whether this objection comes too late."""
    limit = _limit(Rule.OBJECTION, issue.received_at, context)
    return limit, _is_late(limit, command.occurred_at)


def _limit(rule: Rule, since: datetime, context: Context) -> Deadline | None:
    return reckon(rule, since, context.plan, context.holidays) if context.plan.asks_for(rule) else None


def _is_late(limit: Deadline | None, at: datetime) -> bool:
    return limit is not None and at > limit.due_at


def not_settled_before(command: c.LogIssue, context: Context) -> None:
    """XF1: what the handler says it repeats is known here, and was not settled by a re-check."""
    if command.repeats is None:
        return
    earlier = next((it for it in context.others.values() if it.number == command.repeats), None)
    fits = earlier and earlier.village == command.village and earlier.concerns == command.concerns
    if earlier is None or not fits or command.actor.role is Role.HOUSEHOLD:
        raise UnknownEarlierIssue
    if context.plan.feedback.final_after_recheck and earlier.rechecked and earlier.stage in _SETTLED:
        raise SettledByRecheck(earlier.number)
