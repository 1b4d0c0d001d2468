"""A clock stands still: for the plan's reasons, as long as it says; what passed is not counted, whatever comes."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from domain import errors
from domain.counting import Why, count
from domain.deadlines import Deadline, extended, reckon, redated, resumed, stopped
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue.words import Stage
from domain.pausing import NotPaused, Pause, PauseNotAllowed, PauseReason
from domain.plan import load_plan
from domain.plan_parts import Rule
from domain.values import LOCAL_ZONE
from domain.workdays import WEEKENDS_ONLY, Unit
from services.holidays import official_table
from tests.support.casework import Case, a_new_case, case, given, office

pytestmark = pytest.mark.proves("L4")
OFFICIAL, PLAN = official_table(), load_plan("cx")
DAY = timedelta(days=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL_ZONE)


def clock_of(life: Case) -> Deadline:
    assert life.issue.deadline is not None
    return life.issue.deadline


HANDLING = clock_of(case("handling"))  # accepted on Monday 2 March 2026 at noon: fifteen working days, until the 23rd
PAUSED_ON = at("2026-03-05T09:00")


def paused(**fields: Any) -> Case:
    return case("handling").do(c.PauseClock, at=PAUSED_ON, **fields)


# -- accepted, refused, repeated -----------------------------------------------------------------------------------


def test_given_a_reason_of_the_plan_when_paused_then_the_limit_moves_as_far_as_it_may() -> None:
    then = given("handling").when(c.PauseClock, at=PAUSED_ON).then(e.ClockPaused)
    event = then.event(e.ClockPaused)
    assert (event.reason, event.until) == (PauseReason.HOUSEHOLD, at("2026-04-04T09:00"))  # 30 days
    assert event.deadline.due_at > HANDLING.due_at
    assert then.issue.pause_ends_at == event.until
    given(then.case).when(c.PauseClock, at=PAUSED_ON + DAY).refused(errors.AlreadySaid)


def test_given_what_was_waited_for_is_there_then_just_the_days_that_passed_are_not_counted() -> None:
    then = given(paused()).when(c.ResumeClock, at=at("2026-03-10T16:00")).then(e.ClockResumed)
    assert clock_of(then.case).due_at == at("2026-03-26T23:59:59")  # the 5th, 6th and 9th were working days
    assert then.issue.pause_ends_at is None
    given(then.case).when(c.ResumeClock, at=at("2026-03-10T17:00")).refused(NotPaused)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"reason": PauseReason.HEARING}, PauseNotAllowed),  # not for this clock
        ({"reason": PauseReason.THIRD_PARTY}, PauseNotAllowed),  # the station's lead decides
        ({"at": HANDLING.due_at + timedelta(seconds=1)}, PauseNotAllowed),
        ({"at": HANDLING.started_at - timedelta(minutes=1)}, PauseNotAllowed),
    ],
)
def test_given_what_the_plan_does_not_allow_then_it_is_refused(fields: dict[str, Any], refusal: Any) -> None:
    given("handling").when(c.PauseClock, **{"at": PAUSED_ON, **fields}).refused(refusal)


def test_given_a_reason_that_another_decides_then_not_the_one_who_has_the_case() -> None:
    asked = {"at": PAUSED_ON, "reason": PauseReason.THIRD_PARTY}
    given("handling").when(c.PauseClock, by="lead", **asked).refused(errors.SamePerson)  # the lead has it
    given("handling").when(c.PauseClock, by="lead2", **asked).then(e.ClockPaused)


def test_given_a_missed_limit_or_the_households_own_time_then_nothing_is_paused() -> None:
    missed = case("handling").do(c.RecordMissedDeadline, at=HANDLING.due_at)
    given(missed).when(c.PauseClock, at=HANDLING.due_at).refused(PauseNotAllowed)
    given("feedback").when(c.PauseClock).refused(errors.WrongStage)
    given("logged").when(c.PauseClock).refused(PauseNotAllowed)
    given("awaiting_committee").when(c.PauseClock).refused(errors.NoDeadline)


def test_given_the_longest_pause_then_the_clock_goes_on_by_itself_once() -> None:
    until = paused().issue.pause_ends_at
    assert until is not None
    given(paused()).when(c.EndPause, at=until - timedelta(seconds=1)).refused(errors.NotDueYet)
    then = given(paused()).when(c.EndPause, at=until).then(e.ClockResumed)
    assert clock_of(then.case) == clock_of(paused())
    given(then.case).when(c.EndPause, at=until, due_at=until).refused(NotPaused)
    given(paused()).when(c.EndPause, at=until, due_at=until + DAY).refused(errors.NoDeadline)


def test_given_a_pause_that_ended_by_itself_then_a_late_word_cannot_lengthen_it() -> None:
    then = given(paused()).when(c.ResumeClock, at=at("2026-05-20T09:00")).then(e.ClockResumed)
    assert clock_of(then.case).due_at == clock_of(paused()).due_at


def test_given_earlier_pauses_for_that_reason_then_only_the_rest_is_left() -> None:
    life = paused().do(c.ResumeClock, at=at("2026-03-25T09:00"))  # 20 days of 30
    life = life.do(c.PauseClock, at=at("2026-03-30T09:00"))
    assert life.issue.pause_ends_at == at("2026-04-09T09:00")
    used = life.do(c.ResumeClock, at=at("2026-04-09T09:00"))
    given(used).when(c.PauseClock, at=at("2026-04-10T09:00")).refused(PauseNotAllowed)


# -- nothing fires meanwhile, nothing is lost -----------------------------------------------------------------------


def test_given_a_pause_then_the_old_limit_is_neither_reminded_nor_missed() -> None:
    assert HANDLING.remind_at is not None
    given(paused()).when(c.RemindHolder, at=HANDLING.remind_at, due_at=HANDLING.due_at).refused(errors.NoDeadline)
    given(paused()).when(c.RecordMissedDeadline, at=HANDLING.due_at, due_at=HANDLING.due_at).refused(errors.NoDeadline)
    given(paused()).when(c.ResolveIssue, at=HANDLING.due_at + DAY).then(e.IssueResolved)  # no miss before it


def test_given_a_pause_then_it_survives_another_holder_and_an_extension() -> None:
    asked = paused().do(c.AssignIssue, at=PAUSED_ON + DAY).do(c.RequestExtension, days=5, at=PAUSED_ON + 2 * DAY)
    granted = asked.do(c.GrantExtension, at=PAUSED_ON + 3 * DAY)
    assert granted.issue.pause_ends_at == paused().issue.pause_ends_at
    life = granted.do(c.ResumeClock, at=at("2026-03-10T16:00"))
    plain = case("handling").do(c.RequestExtension, days=5, at=PAUSED_ON).do(c.GrantExtension, at=PAUSED_ON)
    assert clock_of(plain).due_at == at("2026-03-30T23:59:59")
    assert clock_of(life).due_at == at("2026-04-02T23:59:59")  # three working days later, as without the extension
    assert len(clock_of(life).pauses or ()) == 1


def test_given_the_stage_ends_during_a_pause_then_the_next_clock_runs() -> None:
    life = paused().do(c.ResolveIssue, at=PAUSED_ON + DAY)
    assert life.issue.stage is Stage.REPLY
    assert (life.issue.paused, clock_of(life).pauses) == (False, None)


def test_given_a_promised_date_then_a_pause_moves_it_by_its_days_and_keeps_the_hour() -> None:
    own = a_new_case(promised_by=at("2026-03-20T17:00"))
    pause = Pause(reason=PauseReason.HOUSEHOLD, since=at("2026-03-05T09:00"), until=at("2026-03-25T09:00"))
    standing = stopped(clock_of(own), pause, PLAN, OFFICIAL)
    assert standing.due_at == at("2026-04-09T17:00")
    assert resumed(standing, at("2026-03-10T16:00"), PLAN, OFFICIAL).due_at == at("2026-03-25T17:00")


# -- whatever the pauses ---------------------------------------------------------------------------------------------

moments = st.builds(datetime.combine, st.dates(date(2024, 1, 1), date(2026, 3, 1)), st.times(), st.just(LOCAL_ZONE))
gaps = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), max_size=3)
always = settings(derandomize=True, deadline=None, max_examples=200)


def stops(start: datetime, pairs: list[tuple[int, int]]) -> tuple[Pause, ...]:
    made, moment = [], start
    for running, standing in pairs:
        since = moment + timedelta(days=running, hours=1)
        moment = since + timedelta(days=standing, hours=2)
        made.append(Pause(reason=PauseReason.HEARING, since=since, until=moment))
    return tuple(made)


@always
@any_of(moments, st.integers(30, 90), st.sampled_from([Unit.NATURAL, Unit.WORKING]), gaps)
def test_given_any_pauses_then_as_many_days_are_counted_and_none_in_which_it_stood_still(
    start: datetime, amount: int, unit: Unit, pairs: list[tuple[int, int]]
) -> None:
    pauses = stops(start, pairs)
    counted = count(start, amount, unit, OFFICIAL, roll=unit is Unit.NATURAL, stops=pauses)
    assert sum(day.counted for day in counted.days) == amount
    still = {day.date for day in counted.days if day.why is Why.PAUSED}
    assert len(still) == sum(((it.until - timedelta(0)).date() - it.since.date()).days for it in pauses)
    assert counted.due_at >= count(start, amount, unit, OFFICIAL, roll=unit is Unit.NATURAL).due_at
    assert all(counted.due_at.date() >= it.until.date() for it in pauses)  # never over as it goes on


@always
@any_of(moments, st.integers(1, 500), gaps)
def test_given_hours_then_exactly_the_time_that_passed_is_added(
    start: datetime, amount: int, pairs: list[tuple[int, int]]
) -> None:
    pauses = stops(start, pairs)
    stood = sum((it.until - it.since for it in pauses), timedelta())
    plain = count(start, amount, Unit.HOURS, OFFICIAL, roll=False).due_at
    assert count(start, amount, Unit.HOURS, OFFICIAL, roll=False, stops=pauses).due_at == plain + stood


@always
@any_of(
    moments, st.sampled_from([Rule.HANDLING, Rule.RECHECK]), st.integers(0, 20), st.integers(0, 40), st.integers(1, 30)
)
def test_given_a_pause_an_extension_and_another_table_in_any_order_then_the_end_is_the_same(
    start: datetime, rule: Rule, running: int, standing: int, days: int
) -> None:
    (pause,) = stops(start, [(min(running, 9), standing)])
    first = reckon(rule, start, PLAN, WEEKENDS_ONLY)
    paused_first = extended(stopped(first, pause, PLAN, WEEKENDS_ONLY), days, PLAN, WEEKENDS_ONLY)
    extended_first = stopped(extended(first, days, PLAN, WEEKENDS_ONLY), pause, PLAN, WEEKENDS_ONLY)
    assert paused_first == extended_first
    moved = redated(paused_first, PLAN, OFFICIAL, start)
    other_way = stopped(
        redated(extended(first, days, PLAN, WEEKENDS_ONLY), PLAN, OFFICIAL, start), pause, PLAN, OFFICIAL
    )
    assert moved.pauses == other_way.pauses == (pause,)
    assert moved.amount == other_way.amount
    if moved.due_at >= paused_first.due_at:
        assert moved.due_at == other_way.due_at


@pytest.mark.proves("XF1")
def test_given_a_hearing_in_the_statutory_re_check_then_its_time_is_not_counted() -> None:
    plan = load_plan("xf")
    terms = plan.clock(Rule.RECHECK).pauses[PauseReason.HEARING]
    assert terms.approver is not None
    start = at("2026-03-02T10:00")
    hearing = Pause(reason=PauseReason.HEARING, since=at("2026-03-10T09:00"), until=at("2026-03-20T17:00"))
    plain = reckon(Rule.RECHECK, start, plan, OFFICIAL)
    assert plain.due_at.date() == date(2026, 4, 1)
    held = stopped(plain, hearing, plan, OFFICIAL)
    assert held.due_at.date() == date(2026, 4, 13)  # ten days later, a Saturday: rolled to Monday
    assert office(plan=plan).plan.id == "xf@1"
