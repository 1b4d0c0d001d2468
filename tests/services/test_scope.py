"""Scopes follow from accounts, and bind exactly one transaction."""

from dataclasses import replace

import psycopg
import pytest

from domain.values import Role
from services.identity.accounts import Account
from services.persistence.scope import Scope, scoped
from tests.support.postgres import Database


def account(role: Role, village: str | None = None, *units: str) -> Account:
    villages = None if village is None else frozenset({village})
    return Account("somebody", "某人", "somebody", role, "YL", villages=villages, units=frozenset(units))


def test_given_a_reader_then_the_scope_is_its_villages_and_departments() -> None:
    assert Scope.of(account(Role.CASE_HANDLER, "QS")) == Scope(frozenset({"QS"}), None)
    assert Scope.of(account(Role.AUDITOR)) == Scope.whole()
    assert Scope.of(account(Role.DEPARTMENT, None, "department:water")) == Scope(None, frozenset({"water"}))
    assert Scope.of(account(Role.DEPARTMENT)) == Scope(None, frozenset())


def test_given_officials_about_whom_somebody_may_know_nothing_then_the_scope_bars_them() -> None:
    barred = frozenset({"somebody", "lead"})
    reader = replace(account(Role.CASE_HANDLER, "QS"), barred=barred)
    assert Scope.of(reader).barred == Scope.of_counts(reader).barred == barred


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.HOUSEHOLD])
def test_given_somebody_who_reads_no_cases_then_the_scope_is_empty(role: Role) -> None:
    assert Scope.of(account(role)) == Scope()


def test_given_a_code_that_would_be_read_as_two_then_it_is_refused() -> None:
    for code in ("QS,LX", "*"):
        with pytest.raises(ValueError, match="comma"):
            Scope(villages=frozenset({code})).settings()


def test_given_an_open_transaction_then_a_scope_is_refused(database: Database) -> None:
    with psycopg.connect(database.app_dsn) as connection:
        connection.execute("select 1")
        with pytest.raises(RuntimeError, match="of its own"), scoped(connection, Scope.whole()):
            pytest.fail("it was let in")


def test_given_an_error_inside_then_the_scope_ends_with_it(database: Database) -> None:
    with psycopg.connect(database.app_dsn, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.DivisionByZero), scoped(connection, Scope.whole()):
            connection.execute("select 1 / 0")
        row = connection.execute("select current_setting('huiyin.villages', true)").fetchone()
    assert row in ((None,), ("",))


@pytest.mark.parametrize("role", ["app_dsn", "follower_dsn", "keys_dsn"])
def test_given_any_role_of_the_processes_then_the_log_is_never_changed(database: Database, role: str) -> None:
    inserts = role == "app_dsn"
    with psycopg.connect(getattr(database, role), autocommit=True) as connection:
        held = connection.execute(
            "select privilege from unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) as privilege"
            " where has_table_privilege('ledger_events', privilege)"
            " or (privilege in ('INSERT', 'UPDATE') and has_any_column_privilege('ledger_events', privilege))"
        ).fetchall()
    assert held == ([("INSERT",)] if inserts else [])
