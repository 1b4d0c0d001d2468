"""How events change a row of the dashboard: the row's type, and the table event -> change at the foot.

Used by dashboard.py only. Pure: no clock, no plan; what a decision used is in the event.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain.events import DomainEvent
from domain.issue import events as e
from domain.issue.words import CountyOutcome, EntryField, Stage, Tier
from projections.progress import moves_of, was_late
from projections.projection import Recorded


@dataclass(slots=True)
class DashboardRow:
    """What is counted of one issue."""

    issue_id: UUID
    village: str
    category: str
    channel: str
    tier: str
    department: str | None
    stage: str
    due_at: datetime | None
    logged_at: datetime
    timed: bool  # it had a time limit: imported without a due date it has none
    answered_at: datetime | None = None  # the first reply
    closed_at: datetime | None = None  # struck off, and not reopened since
    late: bool = False  # a step before an answer ended after its due time
    solved: bool = False  # brought to an end by measures, not declined; and not reopened since
    asked: bool = False  # the household was asked what it thinks of the answer
    backlog: bool = False  # 积案
    silent: bool = False  # and said nothing until the limit
    rating: str | None = None  # of the latest call-back
    contacted: bool | None = None  # whether the household had been contacted, as it said then
    concerns: str | None = None  # the official complained of, from whose counts it is left out


def logged(event: e.IssueLogged, recorded: Recorded) -> DashboardRow:
    return DashboardRow(
        issue_id=event.originator_id,
        village=event.village,
        category=event.category,
        channel=event.channel,
        tier=Tier.VILLAGE,
        department=None,
        stage=Stage.LOGGED,
        due_at=event.deadline.due_at,
        logged_at=event.occurred_at,
        timed=event.source is None or bool(event.deadline.promised),
        concerns=event.concerns,
    )


Extra = Callable[[DashboardRow, Any], None]


def _moved(kind: type[DomainEvent], extra: Extra | None) -> Callable[[DashboardRow, Any, Recorded], None]:
    moves = moves_of(kind)

    def change(row: DashboardRow, event: DomainEvent, recorded: Recorded) -> None:
        stage, moved, clock = moves(event)
        if moved:
            row.late = row.late or was_late(row, event)
        row.stage = stage or row.stage
        if moved:
            row.due_at = clock.due_at if clock else None
        if extra is not None:
            extra(row, event)

    return change


def _solved(row: DashboardRow, event: Any) -> None:
    row.solved = True


def _declined(row: DashboardRow, event: Any) -> None:
    row.solved = False


def _placed(row: DashboardRow, event: e.IssueEscalated) -> None:
    row.tier, row.department = event.tier, event.department


def _returned(row: DashboardRow, event: e.EscalationReturned) -> None:
    row.tier, row.department = event.tier, None


def _referred_up(row: DashboardRow, event: Any) -> None:
    row.tier = Tier.COUNTY


def _county_answered(row: DashboardRow, event: e.CountyAnswered) -> None:
    row.tier, row.solved = Tier.TOWNSHIP, event.outcome is CountyOutcome.RESOLVED


def _answered(row: DashboardRow, event: e.ReplyGiven) -> None:
    row.answered_at = row.answered_at or event.occurred_at
    row.asked, row.silent = row.asked or event.asks_household, False


def _shared(row: DashboardRow, event: Any) -> None:
    row.answered_at = row.answered_at or event.occurred_at


def _rated(row: DashboardRow, event: e.AnswerRated) -> None:
    row.rating, row.contacted = event.rating, event.contacted


def _backlog(row: DashboardRow, event: Any) -> None:
    row.backlog = True


def _silent(row: DashboardRow, event: Any) -> None:
    row.silent = True


def _closed(row: DashboardRow, event: Any) -> None:
    row.closed_at = row.closed_at or event.occurred_at


def _reopened(row: DashboardRow, event: e.IssueReopened) -> None:
    row.tier, row.department, row.solved, row.closed_at = event.tier, None, False, None


def _corrected(row: DashboardRow, event: e.EntryCorrected) -> None:
    if event.field is EntryField.CATEGORY:
        row.category = event.value or row.category


_EXTRAS: Final[dict[type[DomainEvent], Extra | None]] = {
    e.IssueFixedOnSite: _solved,
    e.IssueEscalated: _placed,
    e.IssueAccepted: None,
    e.EscalationReturned: _returned,
    e.IssueResolved: _solved,
    e.SubmissionPrepared: None,
    e.SubmissionSigned: None,
    e.SubmissionSentBack: None,
    e.SubmissionTabled: None,
    e.SubmissionApproved: None,
    e.SubmissionDeferred: None,
    e.SubmissionReturned: None,
    e.SubmissionReferredUp: _referred_up,
    e.SubmissionDeclined: _declined,
    e.CountyAnswered: _county_answered,
    e.TranchePaid: None,
    e.WorksCompleted: None,
    e.WorksAccepted: _solved,
    e.ReworkOrdered: None,
    e.ReplyGiven: _answered,
    e.AnswerShared: _shared,
    e.AnswerRated: _rated,
    e.HouseholdSilent: _silent,
    e.IssueReopened: _reopened,
    e.ReviewRequested: None,
    e.ReviewDecided: None,
    e.RecheckRequested: None,
    e.RecheckDecided: None,
    e.IssueClosed: _closed,
    e.LookBackPassed: None,
    e.FiledAsFinal: _closed,
    e.BacklogMarked: _backlog,
    e.ExtensionGranted: None,
    e.IssueAssigned: None,
    e.ClockPaused: None,
    e.ClockResumed: None,
    e.DeadlineRedated: None,
    e.IssueWithdrawn: None,
    e.IssueMerged: None,
    e.IssueSplit: None,
    e.EntryCorrected: _corrected,
}
"""The events that change what is counted; those with None change only stage and clock."""

PASSED_OVER: Final[frozenset[type[DomainEvent]]] = frozenset(
    {
        e.RectificationPlanned, e.FinalFilingProposed, e.FinalFilingRefused,
        e.FundingGranted, e.UnspentReturned, e.GrantCancelled,
        e.ProgressReported, e.ProgressReportMissed, e.ReplyDelivered,
        e.LookBackFailed, e.DeadlineReminded, e.DeadlineMissed, e.SupervisionNoticeSent, e.ExtensionRequested,
        e.ExtensionRefused, e.IssueAbsorbed, e.CommonCauseLinked, e.LeaderAssigned, e.PromiseMissed,
        e.HouseholdNotified, e.NoticeReminded, e.NoticeMissed,
    }
)  # fmt: skip
"""They change nothing that is counted here."""

CHANGES: Final = {kind: _moved(kind, extra) for kind, extra in _EXTRAS.items()}
