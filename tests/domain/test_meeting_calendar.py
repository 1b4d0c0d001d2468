"""When agendas are drawn and until when meetings may sit, by each plan (D1, CX3, CX4, LL6)."""

from datetime import date, datetime, timedelta

import pytest

from domain.meeting.calendar import CYCLES, MeetingDates, dates_of
from domain.meeting.words import MeetingKind
from domain.periods import Cycle, Period
from domain.plan import load_plan
from domain.values import LOCAL_ZONE
from services.holidays import official_table

NIGHT = timedelta(hours=23, minutes=59, seconds=59)


def dates(key: str, kind: MeetingKind, day: date) -> MeetingDates | None:
    return dates_of(kind, Period.containing(day, CYCLES[kind]), load_plan(key), official_table())


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=LOCAL_ZONE)


@pytest.mark.proves("D1", "CX6")
@pytest.mark.parametrize(("month", "last"), [(2, 28), (4, 30), (12, 30)])
def test_given_a_month_then_the_committees_cut_off_is_the_30th_or_the_last_day(month: int, last: int) -> None:
    found = dates("cx", MeetingKind.COMMITTEE, date(2026, month, 1))
    assert found is not None
    cut_off = at(2026, month, last) + NIGHT
    assert found == MeetingDates(cut_off, cut_off + timedelta(days=15), cut_off + timedelta(days=10))


@pytest.mark.proves("CX3")
def test_given_a_week_then_the_station_meets_on_thursday_unless_it_is_a_holiday() -> None:
    found = dates("cx", MeetingKind.WEEKLY, date(2026, 3, 2))
    assert found == MeetingDates(at(2026, 3, 5), at(2026, 3, 7))
    assert dates("cx", MeetingKind.WEEKLY, date(2026, 10, 1)) is None


@pytest.mark.proves("CX4", "LL6", "LL9", "SG5")
@pytest.mark.parametrize(
    ("key", "kind", "day"),
    [
        ("cx", MeetingKind.MONTHLY, 28),
        ("ll", MeetingKind.TALK_DAY, 16),
        ("ll", MeetingKind.MONTHLY, 28),
        ("sg", MeetingKind.MONTHLY, 8),
        ("pc", MeetingKind.MONTHLY, 28),
    ],
)
def test_given_a_month_then_each_plan_has_its_day(key: str, kind: MeetingKind, day: int) -> None:
    found = dates(key, kind, date(2026, 3, 1))
    assert found == MeetingDates(at(2026, 3, day), at(2026, 3, day) + timedelta(days=4))


@pytest.mark.parametrize("kind", CYCLES)
def test_given_a_plan_without_meetings_then_there_are_no_dates(kind: MeetingKind) -> None:
    assert dates("xf", kind, date(2026, 3, 1)) is None
    assert CYCLES[kind] in (Cycle.WEEK, Cycle.MONTH)
