"""A committee meeting's agenda: drawn at the cut-off, added to, and a special meeting's (L7, D1)."""

from datetime import timedelta

import pytest

from domain.errors import AlreadySaid, NotDueYet
from domain.issue.words import Stage, Urgency
from domain.meeting import commands as c
from domain.meeting import events as e
from domain.meeting.errors import NotAskedByPlan, NothingUrgent, NotOnAgenda, NotTheChair
from domain.meeting.words import ItemSource, MeetingKind, SpecialReason
from domain.plan import Plan
from tests.support.casework import COMMITTEE, plan_with
from tests.support.meetings import CUT_OFF, NEXT_CUT_OFF, Town, plan_deciding


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


@pytest.mark.proves("D1")
@pytest.mark.parametrize(("late", "days"), [(timedelta(hours=23), 0), (timedelta(days=50, hours=1), 50)])
def test_given_a_process_that_was_away_when_drawn_then_the_committee_has_all_its_days_to_meet(
    late: timedelta, days: int
) -> None:
    town = Town()
    town.issue()
    town.now = CUT_OFF + late
    assert town.draw().meet_by == CUT_OFF + timedelta(days=15 + days)
