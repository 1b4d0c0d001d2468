"""What each event changes in an issue: one small function per event, applied to a state that is not shared yet.

Called by `evolve` only, through its table.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from domain.issue import events as e
from domain.issue.clock_changes import start_clock, start_notice
from domain.issue.state import Issue
from domain.issue.words import CountyOutcome, NoticeAbout, Stage, Tier


def logged(event: e.IssueLogged) -> Issue:
    """The first state of an issue."""
    issue = Issue(
        issue_id=event.originator_id,
        version=event.originator_version,
        number=event.number or "",
        stage=Stage.LOGGED,
        village=event.village,
        category=event.category,
        channel=event.channel,
        place=event.place,
        household=event.household,
        source=event.source,
        plan=event.plan,
        logged_at=event.occurred_at,
        receipt_hash=event.receipt_hash,
        tier=Tier.VILLAGE,
        responsible=event.responsible,
        concerns=event.concerns,
        handlers=event.actor.persons,
        received_at=event.occurred_at,
    )
    start_clock(issue, event.deadline)
    start_notice(issue, event.notice)
    return issue


def enter(stage: Stage) -> Callable[[Issue, Any], None]:
    """The usual event: it moves the issue to `stage` and starts that stage's clock."""

    def apply(issue: Issue, event: Any) -> None:
        issue.stage = stage
        # Asked of the class: a field that an event has not is looked for ten times as long in the event itself.
        if "responsible" in type(event).__pydantic_fields__:
            issue.responsible = event.responsible
        issue.handlers |= event.actor.persons
        start_clock(issue, event.deadline)

    return apply


def escalated(issue: Issue, event: e.IssueEscalated) -> None:
    issue.came_from, issue.sent_up_by = (issue.tier, issue.responsible), event.actor.persons
    issue.tier, issue.department = event.tier, event.department
    issue.told_before_sent = issue.told_since == issue.received_at
    issue.received_at = event.occurred_at
    start_notice(issue, event.notice)
    enter(Stage.ESCALATED)(issue, event)


def escalation_returned(issue: Issue, event: e.EscalationReturned) -> None:
    _, mark, department = event.responsible.unit.partition("department:")
    issue.tier, issue.came_from = event.tier, None
    issue.department = department if mark else None
    start_notice(issue, event.notice)
    enter(Stage.HANDLING)(issue, event)


def submission_prepared(issue: Issue, event: e.SubmissionPrepared) -> None:
    issue.prepared_by = event.actor.persons
    issue.total_budget, issue.subsidy_asked = event.total_budget, event.subsidy_asked
    issue.expected_completion = event.expected_completion
    issue.urgency, issue.submitted_at = event.urgency, None
    issue.deferrals = 0
    enter(Stage.SUBMISSION)(issue, event)


def await_committee(issue: Issue, event: Any) -> None:
    """Signed, or deferred: no clock of its own runs until the cut-off tables it."""
    issue.handlers |= event.actor.persons
    issue.stage, issue.table_at, issue.tabled = Stage.COMMITTEE, event.table_at, False
    issue.deferrals += isinstance(event, e.SubmissionDeferred)
    if isinstance(event, e.SubmissionSigned):
        issue.submitted_at = event.occurred_at
    start_clock(issue, None)


def submission_tabled(issue: Issue, event: e.SubmissionTabled) -> None:
    issue.tabled, issue.table_at = True, None
    start_clock(issue, event.deadline)


def submission_approved(issue: Issue, event: e.SubmissionApproved) -> None:
    issue.subsidy = event.subsidy
    issue.progress_due_at = event.progress_due_at
    enter(Stage.FUNDING if event.subsidy else Stage.WORKS)(issue, event)


def submission_referred_up(issue: Issue, event: e.SubmissionReferredUp) -> None:
    issue.tier, issue.department = Tier.COUNTY, None
    enter(Stage.WITH_COUNTY)(issue, event)


def county_answered(issue: Issue, event: e.CountyAnswered) -> None:
    issue.tier = Tier.TOWNSHIP
    enter(Stage.HANDLING if event.outcome is CountyOutcome.SENT_BACK else Stage.REPLY)(issue, event)


def funding_granted(issue: Issue, event: e.FundingGranted) -> None:
    issue.fund_id, issue.granted, issue.granted_by = event.fund_id, event.amount, event.actor.persons


def tranche_paid(issue: Issue, event: e.TranchePaid) -> None:
    issue.tranches, issue.paid = event.tranche, issue.paid + event.amount
    if event.deadline is not None:
        issue.stage, issue.progress_due_at = Stage.WORKS, event.progress_due_at
        start_clock(issue, event.deadline)


def unspent_returned(issue: Issue, event: e.UnspentReturned) -> None:
    """First what works before the issue reopened have left."""
    earlier = min(event.amount, issue.unspent_before)
    issue.unspent_before -= earlier
    issue.returned += event.amount - earlier


def grant_cancelled(issue: Issue, event: e.GrantCancelled) -> None:
    issue.granted -= event.amount
    if not issue.granted:
        issue.fund_id, issue.granted_by = None, frozenset()


def progress_reported(issue: Issue, event: e.ProgressReported) -> None:
    issue.percent, issue.spent = event.percent, event.spent
    issue.progress_due_at = event.progress_due_at
    issue.workers |= event.actor.persons
    issue.handlers |= event.actor.persons


def progress_report_missed(issue: Issue, event: e.ProgressReportMissed) -> None:
    issue.progress_due_at = event.progress_due_at


def works_completed(issue: Issue, event: e.WorksCompleted) -> None:
    issue.percent, issue.spent, issue.progress_due_at = 100, event.spent, None
    issue.workers |= event.actor.persons
    enter(Stage.INSPECTION)(issue, event)


def rework_ordered(issue: Issue, event: e.ReworkOrdered) -> None:
    issue.percent, issue.progress_due_at = min(issue.percent, 99), event.progress_due_at
    enter(Stage.WORKS)(issue, event)


def reply_given(issue: Issue, event: e.ReplyGiven) -> None:
    issue.replied, issue.review_until, issue.copies, issue.rating = True, event.review_until, frozenset(), None
    start_notice(issue, None)  # the answer itself tells that it was received
    enter(Stage.FEEDBACK if event.asks_household else Stage.ANSWERED)(issue, event)


def reply_delivered(issue: Issue, event: e.ReplyDelivered) -> None:
    issue.copies |= {event.copy_for}


def answer_shared(issue: Issue, event: e.AnswerShared) -> None:
    issue.replied = True


def answer_rated(issue: Issue, event: e.AnswerRated) -> None:
    issue.rating = event.rating
    if event.deadline is not None:
        issue.stage = Stage.ANSWERED
        start_clock(issue, event.deadline)


def household_silent(issue: Issue, event: e.HouseholdSilent) -> None:
    issue.stage = Stage.ANSWERED
    start_clock(issue, None)


def reopened(issue: Issue, event: e.IssueReopened) -> None:
    issue.came_from, issue.sent_up_by = (issue.tier, issue.responsible), frozenset()
    issue.tier, issue.responsible, issue.department = event.tier, event.responsible, None
    issue.reopenings += 1
    issue.final_by = frozenset()
    issue.replied = False
    # A second project has its own grant, payments and spending; what the first one left unpaid went back to the fund.
    issue.unspent_before += max(issue.paid - issue.returned - issue.spent, Decimal(0))
    issue.tranches, issue.percent = 0, 0
    issue.subsidy = issue.granted = issue.paid = issue.spent = issue.returned = Decimal(0)
    issue.stage = Stage.ESCALATED
    start_clock(issue, event.deadline)


def review_decided(issue: Issue, event: e.ReviewDecided) -> None:
    issue.reviewed, issue.recheck_until = True, event.recheck_until
    issue.handlers |= event.actor.persons
    if event.deadline is not None:
        enter(Stage.ANSWERED)(issue, event)


def recheck_decided(issue: Issue, event: e.RecheckDecided) -> None:
    issue.rechecked = True
    issue.handlers |= event.actor.persons
    if event.deadline is not None:
        enter(Stage.ANSWERED)(issue, event)


def closed(issue: Issue, event: e.IssueClosed) -> None:
    issue.stage = Stage.CLOSED if event.look_back else Stage.SETTLED
    issue.handlers |= event.actor.persons
    start_clock(issue, event.look_back)


def ended(stage: Stage) -> Callable[[Issue, Any], None]:
    def apply(issue: Issue, event: Any) -> None:
        issue.stage = stage
        issue.progress_due_at = issue.table_at = None
        start_notice(issue, None)
        start_clock(issue, None)

    return apply


def rectification_planned(issue: Issue, event: e.RectificationPlanned) -> None:
    issue.rectification = True


def backlog_marked(issue: Issue, event: e.BacklogMarked) -> None:
    issue.backlog = event.campaign


def final_filing_proposed(issue: Issue, event: e.FinalFilingProposed) -> None:
    issue.final_by = event.actor.persons


def final_filing_refused(issue: Issue, event: e.FinalFilingRefused) -> None:
    issue.final_by = frozenset()


def absorbed(issue: Issue, event: e.IssueAbsorbed) -> None:
    issue.absorbed += (event.issue_id,)


def cause_linked(issue: Issue, event: e.CommonCauseLinked) -> None:
    issue.cause = event.cause


def leader_assigned(issue: Issue, event: e.LeaderAssigned) -> None:
    issue.leader = event.leader


def corrected(issue: Issue, event: e.EntryCorrected) -> None:
    if event.field in ("category", "place", "household"):
        setattr(issue, event.field, event.value)


def nothing(issue: Issue, event: Any) -> None:
    """The event matters to readers, not to decisions."""


def household_notified(issue: Issue, event: e.HouseholdNotified) -> None:
    if event.about is NoticeAbout.ACCEPTANCE:
        issue.told_since = issue.received_at
        start_notice(issue, None)
    else:
        issue.told_extension = issue.deadline_version
