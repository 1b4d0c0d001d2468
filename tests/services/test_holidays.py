"""The official table, against a second library that reads the same notices on its own."""

from datetime import date, datetime, time, timedelta

import holidays
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.deadlines import count
from domain.values import LOCAL_ZONE
from domain.workdays import Unit
from services.holidays import official_table

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
ORACLE = holidays.country_holidays("CN", years=range(FIRST.year, LAST.year + 2))
# The other library has this Saturday as a make-up workday; no notice of the time does.
KNOWN_DIFFERENCE = date(2005, 12, 31)


def test_given_twenty_three_years_then_every_day_but_the_known_one_agrees_with_the_other_library() -> None:
    table = official_table()
    days = [FIRST + timedelta(days=offset) for offset in range((LAST - FIRST).days + 1)]
    assert [day for day in days if table.is_working_day(day) != ORACLE.is_working_day(day)] == [KNOWN_DIFFERENCE]


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.dates(FIRST, date(2026, 12, 25)), st.integers(1, 60))
def test_given_any_span_then_as_many_days_are_worked_as_the_other_library_says(first: date, length: int) -> None:
    table = official_table()
    days = [day for n in range(length) if (day := first + timedelta(days=n)) != KNOWN_DIFFERENCE and day <= LAST]
    assert sum(map(table.is_working_day, days)) == sum(map(ORACLE.is_working_day, days))
    assert all(map(table.is_official, (day for day in days if day <= date(2026, 12, 25))))


def test_given_the_notices_then_official_years_run_without_a_gap_and_stop_at_the_last() -> None:
    table = official_table()
    assert table.years == frozenset(range(2004, max(table.years) + 1))
    assert max(table.years) >= 2026
    assert not table.is_official(date(max(table.years) + 1, 1, 1))
    assert not table.is_official(date(max(table.years), 12, 31))


def test_given_two_callers_then_the_table_is_read_once() -> None:
    assert official_table() is official_table()


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.dates(FIRST, date(2025, 6, 1)), st.integers(1, 250))
def test_given_any_start_then_working_days_end_where_the_other_library_says(start: date, amount: int) -> None:
    assume(not start < KNOWN_DIFFERENCE <= start + timedelta(days=2 * amount + 30))
    noon = datetime.combine(start, time(12), LOCAL_ZONE)
    due = count(noon, amount, Unit.WORKING, official_table(), roll=False).due_at
    assert due.date() == ORACLE.get_nth_working_day(start, amount)


@pytest.mark.parametrize("day", [date(2026, 2, 14), date(2026, 1, 4), date(2019, 4, 28), date(2018, 12, 29)])
def test_given_a_make_up_weekend_day_then_it_is_worked(day: date) -> None:
    assert official_table().is_working_day(day)
