"""Replied, delivered, rated, reviewed and re-checked (L11)."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from domain.errors import (
    CopyAlreadyDelivered,
    NotDueYet,
    ReviewNotOpen,
    SamePerson,
    WrongStage,
)
from domain.issue.commands import (
    AcceptIssue,
    CloseSilently,
    DecideRecheck,
    DecideReview,
    DecideSubmission,
    DeliverReply,
    FixOnSite,
    GiveReply,
    RateAnswer,
    RequestRecheck,
    RequestReview,
    SignSubmission,
    SubmitToCommittee,
    TableSubmission,
)
from domain.issue.events import (
    AnswerRated,
    AnswerShared,
    DeadlineMissed,
    HouseholdSilent,
    IssueClosed,
    IssueReopened,
    RecheckDecided,
    RecheckRequested,
    ReplyDelivered,
    ReplyGiven,
    ReviewDecided,
    ReviewRequested,
)
from domain.issue.words import CopyFor, Rating, Stage, Tier
from domain.meeting.commands import RecordMeeting
from tests.support.casework import Case, case, given, office, plan_with

# -- the reply (L11) ---------------------------------------------------------------------------------------------


@pytest.mark.proves("L11")
@pytest.mark.parametrize("state", ["fixed", "resolved", "declined", "county_resolved", "reply"])
def test_given_a_household_when_replied_then_it_is_asked_whether_it_is_satisfied(state: str) -> None:
    then = given(state).when(GiveReply).then(ReplyGiven)
    event = then.event(ReplyGiven)
    assert (then.issue.stage, then.issue.replied) == (Stage.FEEDBACK, True)
    assert (event.asks_household, event.deadline.rule) == (True, "feedback")
    assert event.review_until == event.occurred_at + timedelta(days=30)


def test_given_a_public_space_when_replied_then_nobody_is_asked_and_it_can_be_closed() -> None:
    public = case("fixed", household=None)
    then = given(public).when(GiveReply).then(ReplyGiven)
    assert (then.issue.stage, then.event(ReplyGiven).deadline.rule) == (Stage.ANSWERED, "closing")


def test_given_households_of_merged_issues_when_replied_then_they_have_the_same_answer() -> None:
    shared = case("absorbing").do(FixOnSite)
    then = given(shared).when(GiveReply, basis="文件依据").then(ReplyGiven, AnswerShared)
    answer = then.event(AnswerShared)
    assert answer.answered_in == shared.issue_id
    assert answer.originator_id == shared.issue.absorbed[0]
    assert (answer.findings, answer.opinion) == ("情况属实。", "路灯已修好。")


def test_given_a_reply_when_replied_again_then_it_is_refused() -> None:
    given("feedback").when(GiveReply).refused(WrongStage)


@pytest.mark.proves("L11", "MZ5")
@pytest.mark.parametrize("copy_for", CopyFor)
def test_given_a_reply_when_a_copy_is_delivered_then_it_has_its_own_record(copy_for: CopyFor) -> None:
    then = given("feedback").when(DeliverReply, copy_for=copy_for).then(ReplyDelivered)
    assert then.issue.copies == {copy_for}


@pytest.mark.proves("L11", "MZ5")
def test_given_a_delivered_copy_when_delivered_again_then_it_is_refused_and_the_others_are_not() -> None:
    delivered = case("feedback").do(DeliverReply)
    given(delivered).when(DeliverReply).refused(CopyAlreadyDelivered)
    given(delivered).when(DeliverReply, copy_for=CopyFor.OFFICE).then(ReplyDelivered)


def test_given_no_reply_when_a_copy_is_delivered_then_it_is_refused() -> None:
    given("fixed").when(DeliverReply).refused(WrongStage)


# -- the household's word (L11) ----------------------------------------------------------------------------------


@pytest.mark.parametrize("rating", [rating for rating in Rating if rating is not Rating.DISSATISFIED])
def test_given_no_complaint_when_rated_then_it_can_be_closed(rating: Rating) -> None:
    then = given("feedback").when(RateAnswer, rating=rating, by="household").then(AnswerRated)
    assert (then.issue.stage, then.issue.rating) == (Stage.ANSWERED, rating)


@pytest.mark.proves("L11")
def test_given_a_dissatisfied_household_when_rated_then_the_issue_reopens_a_tier_up() -> None:
    then = given("feedback").when(RateAnswer, rating=Rating.DISSATISFIED).then(AnswerRated, IssueReopened)
    assert (then.issue.stage, then.issue.tier, then.issue.reopenings) == (Stage.ESCALATED, Tier.TOWNSHIP, 1)
    assert not then.issue.replied
    assert then.event(AnswerRated).deadline is None
    assert (then.event(IssueReopened).why, then.issue.responsible.person) == ("dissatisfied", "township-head")


def _reopened_twice() -> Case:
    life = case("dissatisfied")
    for rating in (Rating.DISSATISFIED, None):
        life = life.do(AcceptIssue).do(SubmitToCommittee).do(SignSubmission)
        life = life.do(TableSubmission, at=life.issue.table_at)
        life = life.do(RecordMeeting, at=life.now + timedelta(hours=15))
        life = life.do(DecideSubmission, outcome="declined", subsidy=None, reasons="已办。").do(GiveReply)
        life = life.do(RateAnswer, rating=rating) if rating else life
    return life


@pytest.mark.proves("L11")
def test_given_it_reopened_as_often_as_the_plan_allows_when_dissatisfied_then_a_review_is_left() -> None:
    life = _reopened_twice()
    assert life.issue.reopenings == 2
    then = given(life).when(RateAnswer, rating=Rating.DISSATISFIED).then(AnswerRated)
    assert then.issue.stage is Stage.ANSWERED
    given(then.case).when(RequestReview).then(ReviewRequested)


def test_given_a_plan_without_reopening_when_dissatisfied_then_it_does_not_reopen() -> None:
    strict = office(plan=plan_with(feedback={"max_reopenings": 0}))
    given(case("feedback", office=strict)).when(RateAnswer, rating=Rating.DISSATISFIED).then(AnswerRated)


def test_given_a_rated_answer_when_rated_again_then_it_is_refused() -> None:
    given("answered").when(RateAnswer).refused(WrongStage)


def test_given_a_rating_nobody_defined_when_rated_then_it_is_no_command() -> None:
    with pytest.raises(ValidationError, match="rating"):
        case("feedback").command(RateAnswer, rating="thrilled")


@pytest.mark.proves("L11")
def test_given_silence_until_the_limit_when_closed_by_the_process_then_it_says_so() -> None:
    limit = case("feedback").issue.deadline
    assert limit is not None
    then = given("feedback").when(CloseSilently, at=limit.due_at).then(HouseholdSilent, IssueClosed)
    assert (then.issue.stage, then.issue.rating) == (Stage.CLOSED, None)
    assert then.event(HouseholdSilent).limit == limit.due_at


def test_given_a_second_left_when_closed_by_the_process_then_it_is_not_due() -> None:
    limit = case("feedback").issue.deadline
    assert limit is not None
    given("feedback").when(CloseSilently, at=limit.due_at - timedelta(seconds=1)).refused(NotDueYet)


def test_given_the_household_spoke_when_closed_by_the_process_then_it_is_refused() -> None:
    given("answered").when(CloseSilently, at=case("answered").now + timedelta(days=90)).refused(WrongStage)


# -- review and re-check (L11) -----------------------------------------------------------------------------------


@pytest.mark.proves("L11")
@pytest.mark.parametrize("state", ["feedback", "answered", "closed"])
def test_given_an_answer_when_a_review_is_asked_for_then_it_has_a_date(state: str) -> None:
    then = given(state).when(RequestReview).then(ReviewRequested)
    assert (then.issue.stage, then.event(ReviewRequested).deadline.rule) == (Stage.REVIEW, "review")


def test_given_the_last_moment_when_a_review_is_asked_for_then_it_is_open_and_after_it_no_more() -> None:
    until = case("answered").issue.review_until
    assert until is not None
    given("answered").when(RequestReview, at=until).then(DeadlineMissed, ReviewRequested)
    given("answered").when(RequestReview, at=until + timedelta(seconds=1)).refused(ReviewNotOpen)


def test_given_it_was_reviewed_when_a_review_is_asked_for_then_it_is_refused() -> None:
    given("reviewed").when(RequestReview).refused(ReviewNotOpen)


def test_given_a_review_when_the_reply_stands_then_it_can_be_closed() -> None:
    then = given("review").when(DecideReview).then(ReviewDecided)
    event = then.event(ReviewDecided)
    assert (then.issue.stage, then.issue.reviewed, then.issue.replied) == (Stage.ANSWERED, True, True)
    assert event.recheck_until == event.occurred_at + timedelta(days=30)


def test_given_a_review_when_the_reply_does_not_stand_then_it_is_handled_again() -> None:
    then = given("review").when(DecideReview, upheld=False).then(ReviewDecided, IssueReopened)
    assert (then.issue.stage, then.event(IssueReopened).why) == (Stage.ESCALATED, "review_not_upheld")
    assert not then.issue.replied


@pytest.mark.parametrize(("state", "kind"), [("review", DecideReview), ("recheck", DecideRecheck)])
def test_given_somebody_who_handled_it_when_deciding_then_it_is_refused(state: str, kind: type[DecideReview]) -> None:
    handled = case(state, by="lead")
    given(handled).when(kind, by="lead").refused(SamePerson)


def test_given_whoever_signed_the_submission_when_deciding_a_review_then_it_is_refused() -> None:
    life = case("handling").do(SubmitToCommittee).do(SignSubmission, by="lead2")
    life = life.do(TableSubmission, at=life.issue.table_at)
    life = life.do(RecordMeeting, at=life.now + timedelta(hours=15))
    life = life.do(DecideSubmission, outcome="declined", subsidy=None, reasons="已办。")
    reviewed = life.do(GiveReply).do(RequestReview)
    given(reviewed).when(DecideReview, by="lead2").refused(SamePerson)


def test_given_no_review_when_decided_then_it_is_refused() -> None:
    given("reviewed").when(DecideReview).refused(WrongStage)


@pytest.mark.proves("L11")
def test_given_a_reviewed_reply_when_a_recheck_is_asked_for_then_it_has_a_date() -> None:
    then = given("reviewed").when(RequestRecheck).then(RecheckRequested)
    assert (then.issue.stage, then.event(RecheckRequested).deadline.rule) == (Stage.RECHECK, "recheck")


def test_given_the_last_moment_when_a_recheck_is_asked_for_then_it_is_open_and_after_it_no_more() -> None:
    until = case("reviewed").issue.recheck_until
    assert until is not None
    given("reviewed").when(RequestRecheck, at=until).then(DeadlineMissed, RecheckRequested)
    given("reviewed").when(RequestRecheck, at=until + timedelta(seconds=1)).refused(ReviewNotOpen)


@pytest.mark.parametrize("state", ["answered", "rechecked"])
def test_given_no_review_before_or_a_recheck_already_when_asked_for_then_it_is_refused(state: str) -> None:
    given(state).when(RequestRecheck).refused(ReviewNotOpen)


def test_given_a_recheck_when_the_reply_stands_then_it_is_the_last_word() -> None:
    then = given("recheck").when(DecideRecheck).then(RecheckDecided)
    assert (then.issue.stage, then.issue.rechecked) == (Stage.ANSWERED, True)
    given(then.case).when(RequestReview).refused(ReviewNotOpen)
    given(then.case).when(RequestRecheck).refused(ReviewNotOpen)


def test_given_a_recheck_when_the_reply_does_not_stand_then_it_is_handled_again() -> None:
    then = given("recheck").when(DecideRecheck, upheld=False).then(RecheckDecided, IssueReopened)
    assert then.event(IssueReopened).why == "recheck_not_upheld"


def test_given_a_rechecked_reply_when_decided_again_then_it_is_refused() -> None:
    given("rechecked").when(DecideRecheck).refused(WrongStage)
