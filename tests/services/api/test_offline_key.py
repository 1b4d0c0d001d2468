"""A phone's key: told to one's own session, the same at the next log-in, another one for everybody else."""

import base64

import httpx
import pytest

from tests.services.api.conftest import Api, assert_problem
from tests.services.api.own_account import ISSUE, USER, account, browser, log_in, log_issue

__all__ = ["account", "browser"]

KEY = "/api/v1/me/offline-key"


def test_given_a_session_then_its_account_s_key_is_told_and_never_kept(api: Api, browser: httpx.Client) -> None:
    until = log_in(browser).json()["expires_at"]
    told = browser.get(KEY)
    assert told.status_code == 200
    assert told.json() == {
        "account": USER,
        "key": base64.b64encode(api.parts.offline_keys.of(USER)).decode(),
        "until": until,
    }
    assert told.headers["cache-control"] == "no-store"


def test_given_the_next_log_in_then_it_is_the_same_key(browser: httpx.Client) -> None:
    log_in(browser)
    first = browser.get(KEY).json()["key"]
    browser.delete("/api/v1/session")
    log_in(browser)
    assert browser.get(KEY).json()["key"] == first
    assert len(base64.b64decode(first)) == 32


def test_given_another_account_then_it_is_another_key(api: Api) -> None:
    keys = api.parts.offline_keys
    assert len({keys.of(name) for name in ("handler", "handler2", "handler ", "Handler")}) == 4


@pytest.mark.parametrize("by", ["handler", "admin"])
def test_given_a_token_or_nobody_then_no_key_is_told(api: Api, by: str) -> None:
    assert_problem(api.get(KEY, by), 401, "not-authenticated")
    assert_problem(api.send("GET", KEY), 401, "not-authenticated")


def test_given_what_another_account_saved_when_it_is_sent_then_nothing_is_done(api: Api, browser: httpx.Client) -> None:
    log_in(browser)
    before = api.written()
    refused = log_issue(browser, **{"Huiyin-Account": "handler", "Origin": api.address})
    assert_problem(refused, 403, "other-account")
    assert api.written() == before
    assert log_issue(browser, **{"Huiyin-Account": USER}).status_code == 201
    assert_problem(api.post("/api/v1/issues", ISSUE, Huiyin_Account="lead"), 403, "other-account")
