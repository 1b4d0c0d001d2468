"""Scopes follow from accounts, and bind exactly one transaction."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import psycopg
import pytest

from domain.values import Role
from services.identity.accounts import Account
from services.persistence.scope import MOST_PREPARED, Scope, ScopedConnection, scoped
from tests.support.postgres import Database

IDLE = psycopg.pq.TransactionStatus.IDLE


def account(role: Role, village: str | None = None, *units: str) -> Account:
    villages = None if village is None else frozenset({village})
    return Account("somebody", "某人", "somebody", role, "YL", villages=villages, units=frozenset(units))


def test_given_a_reader_then_the_scope_is_its_villages_and_departments() -> None:
    assert Scope.of(account(Role.CASE_HANDLER, "QS")) == Scope(frozenset({"QS"}), None)
    assert Scope.of(account(Role.AUDITOR)) == Scope(None, None)
    assert Scope.of(account(Role.DEPARTMENT, None, "department:water")) == Scope(None, frozenset({"water"}))
    assert Scope.of(account(Role.DEPARTMENT)) == Scope(None, frozenset())


def test_given_officials_about_whom_somebody_may_know_nothing_then_the_scope_bars_them() -> None:
    barred = frozenset({"somebody", "lead"})
    reader = replace(account(Role.CASE_HANDLER, "QS"), barred=barred)
    assert Scope.of(reader).barred == Scope.of_counts(reader).barred == barred


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.HOUSEHOLD])
def test_given_somebody_who_reads_no_cases_then_the_scope_is_empty(role: Role) -> None:
    assert Scope.of(account(role)) == Scope()


def test_given_a_deputy_then_the_inbox_is_theirs_and_that_of_whom_they_stand_in_for() -> None:
    deputy = replace(account(Role.CASE_HANDLER, "QS"), on_behalf_of="lead", barred=frozenset({"somebody"}))
    assert Scope.of_inbox(deputy) == Scope(people=frozenset({"somebody", "lead"}), barred=frozenset({"somebody"}))
    assert Scope.of_inbox(account(Role.ADMINISTRATOR)).people == {"somebody"}


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


# -- each question by itself ----------------------------------------------------------------------------------------

SETTINGS = "select nullif(current_setting('huiyin.villages', true), ''), txid_current_if_assigned() is null"
QS = Scope(frozenset({"QS"}), None)


@pytest.fixture
def asking(database: Database) -> Iterator[ScopedConnection]:
    with ScopedConnection.connect(database.app_dsn, autocommit=True) as connection:
        connection.execute("create temporary table said (word text)")
        yield connection


def villages(connection: psycopg.Connection) -> object:
    """For whose villages this question is bound; None: for none."""
    row = connection.execute(SETTINGS).fetchone()
    return row[0] if row else "no answer"


def test_given_questions_within_a_scope_then_each_is_bound_and_nothing_before_nor_after(
    asking: ScopedConnection,
) -> None:
    assert villages(asking) is None
    with asking.within(QS):
        assert [villages(asking), villages(asking)] == ["QS", "QS"]
        assert asking.info.transaction_status is IDLE
    assert villages(asking) is None
    with asking.within(Scope.whole()):
        assert villages(asking) == "*"
    assert villages(asking) is None


def test_given_an_error_in_a_question_then_its_scope_ends_with_it_and_what_it_did_is_undone(
    asking: ScopedConnection,
) -> None:
    with asking.within(QS):
        with pytest.raises(psycopg.errors.DivisionByZero):
            asking.execute("with done as (insert into said values ('a') returning 1) select 1 / 0 from done")
        assert villages(asking) == "QS"
    assert villages(asking) is None
    assert asking.execute("select count(*) from said").fetchone() == (0,)


def test_given_an_error_beside_the_questions_then_the_scope_ends_with_it(asking: ScopedConnection) -> None:
    with pytest.raises(KeyError), asking.within(QS):
        raise KeyError
    assert villages(asking) is None


def test_given_a_question_that_cannot_be_sent_then_the_scope_ends_all_the_same(asking: ScopedConnection) -> None:
    with asking.within(QS):
        with pytest.raises(psycopg.ProgrammingError):
            asking.execute("select %s", (object(),))
        assert asking.info.transaction_status is IDLE
        assert villages(asking) == "QS"
    assert villages(asking) is None


def test_given_a_scope_that_cannot_be_bound_then_the_question_is_not_asked(asking: ScopedConnection) -> None:
    with asking.within(QS):
        asking.bind = (b"QS",)  # one of four settings
        with pytest.raises(psycopg.Error):
            asking.execute("insert into said values ('a')")
    assert asking.execute("select count(*) from said").fetchone() == (0,)


@pytest.mark.parametrize("forgetting", ["deallocate all", "discard all"])
def test_given_a_connection_that_forgot_how_to_bind_then_it_learns_it_again(
    asking: ScopedConnection, forgetting: str
) -> None:
    with asking.within(QS):
        assert villages(asking) == "QS"
    asking.execute(forgetting.encode())
    with asking.within(QS):
        assert villages(asking) == "QS"


def test_given_more_questions_than_a_connection_prepares_then_each_is_bound(asking: ScopedConnection) -> None:
    with asking.within(QS):
        for number in range(2 * MOST_PREPARED):
            asked = f"select current_setting('huiyin.villages') || %s || {number}".encode()
            assert asking.execute(asked, ("-",)).fetchone() == (f"QS-{number}",)
    prepared = asking.execute("select count(*) from pg_prepared_statements where name like 'scoped%'").fetchone()
    assert prepared == (MOST_PREPARED,)
    assert villages(asking) is None


def test_given_an_open_transaction_then_no_question_is_bound(asking: ScopedConnection, database: Database) -> None:
    with asking.transaction(), pytest.raises(RuntimeError, match="of its own"), asking.within(QS):
        pytest.fail("it was let in")
    with ScopedConnection.connect(database.app_dsn) as another:
        another.execute("select 1")
        with pytest.raises(RuntimeError, match="of its own"), another.within(QS):
            pytest.fail("it was let in")


def test_given_a_transaction_begun_amid_a_scope_then_it_is_refused_and_ends_with_it(asking: ScopedConnection) -> None:
    with asking.within(QS):
        asking.execute("begin")
        with pytest.raises(RuntimeError, match="of its own"):
            asking.execute("select 1")
    assert asking.info.transaction_status is IDLE
    assert villages(asking) is None
    with asking.within(QS):
        assert villages(asking) == "QS"


def test_given_a_scope_in_force_then_no_other_is_laid_over_it(asking: ScopedConnection) -> None:
    with asking.within(QS):
        with pytest.raises(RuntimeError, match="already"), asking.within(Scope.whole()):
            pytest.fail("it was let in")
        assert villages(asking) == "QS"


def by_a_kept_cursor(connection: ScopedConnection) -> object:
    with connection.within(QS):
        kept = connection.cursor()
        kept.execute("select 1")
    return kept.execute(SETTINGS).fetchone()


def by_a_stream(connection: ScopedConnection) -> object:
    with connection.within(QS), connection.cursor() as cursor:
        return next(iter(cursor.stream(SETTINGS)))


def by_many(connection: ScopedConnection) -> object:
    with connection.within(QS), connection.cursor() as cursor:
        cursor.executemany(SETTINGS + " where %s", [(True,)], returning=True)
        return cursor.fetchone()


@pytest.mark.parametrize("other_way", [by_a_kept_cursor, by_a_stream, by_many])
def test_given_any_other_way_to_ask_then_no_scope_is_bound(
    asking: ScopedConnection, other_way: Callable[[ScopedConnection], object]
) -> None:
    assert other_way(asking) == (None, True)


def test_given_a_connection_that_breaks_within_a_scope_then_the_break_is_told(
    asking: ScopedConnection, database: Database
) -> None:
    with asking.within(QS):
        with psycopg.connect(database.superuser_dsn, autocommit=True) as superuser:
            superuser.execute("select pg_terminate_backend(%s)", (asking.info.backend_pid,))
        with pytest.raises(psycopg.OperationalError):
            asking.execute("select 1")
    assert asking.closed


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
