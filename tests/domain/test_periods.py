"""Periods of the office's calendar: each day lies in exactly one, and names are for good."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import Cycle, Period, period_named
from domain.values import LOCAL_ZONE

DAYS = st.dates(date(1949, 10, 1), date(2200, 1, 1))
CYCLES = st.sampled_from(Cycle)


@given(DAYS, CYCLES)
def test_given_any_day_then_it_lies_in_one_period_and_the_next_begins_where_that_ends(day: date, cycle: Cycle) -> None:
    period = Period.containing(day, cycle)
    assert day in period
    assert day in list(period.days())
    assert period.next().first == period.after == period.last + timedelta(days=1)
    assert period.next().previous() == period
    assert day not in period.next()
    assert Period.containing(period.last, cycle) == period


@given(DAYS, CYCLES)
def test_given_any_day_then_another_period_has_another_name(day: date, cycle: Cycle) -> None:
    period = Period.containing(day, cycle)
    assert period.name != period.next().name


@pytest.mark.parametrize(
    ("cycle", "name", "first", "last"),
    [
        (Cycle.WEEK, "2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        (Cycle.MONTH, "2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        (Cycle.QUARTER, "2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        (Cycle.HALF_YEAR, "2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        (Cycle.YEAR, "2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_given_new_years_eve_then_each_period_has_its_name(cycle: Cycle, name: str, first: date, last: date) -> None:
    period = Period.containing(date(2026, 12, 31), cycle)
    assert (period.name, period.first, period.last) == (name, first, last)


def test_given_a_moment_then_its_day_in_shanghai_counts() -> None:
    still_november_elsewhere = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    period = Period.containing(still_november_elsewhere, Cycle.MONTH)
    assert period.name == "2026-12"
    assert period.starts_at == still_november_elsewhere
    assert period.ends_at == datetime(2027, 1, 1, tzinfo=LOCAL_ZONE)


def test_given_a_time_without_its_zone_when_asked_for_its_period_then_it_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Period.containing(datetime(2026, 11, 30), Cycle.MONTH)  # noqa: DTZ001


def test_given_a_short_month_when_asked_for_its_thirtieth_then_it_is_the_last_day() -> None:
    february = Period.containing(date(2026, 2, 3), Cycle.MONTH)
    assert february.day_of_month(30) == date(2026, 2, 28)
    assert february.day_of_month(3) == date(2026, 2, 3)


@given(DAYS, CYCLES)
def test_given_the_name_of_a_period_then_it_is_found_again(day: date, cycle: Cycle) -> None:
    period = Period.containing(day, cycle)
    assert period_named(period.name) == period


@pytest.mark.parametrize(
    "name", ["", "26", "2026-13", "2026-Q5", "2026-H3", "2026-W54", "2026-1", "二〇二六", "2026-03-01"]
)
def test_given_no_name_of_a_period_then_it_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        period_named(name)
