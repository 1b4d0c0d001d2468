"""Hot topics over HTTP: counted from sealed words in the reader's scope, shown without a word and without a look."""

from typing import Any

import pytest

from tests.services.api.conftest import Api, assert_problem

SAID = ("自来水停了三天。", "水压太低。", "饮用水发黄。", "水管漏水。", "停水没有通知。")


@pytest.fixture(scope="module")
def month(api: Api) -> str:
    """Five households of one village and four of another spoke of water; six complained about an official."""
    for nth, words in enumerate(SAID):
        api.lived("logged", description=words, title=None, household=f"W-QS{nth}")
        if nth:
            api.lived("logged", description=words, title=None, household=f"W-LX{nth}", village="LX")
    for nth in range(6):
        complaint = {"concerns": "lead", "by": "household", "description": "路灯款项不公示，路灯不亮。"}
        api.lived("logged", title=None, household=f"W-C{nth}", **complaint)
    api.follow()
    return f"{api.clock():%Y-%m}"


def hot(api: Api, by: str, **query: str) -> dict[str, Any]:
    answer = api.get("/api/v1/hot-topics", by=by, params=query)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def test_given_sealed_words_then_topics_are_counted_and_nothing_is_shown_or_looked_at(api: Api, month: str) -> None:
    found = hot(api, "lead", place="QS")
    (water,) = (it for it in found["topics"] if it["topic"] == "water")
    assert (water["count"], water["before"], water["rises"]) == (5, None, False)
    assert water["zh"] == "供水：5 件，上期不足 5 件"
    assert (found["period"], found["whole"], found["place"]) == (month, True, "QS")
    assert [it["village"] for it in found["by_village"]] == ["QS"]
    assert api.inside.execute("select count(*) from look").fetchone() == (0,)


def test_given_a_small_count_then_it_is_told_to_nobody(api: Api, month: str) -> None:
    assert hot(api, "villager")["topics"] == []


def test_given_complaints_about_an_official_then_they_count_for_nobody(api: Api, month: str) -> None:
    for by in ("lead", "handler", "auditor", "committee"):
        assert not [it for it in hot(api, by, period=month)["topics"] if it["topic"] == "street_light"]


def test_given_a_period_before_then_it_has_none_of_these(api: Api, month: str) -> None:
    assert hot(api, "lead", period="2020-01")["topics"] == []


def test_given_a_foreign_place_or_none_then_it_is_absent(api: Api, month: str) -> None:
    for place in ("QS", "ZZ"):
        assert_problem(api.get("/api/v1/hot-topics", by="villager", params={"place": place}), 404, "not-found")


def test_given_roles_that_read_no_descriptions_then_they_are_told_none(api: Api, month: str) -> None:
    for by in ("finance", "admin"):
        assert_problem(api.get("/api/v1/hot-topics", by=by), 403, "role-not-allowed")


def test_given_a_period_that_is_none_then_it_is_refused(api: Api, month: str) -> None:
    assert_problem(api.get("/api/v1/hot-topics", params={"period": "2026-13"}), 422)
