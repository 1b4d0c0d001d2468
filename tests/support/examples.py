"""For every command of an issue: a case in which it is accepted, and the command. `example(FixOnSite)` gives both.

Called by tests that hold for all commands alike.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from domain.commands import Command
from domain.issue import commands as c
from domain.issue.state import Issue
from domain.issue.words import Channel
from domain.meeting.commands import RecordMeeting
from tests.support.commands import command
from tests.support.states import Case, case, with_budget

_STATE_OF: Final[Mapping[type[Command], str]] = {
    c.FixOnSite: "logged",
    c.EscalateIssue: "logged",
    c.EscalateOverdue: "missed",
    c.AcceptIssue: "escalated",
    c.ReturnEscalation: "escalated",
    c.AssignIssue: "handling",
    c.ResolveIssue: "handling",
    c.SubmitToCommittee: "handling",
    c.SignSubmission: "submission",
    c.SendBackSubmission: "submission",
    c.TableSubmission: "awaiting_committee",
    c.DecideSubmission: "tabled",
    c.RecordCountyAnswer: "with_county",
    c.AllocateFunding: "funding",
    c.PayTranche: "granted",
    c.ReturnUnspent: "unspent",
    c.CancelGrant: "granted",
    c.ReportProgress: "works",
    c.RecordMissedReport: "works",
    c.CompleteWorks: "works",
    c.AcceptWorks: "inspection",
    c.OrderRework: "inspection",
    c.GiveReply: "fixed",
    c.DeliverReply: "feedback",
    c.RateAnswer: "feedback",
    c.CloseSilently: "feedback",
    c.RequestReview: "answered",
    c.DecideReview: "review",
    c.RequestRecheck: "reviewed",
    c.DecideRecheck: "recheck",
    c.CloseIssue: "answered",
    c.RecordLookBack: "closed",
    c.PlanRectification: "handling",
    c.MarkBacklog: "logged",
    c.ProposeFinalFiling: "rechecked",
    c.FileAsFinal: "final_proposed",
    c.RefuseFinalFiling: "final_proposed",
    c.RemindHolder: "logged",
    c.RecordMissedDeadline: "logged",
    c.SendSupervisionNotice: "missed",
    c.RequestExtension: "logged",
    c.GrantExtension: "extension_asked",
    c.RefuseExtension: "extension_asked",
    c.PauseClock: "handling",
    c.ResumeClock: "paused",
    c.EndPause: "paused",
    c.RecordMissedPromise: "handed_over",
    c.RedateDeadline: "provisional",
    c.WithdrawIssue: "logged",
    c.MergeIssue: "logged",
    c.SplitIssue: "logged",
    c.LinkCommonCause: "logged",
    c.AssignLeader: "logged",
    c.CorrectEntry: "logged",
    c.NotifyHousehold: "logged",
    c.RemindOfNotice: "untold",
    c.RecordMissedNotice: "untold",
}


def _due(issue: Issue) -> datetime | None:
    return issue.deadline.due_at if issue.deadline else None


_MOMENT_OF: Final[Mapping[type[Command], Callable[[Issue], datetime | None]]] = {
    c.EscalateOverdue: lambda issue: issue.deadline.escalate_at if issue.deadline else None,
    c.TableSubmission: lambda issue: issue.table_at,
    c.RecordMissedReport: lambda issue: issue.progress_due_at,
    c.CloseSilently: _due,
    c.RemindHolder: lambda issue: issue.deadline.remind_at if issue.deadline else None,
    c.RecordMissedDeadline: _due,
    c.RecordMissedPromise: lambda issue: issue.promise.due_at if issue.promise else None,
    c.EndPause: lambda issue: issue.pause_ends_at,
    c.RemindOfNotice: lambda issue: issue.notice.remind_at if issue.notice else None,
    c.RecordMissedNotice: lambda issue: issue.notice.missed_at if issue.notice else None,
    c.SendSupervisionNotice: lambda issue: issue.next_notice_at,
}
"""The first moment at which a command of the clocks is due."""


UNDER_ANOTHER_OFFICE: Final = frozenset({c.RedateDeadline, c.RemindOfNotice, c.RecordMissedNotice})
"""Accepted only where another calendar or plan was in force before: test_redating.py, test_notice_owed.py."""


@dataclass(frozen=True)
class Example:
    """A command that is accepted, and the case that accepts it."""

    case: Case
    asked: Command


def due_moment(kind: type[Command], issue: Issue) -> datetime | None:
    """When a command of the clocks is due; None for other commands and where nothing is due."""
    return _MOMENT_OF.get(kind, lambda issue: None)(issue)


def example(kind: type[Command], **log_fields: Any) -> Example:
    """An accepted command of this kind; `log_fields` set the issue apart, e.g. `key="another"`."""
    if kind is c.MarkBacklog:
        log_fields = {"channel": Channel.PETITION, **log_fields}
    life = case(_STATE_OF[kind], **log_fields)
    fields: dict[str, Any] = {}
    if kind is c.DecideSubmission:
        life = life.do(RecordMeeting, at=life.now + timedelta(hours=15))
    if kind is c.AllocateFunding:
        life = with_budget(life)
    if kind is c.MergeIssue:
        other = command(c.LogIssue, at=life.now, household="QS-030", key=f"joined by {life.issue_id}")
        life = life.after(other)
        fields["into"] = other.issue_id
    return Example(life, life.command(kind, at=due_moment(kind, life.issue), **fields))
