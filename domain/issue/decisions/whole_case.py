"""Withdrawn, merged, split, linked, led, corrected (L13)."""

from domain import errors
from domain.context import Context
from domain.events import DomainEvent
from domain.fund.errors import MoneyPaid
from domain.fund.words import Freed
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue import rules
from domain.issue.concerned import may_be_named
from domain.issue.decisions.funding import released
from domain.issue.decisions.intake import next_stamp, split_child
from domain.issue.state import Issue
from domain.issue.words import OPEN_STAGES, UNANSWERED_STAGES, EntryField, Stage

BEFORE_COMMITTEE = frozenset({Stage.LOGGED, Stage.ESCALATED, Stage.HANDLING})
_REQUIRED = frozenset({EntryField.DESCRIPTION, EntryField.CATEGORY})


def withdraw(issue: Issue, command: c.WithdrawIssue, context: Context) -> tuple[DomainEvent, ...]:
    """L13: the household takes it back, as long as no money was paid; what was granted is free again."""
    rules.at_stage(issue, UNANSWERED_STAGES)
    if issue.paid:
        raise MoneyPaid
    rules.nobody_waits(issue)
    withdrawn = e.IssueWithdrawn(**next_stamp(issue, command), reasons=command.reasons)
    return (withdrawn, *released(issue, command, context, Freed.WITHDRAWN))


def merge(issue: Issue, command: c.MergeIssue, context: Context) -> tuple[DomainEvent, ...]:
    """L13: a duplicate joins the issue it repeats; all its households still get their answer."""
    rules.at_stage(issue, BEFORE_COMMITTEE)
    rules.nobody_waits(issue)
    target = context.others.get(command.into)
    fits = (
        target
        and target.issue_id != issue.issue_id
        and target.village == issue.village
        and target.concerns == issue.concerns  # or those who may read the one would read the other
    )
    if target is None or not fits or target.stage not in UNANSWERED_STAGES:
        raise errors.CannotMerge
    merged = e.IssueMerged(**next_stamp(issue, command), into=command.into, reasons=command.reasons)
    return (merged, e.IssueAbsorbed(**next_stamp(target, command), issue_id=issue.issue_id))


def split(issue: Issue, command: c.SplitIssue, context: Context) -> tuple[DomainEvent, ...]:
    """L13: several matters in one report become issues of their own."""
    rules.at_stage(issue, BEFORE_COMMITTEE)
    rules.nobody_waits(issue)
    done = e.IssueSplit(**next_stamp(issue, command), into=context.part_ids, reasons=command.reasons)
    parts = zip(command.parts, context.part_ids, strict=True)
    return (done, *(split_child(issue, part, child, command, context) for part, child in parts))


def link_common_cause(issue: Issue, command: c.LinkCommonCause, context: Context) -> tuple[DomainEvent, ...]:
    """L13: issues that share a cause 共性问题 can be treated as one by a meeting."""
    rules.at_stage(issue, OPEN_STAGES)
    if issue.cause == command.cause:
        raise errors.AlreadySaid
    return (e.CommonCauseLinked(**next_stamp(issue, command), cause=command.cause),)


def assign_leader(issue: Issue, command: c.AssignLeader, context: Context) -> tuple[DomainEvent, ...]:
    """L13: a leader answers for a hard case 包案."""
    rules.at_stage(issue, OPEN_STAGES)
    if issue.leader == command.leader:
        raise errors.AlreadySaid
    may_be_named(command.leader, issue.concerns, context)
    return (e.LeaderAssigned(**next_stamp(issue, command), leader=command.leader),)


def correct(issue: Issue, command: c.CorrectEntry, context: Context) -> tuple[DomainEvent, ...]:
    """L13: a wrong entry is corrected by a further event; the first one stays readable."""
    rules.at_stage(issue, OPEN_STAGES | {Stage.CLOSED})
    known = {
        EntryField.CATEGORY: issue.category,
        EntryField.PLACE: issue.place,
        EntryField.HOUSEHOLD: issue.household,
    }
    same = command.field in known and known[command.field] == command.value
    if same or (command.value is None and command.field in _REQUIRED):
        raise errors.NothingToCorrect
    if command.field is EntryField.CATEGORY:
        rules.known_category(context.plan, command.value or "")
    return (
        e.EntryCorrected(**next_stamp(issue, command), field=command.field, value=command.value, reason=command.reason),
    )
