"""Another holiday table moves running limits: verdicts stay, nothing is missed in retrospect, promises are kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from domain import errors
from domain.casework import Casework
from domain.deadlines import Deadline, end_of_day, promised, reckon, redated
from domain.issue import commands as c
from domain.issue import events as e
from domain.plan import load_plan
from domain.plan_parts import Rule
from domain.values import LOCAL_ZONE
from domain.workdays import WEEKENDS_ONLY, HolidayTable
from services.holidays import official_table
from tests.support.casework import Case, a_new_case, casework, clock, command, given, office
from tests.support.holidays import first_notice_of_2019, second_notice_of_2019, with_year
from tests.support.office import Clock

__all__ = ["casework", "clock"]
pytestmark = pytest.mark.proves("L3")
PLAN = load_plan("cx")
FIRST, SECOND = with_year(first_notice_of_2019()), with_year(second_notice_of_2019(), version=2)
OFFICIAL = official_table()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL_ZONE)


def under(table: HolidayTable, life: Case) -> Case:
    """The case, from now on under this holiday table."""
    return replace(life, office=replace(office(), calendar=lambda: table))


def clock_of(life: Case) -> Deadline:
    assert life.issue.deadline is not None
    return life.issue.deadline


def fixed_on_monday() -> Case:
    """Solved on 29 April 2019; five working days to reply, under the notice of December 2018."""
    life = a_new_case(at=at("2019-04-29T09:00"), office=replace(office(), calendar=lambda: FIRST))
    return life.do(c.FixOnSite)


# -- the arithmetic: 26 April 2019 and the second notice ----------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "amount", "today", "due"),
    [
        # The second notice has the 28th worked and 1 to 4 May off.
        ("2019-04-26", 2, "2019-04-26", "2019-04-29"),  # earlier, and there is time: it moves forward
        ("2019-04-26", 2, "2019-04-29", "2019-04-29"),  # known on the very day: until its end
        ("2019-04-26", 2, "2019-04-30", "2019-04-30"),  # known too late for the 29th: no breach in retrospect
        ("2019-04-26", 2, "2019-05-20", "2019-04-30"),  # known when all is over: never later than it was
        ("2019-04-29", 5, "2019-04-29", "2019-05-08"),  # later: the new end, whenever it is known
        ("2019-04-29", 5, "2019-05-07", "2019-05-08"),
    ],
)
def test_given_the_two_notices_of_2019_then_a_limit_moves_but_never_into_the_past(
    start: str, amount: int, today: str, due: str
) -> None:
    old = reckon(Rule.REPLY, at(f"{start}T10:00"), PLAN, FIRST, amount=amount)
    new = redated(old, PLAN, SECOND, at(f"{today}T15:00"))
    assert new.due_at.date().isoformat() == due
    assert (new.started_at, new.amount, new.rule, new.plan) == (old.started_at, old.amount, old.rule, old.plan)
    assert new.calendar == 2


def test_given_a_promised_date_then_no_table_moves_it() -> None:
    own = promised(Rule.ON_SITE, at("2019-04-26T10:00"), at("2019-05-02T17:00"), PLAN, FIRST)
    assert redated(own, PLAN, SECOND, at("2019-04-26T10:00")) == own


def test_given_an_older_event_that_does_not_say_what_it_was_counted_by_then_it_is_moved_all_the_same() -> None:
    new = reckon(Rule.REPLY, at("2019-04-29T10:00"), PLAN, FIRST)
    unsaid = dict.fromkeys(("basis", "roll", "remind_before", "escalate_after", "calendar"))
    old = new.model_copy(update=unsaid)
    assert redated(old, PLAN, SECOND, old.started_at) == redated(new, PLAN, SECOND, new.started_at)


def test_given_an_older_event_of_a_promised_date_then_it_is_recognised_and_kept() -> None:
    own = promised(Rule.ON_SITE, at("2019-04-26T10:00"), at("2019-05-02T17:00"), PLAN, FIRST)
    old = own.model_copy(update=dict.fromkeys(("basis", "roll", "remind_before", "escalate_after", "promised")))
    assert redated(old, PLAN, SECOND, old.started_at) == old


tables = st.sampled_from([FIRST, SECOND, WEEKENDS_ONLY, OFFICIAL])
starts = st.datetimes(datetime.min.replace(year=2019, month=3), datetime.min.replace(year=2019, month=6))  # noqa: DTZ901


@settings(derandomize=True, deadline=None, max_examples=300)
@any_of(
    starts.map(lambda it: it.replace(tzinfo=LOCAL_ZONE)),
    st.sampled_from(list(PLAN.clocks)),
    tables,
    tables,
    st.integers(0, 60),
)
def test_given_any_revision_then_it_ends_later_or_not_before_the_day_on_which_it_is_known(
    start: datetime, rule: Rule, before: HolidayTable, after: HolidayTable, days: int
) -> None:
    old, now = reckon(rule, start, PLAN, before), start + timedelta(days=days)
    new, fresh = redated(old, PLAN, after, now), reckon(rule, start, PLAN, after)
    assert new.due_at >= min(old.due_at, end_of_day(now.date()))
    assert new.due_at == fresh.due_at or fresh.due_at < new.due_at <= old.due_at
    assert redated(new, PLAN, after, now).due_at == new.due_at
    if old.due_at >= now:
        assert new.due_at >= now


# -- accepted, refused, repeated -----------------------------------------------------------------------------------


def test_given_a_running_limit_when_the_notice_comes_then_it_is_moved_once_and_the_notice_named() -> None:
    life = under(SECOND, fixed_on_monday())
    asked = {"at": at("2019-04-30T09:00"), "calendar": 2, "notice": "国办发明电〔2019〕3号"}
    then = given(life).when(c.RedateDeadline, **asked).then(e.DeadlineRedated)
    event = then.event(e.DeadlineRedated)
    assert (event.was, event.deadline.due_at) == (at("2019-05-07T23:59:59"), at("2019-05-08T23:59:59"))
    assert (event.notice, event.calendar, event.rule) == ("国办发明电〔2019〕3号", 2, "reply")
    assert then.issue.deadline_version == life.issue.deadline_version  # the same clock: what was said of it stays said
    given(then.case).when(c.RedateDeadline, **asked).refused(errors.AlreadySaid)
    given(then.case).when(c.RedateDeadline, **asked, due_at=event.was).refused(errors.NoDeadline)


def test_given_a_process_that_does_not_know_the_table_yet_then_it_has_to_come_again() -> None:
    given(fixed_on_monday()).when(c.RedateDeadline, calendar=2).refused(errors.Unavailable)


def test_given_a_verdict_then_it_stands() -> None:
    life = fixed_on_monday()
    missed = life.do(c.RecordMissedDeadline, at=clock_of(life).due_at)
    given(under(SECOND, missed)).when(c.RedateDeadline, calendar=2).refused(errors.AlreadySaid)
    replied = life.do(c.GiveReply)
    given(under(SECOND, replied)).when(c.RedateDeadline, due_at=clock_of(life).due_at).refused(errors.NoDeadline)


def test_given_a_reminder_that_went_out_then_it_goes_out_once() -> None:
    life = fixed_on_monday()
    remind_at = clock_of(life).remind_at
    assert remind_at is not None
    reminded = under(SECOND, life.do(c.RemindHolder, at=remind_at))
    moved = reminded.do(c.RedateDeadline, at=remind_at + timedelta(hours=1), calendar=2)
    given(moved).when(c.RemindHolder, at=remind_at + timedelta(days=1)).refused(errors.AlreadySaid)


def test_given_a_limit_in_a_year_without_notice_when_it_comes_then_the_limit_is_no_longer_provisional() -> None:
    without = replace(office(), calendar=lambda: WEEKENDS_ONLY)
    life = a_new_case(at=at("2026-03-02T09:00"), office=without)
    assert clock_of(life).provisional
    moved = replace(life, office=None).do(c.RedateDeadline)
    assert (clock_of(moved).provisional, clock_of(moved).latest) == (False, None)
    assert clock_of(moved).due_at == clock_of(life).due_at


def test_given_a_provisional_limit_then_it_is_missed_only_when_no_notice_could_save_it() -> None:
    life = a_new_case(at=at("2026-12-28T10:00"))
    latest = clock_of(life).latest
    assert latest is not None
    assert latest > clock_of(life).due_at
    given(life).when(c.RecordMissedDeadline, at=latest - timedelta(seconds=1)).refused(errors.NotDueYet)
    given(life).when(c.FixOnSite, at=latest).then(e.IssueFixedOnSite)  # no miss before it
    given(life).when(c.FixOnSite, at=latest + timedelta(seconds=1)).then(e.DeadlineMissed, e.IssueFixedOnSite)


# -- both clocks -----------------------------------------------------------------------------------------------------


def test_given_two_clocks_then_both_are_moved_each_by_its_own_beginning() -> None:
    life = a_new_case(at=at("2019-04-24T09:00"), office=replace(office(), calendar=lambda: FIRST))
    life = life.do(c.AssignIssue, at=at("2019-04-29T09:00"))  # due the same day: the next one gets two days
    assert (life.issue.promise, clock_of(life)) != (None, life.issue.promise)
    event = given(under(SECOND, life)).when(c.RedateDeadline, at=at("2019-04-29T12:00"), calendar=2)
    moved = event.then(e.DeadlineRedated).event(e.DeadlineRedated)
    assert moved.deadline.due_at == at("2019-05-05T23:59:59")  # the 30th, and the make-up Sunday
    assert moved.promise is not None
    assert moved.promise.due_at == at("2019-04-29T23:59:59")  # the Sunday is over: kept until the end of this day


# -- through the door ------------------------------------------------------------------------------------------------

Clocked = Callable[[], datetime]


def test_given_the_same_step_twice_when_handled_then_it_has_one_effect(casework: Casework, clock: Clock) -> None:
    logged = casework.handle(command(c.LogIssue, at=clock.now, key="redated"))
    issue = casework.issue(logged.stream_id)
    assert issue is not None
    asked = command(c.RedateDeadline, issue)
    with pytest.raises(errors.AlreadySaid):
        casework.handle(asked)
    assert casework.issue(logged.stream_id) == issue
