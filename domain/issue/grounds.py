"""Which rule of the requirements stands behind an event of an issue, and which command may have caused it?

For replays. The log keeps a clock's rule, plan and basis within the event; the rest follows from the tables here, which
a test holds to README.md. Commands are not stored by name: what their stream and the actor's role exclude is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.events import DomainEvent
from domain.issue import events as e
from domain.permissions import roles_for

RULES: Final[Mapping[str, tuple[str, str]]] = {
    "L1": ("登记要素齐全，取得编号和回执码", "logged with what it takes; a number and a receipt code"),
    "L2": ("能现场办的现场办，随即答复", "fixed on the spot, straight to the answer"),
    "L3": ("始终有责任人和期限，按单位日历计算", "always an owner and a date, by the office's calendar"),
    "L4": ("提醒、超期、督办、自动上报、延期、暂停", "reminded, missed, supervised, escalated, extended, paused"),
    "L5": ("逐级上报或转归口部门；报县须经决定", "up a tier or to a department; to the county by decision"),
    "L6": ("村和部门能办的就地办；会议分办", "resolved where it can be; disposed of in meetings"),
    "L7": ("提请、第二人审签、截止日列入议题", "submitted, signed by a second person, tabled at the cut-off"),
    "L8": ("到会达法定人数，回避后决定，说明理由", "decided with a quorum, without an interest, with reasons"),
    "L9": ("入库排序，预算内安排，按序拨付，结余退回", "ranked, allocated within the budget, paid in order"),
    "L10": ("按月报进度，缺报显示，由他人验收", "reported each month, accepted by somebody else"),
    "L11": ("书面答复，群众评价，重开，复查、复核", "replied, rated or silent, reopened, reviewed, re-checked"),
    "L12": ("有答复方可销号，由他人回头看", "closed only when answered; looked back at by another"),
    "L13": ("撤回、并案、分案、共性问题、包案、更正", "withdrawn, merged, split, linked, led, corrected"),
}
"""Each in Chinese and English. L14 (who, when, by which command) holds for every event, and is what a replay shows."""

SERVES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("LogIssue",), "L1"),
    **dict.fromkeys(("FixOnSite",), "L2"),
    **dict.fromkeys(("AcceptIssue", "AssignIssue", "RedateDeadline", "RecordMissedPromise"), "L3"),
    **dict.fromkeys(("RemindHolder", "RecordMissedDeadline", "SendSupervisionNotice", "EscalateOverdue"), "L4"),
    **dict.fromkeys(("RequestExtension", "GrantExtension", "RefuseExtension"), "L4"),
    **dict.fromkeys(("PauseClock", "ResumeClock", "EndPause"), "L4"),
    **dict.fromkeys(("EscalateIssue", "ReturnEscalation", "RecordCountyAnswer"), "L5"),
    **dict.fromkeys(("ResolveIssue", "DisposeItem"), "L6"),
    **dict.fromkeys(("SubmitToCommittee", "SignSubmission", "SendBackSubmission", "TableSubmission"), "L7"),
    **dict.fromkeys(("ConveneMeeting", "AddItem"), "L7"),
    **dict.fromkeys(("DecideSubmission", "DecideTogether"), "L8"),
    **dict.fromkeys(("AllocateFunding", "ConfirmRound", "PayTranche", "ReturnUnspent", "CancelGrant"), "L9"),
    **dict.fromkeys(("ReportProgress", "RecordMissedReport", "CompleteWorks", "AcceptWorks", "OrderRework"), "L10"),
    **dict.fromkeys(("PlanRectification",), "L10"),
    **dict.fromkeys(("GiveReply", "DeliverReply", "RateAnswer", "CloseSilently"), "L11"),
    **dict.fromkeys(("RequestReview", "DecideReview", "RequestRecheck", "DecideRecheck"), "L11"),
    **dict.fromkeys(("NotifyHousehold", "RemindOfNotice", "RecordMissedNotice"), "L11"),
    **dict.fromkeys(("CloseIssue", "RecordLookBack", "MarkBacklog"), "L12"),
    **dict.fromkeys(("ProposeFinalFiling", "FileAsFinal", "RefuseFinalFiling"), "L12"),
    **dict.fromkeys(("WithdrawIssue", "MergeIssue", "SplitIssue", "LinkCommonCause"), "L13"),
    **dict.fromkeys(("AssignLeader", "CorrectEntry"), "L13"),
}
_DECIDED: Final = ("DecideSubmission", "DecideTogether")
CAUSES: Final[Mapping[type[DomainEvent], tuple[str, ...]]] = {
    e.IssueLogged: ("LogIssue", "SplitIssue"),
    e.IssueFixedOnSite: ("FixOnSite",),
    e.IssueEscalated: ("EscalateIssue", "EscalateOverdue", "DisposeItem"),
    e.IssueAccepted: ("AcceptIssue", "DisposeItem"),
    e.EscalationReturned: ("ReturnEscalation",),
    e.IssueAssigned: ("AssignIssue",),
    e.IssueResolved: ("ResolveIssue",),
    e.SubmissionPrepared: ("SubmitToCommittee",),
    e.SubmissionSigned: ("SignSubmission",),
    e.SubmissionSentBack: ("SendBackSubmission",),
    e.SubmissionTabled: ("TableSubmission", "ConveneMeeting", "AddItem"),
    e.SubmissionApproved: _DECIDED,
    e.SubmissionDeferred: _DECIDED,
    e.SubmissionReturned: _DECIDED,
    e.SubmissionReferredUp: _DECIDED,
    e.SubmissionDeclined: _DECIDED,
    e.CountyAnswered: ("RecordCountyAnswer",),
    e.FundingGranted: ("AllocateFunding", "ConfirmRound"),
    e.TranchePaid: ("PayTranche",),
    e.UnspentReturned: ("ReturnUnspent",),
    e.GrantCancelled: ("CancelGrant",),
    e.ProgressReported: ("ReportProgress",),
    e.ProgressReportMissed: ("RecordMissedReport",),
    e.WorksCompleted: ("CompleteWorks",),
    e.WorksAccepted: ("AcceptWorks",),
    e.ReworkOrdered: ("OrderRework",),
    e.ReplyGiven: ("GiveReply",),
    e.AnswerShared: ("GiveReply",),
    e.ReplyDelivered: ("DeliverReply",),
    e.AnswerRated: ("RateAnswer",),
    e.HouseholdSilent: ("CloseSilently",),
    e.IssueReopened: ("RateAnswer", "DecideReview", "DecideRecheck", "RecordLookBack"),
    e.ReviewRequested: ("RequestReview",),
    e.ReviewDecided: ("DecideReview",),
    e.RecheckRequested: ("RequestRecheck",),
    e.RecheckDecided: ("DecideRecheck",),
    e.IssueClosed: ("CloseIssue", "CloseSilently"),
    e.LookBackPassed: ("RecordLookBack",),
    e.LookBackFailed: ("RecordLookBack",),
    e.RectificationPlanned: ("PlanRectification",),
    e.BacklogMarked: ("MarkBacklog",),
    e.FinalFilingProposed: ("ProposeFinalFiling",),
    e.FiledAsFinal: ("FileAsFinal",),
    e.FinalFilingRefused: ("RefuseFinalFiling",),
    e.DeadlineReminded: ("RemindHolder",),
    e.DeadlineMissed: ("RecordMissedDeadline",),
    e.SupervisionNoticeSent: ("RecordMissedDeadline", "SendSupervisionNotice"),
    e.ExtensionRequested: ("RequestExtension",),
    e.ExtensionGranted: ("GrantExtension",),
    e.ExtensionRefused: ("RefuseExtension",),
    e.PromiseMissed: ("RecordMissedPromise",),
    e.ClockPaused: ("PauseClock",),
    e.ClockResumed: ("ResumeClock", "EndPause"),
    e.DeadlineRedated: ("RedateDeadline",),
    e.IssueWithdrawn: ("WithdrawIssue",),
    e.IssueMerged: ("MergeIssue",),
    e.IssueAbsorbed: ("MergeIssue",),
    e.IssueSplit: ("SplitIssue",),
    e.CommonCauseLinked: ("LinkCommonCause",),
    e.LeaderAssigned: ("AssignLeader",),
    e.HouseholdNotified: ("NotifyHousehold",),
    e.NoticeReminded: ("RemindOfNotice",),
    e.NoticeMissed: ("RecordMissedNotice",),
    e.EntryCorrected: ("CorrectEntry",),
}
"""Event -> the commands that cause it. A miss may also stand before whatever ends its clock late."""

_MISSES: Final = frozenset({e.DeadlineMissed, e.PromiseMissed, e.NoticeMissed})
_TO_OTHERS: Final = frozenset({"DisposeItem", "ConveneMeeting", "AddItem", "DecideTogether", "ConfirmRound"})
"""Commands to a meeting or a fund."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The rules that an event serves, and the commands that may have caused it; where the log leaves one, it is one."""

    rules: tuple[str, ...]
    commands: tuple[str, ...]


def ground_of(event: DomainEvent, together: Sequence[DomainEvent], *, to_itself: bool | None) -> Ground:
    """`together`: what one command caused in this stream, the event among it.

    `to_itself`: whether the command went to this very issue, and not to another, a meeting or a fund; None: not known.
    """
    own = _possible(event, to_itself)
    told = tuple(name for name in _shared(together, to_itself) if name in own)
    if type(event) in _MISSES and len(together) > 1:
        return Ground(_rules(own), told or _shared(together, to_itself))
    return Ground(_rules(told or own), told or own)


def _shared(together: Sequence[DomainEvent], to_itself: bool | None) -> tuple[str, ...]:
    """What may have caused all of it. A miss may stand before any act that came late, so acts say it first."""
    kept: tuple[str, ...] = ()
    for event in sorted(together, key=lambda it: type(it) in _MISSES):
        own = _possible(event, to_itself)
        kept = tuple(name for name in kept if name in own) or kept or own
    return kept


def _rules(commands: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(SERVES[name] for name in commands))


def _possible(event: DomainEvent, to_itself: bool | None) -> tuple[str, ...]:
    """Without those that the role may not ask for, or that go elsewhere; all of them if none would be left."""
    commands = CAUSES[type(event)]
    of_role = tuple(name for name in commands if event.actor.role in roles_for(name)) or commands
    if to_itself is None:
        return of_role
    elsewhere = _TO_OTHERS | ({"SplitIssue"} if isinstance(event, e.IssueLogged) else set())
    return tuple(name for name in of_role if (name not in elsewhere) is to_itself) or of_role
