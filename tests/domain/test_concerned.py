"""A complaint about an official: routed past that official and everybody below, and nothing that they can touch."""

from dataclasses import replace
from uuid import UUID

import pytest

from domain.context import Village
from domain.errors import CannotMerge, NobodyMayAnswer, OfficialConcerned, PersonBarred
from domain.fund.events import ProjectPooled
from domain.issue.commands import (
    AcceptIssue,
    AssignIssue,
    AssignLeader,
    CorrectEntry,
    DecideSubmission,
    EscalateIssue,
    FixOnSite,
    LogIssue,
    MergeIssue,
    RecordMissedDeadline,
    ReturnEscalation,
    SplitIssue,
)
from domain.issue.events import (
    DeadlineMissed,
    EntryCorrected,
    EscalationReturned,
    IssueAbsorbed,
    IssueAccepted,
    IssueAssigned,
    IssueEscalated,
    IssueFixedOnSite,
    IssueLogged,
    IssueMerged,
    IssueSplit,
    LeaderAssigned,
    SubmissionApproved,
    SupervisionNoticeSent,
)
from domain.issue.words import EntryField
from domain.meeting.commands import RecordMeeting
from domain.values import Responsible
from tests.support.casework import Case, case, command, given
from tests.support.examples import due_moment
from tests.support.office import VILLAGES, FakeDirectory, office


def complaint(about: str) -> Case:
    """An issue of QS about somebody, logged by the household itself."""
    return case("logged", concerns=about, by="household")


def escalated(about: str) -> Case:
    """The same, with the township."""
    return complaint(about).do(EscalateIssue, by="handler2")


# -- who stands above whom ---------------------------------------------------------------------------------------


def test_given_the_chain_when_asked_then_everybody_above_counts_and_nobody_beside() -> None:
    superiors_of = FakeDirectory().superiors_of
    assert superiors_of("handler") == {"lead", "township-head", "county-office"}
    assert superiors_of("lead") == {"township-head", "county-office"}
    assert superiors_of("department") == {"county-office"}
    assert superiors_of("township-head") == {"county-office"}
    assert superiors_of("county-office") == frozenset()
    assert superiors_of("auditor") == frozenset()


def test_given_somebody_with_two_posts_when_asked_then_they_are_not_above_themselves() -> None:
    small = Village(code="XX", name="小村", township="镇", handler="one", lead="one")
    assert FakeDirectory((small,), {"township": "one", "county": "two"}).superiors_of("one") == {"two"}


# -- routed past ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "owner"),
    [
        ("somebody-else", Responsible(unit="station:QS", person="handler")),
        ("handler", Responsible(unit="station:QS", person="lead")),
        ("lead", Responsible(unit="township", person="township-head")),
        ("township-head", Responsible(unit="county", person="county-office")),
    ],
)
def test_given_a_complaint_when_logged_then_the_next_one_up_who_is_not_below_owns_it(
    about: str, owner: Responsible
) -> None:
    issue = complaint(about).issue
    assert (issue.concerns, issue.responsible) == (about, owner)


def test_given_nobody_above_when_logged_then_refused() -> None:
    with pytest.raises(NobodyMayAnswer):
        complaint("county-office")


def test_given_a_complaint_about_the_department_when_referred_there_then_the_township_gets_it() -> None:
    referred = given(complaint("department")).when(
        EscalateIssue, by="handler2", reason="归口", department="construction"
    )
    owner = referred.then(IssueEscalated).event(IssueEscalated).responsible
    assert owner == Responsible(unit="township", person="township-head")


def test_given_a_complaint_about_the_township_head_when_a_deadline_is_missed_then_the_county_is_told() -> None:
    life = complaint("township-head")
    missed = given(life).when(RecordMissedDeadline, at=due_moment(RecordMissedDeadline, life.issue))
    notice = missed.then(DeadlineMissed, SupervisionNoticeSent).event(SupervisionNoticeSent)
    assert notice.to_unit == "county"


def test_given_no_complaint_when_a_deadline_is_missed_then_the_township_is_told() -> None:
    life = case("logged")
    missed = given(life).when(RecordMissedDeadline, at=due_moment(RecordMissedDeadline, life.issue))
    notice = missed.then(DeadlineMissed, SupervisionNoticeSent).event(SupervisionNoticeSent)
    assert notice.to_unit == "township"


def test_given_the_sender_became_barred_when_returned_then_the_next_one_up_gets_it() -> None:
    life = complaint("lead2").do(EscalateIssue)  # by the station of QS: handler under lead
    moved = tuple(each.model_copy(update={"lead": "lead2"}) for each in VILLAGES)
    reorganised = replace(life, office=replace(office(), directory=FakeDirectory(villages=moved)))
    returned = given(reorganised).when(ReturnEscalation, by="committee").then(EscalationReturned)
    owner = returned.event(EscalationReturned).responsible
    assert owner == Responsible(unit="township", person="township-head")


# -- named ---------------------------------------------------------------------------------------------------------


def test_given_a_complaint_when_somebody_else_is_named_then_recorded() -> None:
    life = escalated("lead")
    given(life).when(AcceptIssue, by="lead2", person="handler2").then(IssueAccepted)
    given(life).when(AssignIssue, by="lead2", person="handler2").then(IssueAssigned)
    given(life).when(AssignLeader, by="lead2", leader="township-head").then(LeaderAssigned)


@pytest.mark.parametrize("barred", ["lead", "handler"])
def test_given_a_complaint_when_a_barred_person_is_named_then_refused(barred: str) -> None:
    life = escalated("lead")
    given(life).when(AcceptIssue, by="lead2", person=barred).refused(PersonBarred)
    given(life).when(AssignIssue, by="lead2", person=barred).refused(PersonBarred)
    given(life).when(AssignLeader, by="lead2", leader=barred).refused(PersonBarred)


# -- acting ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("barred", ["lead", "handler"])
def test_given_a_complaint_when_a_barred_person_acts_then_refused(barred: str) -> None:
    given(complaint("lead")).when(FixOnSite, by=barred).refused(OfficialConcerned)
    given(complaint("lead")).when(CorrectEntry, by=barred).refused(OfficialConcerned)


def test_given_a_complaint_when_somebody_beside_acts_then_recorded() -> None:
    given(complaint("lead")).when(FixOnSite, by="handler2").then(IssueFixedOnSite)


@pytest.mark.parametrize("barred", ["lead", "handler"])
def test_given_a_barred_person_when_they_log_it_then_refused(barred: str) -> None:
    with pytest.raises(OfficialConcerned):
        case("logged", concerns="lead", by=barred)


def test_given_an_account_called_process_is_complained_of_when_the_workflow_acts_then_it_still_may() -> None:
    life = complaint("process")
    missed = given(life).when(RecordMissedDeadline, at=due_moment(RecordMissedDeadline, life.issue))
    missed.then(DeadlineMissed, SupervisionNoticeSent)


# -- in the committee ------------------------------------------------------------------------------------------------


def test_given_a_member_is_complained_of_when_they_abstain_then_decided() -> None:
    met = case("tabled", concerns="member3").do(RecordMeeting)
    given(met).when(DecideSubmission, abstained=("member3",)).then(SubmissionApproved, ProjectPooled)


def test_given_a_member_is_complained_of_when_they_vote_then_refused() -> None:
    met = case("tabled", concerns="member3").do(RecordMeeting)
    given(met).when(DecideSubmission).refused(PersonBarred)


# -- split, merged, corrected ----------------------------------------------------------------------------------------


def test_given_a_complaint_when_split_then_each_part_is_one_past_the_same_people() -> None:
    parts = [
        event
        for event in given(complaint("lead"))
        .when(SplitIssue, by="handler2")
        .then(IssueSplit, IssueLogged, IssueLogged)
        .events
        if isinstance(event, IssueLogged)
    ]
    owner = Responsible(unit="township", person="township-head")
    assert [(part.concerns, part.responsible) for part in parts] == [("lead", owner)] * 2


def test_given_a_complaint_when_its_category_is_corrected_then_it_still_concerns_the_official() -> None:
    asked = given(complaint("lead")).when(CorrectEntry, by="handler2", field=EntryField.CATEGORY, value="environment")
    assert asked.then(EntryCorrected).issue.concerns == "lead"


@pytest.mark.parametrize("other", ["handler", None])
def test_given_another_official_or_none_when_merged_then_refused(other: str | None) -> None:
    life, into = _beside(complaint("lead"), other)
    given(life).when(MergeIssue, by="handler2", into=into).refused(CannotMerge)


def test_given_the_same_official_when_merged_then_absorbed() -> None:
    life, into = _beside(complaint("lead"), "lead")
    given(life).when(MergeIssue, by="handler2", into=into).then(IssueMerged, IssueAbsorbed)


def _beside(life: Case, concerns: str | None) -> tuple[Case, UUID]:
    other = command(LogIssue, at=life.now, by="household", household="QS-030", key="beside", concerns=concerns)
    return life.after(other), other.issue_id
