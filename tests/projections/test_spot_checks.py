"""The tables of spot checks: rows as the domain says, rebuilt the same, seen by those whose villages were checked."""

from datetime import date

import psycopg
import pytest

from domain.privacy import is_sealed
from domain.spot_check import commands as c
from domain.spot_check.events import SpotCheckClosed
from domain.spot_check.state import fold
from domain.spot_check.words import CheckKind
from projections.pages import WHOLE
from projections.projection import Recorded, UnknownEvent
from projections.rebuild import compare, rebuild
from projections.rectifications import rectifications
from projections.row_security import BARRED, DEPARTMENTS, VILLAGES
from projections.spot_checks import SPOT_CHECKS, checks, findings, made_in_year
from tests.projections.ledger import Log
from tests.support.memory_log import MemoryLog
from tests.support.spot_checks import CHECK, DAY, DRAW, TOWNSHIP_LEAD, a_draw, ask

pytestmark = pytest.mark.proves("D6", "CX11")
LATER = DRAW + 20 * DAY


def a_month() -> MemoryLog:
    """A check with two findings, one put right at the second time, the other not; and a round by the committee."""
    log = a_draw()
    check = fold(log.history(CHECK))
    assert check is not None
    where = {"station": check.stations[0]}
    for asked in (
        ask(c.RemindHandIn, at=DRAW + 6 * DAY),
        ask(c.HandInLedgers, items=check.missing[1:], at=DRAW + 6 * DAY),
        ask(c.RecordMissedHandIn, at=LATER),
        ask(c.HandInLedgers, items=check.missing[:1], at=LATER),
        ask(c.RecordFinding, **where, item=check.missing[0]),
        ask(c.RecordFinding, **where, key="second"),
        ask(c.OrderRectification, finding=1),
        ask(c.OrderRectification, finding=2),
        ask(c.RecordMissedRectification, at=LATER),
        ask(c.ReportRectification, at=LATER, by=TOWNSHIP_LEAD),
        ask(c.RecheckRectification, at=LATER, accepted=False, due_on=date(2026, 3, 31)),
        ask(c.ReportRectification, at=LATER, by=TOWNSHIP_LEAD, key="second"),
        ask(c.RecheckRectification, at=LATER, key="second"),
        ask(c.RecordInspection, kind=CheckKind.UNANNOUNCED, stations=("YL2",), at=LATER),
    ):
        log.do(asked)
    closed = ask(c.RecordInspection, stations=("YL1", "YL2"), at=LATER)
    log.do(closed)
    log.do(ask(c.CloseSpotCheck, check_id=closed.stream_id, at=LATER))
    return log


@pytest.fixture
def told(log: Log) -> Log:
    """The month in a real log, taken into the tables."""
    for events in a_month().streams.values():
        for event in events:
            log.write(event)
    log.seal()
    log.fill()
    return log


def test_given_a_month_then_each_check_shows_what_came_of_it(told: Log) -> None:
    drawn, *others = checks(told.connection, {**WHOLE, "township": "YL", "period": "2026-03"})
    check = fold(a_month().history(CHECK))
    assert check is not None
    assert check.drawn is not None
    assert (drawn.check_id, drawn.version, drawn.kind) == (CHECK, check.version, "monthly")
    assert (drawn.stations, tuple(drawn.items)) == (list(check.stations), check.drawn.items)
    assert (drawn.seed, drawn.head_hash) == (check.drawn.seed, check.drawn.head_hash)
    assert (drawn.handed_in, drawn.handed_in_late, drawn.missed) == (
        len(check.drawn.items),
        True,
        [check.drawn.items[0]],
    )
    assert (drawn.findings, drawn.outstanding, drawn.overdue, drawn.closed_at) == (2, 1, 1, None)
    assert (drawn.township_name, drawn.station_names) == (
        "云岭镇",
        [{"YL1": "第一驻点", "YL2": "第二驻点"}[drawn.stations[0]]],
    )
    assert {(it.kind, tuple(it.stations), it.closed_at) for it in others} == {
        ("unannounced", ("YL2",), None), ("full", ("YL1", "YL2"), LATER)
    }  # fmt: skip
    assert not checks(told.connection, {**WHOLE, "township": "WS0"})
    assert not checks(told.connection, {**WHOLE, "period": "2026-04"})


def test_given_findings_then_each_shows_how_far_it_is_put_right(told: Log) -> None:
    first, second = findings(told.connection, CHECK)
    assert (first.standing, first.rounds, first.missed) == ("accepted", 2, 1)
    assert all(is_sealed(words or "") for words in (first.problem, first.requirement, first.measures, first.opinion))
    assert (second.standing, second.rounds, second.item, second.measures) == ("ordered", 1, None, None)
    assert not is_sealed(second.problem)


def test_given_findings_of_all_checks_then_they_are_one_register_by_period(told: Log) -> None:
    whole = rectifications(told.connection, WHOLE)
    of_one = {it.problem: (it.standing, it.rounds, it.missed) for it in findings(told.connection, CHECK)}
    assert {it.problem: (it.standing, it.rounds, it.missed) for it in whole} == of_one
    assert {it.kind for it in whole} == {"monthly"}
    assert rectifications(told.connection, {**WHOLE, "period": "2026-03"}) == whole
    assert not rectifications(told.connection, {**WHOLE, "period": "2026-04"})
    assert not rectifications(told.connection, {**WHOLE, "village": "WS"})


def test_given_a_year_then_its_checks_are_counted_by_kind(told: Log) -> None:
    made = made_in_year(told.connection, "YL", 2026)
    assert made == {CheckKind.MONTHLY: 1, CheckKind.FULL: 1, CheckKind.UNANNOUNCED: 1, CheckKind.SIT_IN: 0}
    assert set(made_in_year(told.connection, "YL", 2025).values()) == {0}


def test_given_rows_then_a_rebuild_makes_the_same(told: Log) -> None:
    for _ in range(2):
        (found,) = compare(told.database.owner_dsn, ["spot_checks"])
        assert found.rows
        assert not found.differences
        rebuild(told.database.owner_dsn, ["spot_checks"])


@pytest.mark.parametrize(("village", "seen"), [("BC", {"full", "unannounced"}), ("WS", set())])
def test_given_a_reader_of_one_village_then_only_its_checks_are_seen(told: Log, village: str, seen: set[str]) -> None:
    with psycopg.connect(told.database.app_dsn) as connection:
        for setting, value in {VILLAGES: village, DEPARTMENTS: "*", BARRED: ","}.items():
            connection.execute("select set_config(%s, %s, true)", (setting, value))
        assert {it.kind for it in checks(connection, WHOLE)} - {"monthly"} == seen
        drawn_here = any(it.kind == "monthly" for it in checks(connection, WHOLE))
        assert bool(findings(connection, CHECK)) == drawn_here


def test_given_an_event_that_nobody_listed_then_it_is_refused(told: Log) -> None:
    class Unheard(SpotCheckClosed):
        pass

    event = next(it for events in a_month().streams.values() for it in events if isinstance(it, SpotCheckClosed))
    with pytest.raises(UnknownEvent):
        SPOT_CHECKS.apply(told.follower, [Recorded(0, event.occurred_at, Unheard.model_construct(**dict(event)))])
