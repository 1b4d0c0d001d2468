"""Whatever anybody asks at whatever time, an issue keeps its promises: random lives of several issues, decided purely.

What must always be true stands in tests/support/promises.py and in the machine's invariants.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from domain.commands import Command
from domain.errors import HuiyinError
from domain.events import DomainEvent
from domain.fund.commands import AdjustBudget, ConfirmAdjustment
from domain.fund.events import FundingAllocated, GrantReleased, PaymentMade
from domain.fund.state import fold as fold_fund
from domain.fund.words import Direction
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue.clock_lives import clock_lives
from domain.issue.decide import DECISIONS
from domain.issue.evolve import fold
from domain.issue.state import Issue
from domain.issue.words import CopyFor, CountyOutcome, Outcome, Rating, Stage
from domain.meeting.commands import RecordMeeting
from domain.plan import load_plan
from tests.support.casework import COMMITTEE, FUND_ID, PEOPLE, START, STATES, Case, case, command
from tests.support.conformance import misfits
from tests.support.examples import due_moment
from tests.support.other_plans import changes
from tests.support.promises import keeps_its_promises, says_what_is_next
from tests.support.states import with_budget

CX: Final = load_plan("cx")
AMOUNTS: Final = st.sampled_from([Decimal(n) for n in (0, 1, 5_000, 10_000, 20_000, 30_000)])
PERSONS: Final = st.sampled_from(sorted(PEOPLE))
PAUSES: Final = st.sampled_from([timedelta(minutes=1), timedelta(hours=5), timedelta(days=2), timedelta(days=20)])
FIELDS: Final[dict[type[Command], dict[str, st.SearchStrategy[Any]]]] = {
    c.EscalateIssue: {"department": st.sampled_from([None, "construction", "environment", "nowhere"])},
    c.AcceptIssue: {"person": PERSONS},
    c.AssignIssue: {"person": PERSONS},
    c.SubmitToCommittee: {"subsidy_asked": AMOUNTS},
    c.DecideSubmission: {
        "outcome": st.sampled_from([*Outcome, Outcome.APPROVED, Outcome.APPROVED]),
        "subsidy": st.none() | AMOUNTS,
        "abstained": st.sampled_from([(), (), ("member2",), ("member7",)]),
        "reasons": st.none() | st.just("已研究。"),
    },
    c.RecordCountyAnswer: {"outcome": st.sampled_from(CountyOutcome)},
    c.AllocateFunding: {"amount": AMOUNTS},
    c.PayTranche: {"amount": AMOUNTS},
    c.ReturnUnspent: {"amount": AMOUNTS},
    c.ReportProgress: {"percent": st.integers(0, 100), "spent": AMOUNTS},
    c.CompleteWorks: {"spent": AMOUNTS},
    c.DeliverReply: {"copy_for": st.sampled_from(CopyFor)},
    c.RateAnswer: {"rating": st.sampled_from(Rating)},
    c.DecideReview: {"upheld": st.booleans()},
    c.DecideRecheck: {"upheld": st.booleans()},
    c.RecordLookBack: {"holds": st.booleans()},
    c.RequestExtension: {"days": st.integers(1, 40)},
}


# What usually comes next at each stage; everything else is tried too, but seldom.
NEXT: Final[dict[Stage, tuple[type[Command], ...]]] = {
    Stage.LOGGED: (
        c.FixOnSite,
        c.EscalateIssue,
        c.SubmitToCommittee,
        c.ResolveIssue,
        c.GrantExtension,
        c.RefuseExtension,
    ),
    Stage.ESCALATED: (c.AcceptIssue, c.AcceptIssue, c.ReturnEscalation, c.EscalateOverdue, c.RecordMissedDeadline),
    Stage.HANDLING: (c.SubmitToCommittee, c.SubmitToCommittee, c.ResolveIssue, c.RequestExtension, c.GrantExtension),
    Stage.SUBMISSION: (c.SignSubmission, c.SignSubmission, c.SendBackSubmission),
    Stage.COMMITTEE: (c.DecideSubmission,),
    Stage.WITH_COUNTY: (c.RecordCountyAnswer, c.RemindHolder),
    Stage.FUNDING: (c.AllocateFunding, c.PayTranche, c.PayTranche, c.CancelGrant),
    Stage.WORKS: (c.CompleteWorks, c.ReportProgress, c.PayTranche, c.RecordMissedReport),
    Stage.INSPECTION: (c.AcceptWorks, c.AcceptWorks, c.OrderRework),
    Stage.REPLY: (c.GiveReply,),
    Stage.FEEDBACK: (c.RateAnswer, c.RateAnswer, c.CloseSilently, c.RequestReview, c.DeliverReply),
    Stage.ANSWERED: (c.CloseIssue, c.RequestReview, c.RequestRecheck),
    Stage.REVIEW: (c.DecideReview,),
    Stage.RECHECK: (c.DecideRecheck,),
    Stage.CLOSED: (c.RecordLookBack, c.RequestReview),
}
ANY_COMMAND: Final = st.sampled_from(list(DECISIONS))
MEETINGS: Final = st.sampled_from([COMMITTEE, COMMITTEE, COMMITTEE[:5], COMMITTEE[:4]])


class Township(RuleBasedStateMachine):
    """Issues of one village, one fund, and everybody asking for anything; what is refused is forgotten."""

    def __init__(self, state: str) -> None:
        """One issue in the middle of its life, one just logged."""
        super().__init__()
        self.serial = 0
        self.checked: dict[UUID, int] = {}
        life = case(state)
        self.case = life.after(command(c.LogIssue, at=life.now, household="QS-013", key="second"))
        self.case = with_budget(self.case, budget=40_000)

    @rule(data=st.data(), pause=PAUSES, usual=st.integers(0, 2))
    def somebody_acts(self, data: st.DataObject, pause: timedelta, usual: int) -> None:
        """Two times in three what comes next, by whoever usually does it; else anything by anybody."""
        life = self._pick(data)
        if usual:
            self._the_usual_happens(life, data, pause)
        else:
            kind = data.draw(ANY_COMMAND, label="command")
            self._try(life, kind, data, pause=pause, by=data.draw(st.none() | PERSONS, label="by"))

    def _the_usual_happens(self, life: Case, data: st.DataObject, pause: timedelta) -> None:
        usual = NEXT.get(life.issue.stage)
        if usual is None:
            self._begin_again(data)
            return
        kind = data.draw(st.sampled_from(usual), label="command")
        if kind is c.DecideSubmission:
            self._meet(life, data.draw(MEETINGS, label="present"))
        fitting = [name for name, actor in PEOPLE.items() if actor.role in kind.ROLES]
        by = data.draw(st.none() | st.sampled_from(fitting), label="by")
        self._try(replace(self.case, issue_id=life.issue_id), kind, data, pause=pause, by=by)

    def _begin_again(self, data: st.DataObject) -> None:
        """An issue has ended: another is logged, and finance may think again."""
        household = data.draw(st.sampled_from([None, "QS-014"]), label="household")
        self._ask(self.case, command(c.LogIssue, at=self.case.now, household=household, key=self.serial))
        change = {"direction": data.draw(st.sampled_from(Direction)), "amount": data.draw(AMOUNTS, label="change")}
        self._ask(self.case, self.case.command(AdjustBudget, **change, key=self.serial))
        self._ask(self.case, self.case.command(ConfirmAdjustment, key=self.serial))

    def _meet(self, life: Case, present: tuple[str, ...]) -> None:
        """The cut-off comes, and the committee meets the next morning."""
        if life.issue.table_at is not None:
            self._ask(life, life.command(c.TableSubmission, at=max(life.issue.table_at, self.case.now)))
        morning = (self.case.now + timedelta(days=1)).replace(hour=9)
        self._ask(self.case, self.case.command(RecordMeeting, at=morning, present=present, absent=(), key=self.serial))

    def _try(self, life: Case, kind: type[Command], data: st.DataObject, *, pause: timedelta, by: Any = None) -> None:
        fields = {name: data.draw(values, label=name) for name, values in FIELDS.get(kind, {}).items()}
        if kind is c.MergeIssue:
            fields["into"] = data.draw(st.sampled_from(self._issue_ids()), label="into")
        if kind is c.DecideSubmission:
            pause = timedelta(hours=1)
        self._ask(life, life.command(kind, at=self._moment(kind, life, pause), by=by, key=self.serial, **fields))

    def _issue_ids(self) -> list[UUID]:
        return [key for key, events in self.case.streams.items() if isinstance(events[0], e.IssueLogged)]

    def _pick(self, data: st.DataObject) -> Case:
        return replace(self.case, issue_id=data.draw(st.sampled_from(self._issue_ids()), label="issue"))

    def _moment(self, kind: type[Command], life: Case, pause: timedelta) -> datetime:
        """A command of the clocks comes when it is due, or late."""
        return max(due_moment(kind, life.issue) or START, self.case.now + timedelta(seconds=1)) + pause

    def _ask(self, life: Case, asked: Command) -> None:
        """Decided twice, the answer is the same."""
        self.serial += 1
        try:
            events = life.decide(asked)
        except HuiyinError as refusal:
            again = _refusal(life, asked)
            assert type(again) is type(refusal)  # noqa: PT017
        else:
            assert events == life.decide(asked)
            self.case = replace(life.after(asked), issue_id=self.case.issue_id)

    @invariant()
    def every_issue_keeps_its_promises(self) -> None:
        for issue_id in self._issue_ids():
            history = self.case.streams[issue_id]
            if self.checked.get(issue_id) != len(history):
                keeps_its_promises(history)
                self.checked[issue_id] = len(history)

    @invariant()
    def every_open_issue_says_what_is_next(self) -> None:
        for issue_id in self._issue_ids():
            issue = self._issue(issue_id)
            says_what_is_next(issue)
            lives = clock_lives(self.case.streams[issue_id])
            running = [life.deadline for life in lives if life.ended_at is None]
            assert running.count(issue.deadline) == (issue.deadline is not None)
            assert issue.promise is None or issue.promise in running

    @invariant()
    def the_fund_is_what_the_issues_have_of_it(self) -> None:
        fund = fold_fund(self.case.streams[FUND_ID])
        assert fund is not None
        assert 0 <= fund.paid <= fund.allocated <= fund.budget
        events = [event for issue_id in self._issue_ids() for event in self.case.streams[issue_id]]
        promised = self._sum(FundingAllocated) - self._sum(GrantReleased)
        assert self._sum(FundingAllocated) == sum(it.amount for it in events if isinstance(it, e.FundingGranted))
        assert self._sum(PaymentMade) == sum(it.amount for it in events if isinstance(it, e.TranchePaid))
        assert fund.returned == sum(it.amount for it in events if isinstance(it, e.UnspentReturned))
        assert (fund.allocated, fund.paid) == (promised - fund.returned, self._sum(PaymentMade) - fund.returned)
        for issue in map(self._issue, self._issue_ids()):
            grant = fund.grants.get(issue.issue_id)
            promised_to_it = 0 if issue.stage is Stage.WITHDRAWN else issue.granted - issue.paid
            assert (grant.unpaid if grant else 0) == promised_to_it

    def teardown(self) -> None:
        """At the end of each life: every verdict is what the log says, and all of it fits the declared process."""
        statutory = any(event.plan != CX.id for event in self._all(e.IssueLogged))
        for other in (None,) if statutory else (None, CX):
            assert changes(self.case.streams, CX, other) == []
        for issue_id in self._issue_ids():
            assert misfits(self.case.streams[issue_id]) == []

    def _all(self, kind: type[e.IssueLogged]) -> list[e.IssueLogged]:
        return [it for history in self.case.streams.values() for it in history if isinstance(it, kind)]

    def _sum(self, kind: type[FundingAllocated | GrantReleased | PaymentMade]) -> Decimal:
        return sum((it.amount for it in self.case.streams[FUND_ID] if isinstance(it, kind)), Decimal(0))

    @invariant()
    def no_household_is_forgotten(self) -> None:
        for issue_id in self._issue_ids():
            merged = self._issue(issue_id)
            if merged.stage is not Stage.MERGED:
                continue
            history = self.case.streams[issue_id]
            (into,) = {event.into for event in history if isinstance(event, e.IssueMerged)}
            target = self._issue(into)
            assert target.stage not in {Stage.WITHDRAWN, Stage.SPLIT, Stage.MERGED}
            shared = sum(isinstance(event, e.AnswerShared) for event in history)
            assert shared == _answers_since(self.case.streams[into], issue_id)

    def _issue(self, issue_id: UUID) -> Issue:
        issue = fold(self.case.streams[issue_id])
        assert issue is not None
        return issue


def _answers_since(history: tuple[DomainEvent, ...], absorbed: UUID) -> int:
    """How often an issue was answered since it absorbed the other one."""
    found = [isinstance(event, e.IssueAbsorbed) and event.issue_id == absorbed for event in history]
    return sum(isinstance(event, e.ReplyGiven) for event in history[found.index(True) :])


def _refusal(life: Case, asked: Command) -> HuiyinError | None:
    try:
        life.decide(asked)
    except HuiyinError as refusal:
        return refusal
    return None


SETTINGS: Final = settings(
    max_examples=5,
    stateful_step_count=30,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # shrinking a life of thirty steps takes minutes: a failure is shown as it was found
)


@pytest.mark.parametrize("state", [*STATES, "untold"])
def test_given_any_state_when_anything_is_asked_then_all_promises_are_kept(state: str) -> None:
    run_state_machine_as_test(lambda: Township(state), settings=SETTINGS)
