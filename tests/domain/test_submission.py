"""Submitted to the committee, signed by a second person, tabled at the cut-off (L7)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from pydantic import ValidationError

from domain.errors import (
    AlreadySaid,
    NotDueYet,
    SamePerson,
    WrongStage,
)
from domain.issue.commands import (
    DecideSubmission,
    SendBackSubmission,
    SignSubmission,
    SubmitToCommittee,
    TableSubmission,
)
from domain.issue.events import (
    DeadlineMissed,
    SubmissionPrepared,
    SubmissionSentBack,
    SubmissionSigned,
    SubmissionTabled,
)
from domain.issue.words import Outcome, Stage
from domain.meeting.commands import RecordMeeting
from domain.values import LOCAL_ZONE
from tests.support.casework import case, given

CUT_OFF = datetime(2026, 3, 30, 23, 59, 59, tzinfo=LOCAL_ZONE)
NEXT_CUT_OFF = datetime(2026, 4, 30, 23, 59, 59, tzinfo=LOCAL_ZONE)

# -- submitting (L7) ---------------------------------------------------------------------------------------------


@pytest.mark.proves("L7")
@pytest.mark.parametrize("state", ["logged", "handling", "returned", "county_sent_back"])
def test_given_an_issue_in_hand_when_submitted_then_the_submission_says_what_it_costs(state: str) -> None:
    then = given(state).when(SubmitToCommittee).then(SubmissionPrepared)
    event = then.event(SubmissionPrepared)
    assert (event.total_budget, event.subsidy_asked) == (Decimal(50_000), Decimal(30_000))
    assert (event.expected_completion, event.urgency) == (date(2026, 9, 30), "ordinary")
    assert (then.issue.stage, then.issue.prepared_by) == (Stage.SUBMISSION, {"handler"})
    assert event.deadline.rule == "signing"


def test_given_a_submission_when_submitted_again_then_it_is_refused() -> None:
    given("submission").when(SubmitToCommittee).refused(WrongStage)


def test_given_more_asked_than_it_costs_when_submitted_then_it_is_no_command() -> None:
    with pytest.raises(ValidationError, match="exceeds the total budget"):
        case("handling").command(SubmitToCommittee, total_budget=10, subsidy_asked="10.01")


# -- signing (L7) ------------------------------------------------------------------------------------------------


@pytest.mark.proves("L7", "CX15")
def test_given_a_second_person_when_signed_then_it_waits_for_the_cut_off() -> None:
    then = given("submission").when(SignSubmission).then(SubmissionSigned)
    assert then.issue.stage is Stage.COMMITTEE
    assert (then.issue.table_at, then.issue.tabled, then.issue.deadline) == (CUT_OFF, False, None)


@pytest.mark.proves("L7")
def test_given_the_very_last_moment_when_signed_then_the_next_meeting_gets_it() -> None:
    then = given("submission").when(SignSubmission, at=CUT_OFF).then(DeadlineMissed, SubmissionSigned)
    assert then.issue.table_at == CUT_OFF


@pytest.mark.proves("L7")
def test_given_a_moment_too_late_when_signed_then_the_meeting_after_gets_it() -> None:
    then = (
        given("submission")
        .when(SignSubmission, at=CUT_OFF + timedelta(seconds=1))
        .then(DeadlineMissed, SubmissionSigned)
    )
    assert then.issue.table_at == NEXT_CUT_OFF


@pytest.mark.proves("L7", "CX15")
def test_given_the_lead_prepared_it_when_the_lead_signs_then_it_is_refused() -> None:
    own = case("handling").do(SubmitToCommittee, by="lead")
    given(own).when(SignSubmission, by="lead").refused(SamePerson)
    given(own).when(SignSubmission, by="lead2").then(SubmissionSigned)


def test_given_a_signed_submission_when_signed_again_then_it_is_refused() -> None:
    given("awaiting_committee").when(SignSubmission).refused(WrongStage)


def test_given_a_submission_when_sent_back_then_it_is_handled_again() -> None:
    then = given("submission").when(SendBackSubmission).then(SubmissionSentBack)
    assert then.issue.stage is Stage.HANDLING
    assert then.event(SubmissionSentBack).reasons == "预算缺明细。"


def test_given_the_lead_prepared_it_when_the_lead_sends_it_back_then_it_is_refused() -> None:
    own = case("handling").do(SubmitToCommittee, by="lead")
    given(own).when(SendBackSubmission, by="lead").refused(SamePerson)


def test_given_a_sent_back_submission_when_sent_back_again_then_it_is_refused() -> None:
    given(case("submission").do(SendBackSubmission)).when(SendBackSubmission).refused(WrongStage)


# -- tabling (L7) ------------------------------------------------------------------------------------------------


@pytest.mark.proves("L7")
def test_given_the_cut_off_when_tabled_then_the_committee_has_a_date() -> None:
    then = given("awaiting_committee").when(TableSubmission, at=CUT_OFF).then(SubmissionTabled)
    assert (then.issue.stage, then.issue.tabled, then.issue.table_at) == (Stage.COMMITTEE, True, None)
    assert not then.event(SubmissionTabled).carried_over
    assert then.event(SubmissionTabled).deadline.rule == "decision"


def test_given_a_second_left_when_tabled_then_it_is_not_due() -> None:
    early = CUT_OFF - timedelta(seconds=1)
    given("awaiting_committee").when(TableSubmission, at=early).refused(NotDueYet)


def test_given_nothing_submitted_when_tabled_then_it_is_refused() -> None:
    given("handling").when(TableSubmission, at=CUT_OFF).refused(WrongStage)


def test_given_a_tabled_submission_when_tabled_again_then_it_is_refused() -> None:
    given("tabled").when(TableSubmission, at=NEXT_CUT_OFF).refused(AlreadySaid)


def test_given_a_deferred_submission_when_tabled_then_it_is_carried_over() -> None:
    then = given("deferred").when(TableSubmission, at=NEXT_CUT_OFF).then(SubmissionTabled)
    assert then.event(SubmissionTabled).carried_over


def test_given_a_new_submission_after_a_deferred_one_when_tabled_then_it_is_not_carried_over() -> None:
    again = (
        case("deferred")
        .do(TableSubmission, at=NEXT_CUT_OFF)
        .do(RecordMeeting, at=NEXT_CUT_OFF + timedelta(hours=15))
        .do(DecideSubmission, outcome=Outcome.RETURNED, subsidy=None, reasons="预算不清。")
        .do(SubmitToCommittee)
        .do(SignSubmission)
    )
    then = given(again).when(TableSubmission, at=again.issue.table_at).then(SubmissionTabled)
    assert not then.event(SubmissionTabled).carried_over
