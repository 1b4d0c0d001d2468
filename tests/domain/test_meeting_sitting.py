"""Who comes to a committee meeting: sign-in, leave, quorum, and meetings that were not held (L8, D1)."""

import pytest

from domain.errors import AlreadySaid, NoQuorum, NotAtMeeting, NotDueYet, NotFound, RoleNotAllowed
from domain.meeting import commands as c
from domain.meeting import events as e
from domain.meeting.errors import MeetingBegun, MeetingNotOpen, NotAMember, QuorumReached
from domain.meeting.words import AbsenceReason, FailedBecause, ItemSource, Phase
from domain.values import Actor, Role
from tests.support.casework import COMMITTEE
from tests.support.meetings import NEXT_CUT_OFF, Town


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
