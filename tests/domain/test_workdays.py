"""Which days are worked, and for which of them a published notice says so."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.workdays import WEEKENDS_ONLY, HolidayTable

MAY_DAY = HolidayTable(
    days_off=frozenset({date(2019, 5, 1), date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 4)}),
    make_up_days=frozenset({date(2019, 4, 28), date(2019, 5, 5)}),
    years=frozenset({2019, 2020}),
)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2019, 4, 26), True),  # Friday
        (date(2019, 4, 27), False),  # Saturday
        (date(2019, 4, 28), True),  # Sunday, worked in exchange
        (date(2019, 5, 1), False),  # Wednesday, public holiday
        (date(2019, 5, 4), False),  # Saturday within the holiday
        (date(2019, 5, 5), True),  # Sunday, worked in exchange
    ],
)
def test_given_a_notice_then_holidays_rest_and_make_up_days_work(day: date, worked: bool) -> None:
    assert MAY_DAY.is_working_day(day) is worked


def test_given_a_day_both_off_and_made_up_then_the_table_is_refused() -> None:
    day = frozenset({date(2026, 2, 14)})
    with pytest.raises(ValueError, match="make-up"):
        HolidayTable(days_off=day, make_up_days=day, years=frozenset({2026}))


@settings(derandomize=True, deadline=None)
@given(st.dates())
def test_given_no_notices_then_monday_to_friday_is_worked_and_nothing_is_official(day: date) -> None:
    assert WEEKENDS_ONLY.is_working_day(day) is (day.isoweekday() <= 5)
    assert not WEEKENDS_ONLY.is_official(day)


@pytest.mark.parametrize(
    ("day", "official"),
    [
        (date(2018, 12, 31), False),
        (date(2019, 1, 1), True),
        (date(2019, 12, 31), True),  # the 2020 notice is out
        (date(2020, 12, 25), True),
        (date(2020, 12, 26), False),  # only the 2021 notice settles the last days of December
        (date(2021, 1, 1), False),
    ],
)
def test_given_notices_for_two_years_then_only_days_they_settle_are_official(day: date, official: bool) -> None:
    assert MAY_DAY.is_official(day) is official


@settings(derandomize=True, deadline=None)
@given(st.dates(date(2018, 11, 1), date(2021, 2, 28)), st.integers(0, 800))
def test_given_any_span_then_it_is_covered_exactly_when_each_of_its_days_is_official(first: date, length: int) -> None:
    span = [first + timedelta(days=offset) for offset in range(length + 1)]
    assert MAY_DAY.covers(first, span[-1]) is all(MAY_DAY.is_official(day) for day in span)
