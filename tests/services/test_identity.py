"""Accounts and tokens on a real database: who is let in, in which post, how soon a revoked token or a lost post counts.

The organisation is tests/support/organisation.py's county, or that of the test itself.
"""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from domain.casework import Casework
from domain.organisation import commands as c
from domain.organisation.together import reorganise
from domain.organisation.words import PlaceKind
from domain.values import Actor, Role
from services.identity.accounts import (
    Account,
    NoPost,
    PostNotHeld,
    UnknownAccount,
    account_in_post,
    create_account,
    set_active,
)
from services.identity.accounts import Login as Somebody
from services.identity.authenticator import Authenticator, NotAuthenticated
from services.identity.tokens import create_token, revoke_tokens
from services.persistence.directory import OrganisationDirectory
from tests.support.casework import casework, clock
from tests.support.office import START
from tests.support.organisation import after, ask, county, county_commands
from tests.support.postgres import Database
from tests.support.seconds import Seconds
from tests.support.waiting import eventually

__all__ = ["casework", "clock"]
COUNTY = county()

DAY = timedelta(days=1)


@pytest.fixture
def connection(database: Database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.app_dsn, autocommit=True) as opened:
        yield opened


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def authenticator(database: Database, seconds: Seconds, casework: Casework) -> Authenticator:
    """On the county's organisation, whose directory looks anew each time."""
    reorganise(casework, county_commands())

    def connect() -> psycopg.Connection:
        return psycopg.connect(database.app_dsn, autocommit=True)

    return Authenticator(connect, OrganisationDirectory(connect, lambda: START), clock=seconds)


def an_account(connection: psycopg.Connection, name: str) -> None:
    assert create_account(connection, name, display_zh="驻点干部", display_en="case handler")


def in_post(user: str, post: str | None = None, *changes: c.OrganisationCommand) -> Account:
    return account_in_post(Somebody(user, "某人", "somebody"), after(COUNTY, *changes), START, post)


def test_given_a_token_then_it_names_its_account_and_what_follows_from_the_post(
    connection: psycopg.Connection, authenticator: Authenticator
) -> None:
    an_account(connection, "handler")
    token = create_token(connection, "handler", DAY)
    account = authenticator.account(authenticator.visitor(token).login)
    assert account == Account(
        name="handler",
        display_zh="驻点干部",
        display_en="case handler",
        role=Role.CASE_HANDLER,
        place="QS",
        villages=frozenset({"QS"}),
        townships=frozenset({"云岭镇"}),
        barred=frozenset({"handler", "lead", "lead2", "secretary", "magistrate"}),
    )
    assert account.actor == Actor(user="handler", role=Role.CASE_HANDLER)
    assert authenticator.visitor(token).login == Somebody("handler", "驻点干部", "case handler")


def test_given_tokens_then_they_differ_and_none_is_stored(connection: psycopg.Connection) -> None:
    an_account(connection, "handler")
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
        authenticator.visitor(token)


def test_given_an_expired_token_then_nobody_is_let_in(
    connection: psycopg.Connection, authenticator: Authenticator, database: Database
) -> None:
    an_account(connection, "handler")
    token = create_token(connection, "handler", DAY)
    with psycopg.connect(database.owner_dsn, autocommit=True) as owner:
        owner.execute("update api_token set created_at = created_at - interval '2 days',"
                      " expires_at = expires_at - interval '1 day'")  # fmt: skip
    with pytest.raises(NotAuthenticated):
        authenticator.visitor(token)


def test_given_a_revoked_token_then_it_is_forgotten_within_five_seconds(
    connection: psycopg.Connection, authenticator: Authenticator, seconds: Seconds
) -> None:
    an_account(connection, "handler")
    token = create_token(connection, "handler", DAY)
    authenticator.visitor(token)
    assert revoke_tokens(connection, "handler") == 1
    seconds.now += 3.9
    assert authenticator.remembered(token) is not None
    seconds.now += 0.2
    assert authenticator.remembered(token) is None
    with pytest.raises(NotAuthenticated):
        authenticator.visitor(token)


def test_given_a_closed_account_then_its_tokens_no_longer_count_and_it_gets_no_new_ones(
    connection: psycopg.Connection, authenticator: Authenticator
) -> None:
    an_account(connection, "handler")
    token = create_token(connection, "handler", DAY)
    set_active(connection, "handler", False)
    with pytest.raises(NotAuthenticated):
        authenticator.visitor(token)
    with pytest.raises(UnknownAccount):
        create_token(connection, "handler", DAY)
    set_active(connection, "handler", True)
    assert authenticator.visitor(token).login.name == "handler"


def test_given_nobody_of_that_name_then_there_is_no_token_and_nothing_to_close(connection: psycopg.Connection) -> None:
    with pytest.raises(UnknownAccount):
        create_token(connection, "nobody", DAY)
    with pytest.raises(UnknownAccount):
        set_active(connection, "nobody", False)


def test_given_a_taken_name_then_the_account_stays_as_it_is(connection: psycopg.Connection) -> None:
    an_account(connection, "lead")
    assert not create_account(connection, "lead", display_zh="财政所", display_en="finance")
    assert connection.execute("select display_en from account").fetchall() == [("case handler",)]


def test_given_the_application_then_it_cannot_rewrite_tokens(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("update api_token set expires_at = 'infinity'")


# -- posts ------------------------------------------------------------------------------------------------------------


def test_given_a_post_that_ends_then_it_is_lost_within_five_seconds_in_the_middle_of_the_work(
    connection: psycopg.Connection, authenticator: Authenticator, seconds: Seconds, casework: Casework
) -> None:
    an_account(connection, "handler")
    login = authenticator.visitor(create_token(connection, "handler", DAY)).login
    authenticator.account(login)
    casework.handle(ask(c.EndAppointment))
    seconds.now += 3.9
    assert authenticator.remembered_account(login) is not None
    seconds.now += 0.2
    assert authenticator.remembered_account(login) is None

    def lost() -> bool:
        seconds.now += 5  # nothing is remembered; the directory looks once a second, by the real clock
        try:
            authenticator.account(login)
        except NoPost:
            return True
        return False

    eventually(lost, within=2)


def test_given_a_post_named_then_it_is_that_one_and_each_is_remembered_for_itself(
    connection: psycopg.Connection, authenticator: Authenticator, casework: Casework
) -> None:
    an_account(connection, "member2")
    login = authenticator.visitor(create_token(connection, "member2", DAY)).login
    assert authenticator.account(login).role is Role.COMMITTEE_MEMBER
    acting = authenticator.account(login, "finance@YL")
    assert acting.actor == Actor(user="member2", role=Role.FINANCE, on_behalf_of="finance")
    assert authenticator.remembered_account(login, "finance@YL") == acting
    with pytest.raises(PostNotHeld):
        authenticator.account(login, "auditor@YX")


def test_given_nobody_in_a_post_then_they_are_known_and_cannot_act(
    connection: psycopg.Connection, authenticator: Authenticator
) -> None:
    an_account(connection, "newcomer")
    login = authenticator.visitor(create_token(connection, "newcomer", DAY)).login
    assert login.name == "newcomer"
    assert authenticator.posts(login) == ()
    with pytest.raises(NoPost):
        authenticator.account(login)


@pytest.mark.parametrize(
    ("user", "villages"),
    [("handler", {"QS"}), ("handler2", {"QS", "LX"}), ("finance", {"QS", "LX", "BC"}), ("magistrate", None)],
)
def test_given_a_post_then_the_villages_are_those_of_its_place(user: str, villages: set[str] | None) -> None:
    account = in_post(user)
    assert account.villages == villages
    for village in ("QS", "LX", "BC", "WS"):
        assert account.covers(village, None) == (villages is None or village in villages)


def test_given_a_department_then_it_covers_what_is_with_it_and_with_its_officers_others_of_the_same_office() -> None:
    roads = ask(c.RegisterPlace, place="department:roads", kind=PlaceKind.DEPARTMENT, name="交通局", parent="YX")
    both = in_post(
        "water", None, roads, ask(c.AppointOfficer, officer="water", role=Role.DEPARTMENT, place="department:roads")
    )
    assert both.departments == {"water", "roads"}
    assert both.covers("QS", "roads")
    assert not both.covers("QS", "culture")
    assert not both.covers("QS", None)
    assert in_post("plumber").departments == {"water"}


def test_given_a_townships_own_department_then_it_covers_that_township_only() -> None:
    account = in_post("ws-water")
    assert account.departments == {"water"}
    assert account.covers("WS", "water")
    assert not account.covers("QS", "water")


def test_given_a_deputy_then_what_is_barred_for_the_officer_is_barred_for_them() -> None:
    account = in_post("handler2", "station_lead@YL1", ask(c.NameDeputy))
    assert account.on_behalf_of == "lead"
    assert account.barred >= {"handler2", "lead", "lead2"}


@pytest.mark.parametrize("role", Role)
def test_given_a_role_then_administrators_households_and_the_process_read_no_cases(role: Role) -> None:
    account = Account("somebody", "某人", "somebody", role, "YL")
    assert account.may_read == (role not in {Role.ADMINISTRATOR, Role.HOUSEHOLD, Role.PROCESS})


def test_given_a_household_then_no_case_is_covered_until_it_has_a_door_of_its_own() -> None:
    assert not Account("household", "群众", "household", Role.HOUSEHOLD, "YL").covers("QS", None)
