"""Funds over the API: which there are, their projects, and what a round would give, which changes nothing."""

from typing import Any
from uuid import uuid4

import pytest

from domain.fund.commands import fund_id_of
from tests.services.api.conftest import Api, assert_problem
from tests.support.casework import FUND_ID, TOWNSHIP, case

FUND = f"/api/v1/funds/{FUND_ID}"


@pytest.fixture(scope="module")
def waiting(api: Api) -> list[Any]:
    """Two projects that wait for money, and one that was promised some."""
    api.lived("granted")
    lives = [case("funding", key=uuid4().hex) for _ in range(2)]
    for life in lives:
        api.live(life)
    api.follow()
    return lives


def what_if(api: Api, by: str = "committee", **query: str) -> dict[str, Any]:
    answer = api.get(f"{FUND}/what-if", by=by, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_given_funds_when_listed_then_the_latest_year_comes_first_within_ones_townships(
    api: Api, waiting: list[Any]
) -> None:
    assert waiting
    listed = api.get("/api/v1/funds", by="finance").json()
    (fund,) = [it for it in listed["items"] if it["fund_id"] == str(FUND_ID)]
    assert (fund["township"], fund["year"], fund["waiting"]) == (TOWNSHIP, 2026, 2)
    assert fund["budget"] - fund["allocated"] == fund["left"]
    page = api.get("/api/v1/funds", by="finance", params={"years": 1}).json()
    assert page == {"items": [], "next": 2027}
    following = api.get("/api/v1/funds", by="finance", params={"years": 1, "before": page["next"]}).json()
    assert [it["year"] for it in following["items"]] == [2026]
    assert_problem(api.get("/api/v1/funds", by="admin"), 403, "role-not-allowed")
    assert_problem(api.get("/api/v1/funds", params={"years": 0}), 422)


def test_given_projects_when_read_then_each_says_what_may_be_paid_and_whose_turn_it_is(
    api: Api, waiting: list[Any]
) -> None:
    shown = api.get(f"{FUND}/projects", by="finance").json()
    (granted,) = shown["granted"]
    assert granted["payable"] > 0
    assert granted["in_turn"] is True
    assert (granted["next_tranche"], granted["unspent"]) == (1, 0)
    paid = api.post(
        f"/api/v1/issues/{granted['number']}/pay-tranche",
        {"tranche": 1, "amount": str(granted["payable"])},
        by="finance",
        version=granted["issue_version"],
    )
    assert paid.status_code == 200, paid.text
    (now,) = api.get(f"{FUND}/projects", by="finance").json()["granted"]
    assert (now["payable"], now["next_tranche"], now["paid"]) == (0, 2, granted["payable"])
    assert {it["issue_id"] for it in shown["pool"]} == {str(life.issue_id) for life in waiting}
    assert api.get(f"{FUND}/projects", by="villager").json() == {"granted": [], "pool": []}


@pytest.mark.proves("L9", "CX7")
def test_given_a_pool_when_tried_out_then_it_tells_who_would_get_what_and_nothing_is_written(
    api: Api, waiting: list[Any]
) -> None:
    before = api.written()
    plain = what_if(api)
    assert {it["issue_id"] for it in plain["items"]} == {str(life.issue_id) for life in waiting}
    assert (plain["round"], plain["differs"]) == (None, False)
    assert plain["left_after"] == plain["left"] - plain["total"]
    first, second = (it["issue_id"] for it in plain["items"])
    chosen = what_if(api, shares=f"{first}:0")
    assert {it["issue_id"]: it["amount"] for it in chosen["items"]}[first] == 0
    assert what_if(api, left="0")["total"] == 0
    path = f"{FUND}/what-if"
    too_much = api.get(path, by="committee", params={"shares": f"{second}:99999999"})
    assert_problem(too_much, 409, "amount-invalid")
    assert_problem(api.get(path, by="committee", params={"left": "5", "shares": f"{second}:6"}), 409, "over-budget")
    assert_problem(api.get(path, by="committee", params={"shares": f"{uuid4()}:1"}), 409, "round-outdated")
    for odd in ("x", f"{first}", f"{first}:-1", f"{first}:NaN", f"{first}:1.001", f"{first}:1,{first}:2"):
        assert_problem(api.get(path, by="committee", params={"shares": odd}), 422)
    assert api.written() == before


@pytest.mark.proves("L9")
def test_given_a_round_waits_when_shares_differ_then_it_says_that_reasons_are_needed(
    api: Api, waiting: list[Any]
) -> None:
    assert waiting
    fund = {"township": TOWNSHIP, "year": 2026}
    proposed = api.post("/api/v1/funds/propose-round", fund, by="finance")
    assert proposed.status_code == 200, proposed.text
    plain = what_if(api)
    assert (plain["round"], plain["differs"]) == (1, False)
    first, second = plain["items"]
    shares = f"{first['issue_id']}:{first['least']},{second['issue_id']}:{second['amount']}"
    assert what_if(api, shares=shares)["differs"] is True
    withdrawn = api.post("/api/v1/funds/withdraw-round", {**fund, "round": 1, "reasons": "重新拟定。"}, by="finance")
    assert withdrawn.status_code == 200


def test_given_no_such_fund_then_it_is_as_absent_as_anothers(api: Api) -> None:
    for path in ("projects", "what-if"):
        assert_problem(api.get(f"/api/v1/funds/{fund_id_of(TOWNSHIP, 2040)}/{path}", by="finance"), 404, "not-found")
