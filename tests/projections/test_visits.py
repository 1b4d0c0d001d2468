"""The tables of visits, liaison and duties: rows as the domain says, rebuilt the same, seen within one's scope."""

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from domain.periods import Cycle, Period
from domain.privacy import is_sealed
from projections import liaison as of_liaison
from projections import visit_coverage, visits
from projections.liaison import LIAISON
from projections.pages import WHOLE
from projections.projection import Recorded, UnknownEvent
from projections.rebuild import compare, rebuild
from projections.row_security import BARRED, DEPARTMENTS, VILLAGES
from projections.visit_coverage import VISIT_COVERAGE
from projections.visits import VISITS
from tests.projections.ledger import Log
from tests.support.casework import START
from tests.support.duty_month import a_month
from tests.support.visits import ISSUE

MODELS = (VISITS, LIAISON, VISIT_COVERAGE)
MARCH = Period(date(2026, 3, 1), Cycle.MONTH)
HOUR = timedelta(hours=1)


@pytest.fixture
def told(log: Log) -> Log:
    """The month in a real log, taken into the tables."""
    for events in a_month().streams.values():
        for event in events:
            log.write(event)
    log.seal()
    log.fill()
    return log


def test_given_a_month_then_the_rows_are_what_the_forms_ask(told: Log) -> None:
    found = visits.visits(told.connection, WHOLE)
    assert [(it.entry, it.household, it.officers, it.issues) for it in found] == [
        (1, None, ["handler"], []), (2, "QS-012", ["handler", "lead"], [ISSUE]), (4, None, ["zhang"], [])
    ]  # fmt: skip
    assert is_sealed(found[1].said)
    assert is_sealed(found[1].done or "")
    assert found[0].village_name == "青石村"
    (form,) = visits.opinions(told.connection, WHOLE)
    assert (form.household, form.reply_wanted, form.concerns, form.income) == ("QS-012", True, "lead2", None)
    assert is_sealed(form.conduct or "")
    assert told.query("select number, level from hazard") == [(ISSUE, "serious")]


@pytest.mark.proves("F6")
def test_given_the_priority_register_then_each_row_shows_consent_visits_and_issues(told: Log) -> None:
    (line,) = of_liaison.priority(told.connection, WHOLE)
    assert (line.household, line.reason, line.agrees, line.planned) == ("QS-012", "age", True, 4)
    assert (line.visits, line.issues, line.done) == (["2026-03-02 handler"], [ISSUE], False)
    (book,) = of_liaison.books(told.connection, WHOLE)
    assert (book.book, book.officer) == ("organisation", "handler")
    assert told.query("select on_time from help_measure") == [(True,)]
    assert told.query("select household, edition from card_holder order by 1") == [("QS-012", 1), ("QS-013", 1)]


@pytest.mark.proves("D2", "D3")
def test_given_a_closed_period_then_what_was_told_before_is_replaced_by_what_counts(told: Log) -> None:
    lines = visit_coverage.coverage(told.connection, WHOLE)
    assert all(line.closed for line in lines)
    short = {(it.rule, it.officer): it.shortfall for it in lines}
    assert short[("deputy_links", "zhang")] == 3
    assert short[("members_day", "wang")] == 1
    days = visit_coverage.attendance(told.connection, WHOLE)
    assert [(it.day.day, it.present, it.absent) for it in days] == [
        (5, ["zhang"], ["wang"]), (15, [], ["wang", "zhang"]), (25, [], ["wang", "zhang"])
    ]  # fmt: skip


def test_given_duties_counted_before_and_after_then_each_is_shown_as_it_was_counted_last(told: Log) -> None:
    lines = visit_coverage.coverage(told.connection, WHOLE)
    last = max(line.at for line in lines)
    newest = visit_coverage.newest_coverage(told.connection, None, last)
    assert {(it.rule, it.officer): it.shortfall for it in newest} == {
        (it.rule, it.officer): it.shortfall for it in lines
    }
    assert visit_coverage.newest_coverage(told.connection, "ZZ", last) == []
    before = min(line.at for line in lines) - timedelta(seconds=1)
    assert visit_coverage.newest_coverage(told.connection, None, before) == []


def test_given_a_page_then_the_next_goes_on_behind_it(told: Log) -> None:
    for ask_for in (visits.visits, visit_coverage.coverage, visit_coverage.attendance):
        whole: Any = ask_for(told.connection, WHOLE)
        pages, asked = [], {**WHOLE, "limit": 1}
        while page := ask_for(told.connection, asked):
            pages.extend(page)
            asked = {**asked, "at": page[-1].at, "key": page[-1].key}
        assert pages == whole


def test_given_live_tables_then_the_log_makes_the_same_rows_again(told: Log) -> None:
    names = [model.name for model in MODELS]
    assert [each.differences for each in compare(told.database.owner_dsn, names)] == [()] * 3
    live = [told.rows(model) for model in MODELS]
    rebuild(told.database.owner_dsn, names)
    assert [told.rows(model) for model in MODELS] == live
    assert all(live)


def test_given_an_event_nobody_listed_then_a_model_refuses_to_go_on(log: Log) -> None:
    first = next(event for events in a_month().streams.values() for event in events if event.TOPIC == "visit.recorded")
    unheard_of = type("Unheard", (type(first),), {"__module__": "elsewhere"}).model_construct(**dict(first))
    with pytest.raises(UnknownEvent):
        VISITS.apply(log.follower, [Recorded(0, START, unheard_of)])


@pytest.mark.parametrize(("villages", "barred", "seen"), [
    ("QS", ",", (3, 1, 1, True)), ("LX", ",", (0, 0, 0, True)), ("WS", ",", (0, 0, 0, False)),
    ("QS", ",lead2", (3, 0, 1, True)), ("*", ",", (3, 1, 1, True)),
])  # fmt: skip
def test_given_a_scope_then_rows_of_other_villages_and_complaints_about_oneself_are_not_there(
    told: Log, villages: str, barred: str, seen: tuple[int, int, int, bool]
) -> None:
    with psycopg.connect(told.database.app_dsn) as connection:
        for setting, value in {VILLAGES: villages, DEPARTMENTS: "*", BARRED: barred}.items():
            connection.execute("select set_config(%s, %s, true)", (setting, value))
        found = [len(it(connection, WHOLE)) for it in (visits.visits, visits.opinions, of_liaison.priority)]
        assert (*found, bool(visit_coverage.coverage(connection, WHOLE))) == seen
