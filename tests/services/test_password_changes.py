"""Passwords on a real database: changed by oneself, set by somebody else, of the demonstration, stored anew."""

from datetime import timedelta

import psycopg
import pytest

from services.health.diagnosis import examine_ways_in
from services.identity.accounts import UnknownAccount, set_active
from services.identity.authenticator import NotAuthenticated
from services.identity.log_in import LogInRefused, LogIns
from services.identity.password_rules import PasswordTooShort, PasswordUnchanged
from services.identity.passwords import Cost, Hasher, set_password
from services.identity.tokens import create_token
from services.settings import Settings
from tests.support.logging_in import (
    ANOTHER,
    PASSWORD,
    CountingHasher,
    an_authenticator,
    connection,
    hasher,
    log_ins,
    wrong,
)
from tests.support.postgres import Database

__all__ = ["connection", "hasher", "log_ins"]


def test_given_the_old_password_then_the_new_one_counts_and_other_sessions_end(
    connection: psycopg.Connection, log_ins: LogIns, database: Database
) -> None:
    before = log_ins.log_in("handler", PASSWORD)
    after = log_ins.change_password("handler", PASSWORD, ANOTHER)
    with pytest.raises(NotAuthenticated):
        an_authenticator(database).visitor(before)
    assert an_authenticator(database).visitor(after).login.name == "handler"
    wrong(log_ins)
    log_ins.log_in("handler", ANOTHER)
    with pytest.raises(LogInRefused):
        log_ins.log_in("handler", PASSWORD)


def test_given_a_wrong_old_or_a_bad_new_password_then_nothing_changes(
    connection: psycopg.Connection, log_ins: LogIns
) -> None:
    with pytest.raises(LogInRefused):
        log_ins.change_password("handler", ANOTHER, ANOTHER)
    with pytest.raises(PasswordUnchanged):
        log_ins.change_password("handler", PASSWORD, PASSWORD)
    with pytest.raises(PasswordTooShort):
        log_ins.change_password("handler", PASSWORD, "short")
    log_ins.log_in("handler", PASSWORD)


def test_given_a_password_set_by_somebody_else_then_it_must_be_changed_first(
    connection: psycopg.Connection, log_ins: LogIns, hasher: CountingHasher, database: Database
) -> None:
    set_password(connection, "handler", PASSWORD, hasher, must_change=True)
    assert an_authenticator(database).visitor(log_ins.log_in("handler", PASSWORD)).must_change
    by_token = create_token(connection, "handler", timedelta(hours=1))
    assert not an_authenticator(database).visitor(by_token).must_change
    assert not an_authenticator(database).visitor(log_ins.change_password("handler", PASSWORD, ANOTHER)).must_change


def test_given_a_demonstration_password_then_outside_the_demonstration_nothing_works_before_it_is_changed(
    connection: psycopg.Connection, log_ins: LogIns, hasher: CountingHasher, database: Database
) -> None:
    set_password(connection, "handler", PASSWORD, hasher, must_change=False, demonstration=True)
    ways_in = [log_ins.log_in("handler", PASSWORD), create_token(connection, "handler", timedelta(hours=1))]
    for secret in ways_in:
        assert not an_authenticator(database, demonstration=True).visitor(secret).must_change
        assert an_authenticator(database).visitor(secret).must_change
    after = log_ins.change_password("handler", PASSWORD, ANOTHER)
    assert not an_authenticator(database).visitor(after).must_change
    assert not an_authenticator(database).visitor(ways_in[1]).must_change


def test_given_a_hash_of_another_cost_then_it_is_made_anew_at_log_in(
    connection: psycopg.Connection, log_ins: LogIns
) -> None:
    set_password(connection, "handler", PASSWORD, Hasher(Cost(passes=2, kibibytes=32)), must_change=False)
    stored = "select hash like '%m=64,t=1,%' from password"
    wrong(log_ins)
    assert connection.execute(stored).fetchone() == (False,)
    for _ in range(2):
        log_ins.log_in("handler", PASSWORD)
        assert connection.execute(stored).fetchone() == (True,)


def test_given_a_demonstration_at_a_public_address_then_the_doctor_says_so(
    connection: psycopg.Connection, hasher: CountingHasher
) -> None:
    public = Settings(public_url="https://huiyin.example", demonstration=True)
    assert examine_ways_in(public, connection) == []
    set_password(connection, "handler", PASSWORD, hasher, must_change=False, demonstration=True)
    assert [finding.code for finding in examine_ways_in(public, connection)] == ["demonstration-in-public"]
    for harmless in ({"public_url": None}, {"demonstration": False}):
        assert examine_ways_in(public.model_copy(update=harmless), connection) == []
    set_active(connection, "handler", False)
    assert examine_ways_in(public, connection) == []


def test_given_nobody_of_that_name_then_no_password_is_stored(
    connection: psycopg.Connection, hasher: CountingHasher
) -> None:
    with pytest.raises(UnknownAccount):
        set_password(connection, "nobody", PASSWORD, hasher, must_change=True)
