"""At which stages each command may be accepted, written by hand from the rules: decisions are tested against it."""

from typing import Final

from domain.commands import Command
from domain.issue import commands as c
from domain.issue.words import OPEN_STAGES, UNANSWERED_STAGES, Stage

AFTER_WORKS = frozenset(
    {Stage.REPLY, Stage.FEEDBACK, Stage.ANSWERED, Stage.REVIEW, Stage.RECHECK, Stage.CLOSED, Stage.SETTLED}
)
_EARLY = frozenset({Stage.LOGGED, Stage.ESCALATED, Stage.HANDLING})

MAY_HAPPEN_AT: Final[dict[type[Command], frozenset[Stage]]] = {
    c.FixOnSite: frozenset({Stage.LOGGED}),
    c.EscalateIssue: frozenset({Stage.LOGGED, Stage.HANDLING}),
    c.EscalateOverdue: frozenset({Stage.LOGGED, Stage.ESCALATED}),
    c.AcceptIssue: frozenset({Stage.ESCALATED}),
    c.ReturnEscalation: frozenset({Stage.ESCALATED}),
    c.AssignIssue: OPEN_STAGES,
    c.ResolveIssue: frozenset({Stage.LOGGED, Stage.HANDLING}),
    c.SubmitToCommittee: frozenset({Stage.LOGGED, Stage.HANDLING}),
    c.SignSubmission: frozenset({Stage.SUBMISSION}),
    c.SendBackSubmission: frozenset({Stage.SUBMISSION}),
    c.TableSubmission: frozenset({Stage.COMMITTEE}),
    c.DecideSubmission: frozenset({Stage.COMMITTEE}),
    c.RecordCountyAnswer: frozenset({Stage.WITH_COUNTY}),
    c.AllocateFunding: frozenset({Stage.FUNDING}),
    c.PayTranche: frozenset(
        {Stage.FUNDING, Stage.WORKS, Stage.INSPECTION, Stage.REPLY, Stage.FEEDBACK, Stage.ANSWERED}
    ),
    c.ReturnUnspent: frozenset(Stage),  # whatever works before a reopening left unspent is owed at any stage
    c.CancelGrant: AFTER_WORKS | {Stage.FUNDING},
    c.ReportProgress: frozenset({Stage.WORKS}),
    c.RecordMissedReport: frozenset({Stage.WORKS}),
    c.CompleteWorks: frozenset({Stage.WORKS}),
    c.AcceptWorks: frozenset({Stage.INSPECTION}),
    c.OrderRework: frozenset({Stage.INSPECTION}),
    c.GiveReply: frozenset({Stage.REPLY}),
    c.DeliverReply: frozenset({Stage.FEEDBACK, Stage.ANSWERED, Stage.REVIEW, Stage.RECHECK, Stage.CLOSED}),
    c.RateAnswer: frozenset({Stage.FEEDBACK}),
    c.CloseSilently: frozenset({Stage.FEEDBACK}),
    c.RequestReview: frozenset({Stage.FEEDBACK, Stage.ANSWERED, Stage.CLOSED}),
    c.DecideReview: frozenset({Stage.REVIEW}),
    c.RequestRecheck: frozenset({Stage.ANSWERED, Stage.CLOSED}),
    c.DecideRecheck: frozenset({Stage.RECHECK}),
    c.CloseIssue: frozenset({Stage.ANSWERED}),
    c.RecordLookBack: frozenset({Stage.CLOSED}),
    c.PlanRectification: UNANSWERED_STAGES,
    c.MarkBacklog: OPEN_STAGES | {Stage.CLOSED},
    c.ProposeFinalFiling: frozenset({Stage.ANSWERED, Stage.CLOSED}),
    c.FileAsFinal: frozenset({Stage.ANSWERED, Stage.CLOSED}),
    c.RefuseFinalFiling: frozenset({Stage.ANSWERED, Stage.CLOSED}),
    c.RemindHolder: OPEN_STAGES | {Stage.CLOSED},
    c.RecordMissedDeadline: (OPEN_STAGES - {Stage.FEEDBACK}) | {Stage.CLOSED},
    c.SendSupervisionNotice: (OPEN_STAGES - {Stage.FEEDBACK}) | {Stage.CLOSED},
    c.RequestExtension: OPEN_STAGES,
    c.GrantExtension: OPEN_STAGES,
    c.RefuseExtension: OPEN_STAGES,
    c.PauseClock: OPEN_STAGES - {Stage.FEEDBACK},
    c.ResumeClock: OPEN_STAGES - {Stage.FEEDBACK},
    c.EndPause: OPEN_STAGES - {Stage.FEEDBACK},
    c.RecordMissedPromise: OPEN_STAGES | {Stage.CLOSED},
    c.RedateDeadline: OPEN_STAGES | {Stage.CLOSED},
    c.WithdrawIssue: UNANSWERED_STAGES,
    c.MergeIssue: _EARLY,
    c.SplitIssue: _EARLY,
    c.LinkCommonCause: OPEN_STAGES,
    c.AssignLeader: OPEN_STAGES,
    c.CorrectEntry: OPEN_STAGES | {Stage.CLOSED},
    c.NotifyHousehold: OPEN_STAGES,
    c.RemindOfNotice: OPEN_STAGES,
    c.RecordMissedNotice: OPEN_STAGES,
}
