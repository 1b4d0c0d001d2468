"""The pages of everybody: the front page, what this installation says of itself, and the notice board."""

from dataclasses import replace
from datetime import datetime

import psycopg
import pytest

from domain.values import LOCAL_ZONE
from services.api.pages.templating import preferred_language
from services.identity.authenticator import Authenticator
from services.identity.passwords import Hasher, set_password
from tests.services.api.conftest import CHEAP, Api
from tests.services.web.another_app import asked
from tests.services.web.conftest import Visitor


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "zh-CN"), ("en", "en"), ("en-GB,zh;q=0.5", "en"), ("zh-TW,en", "zh-CN"), ("fr,en", "en"), ("fr", "zh-CN"),
     ("<script>", "zh-CN")],
)  # fmt: skip
def test_given_what_a_browser_prefers_then_the_front_page_speaks_it(api: Api, accepted: str, language: str) -> None:
    assert preferred_language(accepted) == language
    page = api.send("GET", "/", headers={"Accept-Language": accepted})
    assert page.headers["content-language"] == language
    assert f'lang="{language}"' in page.text
    assert ("Look up my receipt" in page.text) is (language == "en")


def test_given_the_front_page_then_it_leads_on_and_keeps_secrets(stranger: Visitor) -> None:
    page = stranger.open("/").response.text
    for target in ("/login", "/board", "/api/docs", "http://127.0.0.1:8233"):
        assert f'href="{target}"' in page
    assert "demonstration" not in page
    assert "postgresql://" not in page


def test_given_a_demonstration_then_its_accounts_are_named_and_their_password_is_not(api: Api) -> None:
    with psycopg.connect(api.database.app_dsn, autocommit=True) as connection:
        set_password(connection, "lead", "lantern-river-plough", Hasher(CHEAP), must_change=False, demonstration=True)
    assert api.send("GET", "/api/v1/site").json()["demonstration"] == []
    showing = Authenticator(api.parts.connect, api.parts.directory, demonstration=True)
    (site,) = asked(replace(api.parts, authenticator=showing), "/api/v1/site")
    (told,) = site.json()["demonstration"]
    assert told["name"] == "lead"
    assert "lantern" not in str(told)


@pytest.fixture(scope="module")
def january(api: Api) -> str:
    at = datetime(2026, 1, 12, 9, tzinfo=LOCAL_ZONE)
    for nth in range(6):
        api.lived("closed", at=at, household=f"QS-{nth}")
    api.follow()
    return "2026-01"


def test_given_a_month_that_is_over_then_its_board_tells_counts_and_hides_small_ones(
    january: str, stranger: Visitor
) -> None:
    page = stranger.open("/board", month=january)
    assert page.status == 200
    assert "under five: not told" in page.text
    assert 'href="/board/QS?month=2026-01"' in page.response.text
    assert "6 recorded" in stranger.open("/board/QS", month=january).text
    assert "no figures are told" in stranger.open("/board/LX", month=january).text


@pytest.mark.parametrize(
    ("address", "month", "status"), [("/board", "2199-01", 422), ("/board/NOWHERE", "2026-01", 404)]
)
def test_given_no_such_board_then_a_page_says_so(stranger: Visitor, address: str, month: str, status: int) -> None:
    refused = stranger.open(address, month=month)
    assert refused.status == status
    assert 'role="alert"' in refused.response.text


def test_given_the_latest_month_then_nobody_is_led_to_the_one_that_still_runs(stranger: Visitor) -> None:
    page = stranger.open("/board")
    assert "Month before" in page.text
    assert "Month after" not in page.text
