"""What stands on which agenda, and what became of it; which meetings there were: rows that the log makes again."""

from uuid import UUID

import pytest

from domain.issue.commands import WithdrawIssue
from domain.issue.words import Outcome
from domain.meeting import commands as c
from domain.meeting.events import MEETING_EVENTS, MinutesDrawn
from domain.meeting.words import AbsenceReason, Disposition
from projections.docket import DOCKET, DocketLine, items_of
from projections.meeting_register import MEETING_REGISTER, MeetingRow, meetings
from projections.rebuild import compare
from projections.registry import PROJECTIONS
from services.exports.minutes_form import meeting_row
from services.persistence.scope import Scope, scoped
from tests.domain.test_station_meeting import DUE, draw, sit
from tests.projections.ledger import Log
from tests.support.casework import COMMITTEE, TOWNSHIP
from tests.support.meetings import CUT_OFF, MEETING_ID, MORNING, Town

NAMES = [DOCKET.name, MEETING_REGISTER.name]


def a_month() -> tuple[Town, list[UUID], UUID]:
    """A weekly meeting, a committee meeting with every ending, confirmed late, and one that failed."""
    town = Town()
    own = town.issue("handling")
    weekly = draw(town)
    sit(town, weekly)
    town.do(c.DisposeItem, by="lead", meeting_id=weekly, item=own, disposition=Disposition.VILLAGE, due_on=DUE)
    town.do(c.CloseMeeting, by="lead", meeting_id=weekly)
    issues = [town.issue(), town.issue(), town.issue(), town.issue(concerns="member3")]
    decided, left, gone, _ = issues
    town.draw()
    town.do(c.ExcuseMember, member="member7", reason=AbsenceReason.LEAVE)
    town.do(c.RemindChair)
    town.sit(COMMITTEE[:6], at=MORNING)
    town.do(c.DeclareInterest, by="member3", item=decided)
    town.do(c.RecordPoint, item=decided, point="先修危险路段。")
    town.do(c.RecordPoint, point="各村注意防汛。")
    others = tuple(it for it in COMMITTEE[:6] if it != "member3")
    town.do(c.RecordVotes, items=(decided,), proposal=Outcome.APPROVED, in_favour=others[1:], against=others[:1])
    town.decide(decided)
    town.do(WithdrawIssue, by="lead", issue_id=gone, reasons="群众撤回。")
    town.do(c.CloseMeeting, carried_over=(left, issues[3]))
    minutes = town.last(MinutesDrawn)
    town.do(c.RemindMinutes, at=minutes.remind_at)
    town.do(c.RecordUnconfirmedMinutes, at=minutes.confirm_by)
    town.do(c.ConfirmMinutes, by="member2")
    following = town.draw("2026-04", CUT_OFF.replace(month=4))
    town.do(c.RecordUnheldMeeting, meeting_id=following.meeting_id, at=following.meet_by)
    return town, issues, weekly


@pytest.fixture
def month(log: Log) -> tuple[Log, list[UUID], UUID]:
    town, issues, weekly = a_month()
    for events in town.streams.values():
        for event in events:
            log.write(event)
    log.seal()
    log.fill(DOCKET, MEETING_REGISTER)
    return log, issues, weekly


def lines(log: Log, meeting: UUID, scope: Scope | None = None) -> dict[UUID, DocketLine]:
    with scoped(log.connection, scope or Scope.whole()):
        return {line.issue_id: line for line in items_of(log.connection, meeting)}


def register(log: Log) -> list[MeetingRow]:
    with scoped(log.connection, Scope.whole()):
        return meetings(log.connection, TOWNSHIP)


@pytest.mark.proves("D1", "L8")
def test_given_a_meeting_then_each_item_says_what_became_of_it(month: tuple[Log, list[UUID], UUID]) -> None:
    log, (decided, left, gone, complaint), weekly = month
    found = lines(log, MEETING_ID)
    assert {key: found[key].ending for key in (decided, left, gone, complaint)} == {
        decided: "decided", left: "carried_over", gone: "lapsed", complaint: "carried_over",
    }  # fmt: skip
    line = found[decided]
    assert (line.outcome, line.in_favour, line.against, line.abstaining) == ("approved", 4, 1, 0)
    assert (line.interests, line.points, line.source) == (1, 1, "submitted")
    assert line.person is not None
    (of_week,) = lines(log, weekly).values()
    assert (of_week.ending, of_week.disposition, of_week.due_at and of_week.due_at.date()) == (
        "disposed", "village", DUE,
    )  # fmt: skip


def test_given_each_meeting_then_the_register_says_who_came_and_what_came_of_it(
    month: tuple[Log, list[UUID], UUID],
) -> None:
    weekly, march, april = register(month[0])
    assert (weekly.kind, weekly.place, weekly.present, weekly.disposed) == ("weekly", "QS", "handler,lead", 1)
    assert (march.decided, march.carried_over, march.lapsed, march.confirmed_by) == (1, 2, 1, "member2")
    assert (march.minutes_overdue, meeting_row(march)[-1], meeting_row(weekly)[-1]) == (True, "member2（逾期）", "")
    assert (march.excused, march.chair, march.members) == ("member7", "committee", 7)
    assert (april.phase, april.failed_because, april.carried_over) == ("failed", "not_held", 2)


def test_given_a_scope_then_items_of_other_villages_complaints_and_anything_for_departments_stay_hidden(
    month: tuple[Log, list[UUID], UUID],
) -> None:
    log, issues, _ = month
    assert set(lines(log, MEETING_ID, Scope(frozenset({"QS"}), None))) == set(issues)
    assert set(lines(log, MEETING_ID, Scope(frozenset({"QS"}), None, frozenset({"member3"})))) == set(issues[:3])
    assert lines(log, MEETING_ID, Scope(frozenset({"LX"}), None)) == {}
    assert lines(log, MEETING_ID, Scope(frozenset({"QS"}), frozenset({"construction"}))) == {}


def test_given_live_rows_then_the_log_makes_the_same_ones_again(month: tuple[Log, list[UUID], UUID]) -> None:
    compared = compare(month[0].database.owner_dsn, NAMES)
    assert [each.differences for each in compared] == [(), ()]
    assert [each.rows for each in compared] == [7, 3]


@pytest.mark.parametrize("size", [1, 2, 7])
def test_given_any_batches_then_the_rows_are_the_same(month: tuple[Log, list[UUID], UUID], size: int) -> None:
    log = month[0]
    whole, recorded = log.rows(DOCKET), log.read()
    log.follower.execute("delete from docket")
    for first in range(0, len(recorded), size):
        DOCKET.apply(log.follower, recorded[first : first + size])
    assert log.rows(DOCKET) == whole


def test_given_every_event_of_a_meeting_then_both_take_it_in_or_pass_it_over() -> None:
    town, _, _ = a_month()
    seen = {type(event) for events in town.streams.values() for event in events} & MEETING_EVENTS
    assert {kind.__name__ for kind in MEETING_EVENTS - seen} == {"MeetingHeld", "ItemAdded", "DecidedTogether"}
    assert {*MEETING_REGISTER.begins, *MEETING_REGISTER.changes} == MEETING_EVENTS
    assert all(it in PROJECTIONS for it in (DOCKET, MEETING_REGISTER))
