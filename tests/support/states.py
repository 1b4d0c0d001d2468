"""Lives of issues, in memory: each named state is reached by deciding the real commands, one after the other.

`case("feedback")` is one; `.issue`, `.events`, `.commands` say what happened. Called through tests/support/casework.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID, uuid5

from domain.commands import Command
from domain.context import Context
from domain.elsewhere import decide_elsewhere
from domain.events import DomainEvent
from domain.fund.around import money_around
from domain.fund.commands import SetBudget
from domain.fund.state import fold as fold_fund
from domain.issue import commands as c
from domain.issue.decide import decide
from domain.issue.events import IssueLogged
from domain.issue.evolve import fold
from domain.issue.state import Issue
from domain.issue.words import CountyOutcome, Outcome, Rating
from domain.meeting.commands import RecordMeeting
from domain.meeting.events import MeetingHeld
from domain.meeting.state import fold_meeting
from domain.office import Office
from domain.plan import load_plan
from domain.values import LOCAL_ZONE
from domain.workdays import WEEKENDS_ONLY
from tests.support.commands import FUND_ID, command
from tests.support.memory_log import MemoryLog
from tests.support.office import START, office
from tests.support.vault import VAULT

Events = tuple[DomainEvent, ...]
_HOUR: Final = timedelta(hours=1)


@cache
def _cx_office() -> Office:
    return office()


@dataclass(frozen=True)
class Case:
    """Everything that happened so far: by stream, and the commands that did it. `now` is the last of their moments."""

    issue_id: UUID
    now: datetime = START
    streams: Mapping[UUID, Events] = field(default_factory=dict)
    commands: tuple[Command, ...] = ()
    office: Office | None = None

    @property
    def events(self) -> Events:
        """What happened to the issue."""
        return self.streams.get(self.issue_id, ())

    @property
    def issue(self) -> Issue:
        """The issue as it stands."""
        issue = fold(self.events)
        assert issue is not None
        return issue

    @property
    def meeting_id(self) -> UUID:
        """The last meeting held, or an id of none."""
        held = [event for events in self.streams.values() for event in events if isinstance(event, MeetingHeld)]
        return held[-1].originator_id if held else UUID(int=0)

    def command(self, kind: type[Command], *, at: datetime | None = None, **fields: Any) -> Command:
        """A command to this issue, by default an hour after the last one."""
        if kind is c.DecideSubmission:
            fields.setdefault("meeting_id", self.meeting_id)
        issue = self.issue if issubclass(kind, c.IssueCommand) and self.events else None
        return command(kind, issue, at=at or self.now + _HOUR, **fields)

    def decide(self, asked: Command, now: datetime | None = None) -> Events:
        """What the command would cause at `now` (by default: when it says it happened). Raises the refusal."""
        context = self.context(asked, now)
        match asked:
            case c.LogIssue() | c.IssueCommand():
                return decide(fold(self.streams.get(asked.stream_id, ())), asked, context)
        return decide_elsewhere(asked, MemoryLog(self.streams), context, None, VAULT)

    def after(self, asked: Command, now: datetime | None = None) -> "Case":
        """The case with the command done."""
        streams = dict(self.streams)
        for event in self.decide(asked, now):
            if isinstance(event, IssueLogged):
                serial = sum(isinstance(known[0], IssueLogged) for known in streams.values()) + 1
                event = event.model_copy(update={"number": f"{event.village}-{event.occurred_at.year}-{serial:04d}"})
            streams[event.originator_id] = (*streams.get(event.originator_id, ()), event)
        latest = max(self.now, now or asked.occurred_at)
        return replace(self, streams=streams, commands=(*self.commands, asked), now=latest)

    def do(self, kind: type[Command], *, at: datetime | None = None, **fields: Any) -> "Case":
        """The case with one more command of this kind done."""
        return self.after(self.command(kind, at=at, **fields))

    def context(self, asked: Command, now: datetime | None = None) -> Context:
        """What the command's decision may look at."""
        office = self.office or _cx_office()
        known = {key: fold(events) for key, events in self.streams.items() if isinstance(events[0], IssueLogged)}
        others = {key: issue for key, issue in known.items() if issue and key in self._concerned(asked)}
        issue = known.get(asked.stream_id)
        money = money_around(asked, issue, office.directory, MemoryLog(self.streams))
        return Context(
            now=now or asked.occurred_at,
            plan=office.plan_for(asked, issue.village if issue else None),
            holidays=office.holidays,
            directory=office.directory,
            receipt_hash=office.receipts.hash_of(office.receipts.code_for(asked.command_id)),
            meeting=fold_meeting(self.streams.get(getattr(asked, "meeting_id", UUID(int=0)), ())),
            fund=money.get("fund"),
            others=money.get("others", others),
            part_ids=tuple(uuid5(asked.command_id, str(n)) for n in range(len(getattr(asked, "parts", ())))),
        )

    def _concerned(self, asked: Command) -> tuple[UUID, ...]:
        if isinstance(asked, c.MergeIssue):
            return (asked.into,)
        if isinstance(asked, c.LogIssue):
            return tuple(self.streams) if asked.repeats else ()
        return self.issue.absorbed if isinstance(asked, c.GiveReply) else ()


Step = Callable[[Case], Case]


def a_new_case(*, at: datetime = START, office: Office | None = None, **fields: Any) -> Case:
    """An issue just logged; `fields` are those of LogIssue."""
    logged = command(c.LogIssue, at=at, **fields)
    return Case(logged.issue_id, now=at, office=office).after(logged)


def _step(kind: type[Command], **fields: Any) -> Step:
    return lambda case: case.do(kind, **fields)


def _tabled(case: Case) -> Case:
    return case.do(c.TableSubmission, at=(case.issue.table_at or START) + timedelta(seconds=1))


def _decided(outcome: Outcome, **fields: Any) -> Step:
    def step(case: Case) -> Case:
        met = case.do(RecordMeeting, at=case.now + timedelta(hours=15))
        return met.do(c.DecideSubmission, outcome=outcome, **{"subsidy": None, "reasons": "已研究。", **fields})

    return step


def _granted(case: Case) -> Case:
    return with_budget(case).do(c.AllocateFunding)


def with_budget(case: Case, **fields: Any) -> Case:
    """The case with a budget set, unless it is."""
    fund = fold_fund(case.streams.get(FUND_ID, ()))
    return case if fund and fund.opened else case.do(SetBudget, **fields)


def _missed(case: Case) -> Case:
    deadline = case.issue.deadline
    assert deadline is not None
    return case.do(c.RecordMissedDeadline, at=deadline.due_at + timedelta(minutes=1))


def _handed_over(case: Case) -> Case:
    """In the last hours, so that the next holder gets a clock of their own beside the household's."""
    deadline = case.issue.deadline
    assert deadline is not None
    return case.do(c.AssignIssue, at=deadline.due_at - 9 * _HOUR)


def provisional(**log_fields: Any) -> Case:
    """Logged while no holiday notice was known, so that the published ones move its limit."""
    without = replace(office(), calendar=lambda: WEEKENDS_ONLY)
    logged = a_new_case(**{"at": datetime(2026, 2, 12, 10, tzinfo=LOCAL_ZONE), "office": without, **log_fields})
    return replace(logged, office=None)


def untold(**log_fields: Any) -> Case:
    """Logged under the statutory plan, which asks that the household be told; what follows is decided as ever."""
    statutory = replace(office(), plan=load_plan("xf"))
    logged = a_new_case(**{"household": "QS-012", "office": statutory, **log_fields})
    return replace(logged, office=None)


def _merged(case: Case) -> Case:
    other = command(c.LogIssue, at=case.now + _HOUR, household="QS-030", key="the issue it repeats")
    return case.after(other).do(c.MergeIssue, into=other.issue_id)


def _absorbing(case: Case) -> Case:
    """The other way round: a duplicate joins this issue."""
    other = command(c.LogIssue, at=case.now + _HOUR, household="QS-030", key="a duplicate")
    return case.after(other).after(
        command(c.MergeIssue, other.issue_id, at=case.now + 2 * _HOUR, into=case.issue_id),
    )


def _again(case: Case) -> Case:
    """The household is not satisfied with the works."""
    return case.do(c.RateAnswer, rating=Rating.DISSATISFIED).do(c.AcceptIssue)


def _passed_on(case: Case) -> Case:
    """From one department to another."""
    accepted = case.do(c.AcceptIssue, by="department", person="department")
    return accepted.do(c.EscalateIssue, by="department", department="environment")


def _silent(case: Case) -> Case:
    deadline = case.issue.deadline
    assert deadline is not None
    return case.do(c.CloseSilently, at=deadline.due_at + timedelta(minutes=1))


_PATHS: Final[Mapping[str, tuple[str, Step]]] = {
    "fixed": ("logged", _step(c.FixOnSite)),
    "escalated": ("logged", _step(c.EscalateIssue)),
    "at_department": ("logged", _step(c.EscalateIssue, department="construction")),
    "passed_on": ("at_department", _passed_on),
    "handling": ("escalated", _step(c.AcceptIssue)),
    "sent_back_to_village": ("escalated", _step(c.ReturnEscalation)),
    "resolved": ("handling", _step(c.ResolveIssue)),
    "submission": ("handling", _step(c.SubmitToCommittee)),
    "awaiting_committee": ("submission", _step(c.SignSubmission)),
    "tabled": ("awaiting_committee", _tabled),
    "deferred": ("tabled", _decided(Outcome.DEFERRED)),
    "returned": ("tabled", _decided(Outcome.RETURNED)),
    "declined": ("tabled", _decided(Outcome.DECLINED)),
    "with_county": ("tabled", _decided(Outcome.REFERRED_UP)),
    "county_resolved": ("with_county", _step(c.RecordCountyAnswer)),
    "county_sent_back": ("with_county", _step(c.RecordCountyAnswer, outcome=CountyOutcome.SENT_BACK)),
    "funding": ("tabled", _decided(Outcome.APPROVED, subsidy=20_000)),
    "granted": ("funding", _granted),
    "works": ("granted", _step(c.PayTranche)),
    "unspent": ("reply_after_less", _step(c.GiveReply)),
    "reply_after_less": ("inspection_after_less", _step(c.AcceptWorks)),
    "inspection_after_less": ("reported", _step(c.CompleteWorks, spent=9_500)),
    "unfunded_works": ("tabled", _decided(Outcome.APPROVED)),
    "reported": ("works", _step(c.ReportProgress)),
    "inspection": ("reported", _step(c.CompleteWorks)),
    "reply": ("inspection", _step(c.AcceptWorks)),
    "feedback": ("fixed", _step(c.GiveReply)),
    "feedback_after_works": ("reply", _step(c.GiveReply)),
    "handled_again": ("feedback_after_works", _again),
    "answered": ("feedback", _step(c.RateAnswer)),
    "dissatisfied": ("feedback", _step(c.RateAnswer, rating=Rating.DISSATISFIED)),
    "review": ("answered", _step(c.RequestReview)),
    "reviewed": ("review", _step(c.DecideReview)),
    "closed_after_review": ("reviewed", _step(c.CloseIssue)),
    "recheck": ("reviewed", _step(c.RequestRecheck)),
    "rechecked": ("recheck", _step(c.DecideRecheck)),
    "final_proposed": ("rechecked", _step(c.ProposeFinalFiling)),
    "closed_after_recheck": ("rechecked", _step(c.CloseIssue)),
    "final_proposed_later": ("closed_after_recheck", _step(c.ProposeFinalFiling)),
    "closed": ("answered", _step(c.CloseIssue)),
    "closed_silently": ("feedback", _silent),
    "settled": ("closed", _step(c.RecordLookBack)),
    "fallen_back": ("closed", _step(c.RecordLookBack, holds=False)),
    "withdrawn": ("logged", _step(c.WithdrawIssue)),
    "merged": ("logged", _merged),
    "absorbing": ("logged", _absorbing),
    "split": ("logged", _step(c.SplitIssue)),
    "missed": ("logged", _missed),
    "paused": ("handling", _step(c.PauseClock)),
    "resumed": ("paused", _step(c.ResumeClock)),
    "handed_over": ("handling", _handed_over),
    "extension_asked": ("logged", _step(c.RequestExtension)),
}

STATES: Final = ("logged", *_PATHS)
"""Every named state that the real office can bring about; those of _UNDER_ANOTHER_OFFICE come beside."""
_UNDER_ANOTHER_OFFICE: Final[Mapping[str, Callable[..., Case]]] = {"provisional": provisional, "untold": untold}


@cache
def _case(state: str) -> Case:
    return case(state, at=START)


def case(state: str, **log_fields: Any) -> Case:
    """The life of an issue up to a state named in STATES; `log_fields` (and `at`, `office`) as for `a_new_case`."""
    if not log_fields:
        return _case(state)
    if state in _UNDER_ANOTHER_OFFICE:
        return _UNDER_ANOTHER_OFFICE[state](**log_fields)
    if state == "logged":
        return a_new_case(**log_fields)
    before, step = _PATHS[state]
    return step(case(before, **log_fields))
