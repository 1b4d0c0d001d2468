"""API, worker and followers refuse a database that was loosened, in words; a sound one they take."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from projections.registry import read_models
from services.embedded import MachineProblem
from services.migrate import migrate
from services.start_check import findings_of, refuse_unsafe_database, tables_of_read_models
from tests.support.postgres import Database, DatabaseServer
from tests.support.system import HUIYIN

NOT_DURABLE = {"fsync-off", "full-page-writes-off", "synchronous-commit-off"}
"""The tests' own server may run without fsync."""

LOOSENED = {
    "alter table issue_ledger no force row level security": "rows-unprotected",
    "alter table dashboard disable row level security": "rows-unprotected",
    "drop policy scope on issue_history": "rows-unprotected",
    "create policy mine on issue_ledger using (true)": "rows-unprotected",
    "alter policy scope on issue_ledger using (true)": "rows-unprotected",
    "alter policy writer on dashboard to public": "rows-unprotected",
    "drop table dashboard": "rows-unprotected",
    "alter table ledger_events disable trigger append_only": "log-guard-off",
    "alter table seal enable replica trigger append_only": "log-guard-off",
    "drop trigger append_only on issue_number": "log-guard-off",
    "grant update on ledger_events to public": "log-can-be-altered",
    "grant usage on schema keys to public": "keys-readable",
    "create view every_issue as select * from issue_ledger": "view-without-invoker",
    "create materialized view every_issue as select * from issue_ledger": "view-without-invoker",
}
ROLES = ("huiyin_app", "huiyin_follower")


@pytest.fixture(scope="module")
def office(database_server: DatabaseServer) -> Iterator[Database]:
    """A database as an office has it; what a test does to it is taken back."""
    made = database_server.migrated_database()
    migrate(made.owner_dsn, read_models())
    yield made
    database_server.drop(made)


@contextmanager
def having(office: Database, statement: str) -> Iterator[psycopg.Connection]:
    """A superuser's connection, on which this was done; undone at the end."""
    with psycopg.connect(office.superuser_dsn) as connection:
        connection.execute(statement.encode())
        yield connection
        connection.rollback()


def codes(connection: psycopg.Connection, role: str) -> set[str]:
    """What is found by somebody in this role."""
    with connection.transaction(force_rollback=True):
        connection.execute(f"set local role {role}".encode())
        return {finding.code for finding in findings_of(connection, tables_of_read_models())} - NOT_DURABLE


@pytest.mark.parametrize("role", ROLES)
def test_given_a_migrated_database_then_nothing_speaks_against_it(office: Database, role: str) -> None:
    migrate(office.owner_dsn, read_models())
    with having(office, "select 1") as connection:
        assert codes(connection, role) == set()


@pytest.mark.parametrize("statement", LOOSENED)
def test_given_a_loosened_database_then_it_is_named(office: Database, statement: str) -> None:
    with having(office, statement) as connection:
        for role in ROLES:
            assert codes(connection, role) == {LOOSENED[statement]}


def test_given_loosened_rows_when_migrated_again_then_they_are_protected(database: Database) -> None:
    migrate(database.owner_dsn, read_models())
    mended = [it for it, code in LOOSENED.items() if code == "rows-unprotected" and "mine" not in it]
    with psycopg.connect(database.owner_dsn, autocommit=True) as owner:
        for statement in mended:
            owner.execute(statement.encode())
    migrate(database.owner_dsn, read_models())
    with having(database, "select 1") as connection:
        assert codes(connection, "huiyin_app") == set()


@pytest.mark.parametrize(("role", "code"), [("huiyin_owner", "role-owns-tables"), ("postgres", "role-too-powerful")])
def test_given_a_role_that_rules_do_not_bind_then_it_is_named(office: Database, role: str, code: str) -> None:
    with having(office, "select 1") as connection:
        assert code in codes(connection, role)


def test_given_a_role_that_may_become_the_owner_then_it_is_named(office: Database) -> None:
    with having(office, "grant huiyin_owner to huiyin_app with inherit false") as connection:
        assert codes(connection, "huiyin_app") == {"role-owns-tables"}


def test_given_a_database_without_tables_then_it_is_refused_in_both_languages(empty_database: Database) -> None:
    with pytest.raises(MachineProblem) as refused:
        refuse_unsafe_database(empty_database.app_dsn)
    assert refused.value.code == "unsafe-database"
    assert "huiyin migrate" in refused.value.zh
    assert "huiyin migrate" in refused.value.en


def test_given_the_database_is_away_then_it_is_asked_again_with_longer_pauses() -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refuse_unsafe_database("postgresql://huiyin_app@127.0.0.1:1/none", pause=pause)
    assert pauses == [0.5, 1.0, 2.0, 4.0, 5.0]


def test_given_a_loosened_database_when_a_process_starts_then_it_refuses_in_words(
    database: Database, tmp_path: Path
) -> None:
    migrate(database.owner_dsn, read_models())
    with psycopg.connect(database.owner_dsn, autocommit=True) as owner:
        owner.execute("alter table issue_ledger no force row level security")
        owner.execute("alter table seal disable trigger append_only")
    environment = {
        **os.environ,
        "HUIYIN_HOME": str(tmp_path),
        "HUIYIN_DATABASE_URL": database.app_dsn,
        "HUIYIN_FOLLOWER_DATABASE_URL": database.follower_dsn,
        "HUIYIN_KEYS_DATABASE_URL": database.keys_dsn,
        "HUIYIN_TEMPORAL_ADDRESS": "127.0.0.1:1",
    }
    commands = (("api",), ("worker",), ("follow", "seal"), ("follow", "ledgers"))
    started = [
        subprocess.Popen([HUIYIN, *command], env=environment, stderr=subprocess.PIPE, text=True) for command in commands
    ]
    for command, process in zip(commands, started, strict=True):
        _, said = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "log-guard-off" in said
        assert ("rows-unprotected" in said) == ("issue_ledger" in said) == (command != ("follow", "seal"))
        assert "未启动" in said
        assert "Not started" in said
        assert "Traceback" not in said
