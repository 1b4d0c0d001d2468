"""The dashboard of another time, and its parts: the same as counted by hand from the rows that the log gives."""

import random
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from domain.issue.words import OPEN_STAGES
from projections.dashboard import DASHBOARD, dashboard
from projections.dashboard_cells import counted
from projections.dashboard_fold import DashboardRow
from projections.dashboard_source import When
from projections.dashboard_tables import By, Whose, months, table
from projections.issue_spells import ISSUE_SPELLS
from projections.past import rows_at
from services.bench.county_sums import ANEW, SUMS
from tests.projections.ledger import Log
from tests.projections.lives import LIVES
from tests.support.casework import START

FAR = START + timedelta(days=4000)


@pytest.fixture
def lives(log: Log) -> Log:
    log.append(*LIVES)
    log.fill(DASHBOARD, ISSUE_SPELLS)
    return log


def moments(log: Log, number: int) -> list[datetime]:
    happened = sorted(it.event.occurred_at for it in log.read())
    return random.Random(7).sample(happened, number)


def by_hand(rows: Iterable[DashboardRow], now: datetime) -> tuple[int, int, int, dict[str, int]]:
    found = list(rows)
    is_open = [row for row in found if row.stage in OPEN_STAGES]
    overdue = [row for row in is_open if row.due_at and row.due_at < now]
    return len(found), len(is_open), len(overdue), dict(Counter(row.stage for row in found))


def test_given_any_moment_then_the_dashboard_is_as_it_was(lives: Log) -> None:
    for moment in moments(lives, 12):
        seen = dashboard(lives.connection, moment, when=When(as_of=moment))
        stages = {stage.value: issues for stage, issues in seen.by_stage.items() if issues}
        rows = rows_at(lives.connection, DASHBOARD, as_of=moment)
        assert (seen.total, seen.open, seen.overdue, stages) == by_hand(rows, moment)


def test_given_what_was_known_then_what_was_recorded_later_does_not_count(lives: Log) -> None:
    recorded = sorted(it.recorded_at for it in lives.read())
    for known_at in random.Random(8).sample(recorded, 8):
        when = When(as_of=FAR, known_at=known_at)
        seen = dashboard(lives.connection, FAR, when=when)
        rows = list(rows_at(lives.connection, DASHBOARD, as_of=FAR, known_at=known_at))
        assert (seen.total, seen.open) == by_hand(rows, FAR)[:2]
        assert seen.counts["satisfied"] == sum(row.rating == "satisfied" for row in rows)


def test_given_the_end_of_all_then_then_and_now_are_the_same(lives: Log) -> None:
    now, then = dashboard(lives.connection, FAR), dashboard(lives.connection, FAR, when=When(as_of=FAR))
    assert now == then
    for rows, columns in ((By.VILLAGE, By.STAGE), (By.CATEGORY, None), (By.DEPARTMENT, By.CHANNEL)):
        today = table(lives.connection, Whose(FAR), rows, columns)
        assert today == table(lives.connection, Whose(FAR, when=When(as_of=FAR)), rows, columns)
        assert sum(part.counts["total"] for part in today) == now.total
        assert sum(part.counts["overdue"] for part in today) == now.overdue
    near = START + timedelta(days=40)
    assert months(lives.connection, Whose(near), 3) == months(lives.connection, Whose(near, when=When(as_of=FAR)), 3)


def test_given_the_cells_then_they_are_what_the_rows_add_up_to(lives: Log) -> None:
    rows = DASHBOARD.fold(lives.read(), {}).values()
    found = Counter(
        {tuple(row[:-1]): row[-1] for name in DASHBOARD.tables[1:] for row in lives.query(f"select * from {name}")}
    )
    assert found == Counter({tuple(key): issues for key, issues in counted(rows).items()})


def test_given_events_one_by_one_then_cells_and_spells_are_the_same_as_all_at_once(log: Log) -> None:
    log.append(*LIVES[:40])
    log.fill(DASHBOARD, ISSUE_SPELLS)
    at_once = [sorted(map(repr, log.query(f"select * from {name}"))) for name in (*DASHBOARD.tables, "issue_spell")]
    for name in (*DASHBOARD.tables, "issue_spell"):
        log.query(f"delete from {name} returning 1")
    for recorded in log.read():
        DASHBOARD.apply(log.follower, [recorded])
        ISSUE_SPELLS.apply(log.follower, [recorded])
    one_by_one = [sorted(map(repr, log.query(f"select * from {name}"))) for name in (*DASHBOARD.tables, "issue_spell")]
    assert one_by_one == at_once


def test_given_the_bench_makes_the_sums_anew_from_the_rows_then_they_are_what_the_follower_added_up(lives: Log) -> None:
    added = [sorted(map(repr, lives.query(f"select * from {name}"))) for name in SUMS]
    for statement in ANEW:
        lives.follower.execute(statement)
    assert [sorted(map(repr, lives.query(f"select * from {name}"))) for name in SUMS] == added
