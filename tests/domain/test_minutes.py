"""Minutes of a closed meeting: confirmed in the days that the plan gives, else reminded of once and overdue once."""

from datetime import datetime

import pytest

from domain.errors import AlreadySaid, NotDueYet, SamePerson
from domain.meeting import commands as c
from domain.meeting import events as e
from domain.meeting.errors import NoMinutesWait
from domain.values import LOCAL_ZONE
from tests.support.casework import COMMITTEE, plan_with
from tests.support.meetings import Town

LAST = datetime(2026, 4, 5, 23, 59, 59, tzinfo=LOCAL_ZONE)
BEFORE = datetime(2026, 4, 4, 23, 59, 59, tzinfo=LOCAL_ZONE)


def closed() -> Town:
    """A meeting of 2 April about one issue, closed by the chair and confirmed by nobody; plan CX gives three days."""
    town = Town()
    issue = town.issue()
    town.draw()
    town.sit()
    town.do(c.CloseMeeting, carried_over=(issue,))
    return town


@pytest.mark.proves("D1")
def test_given_minutes_when_the_last_days_come_then_they_are_reminded_of_and_overdue_once_and_told_upwards() -> None:
    town = closed()
    assert (town.last(e.MinutesDrawn).confirm_by, town.last(e.MinutesDrawn).remind_at) == (LAST, BEFORE)
    with pytest.raises(NotDueYet):
        town.do(c.RemindMinutes)
    town.do(c.RemindMinutes, at=BEFORE)
    assert town.last(e.MinutesReminded).told == COMMITTEE[1:6]  # who was there, but for who closed it
    with pytest.raises(AlreadySaid):
        town.do(c.RemindMinutes)
    with pytest.raises(NotDueYet):
        town.do(c.RecordUnconfirmedMinutes)
    town.do(c.RecordUnconfirmedMinutes, at=LAST)
    assert town.last(e.MinutesOverdue).told == (*COMMITTEE[1:6], COMMITTEE[0], "county-office")
    for once in (c.RecordUnconfirmedMinutes, c.RemindMinutes):
        with pytest.raises(AlreadySaid):
            town.do(once)


def test_given_overdue_minutes_when_somebody_confirms_them_then_they_are_confirmed_and_were_overdue() -> None:
    town = closed()
    town.do(c.RecordUnconfirmedMinutes, at=LAST)
    with pytest.raises(SamePerson):
        town.do(c.ConfirmMinutes)
    town.do(c.ConfirmMinutes, by="member2")
    known = town.meeting()
    assert (known.confirmed, known.confirmation_overdue) == (True, True)


@pytest.mark.parametrize("kind", [c.RemindMinutes, c.RecordUnconfirmedMinutes])
def test_given_minutes_that_were_confirmed_or_are_not_drawn_then_nothing_is_said_of_them(
    kind: type[c.OnMeeting],
) -> None:
    town = closed()
    town.do(c.ConfirmMinutes, by="member2")
    with pytest.raises(NoMinutesWait):
        town.do(kind, at=LAST)
    sitting = Town()
    sitting.draw()
    with pytest.raises(NoMinutesWait):
        sitting.do(kind, at=LAST)


@pytest.mark.parametrize("minutes", [None, {"basis": "CX3", "confirm_within_days": 3}])
def test_given_a_plan_without_a_limit_or_a_reminder_then_nobody_is_reminded(minutes: object) -> None:
    town = Town()
    committee = plan_with().model_dump()["meetings"]["committee"]
    town.adopt(plan_with(meetings={"committee": committee, "minutes": minutes}))
    town.draw()
    town.sit()
    town.do(c.CloseMeeting)
    assert town.last(e.MinutesDrawn).confirm_by == (LAST if minutes else None)
    with pytest.raises(AlreadySaid if minutes else NoMinutesWait):
        town.do(c.RemindMinutes, at=LAST)
