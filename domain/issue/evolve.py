"""How each event changes an issue: the table at the foot. `evolve` is pure; `fold` reads a whole history.

Called by casework, by the relay and by replays. No clock, no plan: what a decision used is in the event.
"""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from typing import Any

from domain.events import DomainEvent
from domain.issue import changes, clock_changes
from domain.issue import events as e
from domain.issue.state import Issue
from domain.issue.words import Stage


class BrokenHistory(Exception):
    """Events of one stream that do not follow each other: the log itself is damaged."""


def evolve(issue: Issue | None, event: DomainEvent) -> Issue:
    """The state after `event`. Raises BrokenHistory if the event does not follow."""
    if issue is None:
        if not isinstance(event, e.IssueLogged) or event.originator_version != 1:
            raise BrokenHistory(f"the first event of {event.originator_id} is {event.TOPIC}")
        return changes.logged(event)
    return _advance(copy(issue), event)


def fold(history: Iterable[Any]) -> Issue | None:
    """The state after a whole history, or None if there is none."""
    issue: Issue | None = None
    for event in history:
        issue = evolve(None, event) if issue is None else _advance(issue, event)
    return issue


def after(issue: Issue | None, events: Sequence[DomainEvent]) -> Issue:
    """The state after what was decided, some of it perhaps about others: an answer reaches those merged into it too."""
    if issue is None:
        issue, events = evolve(None, events[0]), events[1:]
    for event in events:
        if event.originator_id == issue.issue_id:
            issue = evolve(issue, event)
    return issue


def _advance(issue: Issue, event: DomainEvent) -> Issue:
    if event.originator_version != issue.version + 1 or event.originator_id != issue.issue_id:
        raise BrokenHistory(f"{event.originator_id}: version {event.originator_version} after {issue.version}")
    change = _APPLY.get(type(event))
    if change is None:
        raise BrokenHistory(f"{event.originator_id}: {event.TOPIC} does not happen to an issue that exists")
    issue.version = event.originator_version
    change(issue, event)
    return issue


_APPLY: dict[type[DomainEvent], Callable[[Issue, Any], None]] = {
    e.IssueFixedOnSite: changes.enter(Stage.REPLY),
    e.IssueEscalated: changes.escalated,
    e.IssueAccepted: changes.enter(Stage.HANDLING),
    e.EscalationReturned: changes.escalation_returned,
    e.IssueAssigned: clock_changes.assigned,
    e.IssueResolved: changes.enter(Stage.REPLY),
    e.SubmissionPrepared: changes.submission_prepared,
    e.SubmissionSigned: changes.await_committee,
    e.SubmissionSentBack: changes.enter(Stage.HANDLING),
    e.SubmissionTabled: changes.submission_tabled,
    e.SubmissionApproved: changes.submission_approved,
    e.SubmissionDeferred: changes.await_committee,
    e.SubmissionReturned: changes.enter(Stage.HANDLING),
    e.SubmissionReferredUp: changes.submission_referred_up,
    e.SubmissionDeclined: changes.enter(Stage.REPLY),
    e.CountyAnswered: changes.county_answered,
    e.FundingGranted: changes.funding_granted,
    e.TranchePaid: changes.tranche_paid,
    e.UnspentReturned: changes.unspent_returned,
    e.GrantCancelled: changes.grant_cancelled,
    e.ProgressReported: changes.progress_reported,
    e.ProgressReportMissed: changes.progress_report_missed,
    e.WorksCompleted: changes.works_completed,
    e.WorksAccepted: changes.enter(Stage.REPLY),
    e.ReworkOrdered: changes.rework_ordered,
    e.ReplyGiven: changes.reply_given,
    e.ReplyDelivered: changes.reply_delivered,
    e.AnswerShared: changes.answer_shared,
    e.AnswerRated: changes.answer_rated,
    e.HouseholdSilent: changes.household_silent,
    e.IssueReopened: changes.reopened,
    e.ReviewRequested: changes.enter(Stage.REVIEW),
    e.ReviewDecided: changes.review_decided,
    e.RecheckRequested: changes.enter(Stage.RECHECK),
    e.RecheckDecided: changes.recheck_decided,
    e.IssueClosed: changes.closed,
    e.LookBackPassed: changes.ended(Stage.SETTLED),
    e.LookBackFailed: changes.nothing,
    e.RectificationPlanned: changes.rectification_planned,
    e.BacklogMarked: changes.backlog_marked,
    e.FinalFilingProposed: changes.final_filing_proposed,
    e.FiledAsFinal: changes.ended(Stage.SETTLED),
    e.FinalFilingRefused: changes.final_filing_refused,
    e.DeadlineReminded: clock_changes.reminded,
    e.DeadlineMissed: clock_changes.missed,
    e.SupervisionNoticeSent: clock_changes.notice_sent,
    e.ExtensionRequested: clock_changes.extension_requested,
    e.ExtensionGranted: clock_changes.extension_granted,
    e.ExtensionRefused: clock_changes.extension_refused,
    e.PromiseMissed: clock_changes.promise_missed,
    e.ClockPaused: clock_changes.clock_paused,
    e.ClockResumed: clock_changes.clock_resumed,
    e.DeadlineRedated: clock_changes.deadline_redated,
    e.IssueWithdrawn: changes.ended(Stage.WITHDRAWN),
    e.IssueMerged: changes.ended(Stage.MERGED),
    e.IssueAbsorbed: changes.absorbed,
    e.IssueSplit: changes.ended(Stage.SPLIT),
    e.CommonCauseLinked: changes.cause_linked,
    e.LeaderAssigned: changes.leader_assigned,
    e.HouseholdNotified: changes.household_notified,
    e.NoticeReminded: clock_changes.notice_reminded,
    e.NoticeMissed: clock_changes.notice_missed,
    e.EntryCorrected: changes.corrected,
}
