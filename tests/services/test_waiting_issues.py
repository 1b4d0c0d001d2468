"""Which issues may belong on an agenda: by the ledger, once it has counted what was recorded by the cut-off."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import Unavailable
from domain.issue.words import Stage
from domain.meeting import commands as c
from domain.meeting.words import SpecialReason
from projections.issue_ledger import ISSUE_LEDGER
from projections.meeting_register import MEETING_REGISTER
from services.persistence.waiting_issues import WaitingIssues
from tests.projections.ledger import Log, log
from tests.support.casework import TOWNSHIP, case
from tests.support.meetings import Town

__all__ = ["log"]
AWAITING = frozenset({Stage.COMMITTEE})


def later() -> datetime:
    """After everything of this test was recorded, by the database's clock."""
    return datetime.now(UTC) + timedelta(minutes=1)


def test_given_a_ledger_that_is_up_to_date_then_the_villages_issues_at_those_stages_are_found(log: Log) -> None:
    ours, elsewhere = case("awaiting_committee"), case("tabled", village="LX", household="LX-001", key="elsewhere")
    log.append(ours, elsewhere, case("handling", key="not there yet"))
    log.fill(ISSUE_LEDGER)
    waiting = WaitingIssues(log.database.app_dsn)
    assert waiting.issues(["QS"], AWAITING, later()) == (ours.issue_id,)
    assert set(waiting.issues(["QS", "LX"], AWAITING, later())) == {ours.issue_id, elsewhere.issue_id}
    assert waiting.issues([], AWAITING, later()) == ()


def test_given_a_ledger_behind_or_events_not_sealed_then_it_is_not_known_yet_but_what_was_before_is(log: Log) -> None:
    ours = case("awaiting_committee")
    log.append(ours)
    log.fill(ISSUE_LEDGER)
    waiting, before = WaitingIssues(log.database.app_dsn), datetime(2020, 1, 1, tzinfo=UTC)
    for event in case("logged", key="the next one").events:
        log.write(event.model_copy(update={"number": "QS-2026-0002"}))
    with pytest.raises(Unavailable):
        waiting.issues(["QS"], AWAITING, later())
    log.seal()
    with pytest.raises(Unavailable):
        waiting.issues(["QS"], AWAITING, later())
    assert waiting.issues(["QS"], AWAITING, before) == (ours.issue_id,)


def test_given_a_database_that_is_away_then_it_is_not_known() -> None:
    with pytest.raises(Unavailable):
        WaitingIssues("postgresql://127.0.0.1:1/nowhere").issues(["QS"], AWAITING, later())


def registered(log: Log, town: Town) -> WaitingIssues:
    """Everything of the town is in the register."""
    for events in town.streams.values():
        for event in events:
            log.write(event)
    log.seal()
    log.fill(MEETING_REGISTER)
    return WaitingIssues(log.database.app_dsn)


@pytest.mark.parametrize("meanwhile", [None, c.ConfirmMinutes, c.RecordUnconfirmedMinutes])
def test_given_minutes_of_a_special_meeting_then_it_is_found_while_nobody_confirmed_them(
    log: Log, meanwhile: type[c.OnMeeting] | None
) -> None:
    town = Town()
    issue = town.issue()
    drawn, *_ = town.do(c.ConveneMeeting, reason=SpecialReason.URGENT, items=(issue,))
    on = {"meeting_id": drawn.originator_id}
    town.sit(at=town.now, **on)
    town.do(c.CloseMeeting, carried_over=(issue,), **on)
    confirm_by = town.meeting(drawn.originator_id).confirm_by
    assert confirm_by is not None
    if meanwhile is not None:
        town.do(meanwhile, at=confirm_by, by="member2" if meanwhile is c.ConfirmMinutes else None, **on)
    waiting = registered(log, town)
    assert waiting.special_meetings(TOWNSHIP, confirm_by) == (() if meanwhile else (drawn.originator_id,))
    assert waiting.special_meetings(TOWNSHIP, confirm_by - timedelta(seconds=1)) == ()


def test_given_a_special_meeting_that_nobody_held_then_it_is_found_once_its_last_day_is_over(log: Log) -> None:
    town = Town()
    drawn, *_ = town.do(c.ConveneMeeting, reason=SpecialReason.URGENT, items=(town.issue(),))
    waiting, meet_by = registered(log, town), town.meeting(drawn.originator_id).meet_by
    assert meet_by is not None
    assert waiting.special_meetings(TOWNSHIP, meet_by) == (drawn.originator_id,)
    assert waiting.special_meetings(TOWNSHIP, meet_by - timedelta(seconds=1)) == ()
    assert waiting.special_meetings("外山镇", meet_by) == ()
