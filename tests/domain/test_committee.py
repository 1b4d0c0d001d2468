"""Decided in a meeting with a quorum; answered by the county (L5, L8)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain.errors import (
    AmountNeeded,
    NoQuorum,
    NoSubmission,
    NotAtMeeting,
    NotFound,
    OtherTownship,
    OutsideMeeting,
    ReasonsNeeded,
    SamePerson,
    WrongStage,
)
from domain.fund.events import ProjectPooled
from domain.issue.commands import (
    DecideSubmission,
    RecordCountyAnswer,
    SignSubmission,
    SubmitToCommittee,
    TableSubmission,
)
from domain.issue.events import (
    CountyAnswered,
    SubmissionApproved,
    SubmissionDeclined,
    SubmissionDeferred,
    SubmissionReferredUp,
    SubmissionReturned,
)
from domain.issue.words import CountyOutcome, Outcome, Stage, Tier
from domain.meeting.commands import RecordMeeting
from domain.values import LOCAL_ZONE
from tests.support.casework import COMMITTEE, PEOPLE, START, Case, case, given

CUT_OFF = datetime(2026, 3, 30, 23, 59, 59, tzinfo=LOCAL_ZONE)
NEXT_CUT_OFF = datetime(2026, 4, 30, 23, 59, 59, tzinfo=LOCAL_ZONE)
MEETING = datetime(2026, 4, 2, 15, 0, tzinfo=LOCAL_ZONE)


def tabled_and_met(**meeting: Any) -> Case:
    """A tabled issue and a meeting two days later; `meeting` overrides who signed in."""
    return case("tabled").do(RecordMeeting, **{"at": MEETING, **meeting})


# -- deciding (L8) -----------------------------------------------------------------------------------------------


@pytest.mark.proves("L8")
def test_given_a_quorum_when_approved_with_money_then_it_waits_for_funding() -> None:
    then = given(tabled_and_met()).when(DecideSubmission, subsidy=30_000).then(SubmissionApproved, ProjectPooled)
    assert (then.issue.stage, then.issue.subsidy) == (Stage.FUNDING, 30_000)
    event = then.event(SubmissionApproved)
    assert (event.deadline.rule, event.progress_due_at) == ("funding", None)
    assert event.meeting_id == tabled_and_met().meeting_id


@pytest.mark.proves("L8")
def test_given_a_quorum_when_approved_without_money_then_the_works_begin() -> None:
    then = given(tabled_and_met()).when(DecideSubmission, subsidy=None).then(SubmissionApproved)
    event = then.event(SubmissionApproved)
    assert (then.issue.stage, event.subsidy) == (Stage.WORKS, 0)
    assert event.deadline.due_at == datetime(2026, 9, 30, 23, 59, 59, tzinfo=LOCAL_ZONE)
    assert event.progress_due_at == event.occurred_at + timedelta(days=30)


def test_given_the_promised_day_has_passed_when_approved_then_the_plans_clock_runs() -> None:
    overdue = (
        case("handling").do(SubmitToCommittee, expected_completion=date(2026, 4, 2)).do(SignSubmission)
        .do(TableSubmission, at=CUT_OFF).do(RecordMeeting, at=MEETING)
    )  # fmt: skip
    then = given(overdue).when(DecideSubmission, subsidy=None).then(SubmissionApproved)
    deadline = then.event(SubmissionApproved).deadline
    assert (deadline.rule, deadline.amount) == ("completion", 180)


def test_given_more_than_was_asked_when_approved_then_it_is_refused() -> None:
    given(tabled_and_met()).when(DecideSubmission, subsidy="30000.01").refused(AmountNeeded)


@pytest.mark.proves("L8")
def test_given_a_quorum_when_deferred_then_it_waits_for_the_next_cut_off() -> None:
    deferred = {"outcome": Outcome.DEFERRED, "subsidy": None, "reasons": "需现场查看。"}
    then = given(tabled_and_met()).when(DecideSubmission, **deferred).then(SubmissionDeferred)
    assert (then.issue.stage, then.issue.table_at, then.issue.tabled) == (Stage.COMMITTEE, NEXT_CUT_OFF, False)


@pytest.mark.proves("L8")
def test_given_a_quorum_when_returned_then_it_is_handled_again() -> None:
    returned = {"outcome": Outcome.RETURNED, "subsidy": None, "reasons": "预算不清。"}
    then = given(tabled_and_met()).when(DecideSubmission, **returned).then(SubmissionReturned)
    assert then.issue.stage is Stage.HANDLING


@pytest.mark.proves("L8", "L5")
def test_given_a_quorum_when_referred_up_then_the_county_answers_for_it() -> None:
    then = given(tabled_and_met()).when(DecideSubmission, outcome=Outcome.REFERRED_UP).then(SubmissionReferredUp)
    assert (then.issue.stage, then.issue.tier) == (Stage.WITH_COUNTY, Tier.COUNTY)
    assert (then.issue.responsible.unit, then.issue.responsible.person) == ("county", "county-office")


@pytest.mark.proves("L8")
def test_given_a_quorum_when_declined_then_the_household_is_owed_the_reasons() -> None:
    declined = {"outcome": Outcome.DECLINED, "subsidy": None, "reasons": "属私人院内设施。"}
    then = given(tabled_and_met()).when(DecideSubmission, **declined).then(SubmissionDeclined)
    assert (then.issue.stage, then.event(SubmissionDeclined).reasons) == (Stage.REPLY, "属私人院内设施。")


@pytest.mark.proves("L8")
@pytest.mark.parametrize("outcome", [Outcome.DEFERRED, Outcome.RETURNED, Outcome.DECLINED])
def test_given_no_reasons_when_decided_against_then_it_is_refused(outcome: Outcome) -> None:
    given(tabled_and_met()).when(DecideSubmission, outcome=outcome, subsidy=None).refused(ReasonsNeeded)


def test_given_a_decided_submission_when_decided_again_then_it_is_refused() -> None:
    given("funding").when(DecideSubmission).refused(WrongStage)


def test_given_it_is_not_on_the_agenda_when_decided_then_it_is_refused() -> None:
    met = case("awaiting_committee").do(RecordMeeting, at=START + timedelta(days=2))
    given(met).when(DecideSubmission).refused(NoSubmission)
    given("awaiting_committee").when(DecideSubmission).refused(NoSubmission)


def test_given_a_meeting_held_before_the_cut_off_when_decided_then_it_is_refused() -> None:
    early = case("awaiting_committee").do(RecordMeeting, at=START + timedelta(days=2)).do(TableSubmission, at=CUT_OFF)
    given(early).when(DecideSubmission, at=START + timedelta(days=2), now=CUT_OFF).refused(NoSubmission)


def test_given_a_meeting_at_the_very_cut_off_when_decided_then_it_counts() -> None:
    life = case("awaiting_committee").do(TableSubmission, at=CUT_OFF).do(RecordMeeting, at=CUT_OFF)
    given(life).when(DecideSubmission, at=CUT_OFF).then(SubmissionApproved, ProjectPooled)


def test_given_no_such_meeting_when_decided_then_it_is_not_found() -> None:
    given("tabled").when(DecideSubmission).refused(NotFound)


def test_given_a_meeting_of_another_township_when_decided_then_it_is_refused() -> None:
    given(tabled_and_met(township="外山镇")).when(DecideSubmission).refused(OtherTownship)


@pytest.mark.proves("L8")
def test_given_one_too_few_when_decided_then_there_is_no_quorum() -> None:
    given(tabled_and_met(present=COMMITTEE[:4])).when(DecideSubmission).refused(NoQuorum)


@pytest.mark.proves("L8")
def test_given_just_a_quorum_when_one_abstains_then_there_is_none_left() -> None:
    five = tabled_and_met(present=COMMITTEE[:5])
    given(five).when(DecideSubmission).then(SubmissionApproved, ProjectPooled)
    given(five).when(DecideSubmission, abstained=("member2",)).refused(NoQuorum)


def test_given_everybody_abstains_when_decided_then_there_is_no_quorum() -> None:
    given(tabled_and_met()).when(DecideSubmission, abstained=COMMITTEE[:6]).refused(NoQuorum)


@pytest.mark.proves("L8")
def test_given_a_member_with_an_interest_when_decided_then_the_abstention_is_kept() -> None:
    then = (
        given(tabled_and_met()).when(DecideSubmission, abstained=("member2",)).then(SubmissionApproved, ProjectPooled)
    )
    assert then.event(SubmissionApproved).abstained == ("member2",)


def test_given_the_same_member_named_twice_when_decided_then_it_is_one_abstention() -> None:
    given(tabled_and_met()).when(DecideSubmission, abstained=("member2", "member2")).then(
        SubmissionApproved, ProjectPooled
    )


def test_given_somebody_who_did_not_sign_in_when_abstaining_then_it_is_refused() -> None:
    given(tabled_and_met()).when(DecideSubmission, abstained=("member7",)).refused(NotAtMeeting)


def test_given_somebody_who_did_not_sign_in_when_recording_then_it_is_refused() -> None:
    given(tabled_and_met()).when(DecideSubmission, by="member7").refused(NotAtMeeting)


def test_given_a_voter_prepared_it_when_decided_then_it_is_refused_unless_they_abstain() -> None:
    present = (*COMMITTEE[:5], "handler")
    met = tabled_and_met(present=present, absent=())
    given(met).when(DecideSubmission).refused(SamePerson)
    given(met).when(DecideSubmission, abstained=("handler",)).then(SubmissionApproved, ProjectPooled)


@pytest.mark.parametrize("days", [-1, 1])
def test_given_another_day_than_the_meetings_when_decided_then_it_is_refused(days: int) -> None:
    given(tabled_and_met()).when(DecideSubmission, at=MEETING + timedelta(days=days)).refused(OutsideMeeting)


def test_given_the_evening_of_the_meeting_when_recorded_then_it_counts() -> None:
    given(tabled_and_met()).when(DecideSubmission, at=MEETING + timedelta(hours=8)).then(
        SubmissionApproved, ProjectPooled
    )


def test_given_a_meeting_recorded_in_another_zone_when_decided_then_the_offices_calendar_counts() -> None:
    utc_evening = datetime.fromisoformat("2026-04-02T16:30:00+00:00")  # 3 April, 00:30 at the office
    given(tabled_and_met()).when(DecideSubmission, at=utc_evening).refused(OutsideMeeting)


# -- the county (L5) ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "stage", "rule"),
    [
        (CountyOutcome.RESOLVED, Stage.REPLY, "reply"),
        (CountyOutcome.DECLINED, Stage.REPLY, "reply"),
        (CountyOutcome.SENT_BACK, Stage.HANDLING, "handling"),
    ],
)
def test_given_a_referral_when_the_county_answers_then_the_township_has_it_again(
    outcome: CountyOutcome, stage: Stage, rule: str
) -> None:
    then = given("with_county").when(RecordCountyAnswer, outcome=outcome).then(CountyAnswered)
    assert (then.issue.stage, then.issue.tier, then.issue.department) == (stage, Tier.TOWNSHIP, None)
    assert then.issue.responsible.person == "township-head"
    assert then.event(CountyAnswered).deadline.rule == rule


def test_given_an_answered_referral_when_answered_again_then_it_is_refused() -> None:
    given("county_resolved").when(RecordCountyAnswer).refused(WrongStage)


# -- meetings (L8) -----------------------------------------------------------------------------------------------


def test_given_whoever_signed_in_when_recorded_then_the_quorum_in_force_is_kept() -> None:
    (held,) = case("logged").decide(case("logged").command(RecordMeeting))
    fields = held.model_dump(include={"township", "chair", "present", "absent", "quorum", "plan"})
    assert fields == {
        "township": "云岭镇",
        "chair": "committee",
        "present": COMMITTEE[:6],
        "absent": COMMITTEE[6:],
        "quorum": 5,
        "plan": "cx@1",
    }


def test_given_a_recorder_who_was_not_there_when_recorded_then_it_is_refused() -> None:
    given("logged").when(RecordMeeting, by="member7").refused(NotAtMeeting)


@pytest.mark.parametrize(
    "signed_in",
    [
        {"present": ()},
        {"present": ("member2", "member3")},
        {"present": ("committee", "committee")},
        {"present": ("committee",), "absent": ("committee",)},
        {"present": tuple(f"member{n}" for n in range(51))},
    ],
    ids=["nobody", "no chair", "twice present", "present and absent", "too many"],
)
def test_given_a_sign_in_that_cannot_be_when_recorded_then_it_is_no_command(signed_in: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        case("logged").command(RecordMeeting, by=PEOPLE["committee"], **signed_in)
