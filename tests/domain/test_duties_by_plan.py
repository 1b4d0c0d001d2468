"""What each plan asks of officers by the calendar: CX, LL, SG, MZ, PC."""

from datetime import date, timedelta

import pytest

from domain.duty import commands as c
from domain.duty import errors as refused
from domain.issue import commands as issues
from domain.liaison import commands as liaison
from domain.organisation.words import Rank
from domain.visit.words import VisitKind
from tests.support.casework import START, case
from tests.support.duties import APRIL, MARCH, QUARTER, YEAR, Township, day_of, march, of, of_process, rota
from tests.support.memory_log import refusal
from tests.support.visits import ISSUE, ask, consent

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
    found = [(it.day.day, it.missed) for it in closed.days if it.rule == "reception"]
    assert found == [(6, False), (7, True)]


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
