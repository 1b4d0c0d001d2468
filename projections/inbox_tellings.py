"""Which event tells whom what? The table: event -> kind, people, due time.

A new kind of notice is one line here and one in inbox_sentences.py. An event that names people and is in neither
TELLINGS nor PASSED stops the inbox and fails a test: nobody is forgotten silently. Nothing here holds a word of a case.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from domain.audit import events as a
from domain.bulletin import events as b
from domain.duty import events as d
from domain.events import DomainEvent
from domain.fund import events as f
from domain.issue import events as i
from domain.liaison.events import BookEntered, DifficultySolved, MeasurePromised
from domain.meeting import events as m
from domain.organisation import events as o
from domain.spot_check import events as k
from domain.streams import EVERY_EVENT
from domain.submission import events as s
from domain.values import LOCAL_ZONE
from domain.visit.events import VisitRecorded


@dataclass(slots=True)
class Matter:
    """What the inbox remembers of a stream, to know whom its next event concerns. Names with commas between."""

    stream_id: UUID
    concerns: str | None = None
    holder: str | None = None  # who answers for it
    before: str | None = None  # who did before
    leader: str | None = None
    sent_up: str | None = None  # who sent it up
    proposed: str | None = None  # who prepared the submission
    asked: str | None = None  # who asked for an extension
    place: str | None = None  # whose meeting it is
    meet_by: datetime | None = None
    quiet: bool = False  # a record of an earlier system: its past is no news to anybody


People = Callable[[Any, Matter], Iterable[str | None]]


def _nothing_due(_: Any, __: Matter) -> datetime | None:
    return None


@dataclass(frozen=True, slots=True)
class Telling:
    """One kind of notice: whom an event concerns, and what is due when. Urgent ones do not wait for a digest."""

    kind: str
    who: People
    due: Callable[[Any, Matter], datetime | None] = _nothing_due
    urgent: bool = False


# -- whom -----------------------------------------------------------------------------------------------------------


def _new(event: Any, _: Matter) -> list[str | None]:
    return [event.responsible.person]


def _holder(_: Any, matter: Matter) -> list[str | None]:
    return [matter.holder]


def _before(_: Any, matter: Matter) -> list[str | None]:
    return [matter.before]


def _senders(_: Any, matter: Matter) -> list[str | None]:
    return [*split(matter.sent_up), matter.before]


def _leader(_: Any, matter: Matter) -> list[str | None]:
    return [matter.leader]


def _those_with_it(_: Any, matter: Matter) -> list[str | None]:
    return [matter.holder, matter.leader]


def _proposers(_: Any, matter: Matter) -> list[str | None]:
    return [matter.holder, *split(matter.proposed)]


def _askers(_: Any, matter: Matter) -> list[str | None]:
    return [matter.holder, *split(matter.asked)]


def _told(event: Any, _: Matter) -> Iterable[str | None]:
    return event.told or ()


def _short(event: Any, _: Matter) -> Iterable[str | None]:
    """Closings of earlier versions named nobody beside the officers themselves."""
    return event.told or [tally.officer for tally in event.tallies if tally.shortfall]


def split(names: str | None) -> list[str]:
    """Names with commas between, one by one."""
    return names.split(",") if names else []


# -- until when -----------------------------------------------------------------------------------------------------


def _clock(event: Any, _: Matter) -> datetime | None:
    return event.deadline.due_at if event.deadline else None


def _due_at(event: Any, _: Matter) -> datetime | None:
    moment: datetime = event.due_at
    return moment


def _meet_by(_: Any, matter: Matter) -> datetime | None:
    return matter.meet_by


def _answer_by(event: Any, _: Matter) -> datetime:
    moment: datetime = event.answer_by
    return moment


def _confirm_by(event: Any, _: Matter) -> datetime | None:
    moment: datetime | None = event.confirm_by
    return moment


def _end_of_day(event: Any, _: Matter) -> datetime | None:
    return datetime.combine(event.due_on, time(23, 59, 59), LOCAL_ZONE)


TELLINGS: Final[Mapping[type[DomainEvent], tuple[Telling, ...]]] = {
    # an issue: who answers for it, and who did
    i.IssueLogged: (Telling("responsible", _new, _clock),),
    i.IssueEscalated: (Telling("responsible", _new, _clock), Telling("passed_on", _before)),
    i.IssueAccepted: (Telling("responsible", _new, _clock), Telling("accepted", _senders)),
    i.EscalationReturned: (Telling("returned", _new, _clock),),
    i.IssueAssigned: (Telling("responsible", _new), Telling("passed_on", _before)),
    i.IssueReopened: (Telling("reopened", _new, _clock, urgent=True), Telling("passed_on", _before)),
    i.LeaderAssigned: (Telling("leading", _leader),),
    # its clocks (L4)
    i.DeadlineReminded: (Telling("reminder", _holder, _due_at, urgent=True),),
    i.DeadlineMissed: (Telling("missed", _those_with_it, _due_at, urgent=True),),
    i.PromiseMissed: (Telling("promise_missed", _those_with_it, _due_at, urgent=True),),
    i.NoticeReminded: (Telling("notice_due", _holder, _due_at, urgent=True),),
    i.NoticeMissed: (Telling("notice_missed", _those_with_it, _due_at, urgent=True),),
    i.ClockPaused: (Telling("paused", _those_with_it, _clock),),
    i.ClockResumed: (Telling("resumed", _those_with_it, _clock),),
    i.DeadlineRedated: (Telling("redated", _those_with_it, _clock),),
    i.SupervisionNoticeSent: (Telling("supervision", _told, urgent=True), Telling("supervised", _those_with_it)),
    i.ExtensionRequested: (Telling("extension_asked", _told),),
    i.ExtensionGranted: (Telling("extension_granted", _askers, _clock),),
    i.ExtensionRefused: (Telling("extension_refused", _askers),),
    # what it is waiting for
    i.IssueFixedOnSite: (Telling("reply_owed", _holder, _clock),),
    i.IssueResolved: (Telling("reply_owed", _holder, _clock),),
    i.SubmissionPrepared: (Telling("to_sign", _told, _clock),),
    i.SubmissionSigned: (Telling("signed", _proposers),),
    i.SubmissionSentBack: (Telling("sent_back", _proposers, _clock),),
    i.SubmissionTabled: (Telling("tabled", _proposers),),
    i.SubmissionApproved: (Telling("approved", _proposers, _clock),),
    i.SubmissionDeferred: (Telling("deferred", _proposers),),
    i.SubmissionReturned: (Telling("sent_back", _proposers, _clock),),
    i.SubmissionReferredUp: (Telling("responsible", _new, _clock), Telling("referred_up", _before)),
    i.SubmissionDeclined: (Telling("declined", _proposers, _clock),),
    i.CountyAnswered: (Telling("county_answered", _new, _clock),),
    i.FundingGranted: (Telling("funded", _proposers),),
    i.GrantCancelled: (Telling("grant_cancelled", _proposers),),
    i.TranchePaid: (Telling("paid", _those_with_it, _clock),),
    i.ProgressReportMissed: (Telling("report_missed", _those_with_it, _due_at),),
    i.WorksCompleted: (Telling("to_inspect", _told, _clock),),
    i.WorksAccepted: (Telling("reply_owed", _holder, _clock),),
    i.ReworkOrdered: (Telling("rework", _those_with_it, _clock),),
    # what the household says (L11), and the end of it
    i.AnswerRated: (Telling("rated", _those_with_it, _clock),),
    i.ReviewRequested: (Telling("to_review", _told, _clock), Telling("review_asked", _those_with_it)),
    i.ReviewDecided: (Telling("review_decided", _those_with_it, _clock),),
    i.RecheckRequested: (Telling("to_review", _told, _clock), Telling("review_asked", _those_with_it)),
    i.RecheckDecided: (Telling("review_decided", _those_with_it, _clock),),
    i.AnswerShared: (Telling("answered_elsewhere", _holder),),
    i.IssueClosed: (Telling("closed", _those_with_it),),
    i.LookBackPassed: (Telling("look_back_passed", _those_with_it),),
    i.RectificationPlanned: (Telling("rectification", lambda event, _: [event.person], _end_of_day),),
    i.FiledAsFinal: (Telling("filed_as_final", _those_with_it),),
    i.FinalFilingRefused: (Telling("not_final", _those_with_it),),
    i.IssueWithdrawn: (Telling("withdrawn", _those_with_it),),
    i.IssueMerged: (Telling("merged", _those_with_it),),
    i.IssueAbsorbed: (Telling("absorbed", _holder),),
    i.IssueSplit: (Telling("split", _those_with_it),),
    # money (L9)
    f.RoundProposed: (Telling("round_waits", _told, _confirm_by),),
    f.RoundOverdue: (Telling("round_overdue", _told, urgent=True),),
    # meetings (D1)
    m.MembersTold: (Telling("agenda", lambda event, _: event.members, _meet_by),),
    m.ChairReminded: (Telling("meeting_due", _told, _meet_by, urgent=True),),
    m.MeetingFailed: (Telling("meeting_failed", _told),),
    m.MemberExcused: (Telling("excused", lambda event, _: [event.member]),),
    m.ItemDisposed: (Telling("disposed", _new, _end_of_day),),
    m.MinutesDrawn: (Telling("minutes", lambda event, _: event.present, _confirm_by),),
    m.MinutesReminded: (Telling("minutes_due", _told, _confirm_by, urgent=True),),
    m.MinutesOverdue: (Telling("minutes_overdue", _told, _confirm_by, urgent=True),),
    # spot checks (D6)
    k.SpotCheckDrawn: (Telling("spot_check", _told, lambda event, _: event.hand_in_by),),
    k.HandInReminded: (Telling("ledgers_due", _told, lambda event, _: event.hand_in_by, urgent=True),),
    k.HandInMissed: (Telling("ledgers_missed", _told, urgent=True),),
    k.RectificationOrdered: (Telling("rectify", _told, _due_at),),
    k.RectificationMissed: (Telling("rectification_missed", _told, _due_at, urgent=True),),
    # auditors' findings
    a.AuditFindingRecorded: (Telling("audit_finding", _told, _answer_by),),
    a.AuditFindingAnswered: (Telling("audit_answered", _told),),
    a.AuditFindingInsisted: (Telling("audit_insisted", _told, _answer_by),),
    a.AuditAnswerAccepted: (Telling("audit_accepted", _told),),
    a.AuditFindingClosed: (Telling("audit_closed", _told),),
    # the monthly bulletin
    b.BulletinDrawnUp: (Telling("bulletin", _told, lambda event, _: event.issue_by),),
    b.BulletinOverdue: (Telling("bulletin_overdue", _told, urgent=True),),
    b.BulletinIssued: (Telling("named", _told),),
    b.BulletinCorrected: (Telling("bulletin_corrected", _told),),
    # who serves where
    o.OfficerAppointed: (Telling("appointed", lambda event, _: [event.officer]),),
    o.AppointmentEnded: (Telling("post_ended", lambda event, _: [event.officer], lambda event, _: event.until),),
    o.DeputyNamed: (
        Telling("deputy", lambda event, _: [event.deputy], lambda event, _: event.until),
        Telling("deputised", lambda event, _: [event.officer], lambda event, _: event.until),
    ),
    o.DeputyWithdrawn: (Telling("deputy_ended", lambda event, _: [event.deputy, event.officer]),),
    o.OfficerLinked: (Telling("linked", lambda event, _: [event.officer]),),
    o.OfficerUnlinked: (Telling("unlinked", lambda event, _: [event.officer]),),
    # duties by the calendar (D2, D3)
    d.RotaSet: (Telling("on_rota", lambda event, _: sorted({turn.officer for turn in event.turns})),),
    d.DutiesReminded: (Telling("duties_missing", _told, urgent=True),),
    d.DutyPeriodClosed: (Telling("duties_short", _short),),
    # what is handed in
    s.SubmissionsReminded: (Telling("hand_in_due", _told, urgent=True),),
    s.SubmissionMissed: (Telling("hand_in_missed", _told, _due_at, urgent=True),),
    s.SubmissionReturned: (Telling("hand_in_returned", _told),),
    # what was promised to a linked household
    MeasurePromised: (Telling("promised", lambda event, _: [event.officer], _end_of_day),),
}
PASSED: Final[frozenset[type[DomainEvent]]] = frozenset(
    {
        m.AgendaDrawn, m.MeetingHeld, m.MeetingOpened, m.MemberSignedIn, m.InterestDeclared,  # they were there
        m.ItemDecided,  # the issue's own event tells it
        VisitRecorded, DifficultySolved, BookEntered, s.SubmissionHandedIn, s.HandInSigned,  # their own work
    }
)  # fmt: skip
"""They name people, who know of it."""

NAMING: Final = frozenset(
    {"responsible", "told", "holder", "leader", "members", "member", "present", "chair", "seat"}
    | {"officer", "officers", "deputy", "owner", "person", "persons", "assignee", "inspector", "inspectors"}
)
"""Fields in which an event names people."""
SILENT: Final = PASSED | frozenset(
    kind for kind in EVERY_EVENT - TELLINGS.keys() if not NAMING & kind.model_fields.keys()
)
"""Events that tell nobody anything."""

URGENT: Final = frozenset(telling.kind for tellings in TELLINGS.values() for telling in tellings if telling.urgent)
