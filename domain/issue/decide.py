"""What each command does: the table at the foot. `decide` is pure: same state, command and context, same events.

Called by casework. The decisions stand in `decisions/`, their guards in `rules.py`.
"""

from collections.abc import Callable
from typing import Any

from domain.context import Context
from domain.errors import AlreadyExists, NotFound
from domain.events import DomainEvent
from domain.issue import commands as c
from domain.issue import rules
from domain.issue.concerned import may_act
from domain.issue.decisions import (
    answer,
    clocks,
    committee,
    ending,
    funding,
    intake,
    pauses,
    petition,
    tabling,
    whole_case,
    works,
)
from domain.issue.evolve import evolve
from domain.issue.state import Issue

Decision = Callable[[Issue, Any, Context], tuple[DomainEvent, ...]]


def decide(issue: Issue | None, command: c.LogIssue | c.IssueCommand, context: Context) -> tuple[DomainEvent, ...]:
    """The events that `command` causes. Raises a Refusal; then nothing happened."""
    rules.role_may(command)
    rules.happened_by(context.now, command.occurred_at)
    if isinstance(command, c.LogIssue):
        if issue is not None:
            raise AlreadyExists
        may_act(command.actor, command.concerns, context)
        return intake.log_issue(command, context)
    if issue is None:
        raise NotFound
    return happen(issue, command, context)


def happen(issue: Issue, command: c.IssueCommand, context: Context) -> tuple[DomainEvent, ...]:
    """The events, whoever asks: also for what a meeting passes on in its own name."""
    may_act(command.actor, issue.concerns, context)
    rules.not_before(issue.logged_at, command.occurred_at)
    events = DECISIONS[type(command)](issue, command, context)
    missed = clocks.missed_before(issue, command, _after(issue, events))
    if not missed:
        return events
    return (*missed, *DECISIONS[type(command)](_after(issue, missed), command, context))


def _after(issue: Issue, events: tuple[DomainEvent, ...]) -> Issue:
    """The issue after those of the events that are its own."""
    for event in events:
        if event.originator_id == issue.issue_id:
            issue = evolve(issue, event)
    return issue


DECISIONS: dict[type[c.IssueCommand], Decision] = {
    c.FixOnSite: intake.fix_on_site,
    c.EscalateIssue: intake.escalate,
    c.EscalateOverdue: intake.escalate_overdue,
    c.AcceptIssue: intake.accept,
    c.ReturnEscalation: intake.return_escalation,
    c.AssignIssue: intake.assign,
    c.ResolveIssue: intake.resolve,
    c.SubmitToCommittee: committee.submit,
    c.SignSubmission: committee.sign,
    c.SendBackSubmission: committee.send_back,
    c.TableSubmission: tabling.table,
    c.DecideSubmission: committee.decide_submission,
    c.RecordCountyAnswer: committee.record_county_answer,
    c.AllocateFunding: funding.allocate_funding,
    c.PayTranche: funding.pay_tranche,
    c.ReturnUnspent: funding.return_unspent,
    c.CancelGrant: funding.cancel_grant,
    c.ReportProgress: works.report_progress,
    c.RecordMissedReport: works.record_missed_report,
    c.CompleteWorks: works.complete,
    c.AcceptWorks: works.accept_works,
    c.OrderRework: works.order_rework,
    c.GiveReply: answer.give_reply,
    c.DeliverReply: answer.deliver,
    c.RateAnswer: answer.rate,
    c.CloseSilently: answer.close_silently,
    c.RequestReview: answer.request_review,
    c.DecideReview: answer.decide_review,
    c.RequestRecheck: answer.request_recheck,
    c.DecideRecheck: answer.decide_recheck,
    c.CloseIssue: answer.close,
    c.RecordLookBack: answer.record_look_back,
    c.PlanRectification: ending.plan_rectification,
    c.MarkBacklog: ending.mark_backlog,
    c.ProposeFinalFiling: ending.propose_final_filing,
    c.FileAsFinal: ending.file_as_final,
    c.RefuseFinalFiling: ending.refuse_final_filing,
    c.RemindHolder: clocks.remind,
    c.RecordMissedDeadline: clocks.record_missed,
    c.SendSupervisionNotice: clocks.supervise,
    c.RequestExtension: clocks.request_extension,
    c.GrantExtension: clocks.grant_extension,
    c.RefuseExtension: clocks.refuse_extension,
    c.PauseClock: pauses.pause,
    c.ResumeClock: pauses.resume,
    c.EndPause: pauses.end_pause,
    c.RecordMissedPromise: clocks.record_missed_promise,
    c.RedateDeadline: pauses.redate,
    c.WithdrawIssue: whole_case.withdraw,
    c.MergeIssue: whole_case.merge,
    c.SplitIssue: whole_case.split,
    c.LinkCommonCause: whole_case.link_common_cause,
    c.AssignLeader: whole_case.assign_leader,
    c.NotifyHousehold: petition.notify,
    c.RemindOfNotice: petition.remind_of_notice,
    c.RecordMissedNotice: petition.record_missed_notice,
    c.CorrectEntry: whole_case.correct,
}
