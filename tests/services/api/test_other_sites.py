"""Pages of other sites: what they send with a session's cookie does not count, and they log nobody in."""

import httpx
import pytest

from tests.services.api.conftest import Api, assert_problem
from tests.services.api.own_account import ANOTHER, PASSWORD, account, browser, log_in, log_issue, without

__all__ = ["account", "browser"]

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
