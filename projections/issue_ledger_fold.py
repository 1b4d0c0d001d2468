"""How events change a row of the issue ledger: the row's type, and the table event -> change at the foot.

Used by issue_ledger.py only. Pure: no clock, no plan; what a decision used is in the event.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain.deadlines import Deadline
from domain.events import DomainEvent
from domain.issue import events as e
from domain.issue.words import CountyOutcome, EntryField, Stage, Tier
from projections.progress import moves_of
from projections.projection import Recorded


@dataclass(slots=True)
class LedgerRow:
    """One issue as the ledger holds it. Texts of closed lists hold the words of `domain/issue/words.py`."""

    issue_id: UUID
    number: str  # 编号
    version: int  # of the stream: what If-Match expects
    position: int  # of the last event taken in
    recorded_at: datetime  # when the log recorded that event
    changed_at: datetime  # when it happened
    logged_at: datetime  # 登记日期
    village: str  # 村(社区), its code
    channel: str  # 来源渠道
    household: str | None  # 反映人(按权限), the register number
    category: str  # 问题类别
    title: str | None
    description: str  # 问题内容
    place: str | None
    source: str | None  # the earlier system, for imported records
    plan: str
    stage: str  # 办理进度
    tier: str  # 层级
    unit: str  # 责任单位
    person: str  # 责任人
    department: str | None = None
    leader: str | None = None  # 包案领导
    cause: str | None = None  # 共性问题
    measures: str | None = None  # 整改措施
    due_at: datetime | None = None  # 办理时限
    due_rule: str | None = None  # its 依据: the plan's clock of this name
    due_amount: int | None = None
    due_unit: str | None = None
    due_provisional: bool | None = None
    missed: int = 0  # deadlines missed so far 超期
    notices: int = 0  # supervision notices sent so far 督办
    extensions: int = 0
    percent: int | None = None  # 形象进度
    completed_at: datetime | None = None  # 办结日期
    replied_at: datetime | None = None  # 答复日期
    first_replied_at: datetime | None = None
    rating: str | None = None  # 群众评价
    closed_at: datetime | None = None  # 销号日期
    reopenings: int = 0
    merged_into: UUID | None = None
    split_from: UUID | None = None
    remark: str | None = None  # 备注: the last reasons given
    concerns: str | None = None  # 被反映人: the official complained of


# -- folding --------------------------------------------------------------------------------------------------------


def logged(event: e.IssueLogged, recorded: Recorded) -> LedgerRow:
    row = LedgerRow(
        issue_id=event.originator_id,
        number=event.number or "",
        version=event.originator_version,
        position=recorded.position,
        recorded_at=recorded.recorded_at,
        changed_at=event.occurred_at,
        logged_at=event.occurred_at,
        village=event.village,
        channel=event.channel,
        household=event.household,
        category=event.category,
        title=event.title,
        description=event.description,
        place=event.place,
        source=event.source,
        plan=event.plan,
        stage=Stage.LOGGED,
        tier=Tier.VILLAGE,
        unit=event.responsible.unit,
        person=event.responsible.person,
        split_from=event.split_from,
        concerns=event.concerns,
    )
    _set_clock(row, event.deadline)
    return row


def _set_clock(row: LedgerRow, deadline: Deadline | None) -> None:
    if deadline is None:
        row.due_at = row.due_rule = row.due_amount = row.due_unit = row.due_provisional = None
        return
    row.due_at, row.due_rule, row.due_provisional = deadline.due_at, deadline.rule, deadline.provisional
    row.due_amount, row.due_unit = deadline.amount, deadline.unit


Extra = Callable[[LedgerRow, Any], None]


def _moved(kind: type[DomainEvent], extra: Extra | None) -> Callable[[LedgerRow, Any, Recorded], None]:
    """What every event does to a row, and then what only this kind does."""
    moves = moves_of(kind)

    def change(row: LedgerRow, event: DomainEvent, recorded: Recorded) -> None:
        row.version, row.position = event.originator_version, recorded.position
        row.recorded_at, row.changed_at = recorded.recorded_at, event.occurred_at
        stage, moved, clock = moves(event)
        row.stage = stage or row.stage
        if moved:
            _set_clock(row, clock)
        if extra is not None:
            extra(row, event)

    return change


def _owned(row: LedgerRow, event: Any) -> None:
    row.unit, row.person = event.responsible.unit, event.responsible.person


def _completed(measures: str | None = None) -> Extra:
    """Handled; `measures` names the event's field that says how."""

    def change(row: LedgerRow, event: Any) -> None:
        row.completed_at = event.occurred_at
        if measures is not None:
            row.measures = getattr(event, measures)

    return change


def _planned(row: LedgerRow, event: e.RectificationPlanned) -> None:
    row.measures = event.measures


def _remarked(row: LedgerRow, event: Any) -> None:
    row.remark = event.reasons


def _escalated(row: LedgerRow, event: e.IssueEscalated) -> None:
    _owned(row, event)
    row.tier, row.department, row.remark = event.tier, event.department, event.reason or row.remark


def _returned(row: LedgerRow, event: e.EscalationReturned) -> None:
    _owned(row, event)
    row.tier, row.department, row.remark = event.tier, None, event.reasons


def _proposed(row: LedgerRow, event: e.SubmissionPrepared) -> None:
    row.measures = event.proposed_solution


def _referred_up(row: LedgerRow, event: e.SubmissionReferredUp) -> None:
    _owned(row, event)
    row.tier = Tier.COUNTY


def _declined(row: LedgerRow, event: e.SubmissionDeclined) -> None:
    row.completed_at, row.remark = event.occurred_at, event.reasons


def _county_answered(row: LedgerRow, event: e.CountyAnswered) -> None:
    _owned(row, event)
    row.tier, row.remark = Tier.TOWNSHIP, event.answer
    if event.outcome is not CountyOutcome.SENT_BACK:
        row.completed_at = event.occurred_at


def _progressed(row: LedgerRow, event: e.ProgressReported) -> None:
    row.percent = event.percent


def _works_completed(row: LedgerRow, event: e.WorksCompleted) -> None:
    row.percent, row.measures = 100, event.summary


def _rework(row: LedgerRow, event: e.ReworkOrdered) -> None:
    row.percent, row.remark = min(row.percent or 0, 99), event.reasons


def _replied(row: LedgerRow, event: Any) -> None:
    row.replied_at = event.occurred_at
    row.first_replied_at = row.first_replied_at or event.occurred_at


def _rated(row: LedgerRow, event: e.AnswerRated) -> None:
    row.rating, row.remark = event.rating, event.remark or row.remark


def _reopened(row: LedgerRow, event: e.IssueReopened) -> None:
    _owned(row, event)
    row.tier, row.department, row.reopenings = event.tier, None, row.reopenings + 1
    row.completed_at = row.replied_at = row.closed_at = row.percent = None


def _closed(row: LedgerRow, event: e.IssueClosed) -> None:
    row.closed_at = event.occurred_at


def _missed(row: LedgerRow, event: e.DeadlineMissed | e.PromiseMissed | e.NoticeMissed) -> None:
    row.missed += 1


def _noticed(row: LedgerRow, event: e.SupervisionNoticeSent) -> None:
    row.notices += 1


def _extended(row: LedgerRow, event: e.ExtensionGranted) -> None:
    row.extensions += 1


def _merged(row: LedgerRow, event: e.IssueMerged) -> None:
    row.merged_into, row.remark = event.into, event.reasons


def _linked(row: LedgerRow, event: e.CommonCauseLinked) -> None:
    row.cause = event.cause


def _led(row: LedgerRow, event: e.LeaderAssigned) -> None:
    row.leader = event.leader


def _corrected(row: LedgerRow, event: e.EntryCorrected) -> None:
    match event.field:
        case EntryField.TITLE:
            row.title = event.value
        case EntryField.DESCRIPTION:
            row.description = event.value or row.description
        case EntryField.CATEGORY:
            row.category = event.value or row.category
        case EntryField.PLACE:
            row.place = event.value
        case EntryField.HOUSEHOLD:
            row.household = event.value


_MOVE_ONLY: Final[tuple[type[DomainEvent], ...]] = (
    e.SubmissionSigned, e.SubmissionTabled, e.SubmissionApproved, e.FundingGranted, e.TranchePaid, e.UnspentReturned,
    e.GrantCancelled, e.ProgressReportMissed, e.ReplyDelivered, e.HouseholdSilent, e.ReviewRequested, e.ReviewDecided,
    e.RecheckRequested, e.RecheckDecided, e.LookBackPassed, e.LookBackFailed, e.BacklogMarked, e.FinalFilingProposed,
    e.FiledAsFinal, e.DeadlineReminded, e.ExtensionRequested, e.ExtensionRefused, e.ClockPaused, e.ClockResumed,
    e.DeadlineRedated, e.IssueAbsorbed, e.HouseholdNotified, e.NoticeReminded,
)  # fmt: skip
"""They change version, stage and clock."""

_EXTRAS: Final[dict[type[DomainEvent], Extra | None]] = {
    e.IssueFixedOnSite: _completed("measures"),
    e.IssueEscalated: _escalated,
    e.IssueAccepted: _owned,
    e.EscalationReturned: _returned,
    e.IssueAssigned: _owned,
    e.IssueResolved: _completed("measures"),
    e.SubmissionPrepared: _proposed,
    e.SubmissionSentBack: _remarked,
    e.SubmissionDeferred: _remarked,
    e.SubmissionReturned: _remarked,
    e.SubmissionReferredUp: _referred_up,
    e.SubmissionDeclined: _declined,
    e.CountyAnswered: _county_answered,
    e.ProgressReported: _progressed,
    e.WorksCompleted: _works_completed,
    e.WorksAccepted: _completed(),
    e.ReworkOrdered: _rework,
    e.ReplyGiven: _replied,
    e.AnswerShared: _replied,
    e.AnswerRated: _rated,
    e.IssueReopened: _reopened,
    e.IssueClosed: _closed,
    e.RectificationPlanned: _planned,
    e.FinalFilingRefused: _remarked,
    e.DeadlineMissed: _missed,
    e.SupervisionNoticeSent: _noticed,
    e.ExtensionGranted: _extended,
    e.PromiseMissed: _missed,
    e.NoticeMissed: _missed,
    e.IssueWithdrawn: _remarked,
    e.IssueMerged: _merged,
    e.IssueSplit: _remarked,
    e.CommonCauseLinked: _linked,
    e.LeaderAssigned: _led,
    e.EntryCorrected: _corrected,
    **dict.fromkeys(_MOVE_ONLY),
}
"""Every event that changes a row."""

CHANGES: Final = {kind: _moved(kind, extra) for kind, extra in _EXTRAS.items()}
