"""Followers: rows and position together, one leader, no event lost or taken in twice, whatever ends them."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import structlog

from projections.dashboard import DASHBOARD
from projections.issue_history import ISSUE_HISTORY
from projections.issue_ledger import ISSUE_LEDGER
from projections.lag import lag
from projections.parts import FollowerEnded, run_together
from projections.projection import Recorded
from projections.rebuild import compare
from projections.registry import NAMES, PROJECTIONS
from tests.projections.ledger import Log, following
from tests.projections.lives import LIVES
from tests.support.casework import case
from tests.support.waiting import eventually

TABLE = "create table if not exists seen (position bigint primary key); grant all on seen to huiyin_follower"


class Seen:
    """A read model of positions; `before` and `after` are called around its write, in the transaction."""

    ddl = TABLE
    indexes = ""
    tables = ("seen",)
    question = "Which positions were taken in?"

    def __init__(self, name: str = "seen") -> None:
        self.name = name
        self.batches: list[list[int]] = []

    def apply(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> None:
        self.before(connection, batch)
        for recorded in batch:
            connection.execute("insert into seen values (%s)", (recorded.position,))
        self.after(connection, batch)
        self.batches.append([recorded.position for recorded in batch])

    def before(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> None:
        """Nothing, here."""

    def after(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> None:
        """Nothing, here."""


@pytest.fixture
def seen_table(log: Log) -> None:
    """The table of `Seen`."""
    with psycopg.connect(log.database.owner_dsn) as owner:
        owner.execute(TABLE)


def all_positions(log: Log) -> list[int]:
    return [position for (position,) in log.query("select position from seen order by 1")]


def caught_up(log: Log, *names: str) -> bool:
    head = len(log.read()) - 1
    return all(log.position(name) == head for name in names or NAMES)


def test_given_a_log_then_every_model_follows_it_and_goes_on_as_it_grows(log: Log) -> None:
    log.append(case("settled"))
    with following(log):
        eventually(lambda: caught_up(log))
        log.append(case("handling", key="more"))
        eventually(lambda: caught_up(log))
    assert log.query("select stage from issue_ledger order by number") == [("settled",), ("handling",)]
    assert log.query("select count(*) from issue_history") == [(len(log.read()),)]


def test_given_followed_rows_then_they_are_those_of_one_single_batch(log: Log) -> None:
    log.append(*LIVES)
    with following(log):
        eventually(lambda: caught_up(log))
    followed = [log.rows(projection) for projection in PROJECTIONS]
    for table in (table for projection in PROJECTIONS for table in projection.tables):
        log.follower.execute(f"delete from {table}".encode())
    log.follower.execute("delete from follower_position")
    log.fill()
    assert [log.rows(projection) for projection in PROJECTIONS] == followed


# -- an event that cannot be taken in -------------------------------------------------------------------------------


class Choking(Seen):
    """Fails at one position until it is repaired."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at: int | None = at

    def after(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> None:
        if any(recorded.position == self.at for recorded in batch):
            raise ValueError("村口路灯不亮: what the event holds must not be logged")


@pytest.mark.usefixtures("seen_table")
def test_given_an_event_that_fails_then_its_follower_stops_there_loudly_and_no_other(
    log: Log, logged: list[dict[str, Any]]
) -> None:
    log.append(*LIVES[:12])
    choking, last = Choking(at=20), len(log.read()) - 1
    with following(log, choking, ISSUE_LEDGER, DASHBOARD):
        fault = eventually(lambda: log.query("select name, position, topic, error from follower_fault"))
        eventually(lambda: caught_up(log, "issue_ledger", "dashboard"))
        topic = log.read()[20].event.TOPIC
        assert [row[:3] for row in fault] == [("seen", 20, topic)]
        assert fault[0][3].startswith("ValueError at test_follower.py:")
        assert (log.position("seen"), all_positions(log)) == (19, list(range(20)))

        behind = {it.name: it for it in lag(log.connection)}
        assert (behind["seen"].position, behind["seen"].events) == (19, last - 19)
        assert (behind["seen"].fault_position, behind["seen"].fault_topic) == (20, topic)
        assert behind["issue_ledger"].fault_position is None

        choking.at = None  # a repaired program
        eventually(lambda: caught_up(log, "seen"))
        assert log.query("select * from follower_fault") == []
    assert all_positions(log) == list(range(last + 1))
    stuck = [line for line in logged if line["event"] == "follower_stuck"]
    assert {(line["follower"], line["position"], line["topic"]) for line in stuck} == {("seen", 20, topic)}
    assert "路灯" not in json.dumps(logged, ensure_ascii=False, default=str)


@pytest.fixture
def logged() -> Iterator[list[dict[str, Any]]]:
    """What is logged meanwhile."""
    with structlog.testing.capture_logs() as lines:
        yield lines


def test_given_an_event_of_a_newer_program_then_the_follower_waits_at_it(log: Log) -> None:
    log.append(case("fixed"))
    log.write_raw(uuid4(), 1, "issue.of_the_future", b'{"secret":"x"}')
    log.seal()
    with following(log, ISSUE_HISTORY):
        fault = eventually(lambda: log.query("select position, topic, error from follower_fault"))
    assert fault == [(2, "issue.of_the_future", fault[0][2])]
    assert fault[0][2].startswith("KeyError")
    assert log.position("issue_history") == 1


# -- one leader -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("seen_table")
def test_given_two_processes_then_the_second_waits_until_the_first_has_ended(log: Log) -> None:
    log.append(case("fixed"))
    first, second = Seen(), Seen()
    leader = ExitStack()
    with leader:
        leader.enter_context(following(log, first))
        eventually(lambda: caught_up(log, "seen"))
        with following(log, second):
            connected = "select count(*) from pg_stat_activity where application_name = 'huiyin follower seen'"
            eventually(lambda: log.query(connected) == [(2,)])
            log.append(case("handling", key="b"))
            eventually(lambda: caught_up(log, "seen"))
            assert second.batches == []
            leader.close()
            log.append(case("handling", key="c"))
            eventually(lambda: caught_up(log, "seen"))
    taken = [position for batch in first.batches + second.batches for position in batch]
    assert second.batches
    assert taken == all_positions(log) == list(range(len(log.read())))


@pytest.mark.usefixtures("seen_table")
def test_given_a_position_moved_by_somebody_else_then_the_follower_goes_by_the_new_one(log: Log) -> None:
    log.append(case("settled"))
    model = Seen()
    with following(log, model):
        eventually(lambda: caught_up(log, "seen"))
        with log.follower.transaction():
            log.follower.execute("update follower_position set position = 1 where name = 'seen'")
            log.follower.execute("delete from seen where position > 1")
        log.append(case("logged", key="after"))
        eventually(lambda: caught_up(log, "seen"))
    assert all_positions(log) == list(range(len(log.read())))


# -- whatever ends them ---------------------------------------------------------------------------------------------


class Breaking(Seen):
    """Loses its connection in the middle of its third transaction, and of its fifth."""

    calls = 0

    def after(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> None:
        self.calls += 1
        if self.calls in (3, 5):
            connection.execute("select pg_terminate_backend(pg_backend_pid())")


@pytest.mark.usefixtures("seen_table")
def test_given_a_connection_lost_inside_a_transaction_then_nothing_is_lost_or_doubled(log: Log) -> None:
    model = Breaking()
    with following(log, model):
        for part in range(6):
            log.append(LIVES[part])
            eventually(lambda: caught_up(log, "seen"))
    assert model.calls >= 8
    assert all_positions(log) == list(range(len(log.read())))


@contextmanager
def process(log: Log, batch: int) -> Iterator[subprocess.Popen[bytes]]:
    """All followers in a process of their own, killed at the end."""
    command = [sys.executable, "-m", "tests.projections.follower_process", log.database.follower_dsn, str(batch)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield running
    finally:
        running.kill()
        running.wait(10)


def test_given_followers_killed_again_and_again_then_the_rows_are_those_of_the_log(log: Log) -> None:
    log.append(*LIVES)
    reached = -1
    for kill in range(3):
        with process(log, batch=2):
            eventually(lambda goal=reached + 20 + 30 * kill: log.position("issue_ledger") >= goal, within=30)
        reached = log.position("issue_ledger")
        assert reached < len(log.read()) - 1, "it was done before it could be killed"
    with following(log):
        eventually(lambda: caught_up(log), within=30)
    assert [each.differences for each in compare(log.database.owner_dsn, NAMES)] == [()] * len(NAMES)


def test_given_a_part_that_ends_by_itself_then_all_end_and_it_is_named() -> None:
    stop, other = threading.Event(), threading.Event()

    def waits(stopped: threading.Event) -> None:
        stopped.wait(10)
        other.set()

    with pytest.raises(FollowerEnded, match="falls"):
        run_together({"falls": lambda stopped: None, "waits": waits}, stop)
    assert stop.is_set()
    assert other.wait(5)


# -- lag ------------------------------------------------------------------------------------------------------------


def test_given_followers_that_never_ran_then_the_lag_is_the_whole_log_and_its_age(log: Log) -> None:
    log.append(case("fixed"))
    told = lag(log.connection, NAMES)
    assert [(it.name, it.position, it.head, it.events) for it in told] == [(name, -1, 1, 2) for name in sorted(NAMES)]
    oldest = log.query("select extract(epoch from clock_timestamp() - min(recorded_at))::float8 from ledger_events")
    assert all(0 < it.seconds <= oldest[0][0] for it in told)


def test_given_followers_at_the_end_of_the_log_then_there_is_no_lag(log: Log) -> None:
    assert [(it.events, it.seconds) for it in lag(log.connection, NAMES)] == [(0, 0.0)] * len(NAMES)
    log.append(case("fixed"))
    log.fill()
    assert [(it.events, it.seconds, it.fault_position) for it in lag(log.connection)] == [(0, 0.0, None)] * len(NAMES)
