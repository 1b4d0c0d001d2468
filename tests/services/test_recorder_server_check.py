"""A server or role that could lose or alter the log is named, with what to do; a sound one passes."""

import psycopg
import pytest

from services.persistence.server_check import Finding, check_server
from tests.support.postgres import Database


def _codes(dsn: str, *settings: str) -> list[str]:
    with psycopg.connect(dsn, autocommit=True, options="".join(f"-c {it} " for it in settings)) as connection:
        return [finding.code for finding in check_server(connection)]


def test_the_application_role_passes_and_an_unsynchronised_commit_does_not(database: Database) -> None:
    sound = _codes(database.app_dsn, "synchronous_commit=on")
    assert set(sound) <= {"fsync-off", "full-page-writes-off"}, "the tests' own server may run without fsync"
    assert set(_codes(database.app_dsn, "synchronous_commit=off")) - set(sound) == {"synchronous-commit-off"}


def test_a_server_without_fsync_is_named(database: Database) -> None:
    with psycopg.connect(database.app_dsn) as connection:
        off = connection.execute("show fsync").fetchone() == ("off",)
    assert ("fsync-off" in _codes(database.app_dsn)) is off


@pytest.mark.parametrize(("dsn", "code"), [("owner_dsn", "log-can-be-altered"), ("superuser_dsn", "role-too-powerful")])
def test_a_role_that_may_alter_the_log_is_named(database: Database, dsn: str, code: str) -> None:
    assert code in _codes(getattr(database, dsn))


def test_a_database_without_a_log_is_named(empty_database: Database) -> None:
    assert "not-migrated" in _codes(empty_database.app_dsn)


def test_a_finding_speaks_both_languages(empty_database: Database) -> None:
    with psycopg.connect(empty_database.app_dsn) as connection:
        (finding,) = [it for it in check_server(connection) if it.code == "not-migrated"]
    assert finding == Finding("not-migrated", finding.zh, finding.en)
    assert "huiyin migrate" in finding.zh
    assert "huiyin migrate" in finding.en
