"""Spot checks at the door: found, put right, re-checked and closed; of another village's issues nothing is told."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.services.api.conftest import Api, assert_problem

PATH = "/api/v1/spot-checks"


def begun(api: Api, kind: str) -> dict[str, str]:
    """A check of both stations of the township, by the auditor; what every command to it says."""
    body = {"township": "T1", "kind": kind, "stations": ["QS", "LX"]}
    answer = api.post(f"{PATH}/record-inspection", body, by="auditor")
    assert answer.status_code == 201, answer.text
    return {"township": "T1", "check_id": answer.json()["check_id"]}


def found(api: Api, of: dict[str, str], village: str) -> str:
    """Something found in an issue of this village."""
    number = str(api.lived("logged", village=village).number)
    body = {**of, "station": village, "item": number, "problem": f"{village} 的答复没有送达凭据。"}
    assert api.post(f"{PATH}/record-finding", body, by="auditor").status_code == 200
    return number


def shown(api: Api, of: dict[str, str], by: str) -> dict[str, Any]:
    answer = api.get(f"{PATH}/{of['check_id']}", by)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    assert answer.headers["etag"] == f'"{document["version"]}"'
    return document


@pytest.mark.proves("D6")
def test_given_a_finding_when_put_right_and_re_checked_then_the_check_is_closed(api: Api) -> None:
    of = begun(api, "sit_in")
    number = found(api, of, "LX")
    day = api.clock.now.date().isoformat()
    steps = (
        ("order-rectification", {"finding": 1, "unit": "LX", "requirement": "补齐凭据。", "due_on": day}, "committee"),
        ("report-rectification", {"finding": 1, "measures": "已补齐。"}, "villager"),
        ("recheck-rectification", {"finding": 1, "accepted": True, "opinion": "属实。"}, "auditor"),
    )
    for name, body, by in steps:
        answer = api.post(f"{PATH}/{name}", {**of, **body}, by=by)
        assert answer.status_code == 200, answer.text
        if name != "recheck-rectification":
            early = api.post(f"{PATH}/close-spot-check", {**of, "summary": "已整改。"}, by="auditor")
            assert_problem(early, 409, "rectification-open")
    (line,) = shown(api, of, "villager")["findings"]
    assert (line["item"], line["standing"], line["measures"]) == (number, "accepted", "已补齐。")
    assert api.post(f"{PATH}/close-spot-check", {**of, "summary": "已整改。"}, by="auditor").status_code == 200
    assert shown(api, of, "auditor")["closed"]


def test_given_a_reader_of_one_village_then_nothing_of_another_villages_issues_is_told(api: Api) -> None:
    of = begun(api, "full")
    own, other = found(api, of, "LX"), found(api, of, "QS")
    whole = shown(api, of, "auditor")["findings"]
    assert [line["item"] for line in whole] == [own, other]
    (line,) = shown(api, of, "villager")["findings"]
    assert (line["item"], line["problem"]) == (own, "LX 的答复没有送达凭据。")
    api.follow()
    listed = api.get(f"{PATH}?township=T1&period={api.clock.now:%Y-%m}", "villager").json()["items"]
    assert [it["findings"] for it in listed if it["check_id"] == of["check_id"]] == [2]
    assert not api.get(f"{PATH}?township=T2", "villager").json()["items"]


def test_given_a_role_that_the_ledger_of_findings_is_closed_to_then_the_check_tells_none_either(api: Api) -> None:
    of = begun(api, "unannounced")
    body = {**of, "station": "LX", "problem": "值班表没有上墙。"}
    assert api.post(f"{PATH}/record-finding", body, by="auditor").status_code == 200
    for by, told in (("auditor", 1), ("finance", 0), ("department", 0)):
        assert api.get("/api/v1/ledgers/findings", by).status_code == (200 if told else 403)
        assert len(shown(api, of, by)["findings"]) == told


def test_given_more_checks_than_a_page_holds_then_the_cursor_leads_to_each_once(api: Api) -> None:
    body = {"township": "T1", "kind": "full", "stations": ["QS", "LX"]}
    days = [(api.clock.now - timedelta(days=ago)).isoformat() for ago in (1, 2)]
    answers = [api.post(f"{PATH}/record-inspection", {**body, "occurred_at": day}, by="auditor") for day in days]
    made = {answer.json()["check_id"] for answer in answers}
    api.follow()
    seen: list[str] = []
    asked: dict[str, Any] = {"township": "T1", "limit": 1}
    while True:
        page = api.get(PATH, "auditor", params=asked).json()
        seen += [line["check_id"] for line in page["items"]]
        if page["next"] is None:
            break
        asked["cursor"] = page["next"]
    assert len(seen) == len(set(seen))
    assert made <= set(seen)
    other = {"township": "T2", "cursor": asked["cursor"]}
    assert_problem(api.get(PATH, "auditor", params=other), 422, "malformed")


def test_given_another_township_then_its_checks_are_as_absent_and_nobody_acts_there(api: Api) -> None:
    body = {"township": "T2", "kind": "full", "stations": ["WS"]}
    made = api.post(f"{PATH}/record-inspection", body, by="auditor").json()
    foreign, absent = (api.get(f"{PATH}/{id_}", "villager") for id_ in (made["check_id"], UUID(int=7)))
    assert (foreign.status_code, foreign.content) == (absent.status_code, absent.content)
    assert foreign.status_code == 404
    asked = {"township": "T2", "check_id": made["check_id"], "items": []}
    assert_problem(api.post(f"{PATH}/hand-in-ledgers", asked, by="villager"), 403, "outside-your-scope")


def test_given_nobody_who_may_then_nothing_is_drawn_early(api: Api) -> None:
    asked = {"township": "T1", "month": f"{api.clock.now.year + 1}-01"}
    assert_problem(api.post(f"{PATH}/announce-spot-check", asked, by="auditor"), 409, "not-due-yet")
    assert_problem(api.post(f"{PATH}/draw-spot-check", asked, by="auditor"), 404, "not-found")
    assert_problem(api.post(f"{PATH}/draw-spot-check", asked, by="lead"), 403, "role-not-allowed")
