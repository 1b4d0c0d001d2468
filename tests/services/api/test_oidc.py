"""Log-in by an identity provider, against a real one on this machine: who is let in, and every lie refused."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import psycopg
import pytest

from services.api.parts import IdentityConnections
from services.identity.accounts import create_account, set_active
from services.identity.oidc import OidcLogIns, link, unlink
from services.identity.oidc_provider import Client, OidcProvider
from tests.services.api.conftest import CANARY, Api, assert_problem
from tests.services.api.test_unavailable import another_api
from tests.support.oidc_provider import CLIENT_ID, CLIENT_SECRET, FALSE_CLAIMS, FALSE_SIGNATURES, Provider
from tests.support.seconds import Seconds

USER = "user.of.oidc"
CALLBACK = "/login/oidc/callback"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as running:
        yield running


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def connection(api: Api, provider: Provider) -> Iterator[psycopg.Connection]:
    with psycopg.connect(api.database.app_dsn, autocommit=True) as opened:
        create_account(opened, USER, display_zh="某人", display_en="somebody")
        set_active(opened, USER, True)
        link(opened, USER, provider.issuer, provider.knows)
        yield opened
        unlink(opened, USER)


@pytest.fixture
def site(api: Api, provider: Provider, connection: psycopg.Connection, seconds: Seconds) -> Iterator[Api]:
    """An API that knows the provider."""
    connect = IdentityConnections(api.database.app_dsn)
    known = OidcProvider(Client(provider.issuer, CLIENT_ID, CLIENT_SECRET), clock=seconds)
    with another_api(api, oidc=OidcLogIns(known, connect)) as running:
        yield running
    connect.close()


@pytest.fixture
def browser(site: Api) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.address, timeout=30, trust_env=False) as client:
        yield client


def to_provider(browser: httpx.Client) -> str:
    """The way back that the provider gives the browser."""
    departure = browser.get("/login/oidc")
    assert departure.status_code == 303, departure.text
    back = httpx.get(departure.headers["location"], trust_env=False)
    assert back.status_code == 303, back.text
    return back.headers["location"]


def test_given_a_linked_subject_then_it_logs_its_account_in(browser: httpx.Client, provider: Provider) -> None:
    answer = browser.get(to_provider(browser))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["cache-control"] == "no-store"
    who = browser.get("/api/v1/session").json()
    assert (who["name"], who["come_by"], who["must_change_password"]) == (USER, "oidc", False)
    assert "huiyin-oidc" not in browser.cookies
    assert provider.requests.count("/realm/token") == 1


def test_given_the_way_out_then_it_asks_for_a_code_with_pkce_and_tells_no_secret(
    browser: httpx.Client, connection: psycopg.Connection
) -> None:
    departure = browser.get("/login/oidc")
    asked = parse_qs(urlsplit(departure.headers["location"]).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert CLIENT_SECRET not in departure.headers["location"]
    cookie = departure.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "Max-Age=600" in cookie
    attempt = browser.cookies["huiyin-oidc"]
    assert attempt not in departure.headers["location"]
    stored = str(connection.execute("select * from oidc_attempt").fetchall())
    assert attempt not in stored


@pytest.mark.parametrize("lie", [*FALSE_CLAIMS, *FALSE_SIGNATURES])
def test_given_a_false_id_token_then_nobody_is_let_in(browser: httpx.Client, provider: Provider, lie: str) -> None:
    back = to_provider(browser)
    provider.lie = lie
    assert_problem(browser.get(back), 401, "oidc-refused")
    assert "huiyin" not in browser.cookies
    assert provider.requests.count("/realm/token") == 1  # it came so far


def test_given_the_same_way_back_twice_then_only_the_first_counts(browser: httpx.Client) -> None:
    back = to_provider(browser)
    attempt = browser.cookies["huiyin-oidc"]
    assert browser.get(back).status_code == 303
    browser.cookies.set("huiyin-oidc", attempt)
    assert_problem(browser.get(back), 401, "oidc-refused")


def test_given_another_browsers_way_back_then_it_does_not_count(site: Api, browser: httpx.Client) -> None:
    back = to_provider(browser)
    with httpx.Client(base_url=site.address, trust_env=False) as victim:
        assert_problem(victim.get(back), 401, "oidc-refused")
        to_provider(victim)
        assert_problem(victim.get(back), 401, "oidc-refused")  # its own attempt, another's state
        assert "huiyin" not in victim.cookies


def test_given_an_attempt_that_took_too_long_then_it_does_not_count(
    browser: httpx.Client, api: Api, provider: Provider
) -> None:
    back = to_provider(browser)
    with psycopg.connect(api.database.owner_dsn, autocommit=True) as owner:
        owner.execute("update oidc_attempt set expires_at = clock_timestamp()")
    assert_problem(browser.get(back), 401, "oidc-refused")
    assert "/realm/token" not in provider.requests


ODD: dict[str, dict[str, Any]] = {
    "refused there": {"error": "access_denied", "error_description": CANARY},
    "no code": {"code": ""},
    "another code": {"code": CANARY},
    "no state": {"state": ""},
    "another state": {"state": CANARY},
    "another issuer": {"iss": "https://another.example"},
    "two codes": {"code": ["a", "b"]},
    "a NUL": {"code": "a\0b"},
    "not ASCII": {"state": "状态"},
    "endless": {"code": "a" * 3000},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_given_an_odd_way_back_then_it_is_refused_without_echo(browser: httpx.Client, odd: dict[str, Any]) -> None:
    said = {name: values[0] for name, values in parse_qs(urlsplit(to_provider(browser)).query).items()}
    if "error" in odd:
        del said["code"]
    query = urlencode({**said, **odd}, doseq=True)
    assert_problem(browser.get(f"{CALLBACK}?{query}"), 401, "oidc-refused")


def test_given_nobody_linked_or_a_closed_account_then_none_is_made(
    browser: httpx.Client, provider: Provider, connection: psycopg.Connection
) -> None:
    before = connection.execute("select count(*) from account").fetchone()
    provider.knows = "subject-of-nobody"
    assert_problem(browser.get(to_provider(browser)), 403, "oidc-unlinked")
    provider.knows = "subject-1"
    set_active(connection, USER, False)
    assert_problem(browser.get(to_provider(browser)), 403, "oidc-unlinked")
    assert connection.execute("select count(*) from account").fetchone() == before


def test_given_a_new_key_of_the_provider_then_it_is_asked_for_but_not_with_every_log_in(
    browser: httpx.Client, provider: Provider, seconds: Seconds
) -> None:
    browser.get(to_provider(browser))
    provider.new_key()
    assert_problem(browser.get(to_provider(browser)), 401, "oidc-refused")
    assert provider.requests.count("/realm/keys") == 1
    seconds.now += 61
    assert browser.get(to_provider(browser)).status_code == 303
    assert provider.requests.count("/realm/keys") == 2
    seconds.now += 601
    to_provider(browser)
    assert provider.requests.count("/realm/keys") == 3


@pytest.mark.parametrize("lie", ["another issuer in discovery", "token endpoint elsewhere"])
def test_given_a_discovery_that_does_not_fit_then_nobody_sets_out(
    browser: httpx.Client, provider: Provider, lie: str
) -> None:
    provider.lie = lie
    refused = browser.get("/login/oidc")
    assert_problem(refused, 503, "oidc-away")
    assert refused.headers["retry-after"]


def test_given_no_provider_to_be_reached_then_503_and_passwords_go_on(api: Api) -> None:
    connect = IdentityConnections(api.database.app_dsn)
    nowhere = OidcLogIns(OidcProvider(Client("http://127.0.0.1:1", CLIENT_ID)), connect)
    with another_api(api, oidc=nowhere) as there:
        assert_problem(there.send("GET", "/login/oidc"), 503, "oidc-away")
        wrong = {"name": "nobody", "password": "wrong"}
        assert_problem(there.send("POST", "/api/v1/session", json=wrong), 401, "log-in-refused")
    connect.close()


@pytest.mark.parametrize("path", ["/login/oidc", f"{CALLBACK}?code=a&state=b"])
def test_given_no_provider_at_all_then_there_is_no_such_path(api: Api, path: str) -> None:
    assert_problem(api.send("GET", path), 404, "no-such-path")
