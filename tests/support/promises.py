"""What must be true of any issue's history, whoever wrote it: `keeps_its_promises(events)` reads the events alone.

Called after random lives in memory, and on histories that a real log kept through faults.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from domain.events import DomainEvent
from domain.issue import events as e
from domain.issue.evolve import evolve, fold
from domain.issue.state import Issue
from domain.issue.words import Stage, Tier
from domain.plan import load_plan
from domain.what_next import what_next

History = Sequence[DomainEvent]


def keeps_its_promises(history: History) -> Issue:
    """The issue after `history` (all its events, in order); AssertionError names the promise that is broken."""
    issue = fold(history)
    assert issue is not None, "no history"
    for promise in _OF_THE_HISTORY:
        promise(history)
    for check in _OF_THE_STATE:
        check(issue)
    return issue


# -- what the events say -----------------------------------------------------------------------------------------


def _versions_are_dense(history: History) -> None:
    assert [event.originator_version for event in history] == list(range(1, len(history) + 1))
    assert len({event.originator_id for event in history}) == 1


def _state_is_the_sum_of_its_events(history: History) -> None:
    issue: Issue | None = None
    for event in history:
        before = repr(issue)
        after = evolve(issue, event)
        assert repr(issue) == before, "an event changed the state that it was applied to"
        issue = after
    assert issue == fold(history)


def _closed_only_when_answered(history: History) -> None:
    answered = False
    for event in history:
        if isinstance(event, e.ReplyGiven):
            answered = True
        elif isinstance(event, e.IssueReopened):
            answered = False
        elif isinstance(event, e.IssueClosed):
            assert answered, "closed without an answer"


def _nobody_judges_their_own_work(history: History) -> None:
    preparer = asker = None
    workers: set[str] = set()
    touched: set[str] = set()
    for event in history:
        who = event.actor.user
        match event:
            case e.SubmissionPrepared():
                preparer = who
            case e.SubmissionSigned() | e.SubmissionSentBack():
                assert who != preparer, "signed their own submission"
            case e.ProgressReported() | e.WorksCompleted():
                workers.add(who)
            case e.WorksAccepted() | e.ReworkOrdered():
                assert who not in workers, "accepted their own work"
            case e.ExtensionRequested():
                asker = who
            case e.ExtensionGranted() | e.ExtensionRefused():
                assert who != asker, "granted their own extension"
            case e.ReviewDecided() | e.RecheckDecided() | e.LookBackPassed() | e.LookBackFailed():
                assert who not in touched, "judged a case that they had handled"
        if isinstance(event, _HANDLING):
            touched.add(who)


_HANDLING: Final = (
    e.IssueLogged,
    e.IssueFixedOnSite,
    e.IssueEscalated,
    e.IssueAccepted,
    e.EscalationReturned,
    e.IssueResolved,
    e.SubmissionPrepared,
    e.SubmissionSigned,
    e.SubmissionSentBack,
    e.ProgressReported,
    e.WorksCompleted,
    e.WorksAccepted,
    e.ReworkOrdered,
    e.ReplyGiven,
    e.IssueClosed,
)


def _each_clock_speaks_once(history: History) -> None:
    said: set[str] = set()
    issue: Issue | None = None
    for event in history:
        issue = evolve(issue, event)
        if issue.deadline_version == event.originator_version:
            said = set()
        if isinstance(event, e.DeadlineReminded | e.DeadlineMissed):
            assert event.TOPIC not in said, "reminded or missed twice by one clock"
            assert e.DeadlineMissed.TOPIC not in said, "reminded after the miss"
            said.add(event.TOPIC)


def _the_household_is_told_late_once(history: History) -> None:
    said: set[str] = set()
    issue: Issue | None = None
    for event in history:
        before, issue = issue, evolve(issue, event)
        clocks = (before.notice if before else None, issue.notice)
        if len({it.started_at if it else None for it in clocks}) > 1:
            said = set()
        if isinstance(event, e.NoticeReminded | e.NoticeMissed):
            assert event.TOPIC not in said, "said twice that the household is to be told"
            assert e.NoticeMissed.TOPIC not in said, "reminded to tell after the miss"
            assert before is not None
            assert before.notice is not None, "nobody had to tell the household"
            said.add(event.TOPIC)


def _money_stays_within_what_was_decided(history: History) -> None:
    budget = asked = subsidy = granted = paid = spent = Decimal(0)
    for event in history:
        match event:
            case e.IssueReopened():
                subsidy = granted = paid = spent = Decimal(0)
            case e.SubmissionPrepared():
                budget, asked = event.total_budget, event.subsidy_asked
                assert asked <= budget
            case e.SubmissionApproved():
                subsidy = event.subsidy
                assert 0 <= subsidy <= asked, "approved more than was asked"
            case e.FundingGranted():
                granted += event.amount
                assert 0 < granted <= subsidy, "granted more than was approved"
            case e.GrantCancelled():
                granted -= event.amount
                assert paid <= granted, "cancelled what was paid"
            case e.TranchePaid():
                paid += event.amount
                assert 0 < paid <= granted, "paid more than was granted"
            case e.ProgressReported() | e.WorksCompleted():
                assert spent <= event.spent <= budget, "spent backwards or past the budget"
                spent = event.spent


_OF_THE_HISTORY: Final[tuple[Callable[[History], None], ...]] = (
    _versions_are_dense,
    _state_is_the_sum_of_its_events,
    _closed_only_when_answered,
    _nobody_judges_their_own_work,
    _each_clock_speaks_once,
    _the_household_is_told_late_once,
    _money_stays_within_what_was_decided,
)


# -- what the state says -----------------------------------------------------------------------------------------


def _open_means_an_owner_and_a_date(issue: Issue) -> None:
    assert issue.responsible.unit
    assert issue.responsible.person
    if issue.is_open:
        assert issue.deadline is not None or issue.table_at is not None, "an open issue without a date"


def _the_owner_fits_the_tier(issue: Issue) -> None:
    if issue.is_open:
        expected = f"department:{issue.department}" if issue.department else None
        by_tier = {Tier.VILLAGE: f"station:{issue.village}", Tier.TOWNSHIP: "township", Tier.COUNTY: "county"}
        assert issue.responsible.unit == (expected or by_tier[issue.tier]), "the owner is not the tier's"
    assert (issue.stage is Stage.WITH_COUNTY) <= (issue.tier is Tier.COUNTY)


def _ended_means_nothing_runs(issue: Issue) -> None:
    if issue.is_final:
        assert issue.deadline is None
        assert issue.table_at is None
        assert issue.progress_due_at is None
    if issue.stage is Stage.CLOSED:
        assert issue.deadline is not None, "closed without a date to look back"


def _reports_are_due_while_works_go_on(issue: Issue) -> None:
    assert (issue.progress_due_at is not None) == (issue.stage is Stage.WORKS)
    assert 0 <= issue.percent <= 100


_OF_THE_STATE: Final[tuple[Callable[[Issue], None], ...]] = (
    _open_means_an_owner_and_a_date,
    _the_owner_fits_the_tier,
    _ended_means_nothing_runs,
    _reports_are_due_while_works_go_on,
)


def says_what_is_next(issue: Issue) -> None:
    """An open issue has somebody who owes something by a date, or says what it waits for; a finished one has nobody."""
    owed = what_next(issue, load_plan("cx"))
    assert bool(owed) is not issue.is_final
    for it in owed:
        assert it.unit
        assert it.zh
        assert it.en
        assert it.person is None or it.person not in it.not_by
        assert it.due_at is not None or issue.deadline is None
        assert all(then.zh and then.en for then in it.then)
    clocks = {issue.deadline and issue.deadline.due_at, issue.table_at}
    assert not owed or owed[0].due_at in clocks
