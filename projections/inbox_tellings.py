"""Which event tells whom what? The table: event -> kind, people, due time; and the sentence of each kind.

A new kind of notice is one line in TELLINGS and one in SENTENCES. An event that names people and is in neither TELLINGS
nor PASSED stops the inbox and fails a test: nobody is forgotten silently. No sentence holds a word of a household.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from domain.duty import events as d
from domain.events import DomainEvent
from domain.fund import events as f
from domain.issue import events as i
from domain.liaison.events import BookEntered, DifficultySolved, MeasurePromised
from domain.meeting import events as m
from domain.organisation import events as o
from domain.streams import EVERY_EVENT
from domain.values import LOCAL_ZONE
from domain.visit.events import VisitRecorded
from projections.labels import Label


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


def _short(event: Any, _: Matter) -> list[str | None]:
    return [tally.officer for tally in event.tallies if tally.shortfall]


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
    f.RoundProposed: (Telling("round_waits", _told, lambda event, _: event.confirm_by),),
    f.RoundOverdue: (Telling("round_overdue", _told, urgent=True),),
    # meetings (D1)
    m.MembersTold: (Telling("agenda", lambda event, _: event.members, _meet_by),),
    m.ChairReminded: (Telling("meeting_due", _told, _meet_by, urgent=True),),
    m.MeetingFailed: (Telling("meeting_failed", _told),),
    m.MemberExcused: (Telling("excused", lambda event, _: [event.member]),),
    m.ItemDisposed: (Telling("disposed", _new, _end_of_day),),
    m.MinutesDrawn: (Telling("minutes", lambda event, _: event.present),),
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
    # what was promised to a linked household
    MeasurePromised: (Telling("promised", lambda event, _: [event.officer], _end_of_day),),
}
PASSED: Final[frozenset[type[DomainEvent]]] = frozenset(
    {
        m.AgendaDrawn, m.MeetingHeld, m.MeetingOpened, m.MemberSignedIn, m.InterestDeclared,  # they were there
        m.ItemDecided,  # the issue's own event tells it
        VisitRecorded, DifficultySolved, BookEntered,  # their own work
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

SENTENCES: Final[Mapping[str, Label]] = {
    "responsible": Label("新的责任事项", "You answer for this issue now"),
    "passed_on": Label("事项已转他人负责", "Somebody else answers for this issue now"),
    "accepted": Label("上报事项已受理", "The issue you sent up was accepted"),
    "returned": Label("上报事项被退回", "The issue you sent up came back"),
    "reopened": Label("事项重新办理", "The issue was reopened; you answer for it"),
    "leading": Label("由您包案", "You lead this case"),
    "reminder": Label("即将到期", "A deadline is near"),
    "missed": Label("已超期", "A deadline was missed"),
    "promise_missed": Label("答应群众的日期已过", "The date promised to the household has passed"),
    "paused": Label("期限中止计算", "The clock stands still"),
    "resumed": Label("期限继续计算", "The clock runs again"),
    "redated": Label("放假安排调整，期限已重算", "Another holiday table moved the deadline"),
    "supervision": Label("督办：下级事项超期", "Supervision: an issue below you is late"),
    "supervised": Label("已被督办", "The next level was told that this is late"),
    "extension_asked": Label("延期申请待审批", "An extension is asked for; please decide"),
    "extension_granted": Label("延期获批", "The extension was granted"),
    "extension_refused": Label("延期未获批", "The extension was refused"),
    "reply_owed": Label("待书面答复", "A written reply is owed"),
    "to_sign": Label("提请材料待审签", "A submission waits for your signature"),
    "signed": Label("提请材料已审签", "The submission was signed"),
    "sent_back": Label("提请材料被退回", "The submission was sent back"),
    "tabled": Label("已列入议题", "The submission is on the agenda"),
    "approved": Label("党委会同意", "The committee approved"),
    "deferred": Label("党委会缓议", "The committee deferred it"),
    "referred_up": Label("党委会决定报县", "The committee referred it to the county"),
    "declined": Label("党委会不予同意", "The committee declined"),
    "county_answered": Label("县级已答复", "The county answered"),
    "funded": Label("补贴已安排", "The subsidy was allocated"),
    "grant_cancelled": Label("补贴安排已取消", "The grant was cancelled"),
    "paid": Label("补贴已拨付", "A payment was made"),
    "report_missed": Label("月报缺报", "A progress report is missing"),
    "to_inspect": Label("完工待验收", "Works wait for inspection"),
    "rework": Label("验收未过，返工", "The works are to be done again"),
    "rated": Label("群众已评价", "The household has said what it thinks"),
    "to_review": Label("复查、复核待办", "A review waits for you"),
    "review_asked": Label("群众申请复查、复核", "The household asked for a review"),
    "review_decided": Label("复查、复核已有结论", "The review was decided"),
    "answered_elsewhere": Label("所并事项已答复", "The issue it was merged into was answered"),
    "closed": Label("已销号", "The issue was closed"),
    "look_back_passed": Label("回头看通过", "Looked back: it holds"),
    "rectification": Label("整改方案由您落实", "A rectification plan is yours to carry out"),
    "filed_as_final": Label("已终结备案", "The issue was filed as final"),
    "not_final": Label("终结备案未获同意", "The issue was not filed as final"),
    "withdrawn": Label("事项已撤回", "The issue was withdrawn"),
    "merged": Label("事项已并案", "The issue was merged into another"),
    "absorbed": Label("并入一件相同事项", "A duplicate was merged into this issue"),
    "split": Label("事项已分案", "The issue was split"),
    "round_waits": Label("经费安排批次待确认", "A round of funding waits for the committee"),
    "round_overdue": Label("经费安排批次逾期未定", "A round of funding is overdue"),
    "agenda": Label("会议议程已定，请参会", "An agenda was drawn; please attend"),
    "meeting_due": Label("会议尚未召开", "A meeting is still to be held"),
    "meeting_failed": Label("流会", "A meeting came to nothing"),
    "excused": Label("请假已登记", "Your leave from a meeting was recorded"),
    "disposed": Label("会议分办事项", "A meeting gave you something to do"),
    "minutes": Label("会议纪要已成，待确认", "Minutes wait for confirmation"),
    "appointed": Label("新的任职", "You were appointed"),
    "post_ended": Label("任职结束", "An appointment of yours ends"),
    "deputy": Label("由您代理", "You were named as a deputy"),
    "deputised": Label("已为您指定代理", "A deputy was named for you"),
    "deputy_ended": Label("代理结束", "A deputyship ended"),
    "linked": Label("新的联系对象", "You are linked to a village or household"),
    "unlinked": Label("联系关系结束", "A link of yours ended"),
    "on_rota": Label("轮值已排定", "A rota was set; you are on it"),
    "duties_missing": Label("走访、值班任务尚有缺口", "Duties of this period are still to be done"),
    "duties_short": Label("本期任务已截账，有缺口", "The period was closed with duties not done"),
    "promised": Label("帮扶承诺由您兑现", "A promise to a linked household is yours to keep"),
}
"""By kind; the issue's number, the meeting and the due time stand beside it."""
URGENT: Final = frozenset(telling.kind for tellings in TELLINGS.values() for telling in tellings if telling.urgent)
