"""What a committee meeting decides: interest, votes, decisions, several issues at once (L8, L13)."""

import pytest

from domain.errors import AlreadySaid, NoQuorum, SamePerson
from domain.issue.commands import LinkCommonCause
from domain.issue.events import SubmissionApproved, SubmissionDeclined
from domain.issue.words import Outcome, Stage
from domain.meeting import commands as c
from domain.meeting import events as e
from domain.meeting.errors import MeetingNotOpen, NotCarried, NotOnAgenda, NotTheChair, VotesIncomplete
from domain.privacy import is_sealed
from domain.values import Actor, Role
from tests.support.casework import COMMITTEE
from tests.support.meetings import MEETING_ID, Town, plan_deciding
from tests.support.vault import VAULT


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


@pytest.mark.proves("L8")
@pytest.mark.parametrize("rule", ["chair", "majority"])
def test_given_a_member_who_acts_for_somebody_with_an_interest_when_deciding_then_it_is_refused(rule: str) -> None:
    town = Town()
    town.adopt(plan_deciding(decision_rule=rule))
    issue = town.issue()
    town.draw()
    town.sit()
    town.do(c.DeclareInterest, by="member7", item=issue)  # and stays away
    town.vote(issue)
    for other in ("handler", "member7"):  # who prepared it, who has an interest
        with pytest.raises(SamePerson):
            town.decide(issue, by=Actor(user="committee", role=Role.COMMITTEE_MEMBER, on_behalf_of=other))
    assert town.decide(issue)
