"""Who may do what, and who sees which column: the two tables that decide it, in one place.

Every command finds its roles here (domain/commands.py), the API whose cases a role reaches, exports and pages their
columns. README.md shows both tables; a test holds it to them.
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


# -- what is seen of a ledger ---------------------------------------------------------------------------------------


class View(StrEnum):
    """How much of a column a role sees."""

    WORDS = "words"  # 原文: as it is
    MASKED = "masked"  # 遮蔽: without anything like a telephone number
    NOTHING = "nothing"  # 不予显示


Views = Mapping[Role, View]


def _views(office: View, finance: View, auditor: View, administrator: View = View.NOTHING) -> Views:
    """`office`: the case's own people. Households have a door of their own; the process reads the log."""
    own = (Role.CASE_HANDLER, Role.STATION_LEAD, Role.COMMITTEE_MEMBER, Role.DEPARTMENT)
    others = {Role.FINANCE: finance, Role.AUDITOR: auditor, Role.ADMINISTRATOR: administrator}
    return {**dict.fromkeys(Role, View.NOTHING), **dict.fromkeys(own, office), **others}


_OPEN: Final = _views(View.WORDS, finance=View.WORDS, auditor=View.WORDS)
_CASE: Final = _views(View.WORDS, finance=View.NOTHING, auditor=View.WORDS)
_CASE_WORDS: Final = _views(View.WORDS, finance=View.NOTHING, auditor=View.MASKED)
_IDENTITY: Final = _views(View.WORDS, finance=View.NOTHING, auditor=View.NOTHING)
_COUNTS: Final = _views(View.WORDS, finance=View.WORDS, auditor=View.WORDS, administrator=View.WORDS)

WORDS: Final = _views(View.WORDS, finance=View.MASKED, auditor=View.MASKED)
"""Words of and about a household, wherever a table below does not say less."""


def _columns(views: Views, *names: str) -> dict[str, Views]:
    return dict.fromkeys(names, views)


LEDGERS: Final[Mapping[str, Mapping[str, Views]]] = {
    "issues": {
        **_columns(_OPEN, "issue_id", "number", "version", "position", "recorded_at", "changed_at", "logged_at"),
        **_columns(_OPEN, "village", "village_name", "channel", "category", "plan", "stage", "tier", "unit", "person"),
        **_columns(_OPEN, "department", "leader", "due_at", "due_rule", "due_amount", "due_unit", "due_provisional"),
        **_columns(_OPEN, "missed", "notices", "extensions", "percent", "completed_at", "replied_at"),
        **_columns(_OPEN, "first_replied_at", "closed_at", "reopenings", "merged_into", "merged_into_number"),
        **_columns(_OPEN, "split_from"),
        **_columns(WORDS, "title"),
        **_columns(_CASE, "household", "cause", "rating", "concerns"),
        **_columns(_CASE_WORDS, "description", "place", "source", "measures", "remark"),
    },
    "history": {
        **_columns(_OPEN, "position", "number", "issue_id", "version", "topic", "occurred_at", "recorded_at"),
        **_columns(_OPEN, "actor_user", "actor_role", "command_id", "causation", "late"),
        **_columns(_CASE_WORDS, "details", "zh", "en"),  # the words in them; amounts, dates and stages are open
    },
    "households": {
        **_columns(_CASE, "household_id", "version", "position", "registered_at", "changed_at", "village", "household"),
        **_columns(_CASE, "consents", "objection", "erasure", "erasure_reason", "proposed_by", "erase_at", "erased_at"),
        **_columns(_IDENTITY, "name", "phone", "address"),
    },
    "dashboard": {
        **_columns(_COUNTS, "at", "village", "total", "by_stage", "open", "overdue", "ages", "on_time"),
        **_columns(_COUNTS, "not_counted", "rates", "reply_times", "backlog"),
    },
}
"""Ledger -> column -> role -> view, of rows that the role may see at all (a village, a department, no complaint)."""

_OF_STATION: Final = frozenset({Role.CASE_HANDLER, Role.STATION_LEAD, Role.COMMITTEE_MEMBER, Role.AUDITOR})
_OF_OFFICE: Final = _OF_STATION | {Role.DEPARTMENT, Role.FINANCE}
LEDGER_READERS: Final[Mapping[str, frozenset[Role]]] = {
    "visits": _OF_STATION,
    "opinions": _OF_STATION,
    "priority": _OF_STATION,
    "promises": _OF_STATION,
    "books": _OF_STATION,
    "people": _OF_STATION,
    "hazards": _OF_STATION,
    "petitions": _OF_STATION | {Role.DEPARTMENT},
    "cards": _OF_STATION,
    "coverage": _OF_OFFICE,
    "attendance": _OF_OFFICE,
    "submissions": _OF_OFFICE,
    "projects": _OF_OFFICE,
    "spot-checks": _OF_OFFICE,
    "findings": _OF_STATION,
    "bulletins": _OF_OFFICE,
}
"""Every other ledger -> who reads it, of their own villages or what is with their department; words as WORDS says."""


def view_of(ledger: str, column: str, role: Role) -> View:
    """How much this role sees of a column; nothing of one without a row."""
    return LEDGERS[ledger].get(column, {}).get(role, View.NOTHING)


def may_read(role: Role, ledger: str = "issues") -> bool:
    """Whether this role reads anything of the ledger."""
    return any(views[role] is not View.NOTHING for views in LEDGERS[ledger].values())
