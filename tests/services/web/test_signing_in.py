"""Coming in by the page: password, refusal, language, way back; and what people see when something is refused."""

import httpx
import pytest

from services.web.rendering import PAGE_POLICY
from services.web.signing_in import own_address
from tests.services.api.conftest import Api
from tests.services.api.own_account import PASSWORD, USER, account, browser
from tests.services.web.conftest import Page, Visitor

__all__ = ["account", "browser"]

AS_A_PAGE = {"Accept": "text/html"}


def sent(browser: httpx.Client, address: str, **fields: str) -> Page:
    """A form as a browser sends it from our own page."""
    own = {**AS_A_PAGE, "Origin": str(browser.base_url).rstrip("/")}
    return Page(browser.post(address, data=fields, headers=own))


def test_given_the_right_password_then_the_page_leads_on_and_out_again(browser: httpx.Client) -> None:
    done = sent(browser, "/login", name=USER, password=PASSWORD, next="/issues")
    assert (done.status, done.response.headers["location"]) == (303, "/issues")
    assert browser.get("/api/v1/session").json()["name"] == USER
    left = sent(browser, "/logout")
    assert (left.status, left.response.headers["location"]) == (303, "/")
    assert left.response.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert browser.get("/api/v1/session").status_code == 401


def test_given_a_wrong_password_then_the_form_comes_back_with_the_name_and_the_reason(browser: httpx.Client) -> None:
    refused = sent(browser, "/login", name=USER, password="not this one", next="/issues")
    assert refused.status == 401
    assert f'value="{USER}"' in refused.response.text
    assert "not this one" not in refused.response.text
    assert 'role="alert"' in refused.response.text


def test_given_another_site_s_form_then_nobody_is_logged_in(browser: httpx.Client) -> None:
    foreign = {**AS_A_PAGE, "Origin": "https://elsewhere.example"}
    refused = browser.post("/login", data={"name": USER, "password": PASSWORD}, headers=foreign)
    assert refused.status_code == 403
    assert "set-cookie" not in refused.headers


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/issues", "/issues"),
        (None, "/"),
        ("https://elsewhere.example/issues", "/"),
        ("//elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("issues", "/"),
        ("/问题", "/"),
    ],
)
def test_nobody_is_led_off_this_site(wanted: str | None, leads_to: str) -> None:
    assert own_address(wanted) == leads_to


def test_given_nobody_is_logged_in_when_a_page_needs_it_then_the_log_in_page_is_shown(stranger: Visitor) -> None:
    front = stranger.open("/")
    assert front.status == 200


def test_given_an_address_that_is_none_then_people_get_a_page_and_programs_a_document(
    api: Api, stranger: Visitor
) -> None:
    page = stranger.open("/no-such-page")
    assert page.status == 404
    assert "There is nothing at this address" in page.text
    assert page.response.headers["content-security-policy"] == PAGE_POLICY
    assert api.send("GET", "/api/v1/no-such-path").headers["content-type"] == "application/problem+json"


def test_given_a_language_is_chosen_then_pages_come_in_it_whatever_the_browser_prefers(browser: httpx.Client) -> None:
    english = {**AS_A_PAGE, "Accept-Language": "en"}
    assert 'lang="en"' in browser.get("/login", headers=english).text
    assert sent(browser, "/language", language="zh", next="/login").response.headers["location"] == "/login"
    assert '<html lang="zh-CN">' in browser.get("/login", headers=english).text
    assert "language" not in sent(browser, "/language", language="xx").response.headers.get("set-cookie", "")


def test_given_an_asset_when_asked_by_its_hash_then_it_may_be_kept_for_a_year(api: Api, stranger: Visitor) -> None:
    address = stranger.open("/login").response.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    style = api.send("GET", address)
    assert style.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert style.headers["content-encoding"] == "gzip"
    assert ".field" in style.text
    assert api.send("GET", "/assets/huiyin.000000000000.css").status_code == 404
