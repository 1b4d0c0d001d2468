"""Logged, fixed on site, accepted, returned, assigned, resolved (L1, L2, L3, L5)."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from domain.errors import AlreadySaid, InTheFuture, PromiseInThePast, UnknownCategory, UnknownVillage, WrongStage
from domain.issue.commands import (
    AcceptIssue,
    AssignIssue,
    EscalateIssue,
    FixOnSite,
    LogIssue,
    ResolveIssue,
    ReturnEscalation,
)
from domain.issue.events import (
    EscalationReturned,
    IssueAccepted,
    IssueAssigned,
    IssueEscalated,
    IssueFixedOnSite,
    IssueLogged,
    IssueResolved,
)
from domain.issue.words import Channel, Stage, Tier
from domain.values import Responsible
from tests.support.casework import PHOTO, START, Case, a_new_case, case, command, given, local
from tests.support.given import When

# -- logging (L1) ------------------------------------------------------------------------------------------------


@pytest.mark.proves("L1", "L3")
def test_given_channel_village_category_and_description_when_logged_then_it_has_an_owner_and_a_date() -> None:
    issue = case("logged").issue
    assert (issue.stage, issue.tier, issue.version) == (Stage.LOGGED, Tier.VILLAGE, 1)
    assert issue.responsible == Responsible(unit="station:QS", person="handler")
    assert issue.deadline is not None
    assert (issue.deadline.rule, issue.deadline.plan) == ("on_site", "cx@1")
    assert (issue.deadline.remind_at, issue.deadline.due_at) == (local(4, 9, 0, 0), local(5))
    assert issue.deadline.escalate_at == local(9)


def test_given_everything_a_form_can_hold_when_logged_then_the_event_keeps_it() -> None:
    fields = {"channel": Channel.HAZARD_INSPECTION, "place": "老桥", "photos": (PHOTO,), "source": "old-ledger"}
    (logged,) = a_new_case(**fields, village="LX").events
    assert isinstance(logged, IssueLogged)
    assert (logged.channel, logged.place, logged.photos) == (Channel.HAZARD_INSPECTION, "老桥", (PHOTO,))
    assert (logged.village, logged.household, logged.source) == ("LX", "QS-012", "old-ledger")
    assert logged.responsible.person == "handler2"


def test_given_a_public_space_without_household_when_logged_then_it_is_an_issue_too() -> None:
    assert a_new_case(household=None, title=None).issue.household is None


@pytest.mark.proves("L1")
@pytest.mark.parametrize("channel", Channel)
def test_given_each_channel_when_logged_then_it_is_kept(channel: Channel) -> None:
    assert a_new_case(channel=channel).issue.channel is channel


@pytest.mark.proves("L1")
@pytest.mark.parametrize("required", ["channel", "village", "category", "description"])
def test_given_a_required_field_left_out_when_logged_then_it_is_no_command(required: str) -> None:
    fields = command(LogIssue).model_dump()
    del fields[required]
    with pytest.raises(ValidationError, match=required):
        LogIssue.model_validate(fields)


def test_given_a_field_nobody_asked_for_when_logged_then_it_is_no_command() -> None:
    with pytest.raises(ValidationError, match="religion"):
        LogIssue.model_validate({**command(LogIssue).model_dump(), "religion": "none of our business"})


def test_given_twenty_one_photos_when_logged_then_it_is_no_command() -> None:
    with pytest.raises(ValidationError, match="photos"):
        command(LogIssue, photos=(PHOTO,) * 21)


def test_given_an_unknown_village_when_logged_then_it_is_refused() -> None:
    given(Case(command(LogIssue).issue_id)).when(command(LogIssue, village="XX")).refused(UnknownVillage)


def test_given_an_unknown_category_when_logged_then_it_is_refused() -> None:
    given(Case(command(LogIssue).issue_id)).when(command(LogIssue, category="gossip")).refused(UnknownCategory)


@pytest.mark.proves("L3")
def test_given_a_promised_date_when_logged_then_that_is_the_deadline() -> None:
    issue = a_new_case(promised_by=local(20, 17, 0, 0)).issue
    assert issue.deadline is not None
    assert (issue.deadline.rule, issue.deadline.due_at) == ("on_site", local(20, 17, 0, 0))


def test_given_a_promise_before_the_report_when_logged_then_it_is_refused() -> None:
    early = command(LogIssue, promised_by=START - timedelta(minutes=1))
    given(Case(early.issue_id)).when(early).refused(PromiseInThePast)


def test_given_the_same_command_then_the_same_issue_and_given_another_then_another() -> None:
    assert command(LogIssue).issue_id == command(LogIssue).issue_id
    assert command(LogIssue).issue_id != command(LogIssue, key="another").issue_id


# -- fixed on the spot (L2) --------------------------------------------------------------------------------------


@pytest.mark.proves("L2")
def test_given_a_logged_issue_when_fixed_on_site_then_the_household_is_owed_its_answer() -> None:
    fixed = given("logged").when(FixOnSite).then(IssueFixedOnSite)
    event = fixed.event(IssueFixedOnSite)
    assert (event.measures, event.evidence, event.actor.user) == ("当场换了灯泡。", (PHOTO,), "handler")
    assert fixed.issue.stage is Stage.REPLY
    assert event.deadline.due_at == local(9)


def test_given_a_fixed_issue_when_fixed_again_then_it_is_refused() -> None:
    given("fixed").when(FixOnSite).refused(WrongStage)


def test_given_an_escalated_issue_when_fixed_on_site_then_it_is_refused() -> None:
    given("escalated").when(FixOnSite).refused(WrongStage)


# -- accepted, returned, assigned, resolved (L3, L5, L6) ---------------------------------------------------------


@pytest.mark.proves("L3")
def test_given_an_escalated_issue_when_accepted_then_a_named_person_answers_for_it_by_a_date() -> None:
    then = given("escalated").when(AcceptIssue, person="lead2").then(IssueAccepted)
    assert then.issue.stage is Stage.HANDLING
    assert then.issue.responsible == Responsible(unit="township", person="lead2")
    assert then.event(IssueAccepted).deadline.rule == "handling"


def test_given_an_accepted_issue_when_accepted_again_then_it_is_refused() -> None:
    given("handling").when(AcceptIssue).refused(WrongStage)


@pytest.mark.proves("L5")
def test_given_the_wrong_unit_when_returned_then_it_goes_back_to_whoever_sent_it() -> None:
    then = given("escalated").when(ReturnEscalation).then(EscalationReturned)
    assert (then.issue.stage, then.issue.tier, then.issue.department) == (Stage.HANDLING, Tier.VILLAGE, None)
    assert then.issue.responsible == Responsible(unit="station:QS", person="handler")


def test_given_a_department_sent_it_to_another_when_returned_then_the_first_department_has_it_again() -> None:
    sent_on = (
        case("at_department")
        .do(AcceptIssue, by="department", person="department")
        .do(EscalateIssue, by="department", department="environment")
    )
    then = given(sent_on).when(ReturnEscalation, by="department").then(EscalationReturned)
    assert then.issue.responsible.unit == "department:construction"
    assert then.issue.department == "construction"


def test_given_a_reopened_issue_when_returned_then_whoever_had_it_before_has_it_again() -> None:
    then = given("dissatisfied").when(ReturnEscalation).then(EscalationReturned)
    assert (then.issue.tier, then.issue.responsible.unit) == (Tier.VILLAGE, "station:QS")


def test_given_a_returned_issue_when_returned_again_then_it_is_refused() -> None:
    given(case("escalated").do(ReturnEscalation)).when(ReturnEscalation).refused(WrongStage)


def test_given_a_returned_issue_when_escalated_again_then_it_may_go_to_the_right_unit() -> None:
    given(case("escalated").do(ReturnEscalation)).when(EscalateIssue, department="environment").then(IssueEscalated)


@pytest.mark.proves("L3")
def test_given_an_open_issue_when_assigned_then_another_person_answers_for_it_and_the_clock_runs_on() -> None:
    before = case("handling").issue.deadline
    then = given("handling").when(AssignIssue).then(IssueAssigned)
    assert then.issue.responsible == Responsible(unit="township", person="handler2")
    assert then.issue.deadline == before


def test_given_the_person_has_it_already_when_assigned_then_it_is_refused() -> None:
    given("logged").when(AssignIssue, person="handler").refused(AlreadySaid)


def test_given_a_handled_issue_when_resolved_then_the_household_is_owed_its_answer() -> None:
    then = given("handling").when(ResolveIssue).then(IssueResolved)
    assert then.issue.stage is Stage.REPLY
    assert then.event(IssueResolved).deadline.rule == "reply"


def test_given_a_resolved_issue_when_resolved_again_then_it_is_refused() -> None:
    given("resolved").when(ResolveIssue).refused(WrongStage)


@pytest.mark.parametrize(("ahead", "taken"), [(299, True), (300, True), (301, False), (600, False), (-600, True)])
def test_given_a_clock_that_differs_when_logged_then_five_minutes_ahead_are_borne_and_no_more(
    ahead: int, taken: bool
) -> None:
    asked = command(LogIssue, at=START + timedelta(seconds=ahead))
    when = When(Case(asked.issue_id), asked, START)
    if taken:
        when.then(IssueLogged)
    else:
        when.refused(InTheFuture)
