"""Closed, looked back at, and taken up again (L12, and L9 to L11 for a second time)."""

from datetime import timedelta

import pytest

from domain.errors import (
    HouseholdStillAsked,
    LookBackWaived,
    NothingReplied,
    SamePerson,
    WrongStage,
)
from domain.issue.commands import (
    AcceptIssue,
    AcceptWorks,
    AllocateFunding,
    CloseIssue,
    CompleteWorks,
    DecideSubmission,
    FixOnSite,
    GiveReply,
    PayTranche,
    RateAnswer,
    RecordLookBack,
    ReportProgress,
    SignSubmission,
    SubmitToCommittee,
    TableSubmission,
)
from domain.issue.events import (
    IssueClosed,
    IssueReopened,
    LookBackFailed,
    LookBackPassed,
    ProgressReported,
)
from domain.issue.words import Rating, Stage
from domain.meeting.commands import RecordMeeting
from tests.support.casework import case, given

# -- closing and looking back (L12) ------------------------------------------------------------------------------


@pytest.mark.proves("L12")
def test_given_an_answer_when_closed_then_somebody_looks_back_by_a_date() -> None:
    then = given("answered").when(CloseIssue).then(IssueClosed)
    look_back = then.event(IssueClosed).look_back
    assert look_back is not None
    assert (then.issue.stage, then.issue.deadline, look_back.rule) == (Stage.CLOSED, look_back, "look_back")


@pytest.mark.proves("L12")
@pytest.mark.parametrize("state", ["logged", "handling", "works", "reply", "dissatisfied", "merged"])
def test_given_no_answer_when_closed_then_it_is_refused(state: str) -> None:
    given(state).when(CloseIssue).refused(NothingReplied)


def test_given_the_household_still_has_time_when_closed_then_it_is_refused() -> None:
    given("feedback").when(CloseIssue).refused(HouseholdStillAsked)


@pytest.mark.parametrize("state", ["closed", "settled", "review"])
def test_given_a_closed_or_reviewed_issue_when_closed_then_it_is_refused(state: str) -> None:
    given(state).when(CloseIssue).refused(WrongStage)


def test_given_a_record_of_an_earlier_system_when_closed_then_no_look_back_is_owed() -> None:
    imported = case("answered", source="old-system 4711")
    then = given(imported).when(CloseIssue, waive_look_back=True).then(IssueClosed)
    assert (then.issue.stage, then.event(IssueClosed).look_back) == (Stage.SETTLED, None)


def test_given_our_own_issue_when_closed_without_look_back_then_it_is_refused() -> None:
    given("answered").when(CloseIssue, waive_look_back=True).refused(LookBackWaived)


@pytest.mark.proves("L12")
@pytest.mark.parametrize("who", ["handler2", "auditor", "lead2"])
def test_given_a_different_officer_when_it_still_holds_then_nothing_more_is_owed(who: str) -> None:
    then = given("closed").when(RecordLookBack, by=who).then(LookBackPassed)
    assert (then.issue.stage, then.issue.is_final, then.issue.deadline) == (Stage.SETTLED, True, None)


@pytest.mark.proves("L12")
def test_given_it_does_not_hold_when_looked_back_then_the_issue_reopens() -> None:
    then = given("closed").when(RecordLookBack, holds=False).then(LookBackFailed, IssueReopened)
    assert (then.issue.stage, then.event(IssueReopened).why) == (Stage.ESCALATED, "look_back_failed")
    given(then.case).when(CloseIssue).refused(NothingReplied)


@pytest.mark.proves("L12")
def test_given_whoever_handled_it_when_looking_back_then_it_is_refused() -> None:
    given("closed").when(RecordLookBack, by="handler").refused(SamePerson)


@pytest.mark.parametrize("step", ["FixOnSite", "GiveReply"])
def test_given_whoever_did_but_one_step_when_looking_back_then_it_is_refused(step: str) -> None:
    life = case("logged")
    for kind in (FixOnSite, GiveReply, RateAnswer, CloseIssue):
        life = life.do(kind, by="lead2" if kind.__name__ == step else "handler")
    given(life).when(RecordLookBack, by="lead2").refused(SamePerson)
    given(life).when(RecordLookBack, by="lead").then(LookBackPassed)


def test_given_whoever_only_reported_progress_when_looking_back_then_it_is_refused() -> None:
    life = case("works").do(ReportProgress, by="lead2").do(CompleteWorks).do(AcceptWorks)
    closed = life.do(GiveReply).do(RateAnswer).do(CloseIssue)
    given(closed).when(RecordLookBack, by="lead2").refused(SamePerson)


def test_given_whoever_only_closed_it_when_looking_back_then_it_is_refused() -> None:
    closed = case("answered").do(CloseIssue, by="lead2")
    given(closed).when(RecordLookBack, by="lead2").refused(SamePerson)


def test_given_a_settled_issue_when_looked_back_again_then_it_is_refused() -> None:
    given("settled").when(RecordLookBack).refused(WrongStage)


# -- a second round after reopening (L9, L10, L11) ---------------------------------------------------------------


def test_given_works_that_did_not_satisfy_when_funded_again_then_the_second_project_stands_alone() -> None:
    life = case("feedback_after_works").do(RateAnswer, rating=Rating.DISSATISFIED).do(AcceptIssue)
    life = life.do(SubmitToCommittee, total_budget=6_000, subsidy_asked=5_000).do(SignSubmission)
    life = life.do(TableSubmission, at=life.issue.table_at)
    life = life.do(RecordMeeting, at=life.now + timedelta(hours=15)).do(DecideSubmission, subsidy=5_000)
    life = life.do(AllocateFunding, amount=5_000).do(PayTranche, amount=2_500)
    assert (life.issue.granted, life.issue.paid, life.issue.tranches, life.issue.spent) == (5_000, 2_500, 1, 0)
    given(life).when(ReportProgress, percent=10, spent=1_000).then(ProgressReported)
    assert life.do(CompleteWorks, spent=3_500).issue.stage is Stage.INSPECTION
