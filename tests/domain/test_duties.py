"""Duties by the calendar: a period is opened, its gaps told, and closed once; it is never judged again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from domain import errors
from domain.adoption.book import InForce, PlanBook
from domain.casework import Casework
from domain.duty import commands as c
from domain.duty import errors as refused
from domain.duty.commands import DUTY_COMMANDS, duties_id_of
from domain.duty.decide import DECISIONS
from domain.duty.events import DutyPeriodClosed
from domain.duty.state import fold
from domain.organisation.together import reorganise
from domain.periods import Cycle, Period
from domain.plan import load_plan
from domain.values import Role
from domain.visit.commands import RecordVisit, StrikeVisit
from tests.support.casework import PEOPLE, START, Clock
from tests.support.duties import APRIL, MARCH, PLACE, QUARTER, Township, march, of, of_process
from tests.support.memory_log import refusal
from tests.support.office import office, office_commands
from tests.support.visits import ask


def test_every_command_has_its_decision_and_people_set_only_the_rota() -> None:
    assert set(DECISIONS) == set(DUTY_COMMANDS)
    by_people = {kind for kind in DUTY_COMMANDS if {Role.PROCESS} != kind.ROLES}
    assert by_people == {c.SetRota}


@pytest.mark.proves("D2")
def test_given_a_period_when_opened_then_its_moments_are_fixed_and_it_is_opened_and_closed_once() -> None:
    log = Township("cx")
    log.open(MARCH, "QS")
    known = fold(log.history(duties_id_of("QS", "2026-03")))
    assert known is not None
    assert (known.remind_at, known.closes_at) == (MARCH.ends_at - timedelta(5), MARCH.ends_at + timedelta(3))
    assert refusal(log, of_process(c.OpenDutyPeriod, MARCH, MARCH.starts_at, "QS")) is refused.PeriodNotOpen
    log.remind(MARCH, "QS")
    assert refusal(log, of_process(c.RemindDuties, MARCH, MARCH.ends_at, "QS")) is refused.PeriodNotOpen
    log.close(MARCH, "QS")
    for kind in (c.OpenDutyPeriod, c.RemindDuties, c.CloseDutyPeriod):
        assert refusal(log, of_process(kind, MARCH, MARCH.ends_at + timedelta(9), "QS")) is refused.PeriodNotOpen


def test_given_a_period_that_is_not_due_or_not_begun_then_it_is_not_closed() -> None:
    log = Township("cx")
    assert refusal(log, of_process(c.CloseDutyPeriod, MARCH, MARCH.ends_at, "QS")) is refused.PeriodNotOpen
    early = of_process(c.OpenDutyPeriod, MARCH, MARCH.starts_at - timedelta(hours=1), "QS")
    assert refusal(log, early) is errors.NotDueYet
    log.open(MARCH, "QS")
    assert refusal(log, of_process(c.CloseDutyPeriod, MARCH, MARCH.ends_at, "QS")) is errors.NotDueYet
    assert refusal(log, of_process(c.RemindDuties, MARCH, MARCH.starts_at, "QS")) is errors.NotDueYet


@pytest.mark.parametrize(
    ("key", "place", "period"),
    [("cx", PLACE, MARCH), ("cx", "QS", QUARTER), ("cx", "ZZ", MARCH), ("xf", "QS", MARCH), ("ll", "QS", MARCH)],
)
def test_given_a_plan_that_asks_for_no_such_duty_then_nothing_begins(key: str, place: str, period: Period) -> None:
    assert refusal(Township(key), of_process(c.OpenDutyPeriod, period, period.starts_at, place)) is refused.DutyNotAsked


def test_given_a_period_before_anybody_served_in_the_office_then_nothing_is_counted_of_it() -> None:
    december = Period(date(2019, 12, 1), Cycle.MONTH)
    command = of_process(c.OpenDutyPeriod, december, december.starts_at, "QS")
    assert refusal(Township("cx"), command, now=START) is refused.DutyNotAsked
    log = Township("cx")
    log.open(december.next(), "QS")


def test_given_people_then_they_do_not_close_periods() -> None:
    log = Township("cx")
    log.open(MARCH, "QS")
    closing = of_process(c.CloseDutyPeriod, MARCH, MARCH.ends_at + timedelta(3), "QS")
    assert refusal(log, closing.model_copy(update={"actor": PEOPLE["lead"]})) is errors.RoleNotAllowed


def test_given_a_day_within_a_period_then_it_names_none() -> None:
    with pytest.raises(ValidationError, match="first day"):
        of_process(c.OpenDutyPeriod, Period(march(2), Cycle.MONTH), START)


@pytest.mark.proves("D2", "CX9")
def test_given_visits_entered_late_then_they_count_for_their_day_until_the_grace_is_over_and_show_as_late() -> None:
    log = Township("cx")
    log.visit("handler", march(5), "QS-001")
    log.visit("handler", march(27), "QS-002", entered=6)
    log.visit("handler", march(31), "QS-003", entered=4)
    closed = log.close(MARCH, "QS", now=MARCH.ends_at + timedelta(40))
    tally = of(closed.tallies, "households")
    assert (tally.quota, tally.done, tally.shortfall, tally.late) == (20, 2, 18, 1)
    assert (tally.basis, closed.plan, closed.counted_to) == ("CX9", "cx@1", MARCH.ends_at + timedelta(3))
    april = of(log.close(APRIL, "QS").tallies, "households")
    assert (april.done, april.after_closing) == (0, 1)


@pytest.mark.proves("D2")
def test_given_a_visit_struck_after_the_closing_then_the_closed_period_stays_as_it_was() -> None:
    log = Township("cx")
    log.visit("handler", march(5))
    before = log.close(MARCH, "QS")
    stream = duties_id_of("QS", "2026-03")
    log.do(ask(StrikeVisit), now=APRIL.ends_at)
    assert list(log.history(stream))[-1] == before
    assert of(before.tallies, "households").done == 1


@pytest.mark.proves("D2")
def test_given_some_days_before_the_end_then_only_what_is_missing_is_told() -> None:
    log = Township("cx")
    for number in range(20):
        log.visit("handler", march(5), f"QS-{number:03}", hour=number)
    log.open(MARCH, "QS")
    told = log.remind(MARCH, "QS")
    assert [tally.rule for tally in told.missing] == ["thursday"]
    assert (told.missing[0].quota, told.missing[0].done) == (4, 1)


@pytest.mark.proves("D2")
def test_given_a_plan_adopted_for_the_next_period_then_a_period_is_closed_under_the_one_it_began_with() -> None:
    new = InForce(load_plan("ll"), APRIL.starts_at, None)
    asked = replace(office(), plans=lambda: PlanBook(load_plan("cx"), (new,)))
    closing = of_process(c.CloseDutyPeriod, MARCH, MARCH.ends_at + timedelta(3), "QS")
    assert asked.plan_for(closing, None).id == "cx@1"
    assert asked.plan_for(of_process(c.OpenDutyPeriod, APRIL, APRIL.starts_at, "QS"), None).id == "ll@1"


def test_given_the_real_log_when_a_period_is_closed_twice_then_it_is_closed_once(
    casework: Casework, clock: Clock
) -> None:
    reorganise(casework, office_commands())
    clock.set(START)
    casework.handle(of_process(c.OpenDutyPeriod, MARCH, MARCH.starts_at, "QS"))
    casework.handle(ask(RecordVisit))
    clock.set(MARCH.ends_at + timedelta(4))
    closing = of_process(c.CloseDutyPeriod, MARCH, MARCH.ends_at + timedelta(3), "QS")
    first, second = casework.handle(closing), casework.handle(closing)
    assert (first.version, second.version, second.repeated) == (2, 2, True)
    *_, closed = casework.history(duties_id_of("QS", "2026-03"))
    assert isinstance(closed, DutyPeriodClosed)
    assert of(closed.tallies, "households").done == 1
