"""What forms offer, and what people are called: for whoever works in the office, and no more than they may know."""

import httpx

from tests.services.api.conftest import Api, assert_problem


def test_given_a_handler_when_asked_then_own_villages_categories_and_people_and_no_other_township_s(api: Api) -> None:
    told = api.get("/api/v1/me/choices", by="villager").json()
    assert [village["code"] for village in told["villages"]] == ["LX"]
    assert {"key", "zh", "en"} == told["categories"][0].keys()
    assert {"handler", "lead"} <= set(told["officers"])


def test_given_people_of_the_office_when_asked_then_each_is_called_in_both_languages(api: Api) -> None:
    people = {it["name"]: it for it in api.get("/api/v1/people", by="admin").json()["items"]}
    assert people["handler"]["zh"]
    assert people["handler"]["en"]


def test_given_nobody_or_an_odd_parameter_then_neither_is_told(api: Api) -> None:
    assert_problem(httpx.get(f"{api.address}/api/v1/people"), 401, "not-authenticated")
    assert_problem(api.get("/api/v1/people", params={"role": "lead"}), 422, "malformed")
    assert_problem(api.get("/api/v1/me/choices", params={"village": "WS"}), 422, "malformed")
