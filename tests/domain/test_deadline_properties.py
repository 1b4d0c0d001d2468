"""What holds for every count, whatever the start, the amount and the rule."""

from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.deadlines import Count, count, end_of_day, extended, reckon
from domain.plan import load_plan
from domain.plan_parts import Rule
from domain.values import LOCAL_ZONE
from domain.workdays import Unit
from services.holidays import official_table

OFFICIAL = official_table()
always = settings(derandomize=True, deadline=None, max_examples=200)
moments = st.builds(datetime.combine, st.dates(date(2006, 1, 1), date(2030, 1, 1)), st.times(), st.just(LOCAL_ZONE))
amounts = st.integers(1, 400)
rules = st.sampled_from(sorted(load_plan("xf").clocks))


@always
@given(moments, amounts, st.sampled_from(list(Unit)), st.booleans())
def test_given_one_more_then_it_is_never_due_earlier(start: datetime, amount: int, unit: Unit, roll: bool) -> None:
    shorter, longer = (count(start, each, unit, OFFICIAL, roll=roll).due_at for each in (amount, amount + 1))
    assert start < shorter <= longer
    assert shorter < longer or (roll and unit is Unit.NATURAL)


@always
@given(moments, amounts, st.sampled_from([Unit.NATURAL, Unit.WORKING]))
def test_given_working_or_rolled_days_then_it_is_never_due_on_a_rest_day(
    start: datetime, amount: int, unit: Unit
) -> None:
    assert OFFICIAL.is_working_day(count(start, amount, unit, OFFICIAL, roll=True).due_at.date())


def told_again(counted: Count) -> tuple[int, bool]:
    """The amount and the doubt, read off the days instead of the arithmetic."""
    return sum(day.counted for day in counted.days), not all(day.official for day in counted.days)


@always
@given(moments, amounts, st.sampled_from([Unit.NATURAL, Unit.WORKING]), st.booleans())
def test_given_any_count_then_its_days_bear_out_amount_end_and_doubt(
    start: datetime, amount: int, unit: Unit, roll: bool
) -> None:
    counted = count(start, amount, unit, OFFICIAL, roll=roll)
    assert told_again(counted) == (amount, counted.provisional)
    dates = [day.date for day in counted.days]
    assert dates == [start.date() + timedelta(days=offset) for offset in range(len(dates))]
    assert dates[-1] == counted.due_at.date()


@always
@given(moments, rules, st.none() | amounts)
def test_given_any_rule_then_reminder_due_and_escalation_come_in_order(
    start: datetime, rule: Rule, amount: int | None
) -> None:
    plan = load_plan("xf")
    deadline = reckon(rule, start, plan, OFFICIAL, amount=amount)
    assert (deadline.remind_at is not None) == (plan.clock(rule).remind_before > 0)
    assert deadline.remind_at is None or start <= deadline.remind_at < deadline.due_at
    assert deadline.escalate_at is None or deadline.escalate_at > deadline.due_at


@always
@given(moments, rules, st.integers(1, 60), st.integers(1, 60))
def test_given_two_extensions_then_they_equal_one_of_both_and_never_shorten(
    start: datetime, rule: Rule, first: int, second: int
) -> None:
    plan = load_plan("xf")
    original = reckon(rule, start, plan, OFFICIAL)
    once = extended(original, first, plan, OFFICIAL)
    assert original.due_at <= once.due_at
    assert extended(once, second, plan, OFFICIAL) == extended(original, first + second, plan, OFFICIAL)


@always
@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_given_a_day_then_its_end_is_its_last_second(day: date) -> None:
    end = end_of_day(day)
    assert (end.date(), end.time()) == (day, time(23, 59, 59))
    assert end.tzinfo is LOCAL_ZONE
