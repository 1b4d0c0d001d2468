"""What was drawn is handed in within the week, or shows as missing; inspections, which draw nothing (D6, CX11)."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from domain import errors as general
from domain.organisation.commands import AppointOfficer
from domain.spot_check import commands as c
from domain.spot_check import errors as refused
from domain.spot_check import events as e
from domain.spot_check.state import fold
from domain.spot_check.words import CheckKind
from domain.values import Actor, Role
from tests.support.memory_log import refusal
from tests.support.organisation import ask as ask_organisation
from tests.support.spot_checks import (
    DAY,
    DRAW,
    ISSUES,
    LATER,
    LEAD,
    MEMBER,
    WEEK_OVER,
    a_draw,
    a_township,
    ask,
    check_of,
    drawn_of,
    handed_in,
)

pytestmark = pytest.mark.proves("D6", "CX11")


def test_given_items_one_by_one_when_handed_in_then_what_is_missing_shrinks() -> None:
    log = a_draw()
    first, *others = drawn_of(log).items
    (event,) = log.do(ask(c.HandInLedgers, items=(first, first), at=DRAW + DAY))
    assert isinstance(event, e.LedgersHandedIn)
    assert (event.items, event.missing, event.late) == ((first,), len(others), False)
    assert refusal(log, ask(c.HandInLedgers, items=(first,))) is refused.NotOfThisCheck
    assert refusal(log, ask(c.HandInLedgers, items=("QS-2026-0999",))) is refused.NotOfThisCheck
    assert refusal(log, ask(c.HandInLedgers)) is refused.NotOfThisCheck
    (late,) = log.do(ask(c.HandInLedgers, items=tuple(others), at=WEEK_OVER + DAY))
    assert isinstance(late, e.LedgersHandedIn)
    assert late.late
    assert check_of(log).all_in


def test_given_somebody_of_another_station_then_they_hand_nothing_in() -> None:
    log = a_draw()
    stranger = Actor(user="ws-lead", role=Role.STATION_LEAD)
    assert refusal(log, ask(c.HandInLedgers, items=check_of(log).missing, by=stranger)) is refused.NotChecked


def test_given_the_week_then_it_is_reminded_and_missed_each_once_and_not_too_early() -> None:
    log = a_draw()
    drawn = drawn_of(log)
    assert drawn.hand_in_by == WEEK_OVER
    assert drawn.remind_at == DRAW.replace(day=10)
    assert refusal(log, ask(c.RemindHandIn, at=DRAW + 4 * DAY)) is general.NotDueYet
    log.do(ask(c.RemindHandIn, at=DRAW.replace(day=10)))
    assert refusal(log, ask(c.RemindHandIn, at=DRAW.replace(day=11))) is general.AlreadySaid
    assert refusal(log, ask(c.RecordMissedHandIn, at=WEEK_OVER - DAY)) is general.NotDueYet
    (missed,) = log.do(ask(c.RecordMissedHandIn, at=WEEK_OVER))
    assert isinstance(missed, e.HandInMissed)
    assert missed.missing == drawn.items
    assert refusal(log, ask(c.RecordMissedHandIn, at=LATER)) is general.AlreadySaid


def test_given_everything_handed_in_then_nobody_is_reminded_and_nothing_is_missed() -> None:
    log = handed_in(a_draw())
    for kind in (c.RemindHandIn, c.RecordMissedHandIn):
        assert refusal(log, ask(kind, at=LATER)) is general.AlreadySaid


def test_given_ledgers_still_to_come_then_it_is_not_closed_until_they_came_or_were_missed() -> None:
    log = a_draw()
    assert refusal(log, ask(c.CloseSpotCheck)) is refused.LedgersOutstanding
    log.do(ask(c.RecordMissedHandIn, at=LATER))
    (closed,) = log.do(ask(c.CloseSpotCheck, at=LATER))
    assert isinstance(closed, e.SpotCheckClosed)
    assert (closed.findings, closed.rectified) == (0, 0)


@pytest.mark.parametrize("kind", [CheckKind.FULL, CheckKind.UNANNOUNCED, CheckKind.SIT_IN])
def test_given_an_inspection_then_findings_follow_as_in_a_monthly_check(kind: CheckKind) -> None:
    log = a_township()
    inspection = ask(c.RecordInspection, kind=kind, stations=("YL2", "YL1"))
    (event,) = log.do(inspection)
    assert isinstance(event, e.InspectionRecorded)
    assert (event.kind, event.period, event.stations) == (kind, "2026-03-05", ("YL1", "YL2"))
    of = {"check_id": inspection.stream_id}
    log.do(ask(c.RecordFinding, **of))
    log.do(ask(c.OrderRectification, **of))
    assert refusal(log, ask(c.CloseSpotCheck, **of)) is refused.RectificationOpen
    log.do(ask(c.ReportRectification, by=LEAD, **of))
    log.do(ask(c.RecheckRectification, **of))
    log.do(ask(c.CloseSpotCheck, **of))
    assert refusal(log, ask(c.HandInLedgers, **of)) is refused.CheckClosed


def test_given_an_inspection_of_the_same_day_and_stations_then_it_is_recorded_once() -> None:
    log = a_township()
    log.do(ask(c.RecordInspection, stations=("YL1", "YL2")))
    again = ask(c.RecordInspection, stations=("YL2", "YL1"), at=DRAW + timedelta(hours=1))
    assert refusal(log, again) is general.AlreadySaid
    assert refusal(log, ask(c.RecordInspection, stations=("WS",))) is refused.NotOfThisCheck
    with pytest.raises(ValidationError, match="named once"):
        ask(c.RecordInspection, stations=("YL1", "YL1"))


def test_given_somebody_who_serves_there_then_they_do_not_inspect_it() -> None:
    log = a_township()
    log.do(ask_organisation(AppointOfficer, officer="member2", role=Role.STATION_LEAD, place="QS"))
    assert refusal(log, ask(c.RecordInspection, by=MEMBER)) is refused.ChecksOneself
    assert log.do(ask(c.RecordInspection, by=MEMBER, stations=("YL2",)))


def test_given_a_history_of_something_else_then_it_is_no_check() -> None:
    assert fold(ISSUES[:1]) is None
