"""The sealer, one step at a time: late events, dead gaps, other people's transactions, restarts, elections."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest

from projections.log_reader import LogReader, head, unsealed
from projections.seal import Sealer, Sealing, SealProgress, seal_once
from tests.support.postgres import Database
from tests.support.waiting import eventually

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def app(database: Database) -> Iterator[Connection]:
    with psycopg.connect(database.app_dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture
def follower(database: Database) -> Iterator[Connection]:
    """As the sealer connects."""
    with psycopg.connect(database.follower_dsn, autocommit=True) as connection:
        yield connection


@contextmanager
def open_transaction(database: Database) -> Iterator[Connection]:
    with psycopg.connect(database.app_dsn) as connection:
        yield connection


def append(connection: Connection, events: int = 1) -> list[int]:
    """Append events to streams of their own; their notification ids."""
    rows = connection.execute(
        "insert into ledger_events (originator_id, originator_version, topic, state)"
        " select gen_random_uuid(), 1, 'test.noted', '{}' from generate_series(1, %s) returning notification_id",
        (events,),
    ).fetchall()
    return [int(str(notification_id)) for (notification_id,) in rows]


def sealed_ids(connection: Connection) -> list[object]:
    return [it for (it,) in connection.execute("select notification_id from seal order by position").fetchall()]


def low_watermark(connection: Connection) -> object:
    return connection.execute("select low_watermark from seal_progress").fetchall()[0][0]


def test_events_get_dense_positions_from_zero_in_the_order_of_their_ids(app: Connection, follower: Connection) -> None:
    assert (head(app), unsealed(app)) == (-1, 0)
    ids = append(app, 3)
    assert unsealed(app) == 3
    assert seal_once(follower) == 3
    ids += append(app, 2)
    assert seal_once(follower) == 2
    assert seal_once(follower) == 0
    assert sealed_ids(app) == ids
    assert (head(app), unsealed(app), low_watermark(app)) == (4, 0, ids[-1])


def test_an_event_committed_late_is_sealed_late_though_a_naive_reader_misses_it(
    database: Database, app: Connection, follower: Connection
) -> None:
    with open_transaction(database) as slow:
        late = append(slow)
        quick = append(app)
        seal_once(follower)
        naive = _read_naively(app, 0)
        slow.commit()
    assert seal_once(follower) == 1
    naive += _read_naively(app, naive[-1])
    assert sealed_ids(app) == quick + late
    assert naive == quick, "the naive reader has to miss the late event, or this test shows nothing"


def test_a_gap_whose_owner_is_still_running_is_kept_open_however_many_passes_go_by(
    database: Database, app: Connection, follower: Connection
) -> None:
    sealing = Sealing(follower)
    with open_transaction(database) as slow:
        late = append(slow)
        for _ in range(5):
            quick = append(app)
            assert sealing.pass_once().open_gaps == 1
            assert sealing.pass_once() == SealProgress(head(app), 0, 0.0, 1)
        assert low_watermark(app) == late[0] - 1
        slow.commit()
    progress = sealing.pass_once()
    assert (progress.sealed, progress.open_gaps) == (1, 0)
    assert (sealed_ids(app)[-1], low_watermark(app)) == (late[0], quick[-1])


def test_a_gap_left_by_a_rollback_dies_and_is_never_asked_for_again(
    database: Database, app: Connection, follower: Connection
) -> None:
    sealing = Sealing(follower)
    with open_transaction(database) as doomed:
        append(doomed, 50)
        quick = append(app)
        assert sealing.pass_once().open_gaps == 1
        doomed.rollback()
    assert sealing.pass_once().open_gaps == 0
    quick += append(app)
    sealing.pass_once()
    assert (sealed_ids(app), low_watermark(app)) == (quick, quick[-1])
    assert Sealing(follower).pass_once().open_gaps == 0


def test_a_transaction_that_wrote_elsewhere_delays_nobodys_event(
    database: Database, app: Connection, follower: Connection
) -> None:
    sealing = Sealing(follower)
    with open_transaction(database) as elsewhere:
        elsewhere.execute("insert into village_counter values ('CX', 2026, 1)")
        with open_transaction(database) as doomed:
            append(doomed)
            doomed.rollback()
        for _ in range(3):
            append(app)
            assert sealing.pass_once().sealed == 1
        assert sealing.pass_once().open_gaps == 1, "it might be the gap's owner: nobody can tell"
        elsewhere.rollback()
    assert sealing.pass_once().open_gaps == 0


def test_a_pass_takes_all_late_events_but_only_so_many_new_ones(
    database: Database, app: Connection, follower: Connection
) -> None:
    sealing = Sealing(follower)
    with open_transaction(database) as slow:
        late = append(slow, 3)
        first = append(app)
        sealing.pass_once()
        slow.commit()
    fresh = append(app, 5)
    assert [sealing.pass_once(most=2).sealed for _ in range(4)] == [5, 2, 1, 0]
    assert sealed_ids(app) == first + late + fresh


@pytest.mark.parametrize("between", [3, 120_000])
def test_after_a_restart_a_late_event_is_found_however_far_back(
    database: Database, app: Connection, follower: Connection, between: int
) -> None:
    with open_transaction(database) as slow:
        late = append(slow)
        ids = append(app, between)
        assert seal_once(follower) == between
        sealing = Sealing(follower)
        assert sealing.pass_once().open_gaps == 1
        slow.commit()
    assert sealing.pass_once().sealed == 1
    assert sealed_ids(app)[-1] == late[0]
    assert (head(app), low_watermark(app)) == (between, ids[-1])


def test_a_sequence_that_jumped_far_ahead_costs_one_gap(
    database: Database, app: Connection, follower: Connection
) -> None:
    ids = append(app)
    with psycopg.connect(database.owner_dsn, autocommit=True) as owner:
        owner.execute("select setval('ledger_events_notification_id_seq', 4000000000)")
    ids += append(app)
    sealing = Sealing(follower)
    assert sealing.pass_once().open_gaps == 1
    assert sealing.pass_once().open_gaps == 0
    assert sealed_ids(app) == ids


def test_a_pass_tells_listeners_once_and_only_if_it_sealed(
    database: Database, app: Connection, follower: Connection
) -> None:
    with psycopg.connect(database.app_dsn, autocommit=True) as listener:
        listener.execute("listen sealed")
        sealing = Sealing(follower)
        append(app, 3)
        assert [sealing.pass_once().sealed for _ in range(2)] == [3, 0]
        heard = [(it.channel, it.payload) for it in listener.notifies(timeout=0.2)]
    assert heard == [("sealed", "2")]


def test_readers_get_whole_events_by_position(app: Connection, follower: Connection) -> None:
    stream = uuid4()
    for version in (1, 2, 3):
        app.execute(
            "insert into ledger_events (originator_id, originator_version, topic, state) values (%s, %s, 'a.b', %s)",
            (stream, version, b"{%d}" % version),
        )
    seal_once(follower)
    reader = LogReader(app)
    batch = reader.read_sealed(-1, 2)
    assert [it[:5] for it in batch] == [(0, stream, 1, "a.b", b"{1}"), (1, stream, 2, "a.b", b"{2}")]
    assert [it.position for it in reader.read_sealed(batch[-1].position, 2)] == [2]
    assert reader.read_sealed(2, 2) == []
    assert all(it.recorded_at.tzinfo is not None for it in batch)


@contextmanager
def running(sealer: Sealer) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=sealer.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=10)
        assert not thread.is_alive()


def test_one_of_two_sealers_is_elected_and_the_other_takes_over_when_it_is_gone(
    database: Database, app: Connection, follower: Connection
) -> None:
    one, other = list[SealProgress](), list[SealProgress]()
    with running(Sealer(database.follower_dsn, other.append)):
        with running(Sealer(database.follower_dsn, one.append)):
            append(app)
            eventually(lambda: head(app) == 0)
            assert seal_once(follower) == 0, "somebody else is elected"
            assert not (one and other)
        eventually(lambda: bool(other))
        append(app)
        eventually(lambda: head(app) == 1)


def test_a_sealer_that_lost_its_connection_goes_on_where_it_was(database: Database, app: Connection) -> None:
    with running(Sealer(database.follower_dsn)), psycopg.connect(database.superuser_dsn, autocommit=True) as superuser:
        append(app)
        eventually(lambda: head(app) == 0)
        kill = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'huiyin sealer'"
        assert superuser.execute(kill).fetchall() == [(True,)]
        append(app)
        eventually(lambda: head(app) == 1)


def test_a_sealer_without_tables_says_so_instead_of_trying_for_ever(empty_database: Database) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable):
        Sealer(empty_database.follower_dsn).run(threading.Event())


def test_progress_tells_position_and_how_long_the_first_event_waited(app: Connection, follower: Connection) -> None:
    app.execute("begin")
    append(app)
    app.execute("select pg_sleep(0.05)")
    app.execute("commit")
    progress = Sealing(follower).pass_once()
    assert (progress.position, progress.sealed) == (0, 1)
    assert progress.lag_seconds >= 0.05


def _read_naively(connection: Connection, last: object) -> list[object]:
    query = "select notification_id from ledger_events where notification_id > %s order by notification_id"
    return [it for (it,) in connection.execute(query, (last,)).fetchall()]
