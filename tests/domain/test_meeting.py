"""A committee meeting's life: agenda, sign-in, quorum, interest, votes, minutes; and what it refuses (L7, L8, D1)."""

from datetime import timedelta

import pytest

from domain.errors import (
    AlreadySaid,
    NoQuorum,
    NotAtMeeting,
    NotDueYet,
    NotFound,
    RoleNotAllowed,
    SamePerson,
)
from domain.issue.commands import LinkCommonCause, WithdrawIssue
from domain.issue.events import SubmissionApproved, SubmissionDeclined, SubmissionDeferred
from domain.issue.words import Outcome, Stage, Urgency
from domain.meeting import commands as c
from domain.meeting import events as e
from domain.meeting.errors import (
    ItemsLeft,
    MeetingBegun,
    MeetingNotOpen,
    NotAMember,
    NotAskedByPlan,
    NotCarried,
    NothingUrgent,
    NotOnAgenda,
    NotTheChair,
    QuorumReached,
    VotesIncomplete,
)
from domain.meeting.words import AbsenceReason, Ending, FailedBecause, ItemSource, MeetingKind, Phase, SpecialReason
from domain.plan import Plan
from domain.privacy import is_sealed
from domain.values import Actor, Role
from tests.support.casework import COMMITTEE, TOWNSHIP, plan_with
from tests.support.meetings import CUT_OFF, MEETING_ID, Town
from tests.support.vault import VAULT

NEXT_CUT_OFF = CUT_OFF.replace(month=4)


def plan_deciding(**entries: object) -> Plan:
    """The cx plan with other rules of its committee's meetings."""
    return plan_with(meetings={"committee": {**plan_with().model_dump()["meetings"]["committee"], **entries}})


# -- the agenda (L7, D1) ----------------------------------------------------------------------------------------------


@pytest.mark.proves("L7", "D1", "CX5", "CX6")
def test_given_submissions_when_the_agenda_is_drawn_then_it_is_by_urgency_then_order() -> None:
    town = Town()
    ordinary, urgent = town.issue(), town.issue()
    prepared = next(event for event in town.streams[urgent] if event.TOPIC == "issue.submission_prepared")
    where = town.streams[urgent].index(prepared)
    town.streams[urgent][where] = prepared.model_copy(update={"urgency": Urgency.URGENT})
    drawn = town.draw()
    assert [item.issue_id for item in drawn.items] == [urgent, ordinary]
    assert {item.source for item in drawn.items} == {ItemSource.SUBMITTED}
    assert town.known(urgent).tabled
    assert town.last(e.MembersTold).members == tuple(sorted(COMMITTEE))
    assert drawn.meet_by == CUT_OFF + timedelta(days=15)


@pytest.mark.proves("L7")
def test_given_a_submission_after_the_cut_off_when_drawn_then_it_waits_for_the_next() -> None:
    town = Town()
    late = town.issue(at=CUT_OFF - timedelta(hours=2))  # signed an hour after the cut-off
    assert town.draw().items == ()
    assert [item.issue_id for item in town.draw("2026-04", NEXT_CUT_OFF).items] == [late]


def test_given_another_townships_submission_when_drawn_then_it_is_not_on_the_agenda() -> None:
    town = Town()
    town.issue(village="WS", household=None)
    assert town.draw().items == ()


def test_given_the_cut_off_is_not_over_when_drawn_then_it_is_refused() -> None:
    town = Town()
    asked = town.command(c.DrawAgenda, kind=MeetingKind.COMMITTEE, period="2026-03", cut_off=CUT_OFF)
    with pytest.raises(NotDueYet):
        town.handle(asked)


def test_given_a_drawn_agenda_when_drawn_again_then_it_is_refused() -> None:
    town = Town()
    town.draw()
    with pytest.raises(AlreadySaid):
        town.draw()


def test_given_a_plan_without_meetings_when_drawn_then_it_is_refused() -> None:
    town = Town()
    town.adopt(Plan.model_validate({**plan_with().model_dump(), "meetings": None}))
    with pytest.raises(NotAskedByPlan):
        town.draw()


@pytest.mark.proves("L8", "D1")
def test_given_a_plan_adopted_after_the_agenda_then_the_meeting_keeps_its_rules() -> None:
    town = Town()
    issue = town.issue()
    town.draw()
    town.adopt(plan_with(committee={"quorum": 7, "members": 7}))
    town.sit()
    town.vote(issue)
    town.decide(issue)
    assert town.last(e.MeetingOpened).rules.quorum == 5
    assert town.known(issue).stage is Stage.WORKS


# -- items added, special meetings ------------------------------------------------------------------------------------


def test_given_the_usual_rule_when_an_item_is_added_then_it_is_refused() -> None:
    town = Town()
    town.draw()
    late = town.issue(at=CUT_OFF - timedelta(hours=2))
    with pytest.raises(NothingUrgent):
        town.do(c.AddItem, item=late)


def test_given_a_plan_that_allows_it_when_an_urgent_item_is_added_then_it_is_tabled() -> None:
    town = Town()
    town.adopt(plan_deciding(late_items="urgent_by_chair"))
    town.draw()
    late = town.issue(at=CUT_OFF - timedelta(hours=2))
    with pytest.raises(NothingUrgent):
        town.do(c.AddItem, item=late)
    town.streams[late] = [
        it.model_copy(update={"urgency": Urgency.URGENT}) if it.TOPIC == "issue.submission_prepared" else it
        for it in town.streams[late]
    ]
    town.do(c.AddItem, item=late)
    assert town.meeting().items[0].source is ItemSource.ADDED
    assert town.known(late).tabled
    with pytest.raises(NothingUrgent):
        town.do(c.AddItem, item=late)


@pytest.mark.proves("D1", "L8")
def test_given_a_special_meeting_when_convened_then_its_items_are_tabled_and_decided() -> None:
    town = Town()
    issue = town.issue()
    drawn, told, tabled = town.do(c.ConveneMeeting, reason=SpecialReason.DISASTER, items=(issue, issue))
    assert (drawn.TOPIC, told.TOPIC, tabled.TOPIC) == (
        "meeting.agenda_drawn", "meeting.members_told", "issue.submission_tabled",
    )  # fmt: skip
    special = drawn.originator_id
    town.sit(meeting_id=special, at=town.now + timedelta(hours=1))
    town.vote(issue, meeting_id=special)
    town.decide(issue, meeting_id=special)
    assert town.known(issue).stage is Stage.WORKS


def test_given_an_issue_that_waits_for_nobody_when_convened_for_it_then_it_is_refused() -> None:
    town = Town()
    with pytest.raises(NotOnAgenda):
        town.do(c.ConveneMeeting, reason=SpecialReason.URGENT, items=(town.issue("handling"),))


def test_given_somebody_who_does_not_lead_the_committee_when_convening_then_it_is_refused() -> None:
    town = Town()
    with pytest.raises(NotTheChair):
        town.do(c.ConveneMeeting, by="member2", reason=SpecialReason.URGENT, items=(town.issue(),))


# -- sign-in, leave, quorum -------------------------------------------------------------------------------------------


def test_given_a_member_when_signing_in_twice_then_it_is_refused() -> None:
    town = Town()
    town.draw()
    town.do(c.SignIn)
    with pytest.raises(AlreadySaid):
        town.do(c.SignIn)


def test_given_no_member_when_signing_in_then_it_is_refused() -> None:
    town = Town()
    town.draw()
    with pytest.raises(NotAMember):
        town.do(c.SignIn, by=Actor(user="stranger", role=Role.COMMITTEE_MEMBER))
    with pytest.raises(RoleNotAllowed):
        town.do(c.SignIn, by="lead")


def test_given_a_deputy_when_signing_in_then_one_seat_is_taken() -> None:
    town = Town()
    town.draw()
    deputy = Actor(user="deputy", role=Role.COMMITTEE_MEMBER, on_behalf_of="member2")
    town.do(c.SignIn, by=deputy)
    with pytest.raises(AlreadySaid):
        town.do(c.SignIn, by="member2")
    assert town.meeting().taken == {"member2"}


def test_given_leave_when_the_meeting_opens_then_it_says_who_is_excused_and_who_is_missing() -> None:
    town = Town()
    town.draw()
    town.do(c.ExcuseMember, member="member7", reason=AbsenceReason.DUTY)
    with pytest.raises(AlreadySaid):
        town.do(c.ExcuseMember, member="member7", reason=AbsenceReason.DUTY)
    town.sit(COMMITTEE[:5])
    opened = town.last(e.MeetingOpened)
    assert (opened.excused, opened.absent) == (("member7",), ("member6",))
    with pytest.raises(AlreadySaid):
        town.do(c.ExcuseMember, member="member2", reason=AbsenceReason.LEAVE)


@pytest.mark.proves("L8")
def test_given_too_few_when_opening_then_it_is_refused_and_can_be_recorded_as_failed() -> None:
    town = Town()
    issue = town.issue()
    town.draw()
    for member in COMMITTEE[:4]:
        town.do(c.SignIn, by=member)
    with pytest.raises(NoQuorum):
        town.do(c.OpenMeeting)
    town.do(c.FailMeeting)
    failed = town.last(e.MeetingFailed)
    assert (failed.because, failed.carried_over) == (FailedBecause.NO_QUORUM, (issue,))
    assert "county-office" in failed.told
    assert town.draw("2026-04", NEXT_CUT_OFF).items[0].source is ItemSource.LEFT_OVER


def test_given_a_quorum_when_recorded_as_failed_then_it_is_refused() -> None:
    town = Town()
    town.draw()
    for member in COMMITTEE[:5]:
        town.do(c.SignIn, by=member)
    with pytest.raises(QuorumReached):
        town.do(c.FailMeeting)


def test_given_nobody_met_when_the_last_day_is_over_then_it_is_recorded_once_and_told_upwards() -> None:
    town = Town()
    town.issue()
    drawn = town.draw()
    assert drawn.meet_by is not None
    with pytest.raises(NotDueYet):
        town.do(c.RecordUnheldMeeting)
    town.do(c.RemindChair)
    with pytest.raises(AlreadySaid):
        town.do(c.RemindChair)
    assert town.last(e.ChairReminded).told == (COMMITTEE[0],)
    town.do(c.RecordUnheldMeeting, at=drawn.meet_by)
    assert (town.last(e.MeetingFailed).because, town.meeting().phase) == (FailedBecause.NOT_HELD, Phase.FAILED)
    with pytest.raises(MeetingBegun):
        town.do(c.RecordUnheldMeeting)
    with pytest.raises(MeetingNotOpen):
        town.do(c.SignIn)


def test_given_somebody_who_did_not_sign_in_when_opening_then_it_is_refused() -> None:
    town = Town()
    town.draw()
    with pytest.raises(NotAtMeeting):
        town.do(c.OpenMeeting)


def test_given_a_meeting_of_another_township_then_it_is_not_found() -> None:
    town = Town()
    town.draw()
    with pytest.raises(NotFound):
        town.do(c.SignIn, township="外山镇")


# -- interest, votes, decisions (L8) ----------------------------------------------------------------------------------


@pytest.mark.proves("L8", "LL4")
def test_given_a_majority_when_decided_then_issue_and_meeting_keep_their_halves() -> None:
    town = Town()
    issue = town.issue()
    town.draw()
    town.sit()
    town.vote(issue, against=2)
    approved, kept, *_ = town.decide(issue, subsidy="20000")
    assert isinstance(approved, SubmissionApproved)
    assert isinstance(kept, e.ItemDecided)
    assert (kept.in_favour, kept.against, kept.issue_version) == (4, 2, approved.originator_version)
    assert kept.due_at == approved.deadline.due_at
    with pytest.raises(NotOnAgenda):
        town.vote(issue)


@pytest.mark.parametrize(
    ("rule", "of", "against", "carries"),
    [
        ("majority", "present", 2, True),
        ("majority", "present", 3, False),
        ("majority", "members", 2, True),
        ("majority", "members", 3, False),
        ("two_thirds", "present", 2, True),
        ("two_thirds", "present", 3, False),
        ("two_thirds", "members", 1, True),
        ("two_thirds", "members", 2, False),
    ],
)
def test_given_each_rule_when_so_many_are_against_then_it_carries_or_not(
    rule: str, of: str, against: int, carries: bool
) -> None:
    town = Town()
    town.adopt(plan_deciding(decision_rule=rule, majority_of=of))
    issue = town.issue()
    town.draw()
    town.sit()
    town.vote(issue, against=against)
    if carries:
        assert town.decide(issue)
    else:
        with pytest.raises(NotCarried):
            town.decide(issue)


def test_given_no_vote_or_one_on_something_else_when_decided_then_it_is_refused() -> None:
    town = Town()
    issue = town.issue()
    town.draw()
    town.sit()
    with pytest.raises(NotCarried):
        town.decide(issue)
    town.vote(issue, Outcome.DECLINED)
    with pytest.raises(NotCarried):
        town.decide(issue)
    town.vote(issue)  # voted on again
    assert town.decide(issue)


def test_given_the_chairs_rule_when_decided_then_no_vote_is_needed_and_only_the_chair_may() -> None:
    town = Town()
    town.adopt(plan_deciding(decision_rule="chair"))
    issue = town.issue()
    town.draw()
    town.sit()
    with pytest.raises(NotTheChair):
        town.decide(issue, by="member2")
    assert town.decide(issue)


@pytest.mark.proves("L8")
def test_given_an_interest_when_declared_then_that_member_neither_votes_nor_counts() -> None:
    town = Town()
    issue = town.issue()
    town.draw()
    town.sit(COMMITTEE[:5])
    town.do(c.DeclareInterest, by="member3", item=issue)
    with pytest.raises(AlreadySaid):
        town.do(c.DeclareInterest, by="member3", item=issue)
    with pytest.raises(NoQuorum):  # four are left of five
        town.vote(issue)
    town.do(c.SignIn, by="member6")
    with pytest.raises(VotesIncomplete):
        town.vote(issue)
    others = tuple(member for member in COMMITTEE[:6] if member != "member3")
    town.do(c.RecordVotes, items=(issue,), proposal=Outcome.APPROVED, in_favour=others)
    approved, _ = town.decide(issue)
    assert isinstance(approved, SubmissionApproved)
    assert approved.abstained == ("member3",)


def test_given_a_plan_that_counts_them_when_one_abstains_then_the_quorum_stands() -> None:
    town = Town()
    town.adopt(plan_deciding(recused_count=True))
    issue = town.issue()
    town.draw()
    town.sit(COMMITTEE[:5])
    town.do(c.DeclareInterest, by="member3", item=issue)
    others = tuple(member for member in COMMITTEE[:5] if member != "member3")
    town.do(c.RecordVotes, items=(issue,), proposal=Outcome.APPROVED, in_favour=others)
    assert town.decide(issue)


def test_given_a_vote_when_somebody_comes_in_before_the_decision_then_it_is_voted_again() -> None:
    town = Town()
    issue = town.issue()
    town.draw()
    town.sit(COMMITTEE[:5])
    town.vote(issue)
    town.do(c.SignIn, by="member6")
    with pytest.raises(VotesIncomplete):
        town.decide(issue)


@pytest.mark.proves("L8")
def test_given_a_complaint_about_a_member_then_for_them_it_is_on_no_agenda() -> None:
    town = Town()
    issue = town.issue(concerns="member3")
    town.draw()
    town.sit()
    with pytest.raises(NotOnAgenda):
        town.do(c.RecordPoint, by="member3", item=issue, point="无此事。")
    with pytest.raises(VotesIncomplete):
        town.vote(issue)
    others = tuple(member for member in COMMITTEE[:6] if member != "member3")
    town.do(c.RecordVotes, items=(issue,), proposal=Outcome.RETURNED, in_favour=others)
    town.decide(issue, Outcome.RETURNED)
    assert town.last(e.ItemDecided).recused == ("member3",)


def test_given_a_point_of_an_item_then_its_words_are_sealed_for_its_household() -> None:
    town = Town()
    issue = town.issue()
    town.draw()
    town.sit()
    town.do(c.RecordPoint, item=issue, point="先修危险路段。")
    town.do(c.RecordPoint, point="各村注意防汛。")
    at_large = town.last(e.PointRecorded)
    of_item = next(event for event in town.streams[MEETING_ID] if isinstance(event, e.PointRecorded))
    assert "危险" not in of_item.point
    assert at_large.point == "各村注意防汛。"


def test_given_a_meeting_not_open_when_voting_or_deciding_then_it_is_refused() -> None:
    town = Town()
    issue = town.issue()
    town.draw()
    with pytest.raises(MeetingNotOpen):
        town.do(c.RecordVotes, items=(issue,), proposal=Outcome.APPROVED)
    with pytest.raises(MeetingNotOpen):
        town.decide(issue)


@pytest.mark.proves("L13")
def test_given_a_common_cause_when_decided_together_then_each_issue_has_its_event_and_what_failed_is_named() -> None:
    town = Town()
    first, second, third, other = (town.issue() for _ in range(4))
    for issue in (first, second, third):
        town.do(LinkCommonCause, by="handler", issue_id=issue, cause="old-lamp-posts")
    town.draw()
    town.sit()
    voters = tuple(sorted(town.meeting().present))
    town.do(c.RecordVotes, items=(first, second), proposal=Outcome.REFERRED_UP, in_favour=voters)
    *events, summed = town.do(c.DecideTogether, cause="old-lamp-posts", outcome=Outcome.REFERRED_UP)
    assert isinstance(summed, e.DecidedTogether)
    assert summed.decided == (first, second)
    assert summed.refused == (e.NotDecided(issue_id=third, code="vote-not-carried"),)
    assert {event.originator_id for event in events} == {first, second, MEETING_ID}
    stages = [town.known(issue).stage for issue in (first, second, third, other)]
    assert stages == [Stage.WITH_COUNTY, Stage.WITH_COUNTY, Stage.COMMITTEE, Stage.COMMITTEE]
    with pytest.raises(NotCarried):
        town.do(c.DecideTogether, cause="old-lamp-posts", outcome=Outcome.REFERRED_UP)
    with pytest.raises(NotOnAgenda):
        town.do(c.DecideTogether, cause="something-else", outcome=Outcome.REFERRED_UP)


def test_given_reasons_for_several_households_then_each_is_sealed_under_its_own_key() -> None:
    town = Town()
    issues = town.issue(), town.issue(household="QS-030")
    for issue in issues:
        town.do(LinkCommonCause, by="handler", issue_id=issue, cause="old-lamp-posts")
    town.draw()
    town.sit()
    voters = tuple(sorted(town.meeting().present))
    town.do(c.RecordVotes, items=issues, proposal=Outcome.DECLINED, in_favour=voters)
    town.do(c.DecideTogether, cause="old-lamp-posts", outcome=Outcome.DECLINED, reasons="属私人院内设施。")
    sealed = [town.last(SubmissionDeclined, issue).reasons for issue in issues]
    assert all(is_sealed(words) for words in sealed)
    assert len(set(sealed)) == 2
    assert VAULT.open_all(sealed) == ["属私人院内设施。"] * 2


# -- closing and minutes (D1) -----------------------------------------------------------------------------------------


@pytest.mark.proves("D1")
def test_given_items_when_closing_then_each_was_decided_lapsed_or_is_named() -> None:
    town = Town()
    decided, left, gone = town.issue(), town.issue(), town.issue()
    town.draw()
    town.sit()
    town.vote(decided)
    town.decide(decided)
    town.do(WithdrawIssue, by="lead", issue_id=gone, reasons="群众撤回。")
    for wrong in ((), (left, decided), (gone, left)):
        with pytest.raises(ItemsLeft):
            town.do(c.CloseMeeting, carried_over=wrong)
    town.do(c.CloseMeeting, carried_over=(left,))
    minutes = town.last(e.MinutesDrawn)
    assert {line.issue_id: line.ending for line in minutes.items} == {
        decided: Ending.DECIDED, left: Ending.CARRIED_OVER, gone: Ending.LAPSED,
    }  # fmt: skip
    assert town.last(e.MeetingClosed).lapsed == (gone,)
    following = town.draw("2026-04", NEXT_CUT_OFF)
    assert [(item.issue_id, item.source) for item in following.items] == [(left, ItemSource.LEFT_OVER)]


def test_given_a_deferred_item_when_the_next_agenda_is_drawn_then_it_says_so() -> None:
    town = Town()
    issue = town.issue()
    town.draw()
    town.sit()
    town.vote(issue, Outcome.DEFERRED)
    deferred, _ = town.decide(issue, Outcome.DEFERRED)
    assert isinstance(deferred, SubmissionDeferred)
    town.do(c.CloseMeeting)
    assert town.draw("2026-04", NEXT_CUT_OFF).items[0].source is ItemSource.DEFERRED


def test_given_closed_minutes_when_confirmed_then_by_a_second_person_who_was_there_and_once() -> None:
    town = Town()
    town.draw()
    town.sit()
    with pytest.raises(MeetingNotOpen):
        town.do(c.ConfirmMinutes, by="member2")
    town.do(c.CloseMeeting)
    with pytest.raises(SamePerson):
        town.do(c.ConfirmMinutes)
    with pytest.raises(NotAtMeeting):
        town.do(c.ConfirmMinutes, by="member7")
    town.do(c.ConfirmMinutes, by="member2")
    with pytest.raises(AlreadySaid):
        town.do(c.ConfirmMinutes, by="member2")
    with pytest.raises(MeetingNotOpen):
        town.do(c.CloseMeeting)


def test_given_a_complaint_about_whoever_closes_then_it_is_carried_over_without_them() -> None:
    town = Town()
    issue = town.issue(concerns="member3")
    town.draw()
    town.sit()
    town.do(c.CloseMeeting, by="member3")
    assert town.last(e.ItemsCarriedOver).items == (issue,)


def test_given_a_meeting_recorded_whole_when_asked_like_one_with_an_agenda_then_it_is_not_found() -> None:
    town = Town()
    held, *_ = town.do(c.RecordMeeting, chair="committee", present=COMMITTEE[:6])
    with pytest.raises(NotFound):
        town.do(c.SignIn, meeting_id=held.originator_id)


def test_meetings_of_one_place_and_period_are_one() -> None:
    ids = {c.meeting_id_of(TOWNSHIP, kind, "2026-03", place) for kind in MeetingKind for place in (None, "QS")}
    assert len(ids) == 2 * len(MeetingKind)
