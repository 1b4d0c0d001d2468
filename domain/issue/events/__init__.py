"""What can happen to an issue. Past tense, with who and when (`DomainEvent`); names fixed by `TOPIC`.

Values that a decision used (deadlines, limits, the next meeting) are stored here: a replay never decides again.
"""

from typing import Final

from domain.events import DomainEvent
from domain.issue.events.answer import (
    AnswerRated,
    AnswerShared,
    HouseholdSilent,
    IssueClosed,
    IssueReopened,
    LookBackFailed,
    LookBackPassed,
    RecheckDecided,
    RecheckRequested,
    ReplyDelivered,
    ReplyGiven,
    ReviewDecided,
    ReviewRequested,
)
from domain.issue.events.clocks import (
    DeadlineMissed,
    DeadlineReminded,
    ExtensionGranted,
    ExtensionRefused,
    ExtensionRequested,
    SupervisionNoticeSent,
)
from domain.issue.events.committee import (
    CountyAnswered,
    FundingGranted,
    GrantCancelled,
    SubmissionApproved,
    SubmissionDeclined,
    SubmissionDeferred,
    SubmissionPrepared,
    SubmissionReferredUp,
    SubmissionReturned,
    SubmissionSentBack,
    SubmissionSigned,
    SubmissionTabled,
    TranchePaid,
    UnspentReturned,
)
from domain.issue.events.intake import (
    EscalationReturned,
    IssueAccepted,
    IssueAssigned,
    IssueEscalated,
    IssueFixedOnSite,
    IssueLogged,
    IssueResolved,
)
from domain.issue.events.whole_case import (
    CommonCauseLinked,
    EntryCorrected,
    IssueAbsorbed,
    IssueMerged,
    IssueSplit,
    IssueWithdrawn,
    LeaderAssigned,
)
from domain.issue.events.works import (
    ProgressReported,
    ProgressReportMissed,
    ReworkOrdered,
    WorksAccepted,
    WorksCompleted,
)

__all__ = [
    "AnswerRated",
    "AnswerShared",
    "CommonCauseLinked",
    "CountyAnswered",
    "DeadlineMissed",
    "DeadlineReminded",
    "EntryCorrected",
    "EscalationReturned",
    "ExtensionGranted",
    "ExtensionRefused",
    "ExtensionRequested",
    "FundingGranted",
    "GrantCancelled",
    "HouseholdSilent",
    "IssueAbsorbed",
    "IssueAccepted",
    "IssueAssigned",
    "IssueClosed",
    "IssueEscalated",
    "IssueFixedOnSite",
    "IssueLogged",
    "IssueMerged",
    "IssueReopened",
    "IssueResolved",
    "IssueSplit",
    "IssueWithdrawn",
    "LeaderAssigned",
    "LookBackFailed",
    "LookBackPassed",
    "ProgressReportMissed",
    "ProgressReported",
    "RecheckDecided",
    "RecheckRequested",
    "ReplyDelivered",
    "ReplyGiven",
    "ReviewDecided",
    "ReviewRequested",
    "ReworkOrdered",
    "SubmissionApproved",
    "SubmissionDeclined",
    "SubmissionDeferred",
    "SubmissionPrepared",
    "SubmissionReferredUp",
    "SubmissionReturned",
    "SubmissionSentBack",
    "SubmissionSigned",
    "SubmissionTabled",
    "SupervisionNoticeSent",
    "TranchePaid",
    "UnspentReturned",
    "WorksAccepted",
    "WorksCompleted",
]

ISSUE_EVENTS: Final[frozenset[type[DomainEvent]]] = frozenset(globals()[name] for name in __all__)
