"""Who may do what? The one table that decides it; who sees what of a ledger stands in ledger_views.py.

Every command finds its roles here (domain/commands.py), the API whose cases a role reaches. README.md shows the table;
a test holds it to it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from domain.values import Role


class Reach(StrEnum):
    """How somebody has to be related to the case they act on."""

    VILLAGE = "village"  # 本村（站）: in a village of their post
    TOWNSHIP = "township"  # 本镇: in the township of their post
    DEPARTMENT = "department"  # 本部门: in their township, and with their department now
    ANYWHERE = "anywhere"  # 不限: wherever their post reaches, whoever has the case
    OWN = "own"  # 本户: their own household's case
    PROCESS = "process"  # 流程: the process of this very case


Reaches = Mapping[Role, Reach]

_HANDLER: Final = {Role.CASE_HANDLER: Reach.VILLAGE}
_LEAD: Final = {Role.STATION_LEAD: Reach.VILLAGE}
_FIELD: Final = {**_HANDLER, **_LEAD}
_COMMITTEE: Final = {Role.COMMITTEE_MEMBER: Reach.TOWNSHIP}
_LEADERS: Final = {**_LEAD, **_COMMITTEE}
_MEETING: Final = {**_FIELD, **_COMMITTEE}
_FINANCE: Final = {Role.FINANCE: Reach.TOWNSHIP}
_DEPARTMENT: Final = {Role.DEPARTMENT: Reach.DEPARTMENT}
_ANY_DEPARTMENT: Final = {Role.DEPARTMENT: Reach.ANYWHERE}
_HANDLERS: Final = {**_FIELD, **_DEPARTMENT}
_AUDITOR: Final = {Role.AUDITOR: Reach.ANYWHERE}
_CHECKERS: Final = {**_COMMITTEE, **_AUDITOR}
_ADMINISTRATOR: Final = {Role.ADMINISTRATOR: Reach.ANYWHERE}
_HOUSEHOLD: Final = {Role.HOUSEHOLD: Reach.OWN}
_PROCESS: Final = {Role.PROCESS: Reach.PROCESS}

COMMANDS: Final[Mapping[str, Reaches]] = {
    "LogIssue": {**_FIELD, **_ANY_DEPARTMENT, **_HOUSEHOLD},  # a case not logged yet is with no department
    "FixOnSite": _FIELD,
    "EscalateIssue": _HANDLERS,
    "EscalateOverdue": _PROCESS,
    "AcceptIssue": {**_LEADERS, **_DEPARTMENT},
    "ReturnEscalation": {**_LEADERS, **_DEPARTMENT},
    "AssignIssue": _LEADERS,
    "ResolveIssue": _HANDLERS,
    "SubmitToCommittee": _HANDLERS,
    "SignSubmission": _LEADERS,
    "SendBackSubmission": _LEADERS,
    "TableSubmission": _PROCESS,
    "DecideSubmission": _COMMITTEE,
    "RecordCountyAnswer": _LEADERS,
    "AllocateFunding": _COMMITTEE,
    "PayTranche": _FINANCE,
    "ReturnUnspent": _FINANCE,
    "CancelGrant": {**_COMMITTEE, **_FINANCE},
    "ReportProgress": _HANDLERS,
    "RecordMissedReport": _PROCESS,
    "CompleteWorks": _HANDLERS,
    "AcceptWorks": {**_HANDLERS, **_COMMITTEE},
    "OrderRework": {**_HANDLERS, **_COMMITTEE},
    "GiveReply": _HANDLERS,
    "DeliverReply": _HANDLERS,
    "RateAnswer": {**_HANDLERS, **_HOUSEHOLD},
    "CloseSilently": _PROCESS,
    "RequestReview": {**_HANDLERS, **_HOUSEHOLD},
    "DecideReview": _LEADERS,
    "RequestRecheck": {**_HANDLERS, **_HOUSEHOLD},
    "DecideRecheck": _LEADERS,
    "CloseIssue": {**_HANDLERS, **_COMMITTEE},
    "RecordLookBack": {**_HANDLERS, **_COMMITTEE, **_AUDITOR},
    "PlanRectification": _HANDLERS,
    "MarkBacklog": _LEADERS,
    "ProposeFinalFiling": _HANDLERS,
    "FileAsFinal": _LEADERS,
    "RefuseFinalFiling": _LEADERS,
    "RemindHolder": _PROCESS,
    "RecordMissedDeadline": _PROCESS,
    "SendSupervisionNotice": _PROCESS,
    "RequestExtension": _HANDLERS,
    "GrantExtension": _LEADERS,
    "RefuseExtension": _LEADERS,
    "PauseClock": {**_HANDLERS, **_COMMITTEE},
    "ResumeClock": {**_HANDLERS, **_COMMITTEE},
    "EndPause": _PROCESS,
    "RecordMissedPromise": _PROCESS,
    "RedateDeadline": _PROCESS,
    "WithdrawIssue": {**_FIELD, **_HOUSEHOLD},
    "MergeIssue": _FIELD,
    "SplitIssue": _FIELD,
    "LinkCommonCause": {**_HANDLERS, **_COMMITTEE},
    "AssignLeader": _LEADERS,
    "CorrectEntry": _HANDLERS,
    "NotifyHousehold": _HANDLERS,
    "RemindOfNotice": _PROCESS,
    "RecordMissedNotice": _PROCESS,
    "RecordMeeting": _COMMITTEE,
    "DrawAgenda": _PROCESS,
    "ConveneMeeting": _COMMITTEE,
    "AddItem": _COMMITTEE,
    "SignIn": _MEETING,
    "ExcuseMember": _MEETING,
    "RemindChair": _PROCESS,
    "OpenMeeting": _MEETING,
    "FailMeeting": _MEETING,
    "RecordUnheldMeeting": _PROCESS,
    "DeclareInterest": _COMMITTEE,
    "RecordPoint": _MEETING,
    "RecordVotes": _COMMITTEE,
    "DecideTogether": _COMMITTEE,
    "DisposeItem": _MEETING,
    "CloseMeeting": _MEETING,
    "RemindMinutes": _PROCESS,
    "RecordUnconfirmedMinutes": _PROCESS,
    "ConfirmMinutes": _MEETING,
    "SetBudget": _FINANCE,
    "AdjustBudget": _FINANCE,
    "ConfirmAdjustment": {**_FINANCE, **_COMMITTEE},
    "RefuseAdjustment": {**_FINANCE, **_COMMITTEE},
    "ProposeRound": {**_FINANCE, **_COMMITTEE, **_PROCESS},
    "ConfirmRound": _COMMITTEE,
    "WithdrawRound": {**_FINANCE, **_COMMITTEE},
    "RecordRoundOverdue": _PROCESS,
    "CloseFiscalYear": {**_FINANCE, **_PROCESS},
    "RegisterHousehold": _FIELD,
    "CorrectHousehold": {**_FIELD, **_HOUSEHOLD},
    "RecordPriorityConsent": _FIELD,
    "WithdrawConsent": {**_FIELD, **_HOUSEHOLD},
    "ObjectToProcessing": {**_FIELD, **_HOUSEHOLD},
    "AnswerObjection": _LEAD,
    "RequestCopy": {**_FIELD, **_HOUSEHOLD},
    "ProposeErasure": _FIELD,
    "ConfirmErasure": _LEAD,
    "CancelErasure": _FIELD,
    "EraseHousehold": _PROCESS,
    "RecordVisit": {**_FIELD, **_COMMITTEE, **_ANY_DEPARTMENT},  # whoever comes to the village writes it down
    "CorrectVisit": {**_FIELD, **_COMMITTEE, **_ANY_DEPARTMENT},
    "StrikeVisit": {**_FIELD, **_COMMITTEE, **_ANY_DEPARTMENT},
    "CollectOpinions": {**_FIELD, **_COMMITTEE, **_ANY_DEPARTMENT},
    "RegisterHazard": _FIELD,
    "AdoptHolidays": _ADMINISTRATOR,
    "ConfirmHolidays": _ADMINISTRATOR,
    "SeedHolidays": _PROCESS,
    "SetRota": _LEADERS,
    "OpenDutyPeriod": _PROCESS,
    "RemindDuties": _PROCESS,
    "CloseDutyPeriod": _PROCESS,
    "OpenSubmissions": _PROCESS,
    "RemindSubmissions": _PROCESS,
    "RecordMissedSubmissions": _PROCESS,
    "HandInSubmission": {**_MEETING, **_DEPARTMENT},
    "SignHandIn": _LEADERS,
    "ReturnSubmission": _COMMITTEE,
    "AnnounceSpotCheck": {**_PROCESS, **_AUDITOR},
    "DrawSpotCheck": {**_PROCESS, **_AUDITOR},
    "RecordInspection": _CHECKERS,
    "HandInLedgers": _FIELD,
    "RemindHandIn": _PROCESS,
    "RecordMissedHandIn": _PROCESS,
    "RecordFinding": _CHECKERS,
    "OrderRectification": _CHECKERS,
    "ReportRectification": _FIELD,
    "RecordMissedRectification": _PROCESS,
    "RecheckRectification": _CHECKERS,
    "CloseSpotCheck": _CHECKERS,
    "RecordAuditFinding": _AUDITOR,
    "AnswerAuditFinding": {**_LEADERS, **_DEPARTMENT, **_FINANCE},
    "AcceptAuditAnswer": _AUDITOR,
    "InsistOnAuditFinding": _AUDITOR,
    "CloseAuditFinding": _AUDITOR,
    "AskAuditSample": _AUDITOR,
    "DrawAuditSample": _AUDITOR,
    "OpenBulletin": _PROCESS,
    "DrawUpBulletin": _PROCESS,
    "NameInBulletin": _CHECKERS,
    "TakeOffBulletin": _CHECKERS,
    "IssueBulletin": _COMMITTEE,
    "RecordBulletinOverdue": _PROCESS,
    "CorrectBulletin": _COMMITTEE,
    "ListPriorityHousehold": _FIELD,
    "StrikePriorityHousehold": _FIELD,
    "AgreeHelpPlan": _FIELD,
    "PromiseMeasure": _FIELD,
    "RecordMeasureDone": _FIELD,
    "EndHelpPlan": _FIELD,
    "RecordDifficultySolved": _FIELD,
    "EnterBook": _FIELD,
    "IssueContactCard": _LEAD,
    "DeliverCards": _FIELD,
    "RegisterPlace": _ADMINISTRATOR,
    "RenamePlace": _ADMINISTRATOR,
    "MovePlace": _ADMINISTRATOR,
    "ClosePlace": _ADMINISTRATOR,
    "AppointOfficer": _ADMINISTRATOR,
    "EndAppointment": _ADMINISTRATOR,
    "LinkOfficer": _ADMINISTRATOR,
    "UnlinkOfficer": _ADMINISTRATOR,
    "NameDeputy": _ADMINISTRATOR,
    "WithdrawDeputy": _ADMINISTRATOR,
    "ProposePlan": _ADMINISTRATOR,
    "AdoptPlan": _ADMINISTRATOR,
    "WithdrawProposal": _ADMINISTRATOR,
}
"""Command -> role -> reach. A role that a row does not name may not ask for the command at all."""


def roles_for(command: str) -> frozenset[Role]:
    """The roles that may ask for the command of this name; nobody for one without a row."""
    return frozenset(COMMANDS.get(command, {}))
