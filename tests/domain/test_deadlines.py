"""When limits end: the published examples, the two notices of 2019, promises and extensions."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from domain.deadlines import Deadline, Why, count, end_of_day, extended, promised, reckon
from domain.errors import PromiseInThePast
from domain.plan import Plan, load_plan
from domain.plan_parts import Rule
from domain.values import LOCAL_ZONE
from domain.workdays import WEEKENDS_ONLY, HolidayTable, Unit
from services.holidays import official_table

OFFICIAL = official_table()
ONLY_DAYS_OFF = HolidayTable(OFFICIAL.days_off, frozenset(), OFFICIAL.years)
# Labour Day 2019 was announced twice: one day off in December 2018, four days with two make-up Sundays in March 2019.
FIRST_NOTICE = HolidayTable(frozenset({date(2019, 5, 1)}), frozenset(), frozenset({2019, 2020}))
SECOND_NOTICE = HolidayTable(
    frozenset({date(2019, 5, 1), date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 4)}),
    frozenset({date(2019, 4, 28), date(2019, 5, 5)}),
    frozenset({2019, 2020}),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL_ZONE)


def last_day(start: str, amount: int, unit: Unit, holidays: HolidayTable, *, roll: bool = False) -> str:
    return count(at(f"{start}T10:00"), amount, unit, holidays, roll=roll).due_at.date().isoformat()


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan("cx")


@pytest.mark.parametrize(
    ("start", "amount", "holidays", "due"),
    [
        ("2026-02-12", 5, OFFICIAL, "2026-02-26"),
        ("2026-02-12", 5, WEEKENDS_ONLY, "2026-02-19"),
        ("2026-02-12", 5, ONLY_DAYS_OFF, "2026-02-27"),
        ("2025-09-26", 5, OFFICIAL, "2025-10-10"),
        ("2025-09-26", 5, WEEKENDS_ONLY, "2025-10-03"),
        ("2025-09-26", 5, ONLY_DAYS_OFF, "2025-10-13"),
        ("2019-04-26", 2, FIRST_NOTICE, "2019-04-30"),
        ("2019-04-26", 2, SECOND_NOTICE, "2019-04-29"),
        ("2019-04-29", 5, FIRST_NOTICE, "2019-05-07"),
        ("2019-04-29", 5, SECOND_NOTICE, "2019-05-08"),
    ],
)
def test_given_working_days_then_holidays_and_make_up_days_count_properly(
    start: str, amount: int, holidays: HolidayTable, due: str
) -> None:
    assert last_day(start, amount, Unit.WORKING, holidays) == due


@pytest.mark.parametrize(
    ("start", "amount", "raw", "rolled"),
    [
        ("2026-08-03", 60, "2026-10-02", "2026-10-08"),
        ("2026-02-02", 15, "2026-02-17", "2026-02-24"),
        ("2025-12-03", 30, "2026-01-02", "2026-01-04"),  # a working Sunday
        ("2026-03-02", 1, "2026-03-03", "2026-03-03"),
    ],
)
def test_given_natural_days_then_only_a_rolled_end_moves_past_a_rest(
    start: str, amount: int, raw: str, rolled: str
) -> None:
    assert last_day(start, amount, Unit.NATURAL, OFFICIAL) == raw
    assert last_day(start, amount, Unit.NATURAL, OFFICIAL, roll=True) == rolled


def test_given_hours_then_they_run_from_the_moment_through_rest_days() -> None:
    counted = count(at("2026-02-14T22:30:15"), 24, Unit.HOURS, OFFICIAL, roll=False)
    assert counted.due_at == at("2026-02-15T22:30:15")
    assert counted.days == ()
    assert not counted.provisional


def test_given_the_summer_clock_change_of_1986_then_hours_are_elapsed_hours() -> None:
    due = count(at("1986-05-03T20:00"), 24, Unit.HOURS, OFFICIAL, roll=False).due_at
    assert due.astimezone(UTC) - at("1986-05-03T20:00").astimezone(UTC) == timedelta(hours=24)


def test_given_a_moment_of_another_zone_then_its_day_in_beijing_begins_the_count() -> None:
    evening_in_london = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)  # already Tuesday the 3rd in Beijing
    assert count(evening_in_london, 1, Unit.WORKING, OFFICIAL, roll=False).due_at == at("2026-03-04T23:59:59")


def test_given_a_due_time_then_it_is_the_end_of_its_day_eight_hours_east() -> None:
    due = count(at("2026-03-02T08:00"), 1, Unit.NATURAL, OFFICIAL, roll=False).due_at
    assert due == datetime(2026, 3, 3, 23, 59, 59, tzinfo=timezone(timedelta(hours=8)))
    assert due.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize("unit", list(Unit))
def test_given_a_naive_time_then_it_is_refused(unit: Unit, plan: Plan) -> None:
    naive = at("2026-03-02T08:00").replace(tzinfo=None)
    with pytest.raises(ValueError, match="zone"):
        count(naive, 1, unit, OFFICIAL, roll=False)
    with pytest.raises(ValueError, match="zone"):
        reckon(Rule.REPLY, naive, plan, OFFICIAL)


@pytest.mark.parametrize("amount", [-1, 0, 3661])
def test_given_an_amount_out_of_range_then_it_is_refused(amount: int, plan: Plan) -> None:
    start = at("2026-03-02T08:00")
    with pytest.raises(ValueError, match="3660"):
        count(start, amount, Unit.NATURAL, OFFICIAL, roll=False)
    with pytest.raises(ValueError, match="3660"):
        reckon(Rule.REPLY, start, plan, OFFICIAL, amount=amount)
    with pytest.raises(ValueError, match="3660"):
        extended(reckon(Rule.REPLY, start, plan, OFFICIAL), amount, plan, OFFICIAL)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "roll", "provisional"),
    [
        ("2026-12-21", 4, Unit.WORKING, False, False),  # ends on 25 December
        ("2026-12-21", 5, Unit.WORKING, False, True),  # the last days of December wait for the next notice
        ("2026-12-01", 60, Unit.NATURAL, False, False),  # nobody asks whether these days are worked
        ("2026-12-01", 60, Unit.NATURAL, True, True),
        ("2026-12-01", 20, Unit.NATURAL, True, False),
        ("2003-12-30", 5, Unit.WORKING, False, True),  # begins before the first notice
        ("2003-12-31", 5, Unit.WORKING, False, False),  # the first day is not counted
        ("2003-12-01", 60, Unit.NATURAL, True, False),  # only the end is asked about
        ("2026-12-31", 100, Unit.HOURS, False, False),
    ],
)
def test_given_a_year_without_a_notice_then_a_count_that_asks_it_is_provisional(
    start: str, amount: int, unit: Unit, roll: bool, provisional: bool
) -> None:
    assert count(at(f"{start}T10:00"), amount, unit, OFFICIAL, roll=roll).provisional is provisional


def test_given_a_rolled_count_then_each_day_says_why() -> None:
    counted = count(at("2026-10-01T10:00"), 1, Unit.NATURAL, OFFICIAL, roll=True)
    assert [(day.date.day, day.counted, day.why) for day in counted.days] == [
        (1, False, Why.FIRST_DAY),
        (2, True, Why.NATURAL_DAY),
        *((day, False, Why.HOLIDAY) for day in range(3, 8)),
        (8, False, Why.ROLLED_TO),
    ]


def test_given_working_days_then_each_day_says_why() -> None:
    days = count(at("2026-02-27T10:00"), 2, Unit.WORKING, OFFICIAL, roll=False).days
    assert [day.why for day in days] == [
        *(Why.FIRST_DAY, Why.MAKE_UP_DAY, Why.WEEKEND, Why.WORKING_DAY),
    ]


def test_given_the_on_site_window_then_everything_that_follows_is_set(plan: Plan) -> None:
    assert reckon("on_site", at("2026-02-12T10:00"), plan, OFFICIAL) == Deadline(
        rule="on_site",
        plan="cx@1",
        started_at=at("2026-02-12T10:00"),
        due_at=at("2026-02-24T23:59:59"),
        remind_at=at("2026-02-14T09:00"),
        escalate_at=at("2026-02-26T23:59:59"),
        notice_every_days=15,
        max_notices=6,
        amount=3,
        unit=Unit.WORKING,
        provisional=False,
        basis="PC2",
        roll=False,
        remind_before=1,
        escalate_after=2,
    )


def test_given_a_deadline_then_it_survives_storage_unchanged(plan: Plan) -> None:
    deadline = reckon(Rule.HANDLING, at("2026-02-12T10:00:00.123456"), plan, OFFICIAL)
    assert Deadline.model_validate_json(deadline.model_dump_json()) == deadline


def test_given_a_short_own_amount_then_the_reminder_comes_at_once(plan: Plan) -> None:
    start = at("2026-03-02T10:00")
    assert reckon(Rule.HANDLING, start, plan, OFFICIAL, amount=2).remind_at == start


def test_given_an_unknown_rule_then_it_is_refused(plan: Plan) -> None:
    with pytest.raises(ValueError, match="Rule"):
        reckon("whenever", at("2026-03-02T10:00"), plan, OFFICIAL)


def test_given_a_clock_in_hours_then_reminder_and_escalation_are_in_hours(plan: Plan) -> None:
    clock = plan.clock(Rule.REPLY).model_copy(
        update={"amount": 24, "unit": Unit.HOURS, "remind_before": 4, "escalate_after": 2}
    )
    hourly = plan.model_copy(update={"clocks": {**plan.clocks, Rule.REPLY: clock}})
    deadline = reckon(Rule.REPLY, at("2026-02-14T10:00"), hourly, OFFICIAL)
    assert (deadline.remind_at, deadline.due_at, deadline.escalate_at) == (
        at("2026-02-15T06:00"),
        at("2026-02-15T10:00"),
        at("2026-02-15T12:00"),
    )
    assert extended(deadline, 1, hourly, OFFICIAL).due_at == at("2026-02-16T10:00")
    assert reckon(Rule.REPLY, at("2026-02-14T10:00"), hourly, OFFICIAL, amount=3).remind_at == at("2026-02-14T10:00")


def test_given_a_clock_without_reminder_then_none_is_set(plan: Plan) -> None:
    quiet = plan.clock(Rule.REPLY).model_copy(update={"remind_before": 0})
    deadline = reckon(
        Rule.REPLY,
        at("2026-03-02T10:00"),
        plan.model_copy(update={"clocks": {**plan.clocks, Rule.REPLY: quiet}}),
        OFFICIAL,
    )
    assert deadline.remind_at is None


def test_given_a_promised_date_then_it_is_kept_even_on_a_rest_day(plan: Plan) -> None:
    deadline = promised(Rule.ON_SITE, at("2026-02-12T10:00"), end_of_day(date(2026, 2, 21)), plan, OFFICIAL)
    assert deadline.due_at == at("2026-02-21T23:59:59")
    assert (deadline.amount, deadline.unit, deadline.provisional) == (9, Unit.NATURAL, False)
    assert deadline.remind_at == at("2026-02-14T09:00")  # the last working day before
    assert deadline.escalate_at == at("2026-02-25T23:59:59")


def test_given_a_promise_before_the_beginning_then_it_is_refused(plan: Plan) -> None:
    start = at("2026-02-12T10:00")
    with pytest.raises(PromiseInThePast):
        promised(Rule.ON_SITE, start, start - timedelta(seconds=1), plan, OFFICIAL)
    assert promised(Rule.ON_SITE, start, start, plan, OFFICIAL).amount == 0


def test_given_an_extension_over_a_holiday_then_the_rest_lengthens_it_once(plan: Plan) -> None:
    original = reckon(Rule.REVIEW, at("2026-09-02T10:00"), plan, OFFICIAL)
    assert original.due_at == at("2026-10-08T23:59:59")  # raw end 2 October
    longer = extended(original, 10, plan, OFFICIAL)
    assert (longer.due_at, longer.amount) == (at("2026-10-12T23:59:59"), 40)


def test_given_a_notice_that_shortens_then_an_extension_never_ends_earlier(plan: Plan) -> None:
    start = at("2019-04-26T10:00")
    original = reckon(Rule.REPLY, start, plan, FIRST_NOTICE, amount=4)
    one_day_off = HolidayTable(frozenset(), frozenset({date(2019, 4, 27), date(2019, 4, 28)}), FIRST_NOTICE.years)
    assert extended(original, 1, plan, one_day_off).due_at == original.due_at == at("2019-05-03T23:59:59")
