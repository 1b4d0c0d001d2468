"""The ledger by filter, sort and search: what is found, what is not looked through, and who may filter by what."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from domain.issue import commands as c
from domain.issue.words import Rating
from tests.services.api.conftest import Api, an_api, assert_problem
from tests.support.casework import case
from tests.support.postgres import DatabaseServer

ISSUES = "/api/v1/issues"


@pytest.fixture(scope="module")
def api(database_server: DatabaseServer) -> Iterator[Api]:
    """A village with a case of a household and one of none, one with a department, one rated; another village's."""
    with an_api(database_server) as opened:
        opened.lived("logged", village="LX", title="张三家屋顶漏雨", household="LX-001")
        opened.lived("logged", village="LX", title="村口路灯", description="三盏路灯不亮。", household=None)
        opened.lived("at_department", village="LX", household="LX-002")
        opened.live(case("feedback", village="LX", key="rated").do(c.RateAnswer, rating=Rating.DISSATISFIED))
        opened.lived("logged", village="QS", title="学校门口路灯", household=None)
        opened.follow()
        yield opened


def numbers(api: Api, by: str = "lead", **query: str) -> list[str]:
    found = api.get(ISSUES, by=by, params=query)
    assert found.status_code == 200, found.text
    return [line["number"] for line in found.json()["items"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"tier": "village"}, ["0001", "0002"]),
        ({"department": "construction"}, ["0003"]),
        ({"unit": "department:construction"}, ["0003"]),
        ({"person": "handler"}, []),
        ({"rating": "dissatisfied"}, ["0004"]),
        ({"logged": "2026-03"}, ["0001", "0002", "0003", "0004"]),
        ({"logged": "2026-H2"}, []),
        ({"q": "LX-2026-0002"}, ["0002"]),
        ({"q": "lx-2026-2"}, ["0002"]),
        ({"q": "3"}, ["0003"]),
        ({"q": "2", "stage": "escalated"}, []),
    ],
)
def test_given_a_filter_then_what_fits_is_listed_and_counted(api: Api, query: dict[str, str], found: list[str]) -> None:
    listed = api.get(ISSUES, by="lead", params={"village": "LX", "sort": "number", **query}).json()
    assert [line["number"][-4:] for line in listed["items"]] == found
    assert (listed["total"], listed["total_is_exact"]) == (len(found), True)


def test_given_words_then_only_cases_of_no_household_are_looked_through_and_the_answer_says_so(api: Api) -> None:
    found = api.get(ISSUES, by="lead", params={"q": "路灯"}).json()
    assert [line["number"] for line in found["items"]] == ["LX-2026-0002", "QS-2026-0001"]
    assert found["searched"]["in"] == ["title", "description", "place"]
    assert "已加密，不作检索" in found["searched"]["zh"]
    sealed = api.get(ISSUES, by="lead", params={"q": "张三"}).json()
    assert (sealed["items"], sealed["total"]) == ([], 0)
    assert numbers(api, by="villager", q="路灯") == ["LX-2026-0002"]
    assert numbers(api, q="100%") == []


@pytest.mark.parametrize("role", ["finance", "auditor"])
def test_given_somebody_who_is_not_shown_the_words_then_only_numbers_are_searched(api: Api, role: str) -> None:
    found = api.get(ISSUES, by=role, params={"q": "路灯"}).json()
    assert (found["items"], found["searched"]["in"]) == ([], ["number"])
    assert numbers(api, by=role, q="2", village="LX") == ["LX-2026-0002"]


def test_given_a_column_hidden_from_the_role_then_it_may_not_filter_by_it(api: Api) -> None:
    assert_problem(api.get(ISSUES, by="finance", params={"rating": "dissatisfied"}), 403, "role-not-allowed")
    assert len(numbers(api, by="auditor", rating="dissatisfied")) == 1


@pytest.mark.parametrize("sort", ["oldest", "newest", "due", "number"])
def test_given_a_sort_then_its_pages_hold_every_line_once_in_that_order(api: Api, sort: str) -> None:
    keys = {"oldest": "logged_at", "newest": "logged_at", "due": "due_at", "number": "number"}
    whole = api.get(ISSUES, by="lead", params={"sort": sort}).json()["items"]
    ordered = sorted(whole, key=lambda line: (line[keys[sort]], line["number"]), reverse=sort == "newest")
    assert [line["number"] for line in whole] == [line["number"] for line in ordered]
    assert len(whole) == 5
    seen: list[str] = []
    query = {"sort": sort, "limit": "2"}
    while True:
        page = api.get(ISSUES, by="lead", params=query).json()
        seen += [line["number"] for line in page["items"]]
        if page["next"] is None:
            break
        assert (page["total"] is None) is ("cursor" in query)
        query["cursor"] = page["next"]
    assert seen == [line["number"] for line in whole]


def test_given_a_moment_then_what_is_due_first_comes_first_and_what_owes_nothing_is_left_out(api: Api) -> None:
    done = api.lived("settled", village="QS").number
    api.follow()
    assert done in numbers(api, village="QS")
    assert done not in numbers(api, village="QS", sort="due")
    api.clock.set(api.clock.now + timedelta(days=400))
    assert set(numbers(api, overdue="true", sort="due")) == set(numbers(api, open="true", sort="due"))
