"""How a committee meeting ends: nothing tabled is left unsaid, minutes are confirmed by a second person (D1)."""

import pytest

from domain.errors import AlreadySaid, NotAtMeeting, NotFound, SamePerson
from domain.issue.commands import WithdrawIssue
from domain.issue.events import SubmissionDeferred
from domain.issue.words import Outcome
from domain.meeting import commands as c
from domain.meeting import events as e
from domain.meeting.errors import ItemsLeft, MeetingNotOpen
from domain.meeting.words import Ending, ItemSource, MeetingKind
from tests.support.casework import COMMITTEE, TOWNSHIP
from tests.support.meetings import NEXT_CUT_OFF, Town


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
