"""A year without a notice: whatever comes, the limit ends within its bounds; every year since 2008 bears it out."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.bounds import FESTIVALS, bounds
from domain.deadlines import count, reckon
from domain.holidays.state import merged
from domain.plan import load_plan
from domain.plan_parts import Rule
from domain.values import LOCAL_ZONE
from domain.workdays import WEEKENDS_ONLY, HolidayTable, Unit
from services.holidays import official_table, official_years

pytestmark = pytest.mark.proves("L3")
OFFICIAL = official_table()
YEARS = range(2008, 2027)
KNOWN = {year: merged({it: table for it, table in official_years().items() if it < year}) for year in YEARS}
"""The tables before that year's notice came out."""


@pytest.mark.parametrize("year", YEARS)
def test_given_every_year_there_is_then_its_notice_stayed_within_the_windows(year: int) -> None:
    table = official_years()[year]
    for days, worked in ((table.days_off, False), (table.make_up_days, True)):
        left = [it.most_worked if worked else it.most_off for it in FESTIVALS]
        for day in (day for day in days if worked or day.weekday() < 5):
            place = (day.month, day.day)
            spans = [(it.worked_from, it.worked_to) if worked else (it.off_from, it.off_to) for it in FESTIVALS]
            fits = [n for n, (first, last) in enumerate(spans) if first <= place <= last and left[n]]
            assert fits, day
            left[fits[0]] -= 1


@settings(derandomize=True, deadline=None, max_examples=600)
@given(
    st.sampled_from(YEARS),
    st.integers(-40, 364),
    st.integers(1, 120),
    st.sampled_from([Unit.NATURAL, Unit.WORKING]),
    st.booleans(),
)
def test_given_a_year_without_its_notice_then_the_true_end_lies_within_the_bounds(
    year: int, offset: int, amount: int, unit: Unit, roll: bool
) -> None:
    roll = roll and unit is Unit.NATURAL
    first = date(year, 1, 1) + timedelta(days=offset)
    begins = datetime.combine(first, time(10), LOCAL_ZONE)
    true = count(begins, amount, unit, OFFICIAL, roll=roll).due_at.date()
    known = KNOWN[year]
    guessed = count(begins, amount, unit, known, roll=roll)
    earliest, latest = bounds(first, amount, unit, known, roll=roll)
    assert earliest <= true <= latest
    assert earliest <= guessed.due_at.date() <= latest
    assert guessed.provisional or earliest == latest


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.dates(date(2008, 1, 1), date(2026, 6, 1)), st.integers(1, 60), st.sampled_from([Unit.NATURAL, Unit.WORKING]))
def test_given_published_notices_then_nothing_is_left_open(first: date, amount: int, unit: Unit) -> None:
    due = count(datetime.combine(first, time(10), LOCAL_ZONE), amount, unit, OFFICIAL, roll=unit is Unit.NATURAL)
    assert bounds(first, amount, unit, OFFICIAL, roll=unit is Unit.NATURAL) == (due.due_at.date(),) * 2


@pytest.mark.parametrize(
    ("rule", "start", "table", "ends"),
    [
        # Five working days over New Year 2027, its notice not out: at best a Saturday is worked, at worst five are off.
        (Rule.REPLY, "2026-12-28", OFFICIAL, ("2027-01-02", "2027-01-04", "2027-01-11")),
        (Rule.REPLY, "2026-12-18", OFFICIAL, ("2026-12-25", "2026-12-25", "2026-12-25")),
        (Rule.REVIEW, "2027-09-01", WEEKENDS_ONLY, ("2027-10-01", "2027-10-01", "2027-10-13")),
    ],
)
def test_given_a_provisional_deadline_then_it_keeps_how_early_and_how_late_it_may_end(
    rule: Rule, start: str, table: HolidayTable, ends: tuple[str, str, str]
) -> None:
    begins = datetime.combine(date.fromisoformat(start), time(10), LOCAL_ZONE)
    deadline = reckon(rule, begins, load_plan("cx"), table)
    shown = (deadline.earliest or deadline.due_at, deadline.due_at, deadline.latest or deadline.due_at)
    assert tuple(moment.astimezone(LOCAL_ZONE).date().isoformat() for moment in shown) == ends
    assert deadline.provisional is (ends[0] != ends[2])
    assert deadline.missed_at == (deadline.latest or deadline.due_at)
