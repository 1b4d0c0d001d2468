"""The dashboard's page: rates with what they are made of, undefined where there is none, numbers that open, any day."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from uuid import uuid4

import psycopg
import pytest

from tests.services.api.conftest import Api, an_api
from tests.services.api.test_coverage import COUNTED
from tests.services.web.conftest import Visitor
from tests.services.web.lives import lived_through
from tests.support.postgres import DatabaseServer


@pytest.fixture(scope="module")
def api(database_server: DatabaseServer) -> Iterator[Api]:
    with an_api(database_server) as opened:
        lived_through(opened, 30)
        yield opened


def test_given_cases_then_every_number_that_opens_leads_to_as_many_issues(api: Api) -> None:
    lead = Visitor(api, "lead")
    page = lead.open("/dashboard").response.text
    opening = {unescape(to): int(number) for to, number in re.findall(r'<a href="(/issues\?[^"]+)">(\d+)</a>', page)}
    assert len(opening) > 20
    for address in sorted(opening)[::7]:
        listed = api.get(f"/api/v1{address}&limit=200", by="lead").json()
        assert len(listed["items"]) == opening[address], address


def test_given_rates_then_they_stand_with_what_was_left_out(api: Api) -> None:
    text = Visitor(api, "lead").open("/dashboard").text
    for told in (
        "Response",
        "Resolution",
        "Satisfaction",
        "On time",
        "valid call-backs",
        "Left out of the three rates",
    ):
        assert told in text


def test_given_a_day_before_anything_then_rates_are_undefined_and_never_zero(api: Api) -> None:
    text = Visitor(api, "lead").open("/dashboard", as_of="2026-01-01").text
    assert "As of 2026-01-01 23:59" in text
    assert "undefined" in text
    assert "it is not 0" in text
    assert "0.0%" not in text


def test_given_another_day_then_numbers_lead_to_that_day(api: Api) -> None:
    day = f"{api.clock.now - timedelta(days=30):%Y-%m-%d}"
    page = Visitor(api, "lead").open("/dashboard", as_of=day, village="QS", by="category")
    addresses = [unescape(found) for found in re.findall(r'href="(/issues\?[^"]+)"', page.response.text)]
    assert addresses
    assert all(f"as_of={day}" in address and "village=QS" in address for address in addresses)


@pytest.mark.parametrize("by", ["village", "category", "department", "channel", "tier", "nonsense"])
def test_given_any_way_to_part_them_then_a_page_comes(api: Api, by: str) -> None:
    assert Visitor(api, "lead").open("/dashboard", by=by).status == 200


@pytest.mark.parametrize("who", ["handler", "committee", "finance", "department", "auditor", "admin"])
def test_given_any_office_then_its_dashboard_comes_and_only_open_numbers_are_links(api: Api, who: str) -> None:
    page = Visitor(api, who).open("/dashboard")
    assert page.status == 200
    if who == "admin":
        assert "/issues?" not in page.response.text
    if who == "finance":
        assert "counted=satisfied" not in page.response.text


def test_given_no_such_day_then_a_page_says_so(api: Api) -> None:
    assert Visitor(api, "lead").open("/dashboard", as_of="yesterday").status == 422


def test_given_a_month_then_its_appraisal_opens_every_figure_to_what_put_it_there(api: Api) -> None:
    page = Visitor(api, "auditor").open("/dashboard/appraisal", period="2026-03")
    found = re.findall(r'<a href="(/dashboard/appraisal/marks\?[^"]+what=answered[^"]*)">(\d+)</a>', page.response.text)
    assert found
    address, number = unescape(found[0][0]), int(found[0][1])
    marks = api.get(f"/api/v1/ledgers{address.removeprefix('/dashboard')}", by="auditor").json()["items"]
    assert sum(mark["count"] for mark in marks) == number
    path, _, query = address.partition("?")
    listed = Visitor(api, "auditor").open(path, **dict(pair.split("=") for pair in query.split("&") if pair[-1] != "="))
    assert listed.text.count("Answered") >= number
    assert "undefined" in page.text or "%" in page.text


@pytest.mark.parametrize(("who", "status"), [("handler", 200), ("lead", 200), ("finance", 200), ("admin", 403)])
def test_given_an_office_then_it_reads_the_accounts_that_are_its_business(api: Api, who: str, status: int) -> None:
    assert Visitor(api, who).open("/dashboard/appraisal").status == status
    assert ('href="/dashboard/appraisal"' in Visitor(api, who).open("/dashboard").response.text) is (status == 200)


def test_given_duties_that_are_short_then_the_dashboard_tells_how_many_and_of_whom(api: Api, handler: Visitor) -> None:
    assert "Visits and presence" not in handler.open("/dashboard").text
    with psycopg.connect(api.database.follower_dsn) as follower:
        at = api.clock.now - timedelta(hours=1)
        follower.execute(COUNTED, (uuid4(), "lead", "QS", ["QS"], at, 1, 1))
    shown = handler.open("/dashboard").text
    assert "Visits and presence" in shown
    assert "0 / 1 met" in shown
    assert "1 / 2" in shown
