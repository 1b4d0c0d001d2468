"""A prepared statement gives what a cursor gives, of any size; an interrupted one gives nobody its answer."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest

from services.persistence.prepared import PreparedStatements
from tests.support.postgres import Database

_ID = UUID("6f1c2f0e-3c5e-4d0e-9d53-0f5f6f1f2a10")


@pytest.fixture
def statements(database: Database) -> Iterator[PreparedStatements]:
    with psycopg.connect(database.app_dsn, autocommit=True) as connection:
        yield PreparedStatements(connection)


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        ("select $1::uuid, $2::bigint, $3::text, $4::bytea", (_ID, 7, "村口", b"\x00\xff")),
        ("select $1::bigint, $2::bigint", (2**40, None)),
        ("select $1::uuid[], $2::text[], $3::integer[]", ([_ID], ["甲", "乙"], [])),
        ("select $1::timestamptz, $2::boolean", (datetime(2026, 3, 1, 8, tzinfo=UTC), True)),
        ("select n from generate_series(1, $1::integer) as n", (3,)),
        ("select 1 where $1::boolean", (False,)),
    ],
)
def test_given_a_statement_then_the_rows_are_those_of_a_cursor(
    statements: PreparedStatements, statement: str, parameters: tuple[Any, ...]
) -> None:
    expected = psycopg.RawCursor(statements.connection).execute(statement, parameters, binary=True).fetchall()
    assert statements.execute(statement, parameters) == expected
    assert statements.execute(statement, parameters) == expected, "prepared by now"


def test_given_numbers_of_several_sizes_then_each_arrives_whole(statements: PreparedStatements) -> None:
    for number in (1, 2**20, 2**40, -1):
        assert statements.execute("select $1::bigint", (number,)) == [(number,)]


def test_given_more_than_a_socket_holds_then_all_of_it_goes_and_comes(statements: PreparedStatements) -> None:
    much = [bytes([n]) * 1_000_000 for n in range(24)]
    assert statements.execute("select $1::bytea[]", (much,)) == [(much,)]


def test_given_a_refusal_then_it_is_psycopgs_error_and_the_next_statement_works(statements: PreparedStatements) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero) as refused:
        statements.execute("select 1 / $1::integer", (0,))
    assert refused.value.sqlstate == "22012"
    with pytest.raises(psycopg.errors.UndefinedTable):
        statements.execute("select * from no_such_table where n = $1", (1,))
    assert statements.execute("select $1::integer", (1,)) == [(1,)]


def test_given_a_server_process_that_ended_then_it_is_an_operational_error_and_the_connection_is_closed(
    database: Database, statements: PreparedStatements
) -> None:
    ((pid,),) = statements.execute("select pg_backend_pid()", ())
    with psycopg.connect(database.superuser_dsn, autocommit=True) as superuser:
        superuser.execute("select pg_terminate_backend(%s, 5000)", (pid,))
    with pytest.raises(psycopg.OperationalError):
        statements.execute("select 1", ())
    assert statements.connection.closed


def test_given_an_interruption_while_waiting_then_the_connection_is_closed_with_its_answer_unread(
    statements: PreparedStatements, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupting:
        def poll(self, _: int) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(statements, "_readable", Interrupting())
    with pytest.raises(KeyboardInterrupt):
        statements.execute("select pg_sleep(0.05)", ())
    assert statements.connection.closed


def test_given_a_close_from_another_thread_then_the_statement_under_way_fails(
    database: Database, statements: PreparedStatements
) -> None:
    ((pid,),) = statements.execute("select pg_backend_pid()", ())
    failures: list[Exception] = []

    def wait() -> None:
        try:
            statements.execute("select pg_sleep(30)", ())
        except psycopg.Error as error:
            failures.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    with psycopg.connect(database.superuser_dsn, autocommit=True) as superuser:
        asleep = "select 1 from pg_stat_activity where pid = %s and wait_event = 'PgSleep'"
        while superuser.execute(asleep, (pid,)).fetchone() is None:
            pass
        statements.connection.close()
        thread.join(10)
        superuser.execute("select pg_terminate_backend(%s, 5000)", (pid,))
    assert [type(error) for error in failures] == [psycopg.OperationalError]
