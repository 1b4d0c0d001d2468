"""API, worker and followers refuse a database that was loosened, in words; a sound one they take."""

import os
import subprocess
from pathlib import Path

import psycopg
import pytest

from projections.registry import read_models
from services.embedded import MachineProblem
from services.migrate import migrate
from services.start_check import findings_of, refuse_unsafe_database
from tests.support.postgres import Database
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
    "create view every_issue as select * from issue_ledger": "view-without-invoker",
    "create materialized view every_issue as select * from issue_ledger": "view-without-invoker",
}
ROLES = ("app_dsn", "follower_dsn")


@pytest.fixture
def office(database: Database) -> Database:
    """A database as an office has it."""
    migrate(database.owner_dsn, read_models())
    return database


def codes(dsn: str) -> set[str]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        return {finding.code for finding in findings_of(connection)} - NOT_DURABLE


def do_as_owner(database: Database, statement: str) -> None:
    with psycopg.connect(database.owner_dsn, autocommit=True) as owner:
        owner.execute(statement.encode())


@pytest.mark.parametrize("role", ROLES)
def test_given_a_migrated_database_then_nothing_speaks_against_it(office: Database, role: str) -> None:
    assert codes(getattr(office, role)) == set()
    migrate(office.owner_dsn, read_models())
    assert codes(getattr(office, role)) == set()


@pytest.mark.parametrize("statement", LOOSENED)
def test_given_a_loosened_database_then_it_is_named_and_migrating_mends_the_rows(
    office: Database, statement: str
) -> None:
    do_as_owner(office, statement)
    for role in ROLES:
        assert codes(getattr(office, role)) == {LOOSENED[statement]}
    migrate(office.owner_dsn, read_models())
    if statement != "create policy mine on issue_ledger using (true)" and LOOSENED[statement] == "rows-unprotected":
        assert codes(office.app_dsn) == set()


@pytest.mark.parametrize(("role", "code"), [("owner_dsn", "role-owns-tables"), ("superuser_dsn", "role-too-powerful")])
def test_given_a_role_that_rules_do_not_bind_then_it_is_named(office: Database, role: str, code: str) -> None:
    assert code in codes(getattr(office, role))


def test_given_a_role_that_may_become_the_owner_then_it_is_named(office: Database) -> None:
    with psycopg.connect(office.superuser_dsn, autocommit=True) as superuser:
        superuser.execute("grant huiyin_owner to huiyin_app with inherit false")
        try:
            assert "role-owns-tables" in codes(office.app_dsn)
        finally:
            superuser.execute("revoke huiyin_owner from huiyin_app")


def test_given_a_database_without_tables_then_it_is_refused_in_both_languages(empty_database: Database) -> None:
    with pytest.raises(MachineProblem) as refused:
        refuse_unsafe_database(empty_database.app_dsn)
    assert refused.value.code == "unsafe-database"
    assert "huiyin migrate" in refused.value.zh
    assert "huiyin migrate" in refused.value.en


def test_given_the_database_is_away_then_it_is_asked_again_with_longer_pauses(office: Database) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refuse_unsafe_database("postgresql://huiyin_app@127.0.0.1:1/none", pause=pause)
    assert pauses == [0.5, 1.0, 2.0, 4.0, 5.0]


@pytest.mark.parametrize("command", [("api",), ("worker",), ("follow", "seal"), ("follow", "ledgers")])
def test_given_a_loosened_database_when_a_process_starts_then_it_refuses_in_words(
    office: Database, tmp_path: Path, command: tuple[str, ...]
) -> None:
    do_as_owner(office, "alter table issue_ledger no force row level security")
    environment = {
        **os.environ,
        "HUIYIN_HOME": str(tmp_path),
        "HUIYIN_DATABASE_URL": office.app_dsn,
        "HUIYIN_FOLLOWER_DATABASE_URL": office.follower_dsn,
        "HUIYIN_TEMPORAL_ADDRESS": "127.0.0.1:1",
    }
    ended = subprocess.run([HUIYIN, *command], env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "rows-unprotected" in ended.stderr
    assert "issue_ledger" in ended.stderr
    assert "未启动" in ended.stderr
    assert "Not started" in ended.stderr
    assert "Traceback" not in ended.stderr
