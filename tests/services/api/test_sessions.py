"""Sessions over HTTP: log-in, log-out and the cookie; many log-ins at once."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest

from services.api.door.limits import Kind, Limiter
from services.api.door.site import Site
from services.api.parts import IdentityConnections
from services.identity.log_in import LogIns
from services.identity.passwords import Hasher
from services.identity.tokens import create_token
from tests.services.api.conftest import CANARY, CHEAP, TEST_LIMITS, Api, assert_problem
from tests.services.api.own_account import ISSUE, PASSWORD, USER, account, browser, log_in, log_issue
from tests.services.api.test_unavailable import another_api
from tests.support.waiting import eventually

__all__ = ["account", "browser"]

# -- in and out -----------------------------------------------------------------------------------------------------


def test_given_name_and_password_then_a_session_reads_writes_and_ends(browser: httpx.Client) -> None:
    welcome = log_in(browser)
    assert welcome.status_code == 200, welcome.text
    assert welcome.json()["name"] == USER
    assert welcome.json()["come_by"] == "password"
    assert welcome.json()["must_change_password"] is False
    assert welcome.headers["cache-control"] == "no-store"
    assert browser.get("/api/v1/session").json()["scopes"] == ["manage", "read", "write"]
    assert browser.get("/api/v1/issues").status_code == 200
    assert log_issue(browser).status_code == 201
    assert [line["current"] for line in browser.get("/api/v1/sessions").json()["items"]].count(True) == 1
    cookie = browser.cookies["huiyin"]
    farewell = browser.delete("/api/v1/session")
    assert farewell.status_code == 204
    assert farewell.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert "huiyin" not in browser.cookies
    again = browser.get("/api/v1/issues", headers={"Cookie": f"huiyin={cookie}"})
    assert_problem(again, 401, "not-authenticated")


def test_given_two_browsers_when_one_logs_out_everywhere_then_both_are_out_and_tokens_only_if_asked(
    api: Api, browser: httpx.Client
) -> None:
    with psycopg.connect(api.database.app_dsn, autocommit=True) as connection:
        token = create_token(connection, USER, timedelta(hours=1))
    bearer = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=api.address) as other:
        log_in(other)
        log_in(browser)
        assert browser.delete("/api/v1/sessions").status_code == 204
        assert_problem(other.get("/api/v1/session"), 401, "not-authenticated")
    assert httpx.get(f"{api.address}/api/v1/session", headers=bearer).json()["come_by"] == "token"
    log_in(browser)
    assert browser.delete("/api/v1/sessions?tokens=true").status_code == 204
    assert_problem(httpx.get(f"{api.address}/api/v1/session", headers=bearer), 401, "not-authenticated")


def test_given_any_wrong_log_in_then_one_answer_and_no_echo(api: Api, browser: httpx.Client) -> None:
    answers = [log_in(browser, password=CANARY), log_in(browser, name="nobody"), log_in(browser, name=CANARY)]
    for answer in answers:
        assert_problem(answer, 401, "log-in-refused")
        assert "set-cookie" not in answer.headers
    assert len({answer.content for answer in answers}) == 1


BODIES: dict[str, tuple[Any, str]] = {
    "no password": ({"name": USER}, "missing-field"),
    "a number": ({"name": USER, "password": 123456789012}, "wrong-type"),
    "too long": ({"name": USER, "password": CANARY * 30}, "too-long"),
    "unknown field": ({"name": USER, "password": PASSWORD, CANARY: True}, "unknown-field"),
    "empty": ({"name": "", "password": ""}, "too-short"),
}


@pytest.mark.parametrize(("body", "code"), BODIES.values(), ids=BODIES)
def test_given_a_malformed_log_in_then_422_without_echo(browser: httpx.Client, body: Any, code: str) -> None:
    problem = assert_problem(browser.post("/api/v1/session", json=body), 422, "malformed")
    assert code in {error["code"] for error in problem["errors"]}


@pytest.mark.parametrize(
    "raw", [b'{"name":"a","name":"b","password":"x"}', b'{"name":"\\ud800","password":"x"}', b"[]"]
)
def test_given_an_odd_body_then_422(browser: httpx.Client, raw: bytes) -> None:
    answer = browser.post("/api/v1/session", content=raw, headers={"Content-Type": "application/json"})
    assert_problem(answer, 422, "malformed")


def test_given_a_form_then_415(browser: httpx.Client) -> None:
    assert_problem(browser.post("/api/v1/session", data={"name": USER, "password": PASSWORD}), 415, "not-json")


def test_given_many_log_ins_from_one_address_then_it_has_to_wait(api: Api) -> None:
    limiter = Limiter({Kind.LOG_IN: "2/minute"})
    with another_api(api, limiter=limiter) as there, httpx.Client(base_url=there.address) as client:
        assert [log_in(client, password="wrong").status_code for _ in range(3)] == [401, 401, 429]


class PatientHasher(Hasher):
    """Looks at passwords only when told to."""

    def __init__(self) -> None:
        super().__init__(CHEAP)
        self.may_go_on = threading.Event()
        self.at_once = 0
        self.most_at_once = 0

    def fits(self, stored: str | None, password: str) -> bool:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        assert self.may_go_on.wait(30)
        self.at_once -= 1
        return super().fits(stored, password)


def test_given_more_log_ins_than_can_be_looked_at_then_writes_go_on_and_the_rest_is_told_to_come_again(
    api: Api,
) -> None:
    hasher, connect = PatientHasher(), IdentityConnections(api.database.app_dsn)
    kept, beyond = 32 + TEST_LIMITS.log_ins, 3
    with (
        another_api(api, log_ins=LogIns(connect, hasher), limiter=api.parts.limiter) as there,
        ThreadPoolExecutor(kept + beyond) as pool,
        httpx.Client(base_url=there.address, timeout=30) as client,
    ):
        attempts = [pool.submit(log_in, client, password="wrong") for _ in range(kept + beyond)]
        eventually(lambda: sum(attempt.done() for attempt in attempts) == beyond)
        assert there.post("/api/v1/issues", ISSUE).status_code == 201
        hasher.may_go_on.set()
        answers = [attempt.result() for attempt in attempts]
    assert [answer.status_code for answer in answers].count(503) == beyond
    assert [answer.status_code for answer in answers].count(401) == kept
    connect.close()
    assert hasher.most_at_once == TEST_LIMITS.log_ins


def test_given_log_ins_then_neither_names_nor_passwords_are_in_metrics(api: Api, browser: httpx.Client) -> None:
    log_in(browser)
    log_in(browser, password=CANARY)
    text = api.send("GET", "/metrics").text
    assert "POST /api/v1/session" in text
    assert USER not in text
    assert CANARY not in text
    assert json.dumps(PASSWORD) not in text


# -- the cookie -----------------------------------------------------------------------------------------------------


def test_given_this_machine_without_https_then_the_cookie_is_plain_but_hidden_from_scripts(
    browser: httpx.Client,
) -> None:
    cookie = log_in(browser).headers["set-cookie"]
    assert cookie.startswith("huiyin=hs_")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert "Domain" not in cookie


def test_given_https_then_the_cookie_is_bound_to_the_host_and_strict_transport_is_asked_for(api: Api) -> None:
    own = {"Origin": "https://huiyin.example"}
    with (
        another_api(api, site=Site(own["Origin"])) as there,
        httpx.Client(base_url=there.address, headers=own) as client,
    ):
        welcome = log_in(client)
        cookie = welcome.headers["set-cookie"]
        assert cookie.startswith("__Host-huiyin=hs_")
        for attribute in ("HttpOnly", "SameSite=lax", "Secure", "Path=/"):
            assert attribute in cookie
        assert "Domain" not in cookie
        assert welcome.headers["strict-transport-security"].startswith("max-age=31536000")
        secret = cookie.split(";")[0]
        assert client.get("/api/v1/session", headers={"Cookie": secret}).status_code == 200
        plain = secret.replace("__Host-", "")
        assert_problem(client.get("/api/v1/session", headers={"Cookie": plain}), 401, "not-authenticated")
        assert_problem(log_in(client, Origin="https://huiyin.example.evil.test"), 403, "foreign-origin")


def test_given_another_machine_without_https_then_no_password_is_taken(api: Api) -> None:
    with httpx.Client(base_url=api.address, headers={"Host": "192.0.2.7:8000"}) as client:
        assert_problem(log_in(client), 403, "needs-https")
        assert_problem(log_in(client, Origin="http://192.0.2.7:8000"), 403, "needs-https")


@pytest.mark.parametrize(
    "cookie", ["huiyin=", "huiyin=hs_x", "huiyin={secret}; huiyin={secret}", "other={secret}", "huiyin=hs_" + "A" * 43]
)
def test_given_an_odd_cookie_then_nobody_is_let_in(api: Api, browser: httpx.Client, cookie: str) -> None:
    log_in(browser)
    sent = {"Cookie": cookie.replace("{secret}", browser.cookies["huiyin"])}
    assert_problem(httpx.get(f"{api.address}/api/v1/session", headers=sent), 401, "not-authenticated")


def test_given_a_sessions_secret_as_bearer_then_it_does_not_count(api: Api, browser: httpx.Client) -> None:
    log_in(browser)
    bearer = {"Authorization": f"Bearer {browser.cookies['huiyin']}"}
    assert_problem(httpx.get(f"{api.address}/api/v1/session", headers=bearer), 401, "not-authenticated")
