"""The migrations: once each, safe in parallel, never altered afterwards; the application's rights end at the log."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from projections.projection import ReadModel
from services import migrate as migrations
from services.migrate import MigrationChanged, MigrationFailed, MigrationUnknown, migrate, pending_migrations
from tests.support.postgres import Database
from tests.support.waiting import eventually

BOOK = ReadModel("book", "create table if not exists book (id bigint primary key, title text)", ("book",))


def _tables(dsn: str) -> set[str]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    return {name for (name,) in rows}


def _given_files(monkeypatch: pytest.MonkeyPatch, texts: dict[str, str]) -> None:
    monkeypatch.setattr(migrations, "migration_files", lambda: texts)


def test_an_empty_database_gets_every_file_in_order_and_a_second_run_finds_nothing(empty_database: Database) -> None:
    applied = migrate(empty_database.owner_dsn)
    assert applied == sorted(path.name for path in Path(migrations.__file__).parent.glob("persistence/sql/*.sql"))
    assert {"ledger_events", "command_log", "village_counter", "issue_number", "seal"} <= _tables(
        empty_database.owner_dsn
    )
    assert migrate(empty_database.owner_dsn) == []
    with psycopg.connect(empty_database.app_dsn) as connection:
        assert pending_migrations(connection) == []


def test_what_is_pending_is_named_before_the_first_run(empty_database: Database) -> None:
    with psycopg.connect(empty_database.owner_dsn) as connection:
        assert pending_migrations(connection) == list(migrations.migration_files())


def test_parallel_runs_apply_each_file_once(empty_database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        runs = list(pool.map(migrate, [empty_database.owner_dsn] * 8))
    assert sorted(name for run in runs for name in run) == list(migrations.migration_files())


def test_a_changed_file_is_refused_by_name(empty_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _given_files(monkeypatch, {"0001_a.sql": "create table a (x int);"})
    migrate(empty_database.owner_dsn)
    _given_files(monkeypatch, {"0001_a.sql": "create table a (x bigint);", "0002_b.sql": "create table b (x int);"})
    with pytest.raises(MigrationChanged, match=r"migration-changed \(0001_a\.sql\)"):
        migrate(empty_database.owner_dsn)
    assert "b" not in _tables(empty_database.owner_dsn)


def test_an_older_program_refuses_a_newer_database(empty_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _given_files(monkeypatch, {"0001_a.sql": "create table a (x int);", "0002_b.sql": "create table b (x int);"})
    migrate(empty_database.owner_dsn)
    _given_files(monkeypatch, {"0001_a.sql": "create table a (x int);"})
    with pytest.raises(MigrationUnknown, match=r"0002_b\.sql"):
        migrate(empty_database.owner_dsn)


def test_a_failing_file_leaves_nothing_and_keeps_those_before_it(
    empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = "create table half (x int); select 1 / 0;"
    _given_files(monkeypatch, {"0001_a.sql": "create table a (x int);", "0002_b.sql": broken})
    with pytest.raises(MigrationFailed, match=r"0002_b\.sql.*division by zero"):
        migrate(empty_database.owner_dsn)
    assert _tables(empty_database.owner_dsn) == {"schema_migration", "a"}
    _given_files(monkeypatch, {"0001_a.sql": "create table a (x int);", "0002_b.sql": "create table whole (x int);"})
    assert migrate(empty_database.owner_dsn) == ["0002_b.sql"]


def test_read_models_are_made_once_written_by_the_follower_and_read_by_the_application(
    empty_database: Database,
) -> None:
    migrate(empty_database.owner_dsn, [BOOK])
    assert migrate(empty_database.owner_dsn, [BOOK]) == []
    with psycopg.connect(empty_database.follower_dsn) as connection:
        connection.execute("insert into book values (1, 'a'), (2, 'b')")
        connection.execute("update book set title = 'c' where id = 2")
        connection.execute("delete from book where id = 1")
    for statement in ("insert into book values (3, 'd')", "update book set title = 'e'", "delete from book"):
        with (
            psycopg.connect(empty_database.app_dsn) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement.encode())


def test_broken_read_model_is_named_and_leaves_nothing(empty_database: Database) -> None:
    twice = ReadModel("shelf", "create table shelf (x int); create table shelf (x int)", ("shelf",))
    with pytest.raises(MigrationFailed, match="shelf"):
        migrate(empty_database.owner_dsn, [twice])
    assert "shelf" not in _tables(empty_database.owner_dsn)


INSERTED = "insert into ledger_events (originator_id, originator_version, topic, state)"
ONE_EVENT = f"{INSERTED} values (gen_random_uuid(), 1, 't', '{{}}')"


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_events set topic = 'x'",
        "delete from ledger_events",
        "truncate ledger_events",
        "update command_log set version = 9",
        "delete from command_log",
        "delete from issue_number",
        "update issue_number set serial = 9",
        "update seal set position = position + 1",
        "delete from seal",
        "delete from village_counter",
        "insert into ledger_events (originator_id, originator_version, topic, state, notification_id)"
        " values (gen_random_uuid(), 1, 't', '{}', 77)",
        "insert into ledger_events (originator_id, originator_version, topic, state, recorded_at)"
        " values (gen_random_uuid(), 1, 't', '{}', '2001-01-01')",
        "select setval('ledger_events_notification_id_seq', 1)",
        "drop table ledger_events",
        "alter table ledger_events disable trigger append_only",
        "create table mine (x int)",
    ],
)
def test_the_application_role_may_only_add_to_the_log(database: Database, statement: str) -> None:
    with psycopg.connect(database.app_dsn, autocommit=True) as connection:
        connection.execute(ONE_EVENT)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())


@pytest.mark.parametrize("replaying", [False, True])
@pytest.mark.parametrize("table", ["ledger_events", "command_log", "issue_number", "seal"])
def test_even_the_owner_is_refused_a_change_by_the_trigger(database: Database, table: str, replaying: bool) -> None:
    dsn = database.superuser_dsn if replaying else database.owner_dsn
    with psycopg.connect(dsn, autocommit=True) as connection:
        if replaying:
            connection.execute("set session_replication_role = replica")
        for change in (f"delete from {table}", f"truncate {table}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                connection.execute(change.encode())


def test_any_insert_owns_a_transaction_id_before_it_draws_a_notification_id(database: Database) -> None:
    """Without this the sealer could call a running writer's id dead (see projections/seal.py)."""
    with (
        psycopg.connect(database.owner_dsn) as holder,
        psycopg.connect(database.app_dsn, autocommit=True) as writer,
        psycopg.connect(database.superuser_dsn, autocommit=True) as watcher,
        ThreadPoolExecutor(1) as pool,
    ):
        holder.execute("alter sequence ledger_events_notification_id_seq cache 1")  # nextval waits until this ends
        pending = pool.submit(writer.execute, ONE_EVENT)
        waiting = "select backend_xid is not null from pg_stat_activity where pid = %s and wait_event_type = 'Lock'"
        try:
            seen = eventually(lambda: watcher.execute(waiting, (writer.info.backend_pid,)).fetchone())
        finally:
            holder.rollback()
        pending.result(timeout=10)
        assert seen == (True,)


def test_given_a_read_model_of_another_shape_when_migrated_then_it_is_made_anew_and_followed_from_the_beginning(
    empty_database: Database,
) -> None:
    migrate(empty_database.owner_dsn, [BOOK])
    with psycopg.connect(empty_database.follower_dsn) as connection:
        connection.execute("insert into book values (1, 'a')")
        connection.execute("insert into follower_position (name, position) values ('book', 7), ('other', 7)")
    migrate(empty_database.owner_dsn, [BOOK])
    assert _asked(empty_database, "select count(*) from book") == [(1,)]
    with_pages = BOOK._replace(ddl=BOOK.ddl.replace("title text", "title text, pages int"))
    migrate(empty_database.owner_dsn, [with_pages])
    assert _asked(empty_database, "select pages from book") == []
    assert _asked(empty_database, "select name, position from follower_position") == [("other", 7)]


def _asked(database: Database, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database.follower_dsn) as connection:
        return connection.execute(question.encode()).fetchall()
