"""The log under another plan at the door: for auditors alone, of what they may see, some issues at once."""

from typing import Any

import psycopg
import pytest

from domain.plan import load_plan
from projections.seal import seal_once
from services.api.office import audit_what_if
from tests.services.api.conftest import Api, assert_problem

PATH = "/api/v1/audit/what-if"
ON_SITE = {"plan": "cx", "entries": "clocks.on_site.amount:90"}


@pytest.fixture(scope="module")
def number(api: Api) -> str:
    """An issue of QS whose on-site window was missed."""
    lived = str(api.lived("missed", village="QS").number)
    api.follow()
    with psycopg.connect(api.database.follower_dsn, autocommit=True) as follower:
        seal_once(follower)
    return lived


def asked(api: Api, **query: Any) -> dict[str, Any]:
    answer = api.get(PATH, "auditor", params=query)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


@pytest.mark.parametrize("query", [{}, {"plan": "cx"}])
def test_given_the_same_plan_then_nothing_differs(api: Api, number: str, query: dict[str, str]) -> None:
    found = asked(api, **query)
    assert found["totals"]["replayed"] >= 1
    assert (found["items"], found["totals"]["all"]["changes"]) == ([], 0)


def test_given_another_limit_then_each_change_names_both_rules(api: Api, number: str) -> None:
    found = asked(api, village="QS", **ON_SITE)
    (it,) = (each for each in found["items"] if each["number"] == number)
    limit = next(each for each in it["changes"] if each["question"] == "limit")
    assert (limit["rule"], limit["recorded"]["judged"], limit["recorded"]["plan"]) == ("on_site", "missed", "cx@1")
    assert limit["other"]["terms"].startswith("90 个工作日")
    assert limit["days"] > 0
    assert {each["village"] for each in found["totals"]["villages"]} == {"QS"}
    assert asked(api, logged="1990", **ON_SITE)["totals"]["replayed"] == 0


def test_given_what_is_no_plan_then_it_is_told_by_entry(api: Api) -> None:
    assert_problem(api.get(PATH, "auditor", params={"plan": "nobody"}), 404, "plan-unknown")
    assert_problem(api.get(PATH, "auditor", params={"plan": "cx", "entries": "clocks.on_site.amount:-1"}), 422)
    assert_problem(api.get(PATH, "auditor", params={"plan": "cx", "entries": "clocks.on_site.amount"}), 422)


def test_given_more_than_an_answer_can_wait_for_then_it_says_what_to_do(
    api: Api, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_what_if, "MOST_AT_ONCE", 0)
    assert_problem(api.get(PATH, "auditor"), 409, "too-many-to-replay")


def test_given_anybody_but_an_auditor_then_it_is_refused(api: Api) -> None:
    for by in ("lead", "committee", "admin"):
        assert_problem(api.get(PATH, by), 403)


def test_when_asked_then_it_is_a_look_of_the_auditors(api: Api, number: str) -> None:
    asked(api)
    assert "what-if" in api.get("/api/v1/audit/looks", "auditor").text


def test_given_a_plan_that_is_only_proposed_then_it_can_be_asked_about(api: Api, number: str) -> None:
    document = load_plan("cx").model_dump(mode="json", exclude_none=True)
    document["clocks"]["on_site"]["amount"] = 60
    body = {"document": {**document, "version": 7}, "starts_on": "2099-01-01"}
    assert api.post("/api/v1/plans/propose-plan", body, by="admin").status_code in (200, 201)
    found = asked(api, plan="cx@7")
    assert {it["number"] for it in found["items"]} == {number}
    assert {each["other"]["plan"] for it in found["items"] for each in it["changes"]} == {"cx@7"}
