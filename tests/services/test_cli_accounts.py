"""`huiyin account` and `huiyin token` on a real database: what administrators do, and that passwords never show."""

from collections.abc import Iterator
from functools import partial

import psycopg
import pytest
from typer.testing import CliRunner, Result

from domain.errors import HuiyinError
from services.bootstrap import open_directory
from services.cli.commands import app
from services.identity.accounts import AccountExists, AccountInvalid, UnknownAccount
from services.identity.authenticator import Authenticator, NotAuthenticated
from services.identity.log_in import LogInRefused, LogIns
from services.identity.oidc import AlreadyLinked
from services.identity.password_rules import PasswordTooShort
from services.identity.passwords import Hasher
from services.identity.tokens import TokenScope, TokenUnknown
from tests.support.postgres import Database

PASSWORD = "lantern-river-plough-39"
WEI = ("account", "create", "zhang.wei", "--zh", "张伟", "--en", "Zhang Wei")


@pytest.fixture(autouse=True)
def _database(monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", database.app_dsn)


@pytest.fixture
def log_ins(database: Database) -> Iterator[LogIns]:
    return LogIns(lambda: psycopg.connect(database.app_dsn, autocommit=True), Hasher())


def visitor_by(database: Database, secret: str) -> Authenticator:
    connect = partial(psycopg.connect, database.app_dsn, autocommit=True)
    authenticator = Authenticator(connect, open_directory(database.app_dsn))
    authenticator.visitor(secret)
    return authenticator


def huiyin(*words: str, given: str = "") -> str:
    done = run(*words, given=given)
    assert done.exit_code == 0, done.output
    return done.output


def run(*words: str, given: str = "") -> Result:
    return CliRunner().invoke(app, words, input=given)


def refused(*words: str, given: str = "") -> type[HuiyinError]:
    done = run(*words, given=given)
    assert done.exit_code == 1
    assert isinstance(done.exception, HuiyinError)
    return type(done.exception)


def test_given_a_new_account_when_given_a_password_then_it_logs_in_and_must_change_it(
    database: Database, log_ins: LogIns
) -> None:
    huiyin(*WEI)
    assert "no password" in huiyin("account", "list")
    assert PASSWORD not in huiyin("account", "set-password", "zhang.wei", given=f"{PASSWORD}\n")
    assert "password to be changed" in huiyin("account", "list")
    visitor_by(database, log_ins.log_in("zhang.wei", PASSWORD))


def test_given_a_closed_account_then_nobody_logs_in_until_it_is_opened(database: Database, log_ins: LogIns) -> None:
    huiyin(*WEI)
    huiyin("account", "set-password", "zhang.wei", given=f"{PASSWORD}\n")
    secret = log_ins.log_in("zhang.wei", PASSWORD)
    huiyin("account", "close", "zhang.wei")
    assert "closed" in huiyin("account", "list")
    with pytest.raises(NotAuthenticated):
        visitor_by(database, secret)
    with pytest.raises(LogInRefused):
        log_ins.log_in("zhang.wei", PASSWORD)
    huiyin("account", "open", "zhang.wei")
    log_ins.log_in("zhang.wei", PASSWORD)
    with pytest.raises(NotAuthenticated):  # what was ended stays ended
        visitor_by(database, secret)


def test_given_a_lock_when_the_password_is_set_anew_or_the_account_opened_then_it_is_lifted(log_ins: LogIns) -> None:
    huiyin(*WEI)
    for words in (("set-password", "zhang.wei"), ("open", "zhang.wei")):
        huiyin("account", "set-password", "zhang.wei", given=f"{PASSWORD}\n")
        for _ in range(5):
            with pytest.raises(LogInRefused):
                log_ins.log_in("zhang.wei", "wrong")
        assert "locked until" in huiyin("account", "list")
        huiyin("account", *words, given=f"{PASSWORD}\n")
        log_ins.log_in("zhang.wei", PASSWORD)


def test_given_what_does_not_fit_then_it_is_refused_in_words() -> None:
    huiyin(*WEI)
    assert refused(*WEI) is AccountExists
    assert refused("account", "create", "Zhang Wei", *WEI[3:]) is AccountInvalid
    assert refused("account", "close", "nobody") is UnknownAccount
    assert refused("account", "set-password", "nobody", given=f"{PASSWORD}\n") is UnknownAccount
    assert refused("account", "set-password", "zhang.wei", given="short\n") is PasswordTooShort
    assert refused("token", "create", "--user", "nobody") is UnknownAccount
    assert refused("token", "revoke", "77") is TokenUnknown
    assert run("token", "revoke").exit_code == 2
    assert run("account", "set-password", "zhang.wei", PASSWORD).exit_code == 2


def test_given_tokens_then_they_are_listed_by_their_end_and_revoked_one_or_all(database: Database) -> None:
    huiyin(*WEI)
    narrow = huiyin("token", "create", "--user", "zhang.wei", "--scope", "read", "--days", "2").strip()
    wide = huiyin("token", "create", "--user", "zhang.wei").strip()
    first, second = huiyin("token", "list", "--user", "zhang.wei").splitlines()
    assert f"…{narrow[-4:]}" in first
    assert " read " in first
    assert "manage,read,write" in second
    assert narrow not in first
    assert visitor_by(database, narrow).visitor(narrow).scopes == {TokenScope.READ}
    huiyin("token", "revoke", first.split()[0])
    with pytest.raises(NotAuthenticated):
        visitor_by(database, narrow)
    huiyin("token", "revoke", "--user", "zhang.wei")
    with pytest.raises(NotAuthenticated):
        visitor_by(database, wide)
    assert huiyin("token", "list") == ""


def test_given_a_provider_when_an_account_is_linked_then_one_subject_means_one_account(
    monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    huiyin(*WEI)
    huiyin("account", "create", "li.na", *WEI[3:])
    assert run("account", "link", "zhang.wei", "--subject", "s-1").exit_code == 2
    monkeypatch.setenv("HUIYIN_OIDC_ISSUER", "https://login.example/realm")
    for _ in range(2):
        huiyin("account", "link", "zhang.wei", "--subject", "s-1")
    assert refused("account", "link", "li.na", "--subject", "s-1") is AlreadyLinked
    assert refused("account", "link", "nobody", "--subject", "s-2") is UnknownAccount
    huiyin("account", "unlink", "zhang.wei")
    huiyin("account", "link", "li.na", "--subject", "s-1")
    with psycopg.connect(database.app_dsn) as connection:
        assert connection.execute("select issuer, subject, account from vouched_identity").fetchall() == [
            ("https://login.example/realm", "s-1", "li.na")
        ]
