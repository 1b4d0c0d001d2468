"""Suggestions over HTTP: they help with a reason, tell nobody of a case they may not see, and change nothing."""

from typing import Any
from uuid import uuid4

import pytest

from domain.issue.commands import EscalateIssue
from tests.services.api.conftest import Api, assert_problem
from tests.support.states import a_new_case

LAMPS = "村口到小学一段三盏路灯不亮，孩子晚自习回家看不清路。"
SAME = "村口到小学的三盏路灯都不亮，孩子晚自习回家看不清。"
OTHER = "老水井旁堆了生活垃圾，雨后有异味，请派车清运。"


def log(api: Api, description: str, **fields: Any) -> str:
    """The number of a new issue."""
    given = {"household": None, "title": None, "place": None, **fields}
    number = api.lived("logged", description=description, **given).number
    assert number is not None
    return number


def told(api: Api, description: str, by: str = "handler", **fields: Any) -> dict[str, Any]:
    """What is suggested for a draft."""
    answer = api.post("/api/v1/suggestions", {"village": "QS", "description": description, **fields}, by=by)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def related(api: Api, number: str, by: str = "handler") -> dict[str, Any]:
    answer = api.get(f"/api/v1/issues/{number}/related", by=by)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def numbers(found: dict[str, Any]) -> set[str]:
    """Every issue that an answer names."""
    causes = (it for cause in found["common_causes"] for it in cause["issues"])
    return {it["number"] for it in (*found["duplicates"], *causes)}


@pytest.fixture(scope="module")
def lamps(api: Api) -> str:
    """An issue of a household, its words sealed, with a title and a place."""
    title = {"title": "村口路灯不亮", "place": "青石村村口"}
    number = log(api, LAMPS, household="QS-012", **title)
    log(api, OTHER)
    api.follow()
    return number


def test_given_a_draft_in_other_words_then_the_same_matter_is_named_with_its_reason(api: Api, lamps: str) -> None:
    (found,) = told(api, SAME, place="青石村村口")["duplicates"]
    assert (found["number"], found["title"]) == (lamps, "村口路灯不亮")
    assert found["wording"] > 0.4
    assert found["zh"].startswith("地点相同，文字有 ")
    assert "the same place and " in found["en"]
    assert "% of the wording" in found["en"]
    assert found["suggests"] == {"command": "issues", "body": {"repeats": lamps}}


def test_given_a_draft_about_something_else_then_nothing_is_suggested(api: Api, lamps: str) -> None:
    assert told(api, "想学习果树嫁接技术，请镇里安排一次培训。")["duplicates"] == []


@pytest.mark.parametrize("word", ["路灯", "小学", "QS-012", "孩子"])
def test_given_a_single_word_then_it_is_no_search(api: Api, lamps: str, word: str) -> None:
    found = told(api, word)
    assert found["duplicates"] == []
    assert told(api, word, place="别处")["duplicates"] == []


def test_given_a_draft_then_nothing_is_written_but_the_look_at_what_is_named(api: Api, lamps: str) -> None:
    def looks() -> list[tuple[str, str]]:
        return api.inside.execute("select user_name, what from look where subject = 'QS/QS-012'").fetchall()

    events, before = api.written(), looks()
    told(api, "想学习果树嫁接技术，请镇里安排一次培训。")
    assert looks() == before, "words that were compared and led to nothing are no look"
    told(api, SAME)
    assert sorted(looks()) == sorted([*before, ("handler", "suggestion")])
    assert api.written() == events


def test_given_looks_that_cannot_be_recorded_then_nothing_is_told(
    api: Api, lamps: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.privacy.unsealing.Unsealing._recorded", lambda *_: False)
    assert told(api, SAME)["duplicates"] == []


def test_given_two_issues_of_one_matter_then_the_later_one_may_join_the_earlier(api: Api, lamps: str) -> None:
    later = log(api, SAME, place="青石村村口")
    api.follow()
    (from_later,) = (it for it in related(api, later)["duplicates"] if it["number"] == lamps)
    (from_earlier,) = (it for it in related(api, lamps)["duplicates"] if it["number"] == later)
    assert from_later["suggests"] == from_earlier["suggests"]
    suggested = from_later["suggests"]
    assert (suggested["command"], suggested["number"], suggested["version"]) == ("merge-issue", later, 1)
    body = {**suggested["body"], "reasons": "同一处路灯。"}
    merged = api.post(f"/api/v1/issues/{later}/merge-issue", body, version=suggested["version"])
    assert merged.status_code == 200, merged.text
    api.follow()
    assert later not in numbers(related(api, lamps)), "what was merged is suggested no more"


def test_given_three_issues_on_one_topic_then_a_common_cause_is_named_and_can_be_linked(api: Api) -> None:
    said = ("自来水又停了三天，做饭没有水。", "水压太低，二楼的水龙头出不来水。", "自来水发黄，有铁锈味，不敢喝。")
    first, second, third = (log(api, words, household=f"W-{uuid4().hex[:6].upper()}") for words in said)
    api.follow()
    (cause,) = (it for it in related(api, third)["common_causes"] if it["topic"] == "water")
    assert {it["number"] for it in cause["issues"]} == {first, second}
    assert (cause["zh"], cause["en"]) == (
        "本村（社区） 30 天内有 3 件涉及供水",
        "3 issues on water supply in this village within 30 days",
    )
    suggested = cause["suggests"]
    path = f"/api/v1/issues/{suggested['number']}/{suggested['command']}"
    assert api.post(path, suggested["body"], version=suggested["version"]).status_code == 200
    api.follow()
    (again,) = (it for it in related(api, third)["common_causes"] if it["topic"] == "water")
    assert again["suggests"] is None
    (other,) = (it for it in related(api, first)["common_causes"] if it["topic"] == "water")
    assert other["suggests"]["body"] == suggested["body"], "the others are suggested the key that is in use"
    assert other["linked_already"]


def test_given_another_villages_matter_then_its_people_alone_are_told(api: Api) -> None:
    words = "社区东头的排水沟堵了两个月，一下雨院子里就进水。"
    foreign = log(api, words, village="LX")
    api.follow()
    assert foreign not in numbers(told(api, words)), "a draft in this village is compared with this village's issues"
    assert foreign in numbers(told(api, words, village="LX", by="villager"))
    refused = {"village": "QS", "description": words}
    assert_problem(api.post("/api/v1/suggestions", refused, by="villager"), 403, "outside-your-scope")


def test_given_a_department_then_it_is_told_of_what_is_with_it_alone(api: Api) -> None:
    words = "镇西头的公厕冬天水管冻裂，门也关不上。"
    with_it = api.live(
        a_new_case(key=uuid4().hex, description=words).do(EscalateIssue, department="construction")
    ).number
    elsewhere = log(api, words)
    api.follow()
    assert numbers(told(api, words)) >= {with_it, elsewhere}
    assert numbers(told(api, words, by="department")) == {with_it}


def test_given_a_complaint_about_an_official_then_it_is_likened_to_nothing_for_anybody(api: Api) -> None:
    words = "村里发放化肥补贴时，负责人优亲厚友，名单没有公示。"
    complaint = log(api, words, concerns="handler", by="lead")
    api.follow()
    for by in ("handler", "lead", "handler2"):
        assert complaint not in numbers(told(api, words, by=by))
    assert_problem(api.get(f"/api/v1/issues/{complaint}/related"), 404, "not-found")


def test_given_roles_that_read_no_words_then_they_are_suggested_nothing(api: Api, lamps: str) -> None:
    for by in ("finance", "auditor", "admin"):
        assert_problem(api.get(f"/api/v1/issues/{lamps}/related", by=by), 403, "role-not-allowed")
        asked = {"village": "QS", "description": SAME}
        assert_problem(api.post("/api/v1/suggestions", asked, by=by), 403, "role-not-allowed")


def test_given_a_draft_then_the_likely_category_comes_with_the_words_that_speak_for_it(api: Api, lamps: str) -> None:
    best = told(api, SAME)["categories"][0]
    assert (best["category"], best["title"]["en"]) == ("construction", "Urban and rural construction")
    assert "路灯" in best["because"]
    assert best["zh"] == f"文字中有：{'、'.join(best['because'])}"


def test_given_the_same_draft_twice_then_the_same_answer(api: Api, lamps: str) -> None:
    assert told(api, SAME) == told(api, SAME)
