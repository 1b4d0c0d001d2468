"""Accounts and tokens on a real database: who is let in, what an account covers, how soon a revoked one is out."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from domain.values import Actor, Role
from services.identity.accounts import Account, UnknownAccount, create_account, set_active
from services.identity.authenticator import Authenticator, NotAuthenticated
from services.identity.tokens import create_token, revoke_tokens
from services.persistence.directory import set_unit_head
from tests.support.postgres import Database

DAY = timedelta(days=1)


class Seconds:
    """A clock of the authenticator's."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def connection(database: Database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.app_dsn, autocommit=True) as opened:
        yield opened


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def authenticator(database: Database, seconds: Seconds) -> Authenticator:
    return Authenticator(lambda: psycopg.connect(database.app_dsn, autocommit=True), clock=seconds)


def an_account(connection: psycopg.Connection, name: str, role: Role, **scope: str) -> None:
    assert create_account(connection, name, role, display_zh="驻点干部", display_en="case handler", **scope)


def test_given_a_token_then_it_names_its_account(connection: psycopg.Connection, authenticator: Authenticator) -> None:
    an_account(connection, "handler", Role.CASE_HANDLER, village="QS")
    account = authenticator.account(create_token(connection, "handler", DAY))
    assert account == Account("handler", Role.CASE_HANDLER, "驻点干部", "case handler", "QS", frozenset())
    assert account.actor == Actor(user="handler", role=Role.CASE_HANDLER)


def test_given_tokens_then_they_differ_and_none_is_stored(connection: psycopg.Connection) -> None:
    an_account(connection, "handler", Role.CASE_HANDLER)
    tokens = {create_token(connection, "handler", DAY) for _ in range(5)}
    assert len(tokens) == 5
    assert all(token.startswith("hy_") and len(token) == 46 for token in tokens)
    stored = str(connection.execute("select * from api_token").fetchall())
    assert not any(token in stored or token[3:] in stored for token in tokens)


@pytest.mark.parametrize("token", ["", "hy_", "hy_" + "A" * 43, "x" * 46, "hy_" + "é" * 43, "hy_" + "A" * 42 + "\n"])
def test_given_an_unknown_token_then_nobody_is_let_in(
    database: Database, authenticator: Authenticator, token: str
) -> None:
    with pytest.raises(NotAuthenticated):
        authenticator.account(token)


def test_given_an_expired_token_then_nobody_is_let_in(
    connection: psycopg.Connection, authenticator: Authenticator, database: Database
) -> None:
    an_account(connection, "handler", Role.CASE_HANDLER)
    token = create_token(connection, "handler", DAY)
    with psycopg.connect(database.owner_dsn, autocommit=True) as owner:
        owner.execute("update api_token set created_at = created_at - interval '2 days',"
                      " expires_at = expires_at - interval '1 day'")  # fmt: skip
    with pytest.raises(NotAuthenticated):
        authenticator.account(token)


def test_given_a_revoked_token_then_it_is_forgotten_within_five_seconds(
    connection: psycopg.Connection, authenticator: Authenticator, seconds: Seconds
) -> None:
    an_account(connection, "handler", Role.CASE_HANDLER)
    token = create_token(connection, "handler", DAY)
    authenticator.account(token)
    assert revoke_tokens(connection, "handler") == 1
    seconds.now += 4.9
    assert authenticator.remembered(token) is not None
    seconds.now += 0.2
    assert authenticator.remembered(token) is None
    with pytest.raises(NotAuthenticated):
        authenticator.account(token)


def test_given_a_closed_account_then_its_tokens_no_longer_count_and_it_gets_no_new_ones(
    connection: psycopg.Connection, authenticator: Authenticator
) -> None:
    an_account(connection, "handler", Role.CASE_HANDLER)
    token = create_token(connection, "handler", DAY)
    set_active(connection, "handler", False)
    with pytest.raises(NotAuthenticated):
        authenticator.account(token)
    with pytest.raises(UnknownAccount):
        create_token(connection, "handler", DAY)
    set_active(connection, "handler", True)
    assert authenticator.account(token).name == "handler"


def test_given_nobody_of_that_name_then_there_is_no_token_and_nothing_to_close(connection: psycopg.Connection) -> None:
    with pytest.raises(UnknownAccount):
        create_token(connection, "nobody", DAY)
    with pytest.raises(UnknownAccount):
        set_active(connection, "nobody", False)


def test_given_a_taken_name_then_the_account_stays_as_it_is(connection: psycopg.Connection) -> None:
    an_account(connection, "lead", Role.STATION_LEAD)
    assert not create_account(connection, "lead", Role.FINANCE, display_zh="财政所", display_en="finance")
    assert connection.execute("select role from account").fetchall() == [("station_lead",)]


def test_given_the_process_then_it_can_have_no_account(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        create_account(connection, "process", Role.PROCESS, display_zh="流程", display_en="process")


def test_given_the_application_then_it_cannot_rewrite_tokens(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("update api_token set expires_at = 'infinity'")


def test_given_a_department_then_it_covers_what_its_units_own(
    connection: psycopg.Connection, authenticator: Authenticator
) -> None:
    an_account(connection, "water", Role.DEPARTMENT, unit="department:water")
    set_unit_head(connection, "department:roads", "water")
    account = authenticator.account(create_token(connection, "water", DAY))
    assert account.departments == {"water", "roads"}
    assert account.covers("QS", "roads")
    assert not account.covers("QS", "culture")
    assert not account.covers("QS", None)


def test_given_a_village_officer_then_other_villages_are_not_covered() -> None:
    officer = Account("handler", Role.CASE_HANDLER, "驻点干部", "case handler", village="QS")
    assert officer.covers("QS", None)
    assert not officer.covers("LX", None)


@pytest.mark.parametrize("role", Role)
def test_given_a_role_then_administrators_households_and_the_process_read_no_cases(role: Role) -> None:
    account = Account("somebody", role, "某人", "somebody")
    assert account.may_read == (role not in {Role.ADMINISTRATOR, Role.HOUSEHOLD, Role.PROCESS})


def test_given_a_household_then_no_case_is_covered_until_it_has_a_door_of_its_own() -> None:
    assert not Account("household", Role.HOUSEHOLD, "群众", "household").covers("QS", None)
