"""Passwords and tokens over HTTP: one that must be changed, a wrong one, what a token is good for and its end."""

from datetime import timedelta

import httpx
import psycopg
import pytest

from services.identity.passwords import Hasher, set_password
from services.identity.tokens import TokenScope, create_token, revoke_tokens
from tests.services.api.conftest import CHEAP, Api, assert_problem
from tests.services.api.own_account import ANOTHER, PASSWORD, USER, account, browser, log_in, log_issue
from tests.support.waiting import eventually

__all__ = ["account", "browser"]

# -- passwords ------------------------------------------------------------------------------------------------------


def test_given_a_password_of_somebody_else_then_nothing_works_before_it_is_changed(
    api: Api, browser: httpx.Client
) -> None:
    with psycopg.connect(api.database.app_dsn, autocommit=True) as connection:
        set_password(connection, USER, PASSWORD, Hasher(CHEAP), must_change=True)
    assert log_in(browser).json()["must_change_password"] is True
    assert_problem(browser.get("/api/v1/issues"), 403, "password-must-change")
    assert_problem(log_issue(browser), 403, "password-must-change")
    before = browser.cookies["huiyin"]
    bad = browser.post("/api/v1/password", json={"old": PASSWORD, "new": "short"})
    assert_problem(bad, 409, "password-too-short")
    changed = browser.post("/api/v1/password", json={"old": PASSWORD, "new": ANOTHER})
    assert changed.json()["must_change_password"] is False
    assert browser.cookies["huiyin"] != before
    assert log_issue(browser).status_code == 201
    old = httpx.get(f"{api.address}/api/v1/session", headers={"Cookie": f"huiyin={before}"})
    assert_problem(old, 401, "not-authenticated")


def test_given_a_wrong_old_password_then_it_stays_and_counts_as_a_failure(api: Api, browser: httpx.Client) -> None:
    log_in(browser)
    refused = browser.post("/api/v1/password", json={"old": ANOTHER, "new": ANOTHER})
    assert_problem(refused, 401, "log-in-refused")
    with psycopg.connect(api.database.app_dsn, autocommit=True) as connection:
        row = connection.execute("select failures from log_in_failure where account = %s", (USER,)).fetchone()
    assert row == (1,)


def test_given_a_token_then_it_changes_no_password_and_ends_no_session(api: Api) -> None:
    bearer = api.bearer("handler")
    change = {"old": PASSWORD, "new": ANOTHER}
    for method, path, body in (("POST", "password", change), ("DELETE", "session", None), ("GET", "sessions", None)):
        answer = api.send(method, f"/api/v1/{path}", headers=bearer, json=body)
        assert_problem(answer, 401, "not-authenticated")


# -- what tokens are for --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [
        ({TokenScope.READ}, 200, 403),
        ({TokenScope.WRITE}, 200, 201),
        ({TokenScope.MANAGE}, 200, 403),
        (set(TokenScope), 200, 201),
    ],
)
def test_given_a_token_of_some_scope_then_it_is_good_for_that_only(
    api: Api, scopes: set[str], reads: int, writes: int
) -> None:
    with psycopg.connect(api.database.app_dsn, autocommit=True) as connection:
        token = create_token(connection, USER, timedelta(hours=1), {TokenScope(scope) for scope in scopes})
    with httpx.Client(base_url=api.address, headers={"Authorization": f"Bearer {token}"}) as program:
        assert program.get("/api/v1/issues").status_code == reads
        answer = log_issue(program)
        assert answer.status_code == writes
        if writes == 403:
            assert_problem(answer, 403, "scope-too-narrow")


def test_given_a_revoked_token_then_it_ends_within_seconds(api: Api) -> None:
    with psycopg.connect(api.database.app_dsn, autocommit=True) as connection:
        token = create_token(connection, USER, timedelta(hours=1))
        bearer = {"Authorization": f"Bearer {token}"}
        assert api.send("GET", "/api/v1/issues", headers=bearer).status_code == 200
        revoke_tokens(connection, USER)
    eventually(lambda: api.send("GET", "/api/v1/issues", headers=bearer).status_code == 401, within=7)
