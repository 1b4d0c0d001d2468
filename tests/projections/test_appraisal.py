"""Appraisal from a real log: figures per officer, station and department, what stands behind each, who sees which."""

from datetime import timedelta
from typing import Any

import pytest

from domain.issue import commands as c
from domain.issue.words import Rating
from domain.periods import Cycle, Period
from projections.appraisal import APPRAISAL, Account, Asked, By, accounts, told_up_to, traces
from projections.appraisal_marks import Counted
from projections.dashboard import dashboard
from projections.rebuild import compare, rebuild
from services.persistence.scope import Scope, ScopedConnection
from tests.projections.ledger import Log
from tests.projections.lives import LIVES
from tests.projections.test_spot_checks import a_month as a_month_of_checks
from tests.support.casework import START, Case, case
from tests.support.duty_month import a_month
from tests.support.handing_in import DUE, MARCH, PHOTOS, Office

YEAR = Period.containing(START, Cycle.YEAR)
NEXT_YEAR = START + timedelta(days=365)


def asked(by: By = By.OFFICER, period: Period = YEAR, **more: Any) -> Asked:
    return Asked(by, period.starts_at, period.ends_at, **more)


def figures(log: Log, by: By = By.OFFICER, **more: Any) -> dict[tuple[str | None, str], Account]:
    return {(it.officer, it.place): it for it in accounts(log.connection, asked(by, **more))}


def written(log: Log, *cases: Case) -> None:
    log.settle()
    log.append(*cases)
    log.fill()


def with_department(key: str) -> Case:
    life = case("logged", key=key).do(c.EscalateIssue, department="construction")
    return (
        life.do(c.AcceptIssue, by="department", person="department")
        .do(c.ResolveIssue, by="department")
        .do(c.GiveReply, by="department")
    )


# -- figures --------------------------------------------------------------------------------------------------------


@pytest.mark.proves("D8")
def test_given_cases_then_officer_station_and_department_each_answer_for_theirs(log: Log) -> None:
    written(log, case("feedback"), case("missed", key="m", village="LX"), with_department("d"))
    of_officers = figures(log)
    assert of_officers["handler", "QS"].counts == {"handled": 1, "answered": 1, "on_time": 1, "in_time": 3}
    assert of_officers["handler2", "LX"].counts == {"late": 1}
    department = of_officers["department", "department:construction"]
    assert (department.of(Counted.HANDLED), department.of(Counted.ANSWERED)) == (1, 1)
    stations = figures(log, By.STATION)
    assert stations[None, "LX"].counts == {"late": 1}
    assert stations[None, "QS"].place_name == "青石村"
    (found,) = figures(log, By.DEPARTMENT).values()
    assert (found.place, found.counts) == ("department:construction", department.counts)


@pytest.mark.proves("D8")
def test_given_a_month_of_visits_and_duties_then_visits_and_shortfalls_are_counted(log: Log) -> None:
    month = a_month()
    for events in month.streams.values():
        for event in events:
            log.write(event)
    log.seal()
    log.fill()
    visits = {who: it.of(Counted.VISITED) for (who, _), it in figures(log).items() if it.of(Counted.VISITED)}
    assert visits == {"handler": 2, "lead": 1, "zhang": 1}
    assert sum(it.of(Counted.VISIT) for it in figures(log, By.STATION).values()) == 3
    tallied = log.query("select count(*), count(*) filter (where shortfall > 0) from duty_tally where closed")
    places = figures(log, By.STATION).values()
    assert [(sum(it.of(Counted.DUTY) for it in places), sum(it.of(Counted.SHORT) for it in places))] == tallied
    (made,) = compare(log.database.owner_dsn, (APPRAISAL.name,))
    assert made.differences == ()


def test_given_papers_that_came_too_late_then_they_were_owed_and_missed(log: Log) -> None:
    office = Office("cx")
    office.open(MARCH)
    office.missing(DUE[PHOTOS])
    for events in office.streams.values():
        for event in events:
            log.write(event)
    log.seal()
    log.fill()
    (line,) = [it for it in figures(log, By.STATION).values() if it.of(Counted.OWED)]
    assert (line.place, line.of(Counted.OWED), line.of(Counted.MISSED)) == ("QS", 3, 1)
    (trace,) = traces(log.connection, asked(By.STATION), Counted.MISSED)
    assert (trace.rule, trace.reference, trace.at) == ("board_photos", "QS", DUE[PHOTOS] - timedelta(seconds=1))


@pytest.mark.proves("D8")
def test_given_a_month_of_spot_checks_then_stations_answer_for_what_was_found_and_missed(log: Log) -> None:
    for events in a_month_of_checks().streams.values():
        for event in events:
            log.write(event)
    log.seal()
    log.fill()
    checks = log.query("select station from spot_check_finding where finding = 1")
    drawn = str(checks[0][0])
    stations = {place: it for (_, place), it in figures(log, By.STATION).items()}
    assert {place: it.of(Counted.CHECKED) for place, it in stations.items()} == {
        "YL1": 1 + (drawn == "YL1"), "YL2": 2 + (drawn == "YL2"),
    }  # fmt: skip
    found = stations[drawn]
    assert (found.of(Counted.FINDING), found.of(Counted.RECTIFICATION_MISSED)) == (2, 1)
    assert found.of(Counted.LEDGERS_MISSED) == 1
    missed = traces(log.connection, asked(By.STATION), Counted.RECTIFICATION_MISSED)
    assert [(it.rule, it.place) for it in missed] == [("1", drawn)]
    (compared,) = compare(log.database.owner_dsn, (APPRAISAL.name,))
    assert compared.differences == ()


@pytest.mark.proves("D8")
def test_given_an_officer_who_changed_posts_then_each_post_keeps_what_was_done_there(log: Log) -> None:
    handed_over = case("handling").do(c.AssignIssue, person="handler2").do(c.ResolveIssue)
    written(log, handed_over, case("feedback", key="lx", village="LX"))
    assert figures(log)["handler2", "T1"].of(Counted.HANDLED) == 1
    assert figures(log)["handler2", "LX"].counts == {"handled": 1, "answered": 1, "on_time": 1, "in_time": 2}
    assert figures(log, By.STATION)[None, "LX"].of(Counted.HANDLED) == 1


@pytest.mark.proves("D8")
def test_given_ratings_then_satisfaction_is_that_of_the_three_rates_and_undefined_without_any(log: Log) -> None:
    lives = [rated(rating, rating.value) for rating in Rating]
    written(log, *lives, case("feedback", key="LX", village="LX"))
    line = figures(log)["handler", "QS"]
    seen = dashboard(log.connection, NEXT_YEAR, "QS").rates.satisfaction
    assert (line.satisfaction.numerator, line.satisfaction.denominator) == (seen.numerator, seen.denominator)
    assert figures(log)["handler2", "LX"].satisfaction.value is None


def rated(rating: Rating, key: str, **more: Any) -> Case:
    return case("feedback", key=key, **more).do(c.RateAnswer, rating=rating)


def test_given_another_period_then_only_what_fell_into_it_counts(log: Log) -> None:
    written(log, case("feedback"))
    march = Period.containing(START, Cycle.MONTH)
    assert accounts(log.connection, asked(period=march))
    assert not accounts(log.connection, asked(period=march.previous()))
    assert not accounts(log.connection, asked(period=YEAR.next()))


# -- what stands behind a figure ------------------------------------------------------------------------------------


@pytest.mark.proves("D8")
def test_given_any_figure_then_its_marks_name_the_issues_and_sum_up_to_it(log: Log) -> None:
    written(log, *LIVES)
    for by in By:
        for line in accounts(log.connection, asked(by)):
            behind = traces(log.connection, asked(by, officer=line.officer, place=line.place))
            for what in Counted:
                of_figure = [it for it in behind if it.what == what]
                assert sum(it.count for it in of_figure) == line.of(what)
                assert all(it.reference and it.position >= 0 for it in of_figure)


def test_given_many_marks_then_they_come_page_by_page_and_none_twice(log: Log) -> None:
    written(log, *LIVES)
    whole = traces(log.connection, asked())
    pages, after = [], (None, None)
    while page := traces(log.connection, asked(), after=after, limit=7):
        pages += page
        after = (page[-1].at, page[-1].key)
    assert pages == whole


@pytest.mark.proves("D8")
def test_given_a_position_then_the_figures_of_that_time_are_told_again_whatever_came_later(log: Log) -> None:
    log.settle()
    log.append(case("feedback"))
    log.fill()
    before, position = figures(log), told_up_to(log.connection)
    log.append(rated(Rating.DISSATISFIED, "later"))
    APPRAISAL.apply(log.follower, [it for it in log.read() if it.position > position])
    assert figures(log) != before
    assert figures(log, up_to=position) == before


# -- made again, and seen by whom -----------------------------------------------------------------------------------


def test_given_live_rows_then_the_log_makes_the_same_again(log: Log) -> None:
    written(log, *LIVES)
    before = figures(log)
    rebuild(log.database.owner_dsn, (APPRAISAL.name,))
    (compared,) = compare(log.database.owner_dsn, (APPRAISAL.name,))
    assert compared.differences == ()
    assert figures(log) == before


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (Scope(), set()),
        (Scope(frozenset({"LX"}), None), {("handler2", "LX")}),
        (Scope(None, frozenset({"construction"})), {("department", "department:construction")}),
        (Scope(None, frozenset({"environment"})), set()),
        (Scope.whole(), {("handler", "QS"), ("handler2", "LX"), ("department", "department:construction")}),
        (Scope(None, None, frozenset({"lead2"})), {("handler2", "LX"), ("department", "department:construction")}),
    ],
)
def test_given_a_scope_then_only_its_marks_are_counted(log: Log, scope: Scope, seen: set[tuple[str, str]]) -> None:
    about_another = case("feedback", key="about", concerns="lead2")
    written(log, about_another, case("feedback", key="lx", village="LX"), with_department("d"))
    with ScopedConnection.connect(log.database.app_dsn, autocommit=True) as app, app.within(scope):
        found = {(it.officer, it.place) for it in accounts(app, asked()) if it.of(Counted.ANSWERED)}
    assert found == seen
