"""Saved views: one's own lists, checked as the ledger would check them, and never what was searched for."""

import json
from typing import Any

import httpx
import pytest

from services.saved_views import MOST
from tests.services.api.conftest import Api, assert_problem

VIEWS = "/api/v1/me/views"
LATE = {"name": "本村超期", "ledger": "issues", "query": {"village": "QS", "overdue": "true", "sort": "due"}}


def put(api: Api, view: dict[str, Any], by: str = "handler") -> httpx.Response:
    headers = {**api.bearer(by), "Content-Type": "application/json"}
    return api.send("PUT", VIEWS, headers=headers, content=json.dumps(view).encode())


def drop(api: Api, name: str, by: str = "handler") -> httpx.Response:
    return api.send("DELETE", VIEWS, headers=api.bearer(by), params={"name": name})


def test_given_a_view_then_it_is_kept_for_its_officer_alone_and_can_be_asked_for(api: Api) -> None:
    assert put(api, LATE).json() == {"views": [LATE]}
    assert put(api, LATE).json() == {"views": [LATE]}, "repeating it changes nothing"
    assert api.get(VIEWS).json() == {"views": [LATE]}
    assert api.get(VIEWS, by="lead").json() == {"views": []}
    assert api.get("/api/v1/issues", params=LATE["query"]).status_code == 200


def test_given_another_query_under_the_same_name_then_it_takes_its_place_and_a_dropped_one_is_gone(api: Api) -> None:
    petitions = {"name": "信访", "ledger": "petitions", "query": {"field": "environment", "period": "2026-03"}}
    put(api, LATE, by="lead")
    changed = {**LATE, "query": {"open": "true"}}
    assert put(api, changed, by="lead").json()["views"] == [changed]
    assert put(api, petitions, by="lead").json()["views"] == [petitions, changed]
    for _ in range(2):
        assert drop(api, LATE["name"], by="lead").json()["views"] == [petitions]


@pytest.mark.parametrize(
    ("changed", "path", "code"),
    [
        ({"query": {"villag": "QS"}}, "body.query", "unknown-field"),
        ({"query": {"stage": "nowhere"}}, "body.query.stage", "not-in-list"),
        ({"query": {"q": "张三"}}, "body.query.q", "not-kept"),
        ({"query": {"cursor": "abc"}}, "body.query.cursor", "not-kept"),
        ({"ledger": "secrets"}, "body.ledger", "not-in-list"),
        ({"ledger": "visits", "query": {"field": "environment"}}, "body.query", "unknown-field"),
        ({"name": " "}, "body.name", "text-empty"),
    ],
)
def test_given_a_view_that_its_ledger_would_refuse_then_it_is_not_kept(
    api: Api, changed: dict[str, Any], path: str, code: str
) -> None:
    problem = assert_problem(put(api, {**LATE, **changed}, by="committee"), 422, "malformed")
    assert (problem["errors"][0]["path"], problem["errors"][0]["code"]) == (path, code)
    assert api.get(VIEWS, by="committee").json() == {"views": []}


def test_given_a_ledger_that_the_role_does_not_read_then_no_view_of_it_is_kept(api: Api) -> None:
    assert_problem(put(api, {**LATE, "ledger": "visits", "query": {}}, by="finance"), 403, "role-not-allowed")
    assert_problem(put(api, LATE, by="admin"), 403, "role-not-allowed")


def test_given_fifty_views_then_one_more_is_refused_and_another_of_them_is_not(api: Api) -> None:
    for number in range(MOST):
        assert put(api, {**LATE, "name": f"view {number:02}"}, by="auditor").status_code == 200
    assert_problem(put(api, {**LATE, "name": "one more"}, by="auditor"), 409, "too-many-views")
    assert put(api, {**LATE, "name": "view 07"}, by="auditor").status_code == 200
    assert len(api.get(VIEWS, by="auditor").json()["views"]) == MOST
