"""Every number of the dashboards opens to its rows: as many as it says, of whoever asks, now and at another time."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from domain.issue import commands as c
from domain.issue.words import Rating
from projections.figures import FIGURES, OF_RATINGS
from projections.seal import seal_once
from tests.services.api.conftest import Api, an_api, assert_problem
from tests.support.casework import START, case
from tests.support.postgres import DatabaseServer

DASHBOARD = "/api/v1/dashboard"
STATES = (
    "logged", "fixed", "resolved", "at_department", "escalated", "missed", "closed", "settled", "withdrawn", "declined",
    "feedback", "closed_silently", "dissatisfied", "works", "county_resolved",
)  # fmt: skip
READERS = ("lead", "villager", "department", "auditor")


@pytest.fixture(scope="module")
def api(database_server: DatabaseServer) -> Iterator[Api]:
    """Random issues of two villages, of several months, some rated, some imported without a due date."""
    chance = random.Random(20)
    with an_api(database_server) as opened:
        for nth in range(40):
            at = START + timedelta(days=2 * nth)
            state = chance.choice(STATES)
            village = "QS" if state == "settled" else chance.choice(("QS", "LX"))  # in LX nobody is left to look back
            more = {"at": at, "category": chance.choice(("construction", "environment"))}
            life = case(state, key=uuid4().hex, village=village, **more)
            if state == "feedback" and chance.random() < 0.8:
                life = life.do(c.RateAnswer, rating=chance.choice(list(Rating)), contacted=chance.random() < 0.7)
            opened.live(life)
        opened.live(case("closed", key="old", village="LX", source="boston311"))
        opened.clock.advance(timedelta(days=20))
        followed(opened)
        yield opened


def followed(api: Api) -> None:
    """The read models have everything, and the log its positions: the past is told by it."""
    api.follow()
    with psycopg.connect(api.database.follower_dsn, autocommit=True) as follower:
        seal_once(follower)


def get(api: Api, path: str, by: str, **query: Any) -> dict[str, Any]:
    found = api.get(path, by=by, params=query or None)
    assert found.status_code == 200, found.text
    told: dict[str, Any] = found.json()
    return told


def rows(api: Api, address: str, by: str) -> int:
    """How many lines the list of this address holds, counted page by page; its own total says the same."""
    first = get(api, address, by)
    number, page = len(first["items"]), first
    while page["next"]:
        page = get(api, f"{address}&cursor={page['next']}", by)
        number += len(page["items"])
    assert (first["total"], first["total_is_exact"]) == (number, True)
    return number


@pytest.mark.parametrize(("by", "days_ago"), [*((by, 0) for by in READERS), ("department", 15), ("villager", 60)])
def test_given_any_figure_then_its_list_holds_as_many_rows(api: Api, by: str, days_ago: int) -> None:
    then = {"as_of": (api.clock.now - timedelta(days=days_ago)).isoformat()} if days_ago else {}
    seen = get(api, DASHBOARD, by, **then)
    assert seen["total"] > 0
    counts = {**seen["counts"]}
    assert counts.keys() == FIGURES.keys()
    assert {name: rows(api, seen["rows"][name], by) for name in counts} == counts
    assert {stage: rows(api, address, by) for stage, address in seen["rows"]["by_stage"].items()} == seen["by_stage"]
    assert [rows(api, each["rows"], by) for each in seen["ages"]] == [each["issues"] for each in seen["ages"]]


@pytest.mark.parametrize(("by", "days_ago"), [*((by, 0) for by in READERS), ("villager", 45)])
def test_given_any_part_or_month_then_its_list_holds_as_many_rows(api: Api, by: str, days_ago: int) -> None:
    then = {"as_of": (api.clock.now - timedelta(days=days_ago)).isoformat()} if days_ago else {}
    whole = get(api, DASHBOARD, by, **then)
    for query in ({"rows": "village", "columns": "stage"}, {"rows": "department"}, {"rows": "category"}):
        parts = get(api, f"{DASHBOARD}/table", by, **query, **then)["parts"]
        assert sum(part["total"] for part in parts) == whole["total"]
        for part in parts:
            assert rows(api, part["rows"], by) == part["total"]
            assert rows(api, part["rows"] + "&counted=overdue", by) == part["overdue"]
    for month in get(api, f"{DASHBOARD}/months", by, months=4, **then)["months"]:
        for what in ("logged", "answered", "closed", "late"):
            assert rows(api, month["rows"][what], by) == month[what], (month["month"], what)
        assert rows(api, month["rows"]["valid"], by) == month["satisfaction"]["denominator"]


def test_given_a_department_then_it_has_counted_what_it_may_open(api: Api) -> None:
    seen = get(api, DASHBOARD, "department")
    listed = get(api, "/api/v1/issues", "department", limit=200)["items"]
    assert seen["total"] == len(listed) < get(api, DASHBOARD, "lead")["total"]


def test_given_an_import_without_a_due_date_then_it_is_neither_in_time_nor_late(api: Api) -> None:
    seen = get(api, DASHBOARD, "lead")
    assert seen["not_counted"]["imported_without_due_date"] == 1
    listed = get(api, seen["rows"]["imported_without_due_date"], "lead")["items"]
    assert [line["village"] for line in listed] == ["LX"]
    for figure in ("on_time", "judged"):
        assert listed[0]["number"] not in str(get(api, seen["rows"][figure] + "&limit=200", "lead")["items"])


def test_given_who_may_not_see_the_rows_then_the_number_stands_without_its_list(api: Api) -> None:
    seen = get(api, DASHBOARD, "admin")
    assert seen["total"] > 0
    assert {seen["rows"][name] for name in FIGURES} == {None}
    paid = get(api, DASHBOARD, "finance")["rows"]
    assert {name for name in FIGURES if paid[name] is None} == set(OF_RATINGS)
    assert_problem(api.get("/api/v1/issues", by="finance", params={"counted": "satisfied"}), 403, "role-not-allowed")


def test_given_another_time_then_lines_stand_as_they_stood(api: Api) -> None:
    number = api.lived("settled", at=api.clock.now, village="QS").number
    followed(api)
    assert number is not None
    history = get(api, f"/api/v1/issues/{number}/history", "lead")["items"]
    for nth, stage in ((0, "logged"), (1, "reply"), (2, "feedback")):
        found = get(api, "/api/v1/issues", "lead", as_of=history[nth]["occurred_at"], sort="newest", limit=1)
        assert [(line["number"], line["stage"]) for line in found["items"]] == [(number, stage)]
        assert found["items"][0]["village_name"] == "青石村"
    refused = api.get("/api/v1/issues", by="lead", params={"as_of": history[0]["occurred_at"], "person": "handler"})
    assert assert_problem(refused, 422)["errors"][0]["code"] == "not-known-then"


def test_given_a_village_of_others_then_its_counts_are_not_told(api: Api) -> None:
    for path in ("", "/table", "/months"):
        assert_problem(api.get(DASHBOARD + path, by="villager", params={"village": "QS"}), 404)
