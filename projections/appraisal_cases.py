"""How an issue's events are counted: for whoever had it when something ended, ran out of time or was answered.

Used by appraisal.py only. Pure: a case folds its events into the marks that they make. A rating, a silence, a reopening
is put to whoever had the case when the answer was given; a missed clock to the holder whom its event names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from domain.deadlines import Deadline
from domain.events import DomainEvent
from domain.issue import events as e
from domain.issue.words import UNANSWERED_STAGES, CountyOutcome, Stage
from projections.appraisal_marks import Counted, Mark
from projections.progress import (
    BETWEEN_DEPARTMENTS,
    OWNED_ANEW,
    SAME_STEP,
    clock_started,
    department_entered,
    moves_the_clock,
    stage_entered,
    step_ended,
    was_late,
)
from projections.projection import Recorded

_WAITING: Final = frozenset({Stage.SUBMISSION, Stage.COMMITTEE, Stage.FUNDING, Stage.INSPECTION})
"""The case keeps its holder, but a second person, the committee or finance is awaited: not the holder's clock."""
_OWN: Final = UNANSWERED_STAGES - _WAITING
_HOUR: Final = timedelta(hours=1)


class Holder(NamedTuple):
    """Who answers for a case, as what."""

    unit: str
    person: str


@dataclass
class AppraisalCase:
    """What has to be known of an issue to tell whose the next mark is; `made`: the marks of the batch."""

    issue_id: UUID
    number: str
    village: str
    stage: str
    unit: str
    person: str
    department: str | None = None
    concerns: str | None = None
    due_at: datetime | None = None
    due_rule: str | None = None
    ran_from: datetime | None = None
    held_from: datetime | None = None
    imported_at: datetime | None = None  # of a record of an earlier system; its clocks before were no promise of ours
    late: bool = False  # a step ended after its due time, since it was logged or reopened
    late_by: str = ""  # persons who let a clock of their own run out since then, with commas between
    missed_unit: str | None = None  # the running clock was missed, by whom
    missed_person: str | None = None
    answered_unit: str | None = None  # who had it when the answer was given
    answered_person: str | None = None

    def __post_init__(self) -> None:
        self.made: list[Mark] = []

    @property
    def holder(self) -> Holder:
        """Who has it now."""
        return Holder(self.unit, self.person)

    @property
    def answerer(self) -> Holder:
        """Who had it when it was answered."""
        if self.answered_unit is None or self.answered_person is None:
            return self.holder
        return Holder(self.answered_unit, self.answered_person)

    def ours(self, moment: datetime) -> bool:
        """Whether a clock that ended then was ours, and not one of an earlier system."""
        return self.imported_at is None or moment > self.imported_at


class Entry(NamedTuple):
    """One event of a case, about to be counted."""

    case: AppraisalCase
    event: Any
    position: int

    def put(self, what: Counted, holder: Holder, **more: Any) -> None:
        """One mark for this holder."""
        case, version = self.case, self.event.originator_version
        of_case = {"place": case.village, "villages": [case.village], "reference": case.number}
        hidden = {"department": case.department, "concerns": case.concerns}
        said = {"at": self.event.occurred_at, "rule": self.event.TOPIC, **of_case, **hidden, **more}
        nth = sum(it.version == version for it in case.made)
        of_event = (case.issue_id, version, nth, self.position)
        case.made.append(Mark(*of_event, what=what, officer=holder.person, unit=holder.unit, **said))


def logged(event: e.IssueLogged, recorded: Recorded) -> AppraisalCase:
    """The first row of a case: nothing is counted yet."""
    case = AppraisalCase(
        issue_id=event.originator_id,
        number=event.number or "",
        village=event.village,
        stage=Stage.LOGGED,
        unit=event.responsible.unit,
        person=event.responsible.person,
        concerns=event.concerns,
        imported_at=recorded.recorded_at if event.source is not None else None,
    )
    _set_clock(case, event.deadline)
    case.held_from = case.ran_from
    return case


def _set_clock(case: AppraisalCase, clock: Deadline | None) -> None:
    case.due_at, case.due_rule, case.ran_from = (
        (clock.due_at, clock.rule, clock.started_at) if clock else (None, None, None)
    )


# -- what an event puts to an account -------------------------------------------------------------------------------

Count = Callable[[Entry], None]


def _handled(it: Entry) -> None:
    it.put(Counted.HANDLED, it.case.holder)


def _county_answered(it: Entry) -> None:
    if it.event.outcome is not CountyOutcome.SENT_BACK:
        _handled(it)


def _answered(it: Entry) -> None:
    """On time as the dashboard has it: no step before the answer ended after its due time."""
    case, holder = it.case, it.case.holder
    it.put(Counted.ANSWERED, holder)
    if case.imported_at is None:
        it.put(Counted.BEHIND if case.late else Counted.ON_TIME, holder)
    if case.imported_at is None and case.late and holder.person not in case.late_by.split(","):
        it.put(Counted.BEHIND_BY_OTHERS, holder)
    case.answered_unit, case.answered_person = holder


def _rated(it: Entry) -> None:
    """An answer is rated once; it is told apart where whoever is judged by it wrote it down."""
    answerer = it.case.answerer
    it.put(Counted(it.event.rating.value), answerer)
    if answerer.person in it.event.actor.persons:
        it.put(Counted.BY_OWN_HAND, answerer)


def _silent(it: Entry) -> None:
    it.put(Counted.SILENT, it.case.answerer)


def _reopened(it: Entry) -> None:
    case = it.case
    it.put(Counted.REOPENED, case.answerer, rule=it.event.why)
    case.late, case.late_by = False, ""
    case.answered_unit = case.answered_person = None


def _missed(it: Entry) -> None:
    """The event names who held the case when its time ran out."""
    case, event = it.case, it.event
    if case.stage not in UNANSWERED_STAGES or not case.ours(event.due_at):
        return
    holder = Holder(event.holder.unit, event.holder.person)
    case.missed_unit, case.missed_person = holder
    if case.stage in _OWN:
        case.late_by = ",".join(filter(None, (case.late_by, holder.person)))
    _ran_out(it, holder)


def _extended(it: Entry) -> None:
    """Asked for in time and granted late: nobody let the old end pass, and what was counted is taken back."""
    case = it.case
    if case.missed_unit is None or case.missed_person is None:
        return
    _ran_out(it, Holder(case.missed_unit, case.missed_person), count=-1)
    if case.stage in _OWN:
        earlier = case.late_by.split(",")
        earlier.remove(case.missed_person)
        case.late_by = ",".join(earlier)


def _ran_out(it: Entry, holder: Holder, count: int = 1) -> None:
    """The running clock: of so many hours in all others let so many run."""
    case = it.case
    due_at, began, held = case.due_at, case.ran_from, case.held_from
    if due_at is None or began is None or held is None:
        return
    part, whole = max(min(held, due_at) - began, timedelta(0)) // _HOUR, (due_at - began) // _HOUR
    own = (Counted.LATE, Counted.TAKEN_OVER) if part else (Counted.LATE,)
    for what in (Counted.WAITED,) if case.stage in _WAITING else own:
        it.put(what, holder, count=count, at=due_at, rule=case.due_rule, part=part, whole=whole)


def _promise_missed(it: Entry) -> None:
    if it.case.ours(it.event.due_at):
        holder = Holder(it.event.holder.unit, it.event.holder.person)
        it.put(Counted.PROMISE, holder, at=it.event.due_at, rule=it.event.rule)


# -- how a case moves on --------------------------------------------------------------------------------------------

_NO_MERIT: Final = (e.IssueWithdrawn, e.IssueMerged, e.IssueSplit)
"""They end a step that nobody had to finish."""


def _kept(it: Entry) -> None:
    """A clock of the holder's own that ended before anybody had to write down that it was missed."""
    case, event = it.case, it.event
    missed = case.missed_person is not None or isinstance(event, _NO_MERIT)
    if case.stage in _OWN and step_ended(case, event) and not missed and case.ours(event.occurred_at):
        it.put(Counted.IN_TIME, case.holder, rule=case.due_rule)


def _move_on(case: AppraisalCase, event: Any) -> None:
    case.stage = stage_entered(event) or case.stage
    if moves_the_clock(event):
        clock = clock_started(event)
        _set_clock(case, clock)
        is_new = type(event) not in SAME_STEP
        if is_new or isinstance(event, e.IssueAssigned | e.ExtensionGranted):
            case.missed_unit = case.missed_person = None
        case.held_from = case.ran_from if is_new else case.held_from
    if type(event) in OWNED_ANEW:
        owner = event.responsible
        handed_over = isinstance(event, e.IssueAssigned) and owner.person != case.person
        if handed_over and case.missed_person is None:
            case.held_from = event.occurred_at
        case.unit, case.person = owner.unit, owner.person
    if type(event) in BETWEEN_DEPARTMENTS:
        case.department = department_entered(event)


def _moved(count: Count | None) -> Callable[[AppraisalCase, Any, Recorded], None]:
    def change(case: AppraisalCase, event: DomainEvent, recorded: Recorded) -> None:
        entry = Entry(case, event, recorded.position)
        _kept(entry)
        case.late = case.late or was_late(case, event)
        if count is not None:
            count(entry)
        _move_on(case, event)

    return change


_COUNTS: Final[dict[type[DomainEvent], Count | None]] = {
    e.IssueFixedOnSite: _handled,
    e.IssueResolved: _handled,
    e.WorksAccepted: _handled,
    e.SubmissionDeclined: _handled,
    e.CountyAnswered: _county_answered,
    e.ReplyGiven: _answered,
    e.AnswerRated: _rated,
    e.HouseholdSilent: _silent,
    e.IssueReopened: _reopened,
    e.DeadlineMissed: _missed,
    e.PromiseMissed: _promise_missed,
    e.ExtensionGranted: _extended,
    **dict.fromkeys(
        (
            e.IssueEscalated, e.IssueAccepted, e.EscalationReturned, e.IssueAssigned, e.SubmissionPrepared,
            e.SubmissionSigned, e.SubmissionSentBack, e.SubmissionTabled, e.SubmissionApproved, e.SubmissionDeferred,
            e.SubmissionReturned, e.SubmissionReferredUp, e.TranchePaid, e.WorksCompleted, e.ReworkOrdered,
            e.ReviewRequested, e.ReviewDecided, e.RecheckRequested, e.RecheckDecided, e.IssueClosed, e.LookBackPassed,
            e.FiledAsFinal, e.ClockPaused, e.ClockResumed, e.DeadlineRedated, e.IssueWithdrawn, e.IssueMerged,
            e.IssueSplit,
        )
    ),
}  # fmt: skip
"""The events that count; those with None only move the case on, and may end a clock in time."""

PASSED_OVER: Final[frozenset[type[DomainEvent]]] = frozenset(
    {
        e.AnswerShared, e.RectificationPlanned, e.BacklogMarked, e.FinalFilingProposed, e.FinalFilingRefused,
        e.FundingGranted, e.UnspentReturned, e.GrantCancelled, e.ProgressReported, e.ProgressReportMissed,
        e.ReplyDelivered, e.LookBackFailed, e.DeadlineReminded, e.SupervisionNoticeSent, e.ExtensionRequested,
        e.ExtensionRefused, e.IssueAbsorbed, e.CommonCauseLinked, e.LeaderAssigned, e.HouseholdNotified,
        e.EntryCorrected, e.NoticeReminded, e.NoticeMissed,
    }
)  # fmt: skip
"""They put nothing to anybody's account; an answer shared with merged issues was counted where it was given."""

CHANGES: Final = {kind: _moved(count) for kind, count in _COUNTS.items()}
