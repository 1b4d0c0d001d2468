"""Sessions on a real database end: idle, old, closed, logged out; none moves to another account."""

from datetime import timedelta

import psycopg
import pytest

from services.identity.accounts import set_active
from services.identity.authenticator import NotAuthenticated
from services.identity.log_in import LogIns
from services.identity.sessions import CameBy, open_session
from services.identity.tokens import create_token
from tests.support.logging_in import PASSWORD, an_authenticator, connection, hasher, log_ins
from tests.support.postgres import Database

__all__ = ["connection", "hasher", "log_ins"]


@pytest.mark.parametrize(
    "aged",
    [
        "last_used_at = last_used_at - interval '61 minutes', created_at = created_at - interval '61 minutes'",
        "created_at = created_at - interval '13 hours', expires_at = expires_at - interval '12 hours 1 second'",
    ],
    ids=["idle for an hour", "twelve hours old"],
)
def test_given_an_idle_or_an_old_session_then_nobody_is_let_in(
    connection: psycopg.Connection, log_ins: LogIns, database: Database, aged: str
) -> None:
    secret = log_ins.log_in("handler", PASSWORD)
    with psycopg.connect(database.owner_dsn, autocommit=True) as owner:
        owner.execute(f"update session set {aged}".encode())
    with pytest.raises(NotAuthenticated):
        an_authenticator(database).visitor(secret)
    assert connection.execute("select count(*) from session where last_used_at > now() - interval '1 minute'"
                              " and expires_at > now()").fetchone() == (0,)  # fmt: skip


def test_given_a_used_session_then_its_idle_time_begins_anew(
    connection: psycopg.Connection, log_ins: LogIns, database: Database
) -> None:
    secret = log_ins.log_in("handler", PASSWORD)
    with psycopg.connect(database.owner_dsn, autocommit=True) as owner:
        owner.execute("update session set last_used_at = last_used_at - interval '59 minutes'")
    an_authenticator(database).visitor(secret)
    assert connection.execute("select last_used_at > now() - interval '1 minute' from session").fetchone() == (True,)


def test_given_a_closed_account_then_its_sessions_count_no_more_and_none_is_opened(
    connection: psycopg.Connection, log_ins: LogIns, database: Database
) -> None:
    secret = log_ins.log_in("handler", PASSWORD)
    set_active(connection, "handler", False)
    with pytest.raises(NotAuthenticated):
        an_authenticator(database).visitor(secret)
    assert open_session(connection, "handler", CameBy.OIDC) is None


def test_given_log_out_then_this_session_ends_and_everywhere_ends_all_and_tokens_if_asked(
    connection: psycopg.Connection, log_ins: LogIns, database: Database
) -> None:
    here, there = log_ins.log_in("handler", PASSWORD), log_ins.log_in("handler", PASSWORD)
    token = create_token(connection, "handler", timedelta(hours=1))
    assert [line.current for line in log_ins.sessions("handler", here)].count(True) == 1
    log_ins.log_out(here)
    assert len(log_ins.sessions("handler", there)) == 1
    log_ins.log_out_everywhere("handler", tokens=False)
    assert log_ins.sessions("handler", there) == []
    assert an_authenticator(database).visitor(token).come_by is CameBy.TOKEN
    log_ins.log_out_everywhere("handler", tokens=True)
    for secret in (here, there, token):
        with pytest.raises(NotAuthenticated):
            an_authenticator(database).visitor(secret)


def test_given_the_application_then_it_cannot_move_a_session_to_another_account(
    connection: psycopg.Connection, log_ins: LogIns
) -> None:
    log_ins.log_in("handler", PASSWORD)
    for change in ("account = 'admin'", "expires_at = 'infinity'"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"update session set {change}".encode())
