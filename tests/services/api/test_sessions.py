"""Sessions over HTTP: log-in, log-out, the cookie, writes from other sites' pages, passwords that must be changed."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from domain.organisation.commands import AppointOfficer
from services.api.limits import Kind, Limiter
from services.api.parts import IdentityConnections
from services.api.site import Site
from services.identity.accounts import create_account
from services.identity.log_in import LogIns, unlock
from services.identity.passwords import Hasher, set_password
from services.identity.tokens import TokenScope, create_token, revoke_tokens
from tests.services.api.conftest import CANARY, CHEAP, TEST_LIMITS, Api, assert_problem
from tests.services.api.test_unavailable import another_api
from tests.support.organisation import ask
from tests.support.settling import SINCE
from tests.support.waiting import eventually

PASSWORD = "lantern-river-plough-39"
ANOTHER = "seven quiet herons by the dyke"
USER = "user.of.sessions"
ISSUE = {"channel": "visit", "village": "QS", "category": "other", "description": "停电。"}


@pytest.fixture(autouse=True)
def _account(api: Api) -> Iterator[None]:
    with psycopg.connect(api.database.app_dsn, autocommit=True) as connection:
        create_account(connection, USER, display_zh="某人", display_en="somebody")
        set_password(connection, USER, PASSWORD, Hasher(CHEAP), must_change=False)
        unlock(connection, USER)
        api.reorganise(ask(AppointOfficer, at=SINCE, officer=USER, place="QS"))
        yield


@pytest.fixture
def browser(api: Api) -> Iterator[httpx.Client]:
    """A browser on a page of the site itself: it keeps cookies and says where its writes come from."""
    own = {"Origin": api.address, "Sec-Fetch-Site": "same-origin"}
    with httpx.Client(base_url=api.address, headers=own, timeout=30) as client:
        yield client


def log_in(client: httpx.Client, name: str = USER, password: str = PASSWORD, **headers: str) -> httpx.Response:
    return client.post("/api/v1/session", json={"name": name, "password": password}, headers=headers)


def log_issue(client: httpx.Client, **headers: str) -> httpx.Response:
    return client.post("/api/v1/issues", json=ISSUE, headers={"Idempotency-Key": str(uuid4()), **headers})


def without(client: httpx.Client, *names: str) -> httpx.Client:
    for name in names:
        del client.headers[name]
    return client


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


# -- other sites' pages ---------------------------------------------------------------------------------------------

FOREIGN: dict[str, dict[str, str]] = {
    "another site": {"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"},
    "another site, old browser": {"Origin": "https://evil.test"},
    "another port of this machine": {"Origin": "http://127.0.0.1:1", "Sec-Fetch-Site": "same-site"},
    "a sandboxed frame": {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    "an address typed in": {"Sec-Fetch-Site": "none"},
    "https for http": {"Origin": "https://{host}", "Sec-Fetch-Site": "same-origin"},
    "nothing said": {},
}


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
def test_given_a_write_from_elsewhere_then_a_session_does_not_count(
    api: Api, browser: httpx.Client, headers: dict[str, str]
) -> None:
    log_in(browser)
    written = api.written()
    without(browser, "Origin", "Sec-Fetch-Site")
    said = {name: value.replace("{host}", api.address.partition("//")[2]) for name, value in headers.items()}
    assert_problem(log_issue(browser, **said), 403, "foreign-origin")
    assert_problem(browser.delete("/api/v1/session", headers=said), 403, "foreign-origin")
    change = {"old": PASSWORD, "new": ANOTHER}
    assert_problem(browser.post("/api/v1/password", json=change, headers=said), 403, "foreign-origin")
    assert api.written() == written
    assert browser.get("/api/v1/session").status_code == 200


@pytest.mark.parametrize("headers", [FOREIGN["another site"], FOREIGN["another site, old browser"]])
def test_given_another_sites_page_then_it_cannot_log_somebody_in(
    browser: httpx.Client, headers: dict[str, str]
) -> None:
    assert_problem(log_in(without(browser, "Origin", "Sec-Fetch-Site"), **headers), 403, "foreign-origin")


@pytest.mark.parametrize("headers", [{}, {"Origin": "{origin}"}, {"Sec-Fetch-Site": "same-origin"}])
def test_given_a_token_or_one_word_of_the_own_origin_then_a_write_counts(
    api: Api, browser: httpx.Client, headers: dict[str, str]
) -> None:
    said = {name: value.replace("{origin}", api.address) for name, value in headers.items()}
    log_in(browser)
    without(browser, "Origin", "Sec-Fetch-Site")
    if not headers:
        said |= api.bearer("handler")
    assert log_issue(browser, **said).status_code == 201


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


def test_given_log_ins_then_neither_names_nor_passwords_are_in_metrics(api: Api, browser: httpx.Client) -> None:
    log_in(browser)
    log_in(browser, password=CANARY)
    text = api.send("GET", "/metrics").text
    assert "POST /api/v1/session" in text
    assert USER not in text
    assert CANARY not in text
    assert json.dumps(PASSWORD) not in text
