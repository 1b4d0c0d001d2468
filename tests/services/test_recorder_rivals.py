"""The log under many callers at once, and under broken lines: numbers without gaps, each command once."""

import json
import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, OperationalError

from domain.store import Allotment, CommandAlreadyRecorded, VersionConflict
from services.persistence.recorder import LedgerRecorder
from tests.support.log import append, command, log_issue, open_recorder, rows, stored
from tests.support.lossy_proxy import lossy_proxy
from tests.support.postgres import Database
from tests.support.waiting import eventually

CALLERS = 32
VILLAGES = ("CX", "SZ")


def _log_some(recorder: LedgerRecorder, seed: int) -> list[Allotment]:
    """One caller's issues: single ones, pairs, and every fifth one refused because its issue exists already."""
    dice = random.Random(seed)
    logged: list[Allotment] = []
    for turn in range(10):
        if turn % 5 == 4:
            doomed = Allotment(logged[0].issue_id, dice.choice(VILLAGES), 2026)
            with pytest.raises(VersionConflict):
                recorder.insert_events(
                    [stored(doomed.issue_id, 1)], commands=[command(doomed.issue_id, 1)], allotments=[doomed]
                )
        elif turn % 5 == 2:
            pair = [Allotment(uuid4(), village, 2026) for village in dice.sample(VILLAGES, 2)]
            events = [stored(allotment.issue_id, 1) for allotment in pair]
            recorder.insert_events(events, commands=[command(pair[0].issue_id, 1)], allotments=pair)
            logged += pair
        else:
            logged.append(log_issue(recorder, dice.choice(VILLAGES)))
    return logged


def test_numbers_have_no_gap_under_32_callers_some_of_them_refused(database: Database) -> None:
    with open_recorder(database.app_dsn) as recorder, ThreadPoolExecutor(CALLERS) as pool:
        runs = pool.map(lambda seed: _log_some(recorder, seed), range(CALLERS))
        logged = [allotment for run in runs for allotment in run]
    assert len(logged) == CALLERS * 10
    written = rows(
        database,
        "select village, serial, number, convert_from(state, 'UTF8') from issue_number"
        " join ledger_events on originator_id = issue_id and originator_version = 1 order by notification_id",
    )
    for village in VILLAGES:
        serials = [serial for of_village, serial, _, _ in written if of_village == village]
        assert serials == list(range(1, len(serials) + 1)), "without gap, and in the order of the log"
    assert {number for _, _, number, _ in written} == {allotment.number for allotment in logged}
    assert all(json.loads(str(state))["number"] == number for _, _, number, state in written)


def test_one_of_many_same_commands_is_done_and_the_others_are_told(database: Database) -> None:
    stream, command_id = uuid4(), uuid4()
    gate = threading.Barrier(16)

    def call(_: int) -> str:
        gate.wait()
        try:
            recorder.insert_events([stored(stream, 1)], commands=[command(stream, 1, command_id)])
        except IntegrityError as refused:
            return type(refused).__name__
        return "done"

    with open_recorder(database.app_dsn) as recorder, ThreadPoolExecutor(16) as pool:
        outcomes = Counter(pool.map(call, range(16)))
        assert len(recorder.select_events(stream)) == 1
    assert outcomes == {"done": 1, CommandAlreadyRecorded.__name__: 15}


def test_one_of_many_rivals_for_a_version_wins(database: Database) -> None:
    stream = uuid4()

    def call(number: int) -> bool:
        try:
            recorder.insert_events([stored(stream, 1, str(number))], commands=[command(stream, 1)])
        except VersionConflict:
            return False
        return True

    with open_recorder(database.app_dsn) as recorder, ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(call, range(16))) == 1
    assert rows(database, "select count(*) from command_log") == [(1,)]


def test_saves_that_cross_over_two_streams_have_one_winner_and_no_deadlock_error(database: Database) -> None:
    one, other = uuid4(), uuid4()

    def cross(number: int) -> bool:
        streams = [one, other] if number % 2 else [other, one]
        try:
            recorder.insert_events([stored(it, 1) for it in streams], commands=[command(one, 1)])
        except VersionConflict:
            return False
        return True

    with open_recorder(database.app_dsn) as recorder, ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(cross, range(24))) == 1
        done = [len(recorder.select_events(stream)) for stream in (one, other)]
    assert done == [1, 1]


def test_a_lost_answer_leaves_the_command_to_be_found(database: Database) -> None:
    with lossy_proxy(database.app_dsn) as proxy, open_recorder(proxy.dsn) as recorder:
        stream = uuid4()
        append(recorder, stream, 1)
        unsure = command(stream, 2)
        proxy.lose_next_answer()
        with pytest.raises(OperationalError):
            recorder.insert_events([stored(stream, 2)], commands=[unsure])
        eventually(lambda: recorder.find_command(unsure.command_id) == unsure)
        with pytest.raises(CommandAlreadyRecorded):
            recorder.insert_events([stored(stream, 3)], commands=[unsure])
        assert len(recorder.select_events(stream)) == 2


def test_a_writer_killed_before_its_commit_leaves_nothing_and_its_number_goes_to_the_next(database: Database) -> None:
    issue_id, killed = uuid4(), uuid4()
    with (
        open_recorder(database.app_dsn) as recorder,
        psycopg.connect(database.owner_dsn) as holder,
        psycopg.connect(database.superuser_dsn, autocommit=True) as superuser,
        ThreadPoolExecutor(1) as pool,
    ):
        log_issue(recorder)
        holder.execute("select * from village_counter for update")
        try:
            pending = pool.submit(_log, recorder, issue_id, killed)
            eventually(lambda: _terminate_waiting(superuser))
        finally:
            holder.rollback()
        with pytest.raises(OperationalError):
            pending.result(timeout=10)
        assert recorder.find_command(killed) is None
        assert pool.submit(_log, recorder, issue_id, killed).result(timeout=10) == "CX-2026-0002"


def test_a_thread_that_ended_does_not_keep_its_connection(database: Database) -> None:
    count = "select count(*) from pg_stat_activity where datname = current_database() and application_name = %s"
    with open_recorder(database.app_dsn) as recorder:
        for _ in range(5):
            with ThreadPoolExecutor(1) as pool:
                pool.submit(append, recorder, uuid4(), 1).result(timeout=10)
        eventually(lambda: rows(database, count, "huiyin ledger") == [(1,)])


def _log(recorder: LedgerRecorder, issue_id: UUID, command_id: UUID) -> str | None:
    allotment = Allotment(issue_id, "CX", 2026)
    asked = command(issue_id, 1, command_id)
    recorder.insert_events([stored(issue_id, 1)], commands=[asked], allotments=[allotment])
    return allotment.number


def _terminate_waiting(superuser: psycopg.Connection) -> bool:
    """Kill the recorder's backend once it waits for the counter."""
    killed = superuser.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'huiyin ledger' and wait_event_type = 'Lock'"
    ).fetchall()
    return killed == [(True,)]
