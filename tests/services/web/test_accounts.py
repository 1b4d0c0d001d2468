"""One's own account on its pages: posts, notices, log-ins, the password; a post no longer held locks nobody out."""

import httpx
import psycopg
import pytest

from services.identity.passwords import Hasher, set_password
from services.web.inside import POST_COOKIE
from services.web.signing_in import own_address
from tests.services.api.conftest import CHEAP, Api
from tests.services.api.own_account import ANOTHER, PASSWORD, USER, account, browser, log_in
from tests.services.web.conftest import Page, Visitor

__all__ = ["account", "browser"]

AS_A_PAGE = {"Accept": "text/html", "Accept-Language": "en"}


def opened(browser: httpx.Client, address: str) -> Page:
    return Page(browser.get(address, headers=AS_A_PAGE))


def sent(browser: httpx.Client, address: str, **fields: str) -> Page:
    return Page(browser.post(address, data=fields, headers=AS_A_PAGE))


def test_given_somebody_logged_in_then_their_account_shows_posts_and_log_ins(browser: httpx.Client) -> None:
    log_in(browser)
    page = opened(browser, "/account")
    for told in ("somebody", USER, "case handler · QS", "here"):
        assert told in page.text


def test_given_nobody_then_the_way_leads_over_the_log_in_page_and_back_with_the_query(browser: httpx.Client) -> None:
    asked = opened(browser, "/account?done=notices")
    assert asked.response.headers["location"] == "/login?next=/account%3Fdone%3Dnotices"
    form = opened(browser, asked.response.headers["location"])
    wanted = form.hidden("/login")["next"]
    assert sent(browser, "/login", name=USER, password=PASSWORD, next=wanted).response.headers["location"] == wanted
    assert wanted == own_address(wanted) == "/account?done=notices"


def test_given_a_post_no_longer_held_when_a_page_is_opened_then_it_is_forgotten_and_the_page_comes(
    browser: httpx.Client,
) -> None:
    log_in(browser)
    browser.cookies.set(POST_COOKIE, "case_handler@LX", domain="127.0.0.1")
    first = opened(browser, "/account")
    assert (first.status, first.response.headers["location"]) == (303, "/account")
    assert POST_COOKIE not in browser.cookies
    assert opened(browser, "/account").status == 200


def test_given_another_password_when_chosen_then_it_counts_and_the_old_one_does_not(browser: httpx.Client) -> None:
    log_in(browser)
    unlike = sent(browser, "/account/password", old=PASSWORD, new=ANOTHER, again=ANOTHER + "!")
    assert unlike.status == 422
    assert ANOTHER not in unlike.response.text
    assert sent(browser, "/account/password", old="not this one", new=ANOTHER, again=ANOTHER).status == 401
    done = sent(browser, "/account/password", old=PASSWORD, new=ANOTHER, again=ANOTHER)
    assert done.response.headers["location"] == "/account?done=password"
    assert "password was changed" in opened(browser, "/account?done=password").text
    assert log_in(browser).status_code == 401


def test_given_a_password_set_by_somebody_else_then_every_way_leads_to_choosing_one(
    api: Api, browser: httpx.Client
) -> None:
    with psycopg.connect(api.database.app_dsn, autocommit=True) as connection:
        set_password(connection, USER, PASSWORD, Hasher(CHEAP), must_change=True)
    log_in(browser)
    for address in ("/", "/account"):
        assert opened(browser, address).response.headers["location"] == "/account/password"
    assert "set by somebody else" in opened(browser, "/account/password").text
    done = sent(browser, "/account/password", old=PASSWORD, new=ANOTHER, again=ANOTHER)
    assert done.response.headers["location"] == "/"


def test_given_addresses_for_notices_when_replaced_then_shown_without_secrets_and_a_wrong_one_refused(
    handler: Visitor,
) -> None:
    done = handler.submit("/account/notices", {"targets": "jsons://hook.example/very-secret"})
    assert done.response.headers["location"] == "/account?done=notices"
    page = handler.open("/account")
    assert "hook.example" in page.text
    assert "very-secret" not in page.response.text
    refused = handler.submit("/account/notices", {"targets": "jsons://elsewhere.example/x"})
    assert refused.status == 409
    assert "elsewhere.example" in refused.text


@pytest.mark.parametrize("everywhere", [True, False])
def test_given_log_ins_when_left_everywhere_then_none_counts(browser: httpx.Client, everywhere: bool) -> None:
    log_in(browser)
    left = sent(browser, "/account/sessions" if everywhere else "/logout", tokens="true")
    assert left.response.headers["location"] == "/"
    assert browser.get("/api/v1/session").status_code == 401
