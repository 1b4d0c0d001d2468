"""Duties by the calendar: what each plan asks, what was done, what is short; a closed period is never judged again."""

from dataclasses import replace
from datetime import date, datetime, timedelta

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
from domain.errors import HuiyinError
from domain.issue import commands as issues
from domain.liaison import commands as liaison
from domain.organisation.together import reorganise
from domain.organisation.words import Rank
from domain.periods import Cycle, Period
from domain.plan import load_plan
from domain.values import Role
from domain.visit.commands import RecordVisit, StrikeVisit
from domain.visit.words import VisitKind
from tests.support.casework import PEOPLE, START, Clock, case
from tests.support.duties import PLACE, Township, day_of, of, of_process, rota
from tests.support.office import office, office_commands
from tests.support.visits import ISSUE, ask, consent

MARCH = Period(date(2026, 3, 1), Cycle.MONTH)
APRIL = MARCH.next()
QUARTER = Period(date(2026, 1, 1), Cycle.QUARTER)
YEAR = Period(date(2026, 1, 1), Cycle.YEAR)


def march(day: int) -> date:
    return date(2026, 3, day)


def refusal(log: Township, command: c.DutyCommand, now: datetime | None = None) -> type[HuiyinError]:
    with pytest.raises(HuiyinError) as caught:
        log.do(command, now=now)
    return caught.type


# -- opening, reminding, closing ------------------------------------------------------------------------------------


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


# -- CX -------------------------------------------------------------------------------------------------------------


@pytest.mark.proves("CX9", "F6", "D2")
def test_given_the_priority_register_then_the_year_counts_who_was_visited_as_often_as_planned() -> None:
    log = Township("cx")
    for household in ("QS-001", "QS-002", "QS-003"):
        for step in consent(household=household):
            log.do(step)
        log.do(ask(liaison.ListPriorityHousehold, household=household, planned=2))
    for month in (4, 5):
        log.visit("handler", date(2026, month, 9), "QS-001")
    log.visit("handler", date(2026, 6, 4), "QS-002")
    tally = of(log.close(YEAR, "QS").tallies, "priority_register")
    assert (tally.quota, tally.done, tally.part, tally.of, tally.shortfall) == (100, 33, 1, 3, 67)


@pytest.mark.proves("CX9")
def test_given_an_empty_priority_register_then_its_coverage_is_undefined_and_nothing_is_short() -> None:
    tally = of(Township("cx").close(YEAR, "QS").tallies, "priority_register")
    assert (tally.done, tally.of, tally.shortfall) == (None, 0, 0)


@pytest.mark.proves("CX3", "D3")
def test_given_thursdays_then_a_station_where_nobody_came_shows_and_issues_are_counted() -> None:
    log = Township("cx")
    log.streams.update(case("logged").streams)
    log.visit("handler", march(5), issues=(ISSUE,))
    log.visit("handler2", march(5), "QS-013", issues=(ISSUE,))
    closed = log.close(MARCH, "QS")
    tally = of(closed.tallies, "thursday")
    assert (tally.quota, tally.done, tally.shortfall) == (4, 1, 3)
    first, second = day_of(closed.days, "thursday", march(5)), day_of(closed.days, "thursday", march(12))
    assert (first.present, first.issues, first.missed) == (("handler", "handler2"), (ISSUE,), False)
    assert (second.present, second.missed) == ((), True)


# -- LL -------------------------------------------------------------------------------------------------------------


@pytest.mark.proves("LL2", "D2")
def test_given_ranks_then_each_has_its_own_quota() -> None:
    log = Township("ll", zhang=Rank.DEPUTY_SECTION, wang=Rank.GENERAL, li=Rank.COUNTY)
    log.link("zhang", "QS", "QS-001", "QS-002")
    log.visit("zhang", march(10), "QS-001")
    for day, household in ((10, "QS-001"), (10, "QS-002"), (12, "QS-003")):
        log.visit("li", march(day), household, hour=10 + day % 3 + int(household[-1]))
    deputy = log.close(MARCH)
    found = {tally.rule: (tally.quota, tally.done, tally.shortfall) for tally in deputy.tallies if tally.measure}
    assert found == {"deputy_links": (3, 2, 1), "deputy_visits": (1, 1, 0), "deputy_days": (1, 1, 0)}
    quarter = log.close(QUARTER).tallies
    assert [(it.rule, it.officer, it.done, it.shortfall) for it in quarter] == [
        ("county_visits", "li", 3, 1), ("county_days", "li", 2, 2),
        ("general_visits", "wang", 0, 2), ("general_days", "wang", 0, 2),
    ]  # fmt: skip


@pytest.mark.proves("LL2", "D2")
def test_given_a_linked_village_then_every_household_of_it_is_to_be_visited_within_the_year() -> None:
    log = Township("ll", li=Rank.COUNTY)
    log.register("QS-001", "QS-002", "QS-003")
    log.link("li", "QS")
    log.visit("li", march(5), "QS-001")
    log.visit("handler", march(5), "QS-002")
    tally = of(log.close(YEAR).tallies, "every_household", "li")
    assert (tally.part, tally.of, tally.done, tally.shortfall) == (2, 3, 66, 34)


@pytest.mark.proves("LL3", "D4")
def test_given_linked_households_then_two_difficulties_a_year_are_owed_to_each() -> None:
    log = Township("ll", zhang=Rank.GENERAL, unit=Rank.COUNTY_UNIT)
    log.streams.update(case("feedback").streams)
    log.link("zhang", "QS", "QS-012", "QS-013")
    log.link("unit", "QS")
    for number, household in enumerate(("QS-012", "QS-012", "QS-013"), 1):
        log.visit("zhang", march(9 + number), household)
        shown = {"issue": None, "month": "2026-03", "entry": number, "household": household, "officer": "zhang"}
        log.do(ask(liaison.RecordDifficultySolved, at=START + timedelta(20), **shown))
    log.do(ask(liaison.RecordDifficultySolved, household=None, officer="unit", at=START + timedelta(20)))
    tallies = log.close(YEAR).tallies
    assert [(it.officer, it.done, it.shortfall) for it in tallies if it.rule == "difficulties"] == [
        ("unit", 1, 1), ("zhang", 1, 1)
    ]  # fmt: skip


@pytest.mark.proves("LL1", "D3")
def test_given_the_fixed_service_days_then_absences_show_and_what_was_raised_is_collected() -> None:
    log = Township("ll", zhang=Rank.DEPUTY_SECTION, wang=Rank.GENERAL)
    log.streams.update(case("logged").streams)
    log.at_place("zhang", march(5), VisitKind.SERVICE_DAY)
    log.at_place("zhang", march(15), VisitKind.TALK_DAY, issues=(ISSUE,), companions=("wang",))
    log.visit("wang", march(25))
    closed = log.close(MARCH)
    shown = {(it.rule, it.day.day): (it.absent, it.issues) for it in closed.days}
    assert shown == {
        ("members_day", 5): (("wang",), ()),
        ("talk_day", 15): ((), (ISSUE,)),
        ("volunteer_day", 25): (("wang", "zhang"), ()),
    }
    assert of(closed.tallies, "volunteer_day", "wang").shortfall == 1
    assert of(closed.tallies, "talk_day", "wang").shortfall == 0


# -- SG -------------------------------------------------------------------------------------------------------------


@pytest.mark.proves("SG8")
def test_given_pairs_by_rank_then_whoever_has_too_few_is_short() -> None:
    log = Township("sg", head=Rank.HEAD, member=Rank.MEMBER, section=Rank.SECTION_HEAD)
    log.link("head", "QS", "QS-001")
    log.link("member", "LX", "LX-001")
    tallies = log.close(YEAR).tallies
    assert {(it.officer, it.quota, it.done, it.shortfall) for it in tallies} == {
        ("head", 2, 1, 1), ("member", 1, 1, 0), ("section", 1, 0, 1)
    }  # fmt: skip


@pytest.mark.proves("SG6", "D3")
def test_given_reception_on_the_6th_and_7th_then_other_days_count_as_visits_but_not_for_them() -> None:
    log = Township("sg")
    log.at_place("handler", march(6), VisitKind.RECEPTION)
    log.at_place("handler", march(20), VisitKind.RECEPTION)
    closed = log.close(MARCH)
    assert of(closed.tallies, "reception").shortfall == 1
    assert [(it.day.day, it.missed) for it in closed.days] == [(6, False), (7, True)]


# -- MZ -------------------------------------------------------------------------------------------------------------


@pytest.mark.proves("MZ7", "D2")
def test_given_a_batch_then_those_on_its_rota_are_there_on_ten_days_and_presence_is_told_day_by_day() -> None:
    log = Township("mz", zhao=Rank.GENERAL, qian=Rank.GENERAL, sun=Rank.GENERAL)
    planned = [date(2026, 4, day) for day in range(1, 13)]
    log.do(rota(APRIL, [(day, who) for day in planned for who in ("zhao", "qian")], START))
    for day in planned[:10]:
        log.visit("zhao", day)
    log.visit("qian", planned[0], hour=11)
    closed = log.close(APRIL)
    assert of(closed.tallies, "batch_days", "zhao").shortfall == 0
    assert of(closed.tallies, "batch_days", "qian").shortfall == 9
    assert {it.officer for it in closed.tallies} == {"zhao", "qian"}
    assert day_of(closed.days, "rota", planned[11]).absent == ("qian", "zhao")
    assert not [it for it in log.close(MARCH).tallies if it.rule == "batch_days"]


# -- PC -------------------------------------------------------------------------------------------------------------


@pytest.mark.proves("PC1", "D2")
def test_given_leaders_then_days_and_households_are_counted_each_once() -> None:
    log = Township("pc", sec=Rank.SECRETARY)
    for day in range(1, 11):
        for nth in range(5):
            log.visit("sec", march(day), f"QS-{day * 5 + nth:03}", hour=8 + nth)
    log.visit("sec", march(10), "QS-050", hour=20)
    closed = log.close(MARCH)
    assert (of(closed.tallies, "leader_days", "sec").done, of(closed.tallies, "leader_households", "sec").done) == (
        10, 50
    )  # fmt: skip


@pytest.mark.proves("PC3", "D7")
def test_given_cases_led_then_visits_with_the_case_in_hand_are_a_share_of_them() -> None:
    log = Township("pc", committee=Rank.SECRETARY, other=Rank.MEMBER)
    led = case("handling").do(issues.AssignLeader)
    log.streams.update(led.streams)
    missed = of(log.close(MARCH).tallies, "cases_in_hand", "committee")
    assert (missed.part, missed.of, missed.shortfall) == (0, 1, 30)
    log.visit("other", date(2026, 4, 8), issues=(ISSUE,))
    log.visit("committee", date(2026, 4, 9), issues=(ISSUE,))
    closed = log.close(APRIL)
    assert of(closed.tallies, "cases_in_hand", "committee").done == 100
    assert of(closed.tallies, "cases_in_hand", "other").done is None


@pytest.mark.proves("PC9")
def test_given_secretaries_then_their_links_with_households_are_counted() -> None:
    log = Township("pc", sec=Rank.SECRETARY)
    log.appoint("village-sec", Rank.VILLAGE_SECRETARY, "QS")
    log.link("village-sec", "QS", "QS-001", "QS-002")
    tallies = log.close(YEAR).tallies
    assert of(tallies, "secretary_links", "sec").shortfall == 2
    assert of(tallies, "secretary_links", "village-sec").shortfall == 0


def working_days() -> list[date]:
    known = Township("pc").context(of_process(c.OpenDutyPeriod, MARCH, START)).holidays
    return [day for day in MARCH.days() if known.is_working_day(day)]


@pytest.mark.proves("PC2", "D3")
def test_given_the_reception_rota_then_every_working_day_is_taken_and_the_secretary_receives_weekly() -> None:
    log = Township("pc", sec=Rank.SECRETARY, member=Rank.MEMBER)
    days = working_days()
    turns = [(day, "sec" if day.weekday() == 0 else "member") for day in days]
    assert refusal(log, rota(MARCH, turns[1:], START)) is refused.RotaIncomplete
    assert refusal(log, rota(MARCH, [(day, "member") for day in days], START)) is refused.RotaIncomplete
    assert refusal(log, rota(MARCH, [*turns, turns[0]], START)) is refused.OffRota
    assert refusal(log, rota(MARCH, [*turns, (APRIL.first, "member")], START)) is refused.OffRota
    assert refusal(log, rota(MARCH, [*turns, (days[0], "stranger")], START)) is refused.OffRota
    log.do(rota(MARCH, turns, START))
    log.at_place("member", days[1], VisitKind.RECEPTION)
    log.visit("member", days[2])
    closed = log.close(MARCH)
    assert of(closed.tallies, "rota", "sec").shortfall == sum(day.weekday() == 0 for day in days)
    assert of(closed.tallies, "rota", "member").done == 1
    assert day_of(closed.days, "rota", days[2]).absent == ("member",)
    assert refusal(log, rota(MARCH, turns[:-1], START + timedelta(60))) is refused.PeriodNotOpen


@pytest.mark.proves("PC2")
def test_given_village_secretaries_then_they_receive_on_every_working_day() -> None:
    log = Township("pc")
    log.appoint("village-sec", Rank.VILLAGE_SECRETARY, "QS")
    for day in working_days()[:3]:
        log.at_place("village-sec", day, VisitKind.RECEPTION)
    tally = of(log.close(MARCH).tallies, "village_secretary", "village-sec")
    assert (tally.quota, tally.done) == (len(working_days()), 3)


@pytest.mark.proves("D2")
def test_given_a_plan_adopted_for_the_next_period_then_a_period_is_closed_under_the_one_it_began_with() -> None:
    new = InForce(load_plan("ll"), APRIL.starts_at, None)
    asked = replace(office(), plans=lambda: PlanBook(load_plan("cx"), (new,)))
    closing = of_process(c.CloseDutyPeriod, MARCH, MARCH.ends_at + timedelta(3), "QS")
    assert asked.plan_for(closing, None).id == "cx@1"
    assert asked.plan_for(of_process(c.OpenDutyPeriod, APRIL, APRIL.starts_at, "QS"), None).id == "ll@1"


# -- for real -------------------------------------------------------------------------------------------------------


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
