"""Bulletins at the door: named in, taken off, issued by another, corrected; drafts are for those who work on them."""

from datetime import date, datetime
from typing import Any

import pytest

from domain.bulletin import commands as c
from domain.periods import Cycle, Period
from domain.plan import load_plan
from tests.services.api.conftest import Api, assert_problem
from tests.support.bulletins import ask, drawn_up_by_the_last

PATH = "/api/v1/bulletins"


def drawn_up(api: Api, monkeypatch: pytest.MonkeyPatch, month: Period) -> dict[str, str]:
    """The bulletin of T1 is drawn up; what every command to it says."""
    monkeypatch.setattr(api.casework, "bulletin_basis", drawn_up_by_the_last(api.database))
    rules = load_plan("cx").bulletin
    assert rules is not None
    at: datetime = rules.draw_up_at(month)
    for kind in (c.OpenBulletin, c.DrawUpBulletin):
        api.casework.handle(ask(kind, at=at, place="T1", first=month.first))
    return {"place": "T1", "cycle": "month", "first": month.first.isoformat()}


def shown(api: Api, by: str, month: Period) -> list[dict[str, Any]]:
    api.follow()
    answer = api.get(PATH, by, params={"township": "T1", "period": month.name})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


@pytest.mark.proves("MZ6", "F12")
def test_given_a_draft_when_named_in_and_issued_by_another_then_every_office_reads_it(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    month = Period(date(2026, 1, 1), Cycle.MONTH)
    of = drawn_up(api, monkeypatch, month)
    number = str(api.lived("logged", village="LX").number)
    named = api.post(f"{PATH}/name-in-bulletin", {**of, "issue": number, "handling": "evasive"}, by="auditor")
    assert named.status_code == 200, named.text
    (draft,) = shown(api, "member2", month)
    assert (draft["issued_at"], draft["version"]) == (None, 3)
    (item,) = draft["named"]
    assert (item["item"], item["issue"], item["handling"], item["proposed"]) == (1, number, "evasive", False)
    assert shown(api, "handler", month) == [], "nobody reads a draft who does not work on it"

    assert_problem(api.post(f"{PATH}/issue-bulletin", of, by="handler"), 403, "role-not-allowed")
    assert_problem(api.post(f"{PATH}/issue-bulletin", of, by="committee", version=2), 412, "stale-version")
    assert api.post(f"{PATH}/issue-bulletin", of, by="committee", version=3).status_code == 200
    (told,) = shown(api, "handler", month)
    assert told["issued_by"] == "committee"
    assert [row[told["columns"].index("单位")] for row in told["rows"]] == ["柳溪社区", "青石村", "云岭镇"]
    assert any(number in row[told["columns"].index("点名事项")] for row in told["rows"])

    refused = api.post(f"{PATH}/take-off-bulletin", {**of, "item": 1, "cause": "not_so"}, by="auditor")
    assert_problem(refused, 409, "bulletin-issued")
    correction = {**of, "reason": "wrongly_named", "struck": [1]}
    assert_problem(api.post(f"{PATH}/correct-bulletin", correction, by="committee"), 409, "same-person")
    assert api.post(f"{PATH}/correct-bulletin", correction, by="member2").status_code == 200
    (corrected,) = shown(api, "handler", month)
    assert corrected["corrections"] == 1
    assert [it["struck"] for it in corrected["named"]] == [True]


def test_given_whoever_took_something_off_then_they_do_not_issue_it(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    month = Period(date(2025, 12, 1), Cycle.MONTH)
    of = drawn_up(api, monkeypatch, month)
    number = str(api.lived("logged", village="QS").number)
    body = {**of, "issue": number, "handling": "idle", "post": "case_handler"}
    assert api.post(f"{PATH}/name-in-bulletin", body, by="auditor").status_code == 200
    assert_problem(api.post(f"{PATH}/name-in-bulletin", body, by="member2"), 409, "not-to-be-named")
    off = api.post(f"{PATH}/take-off-bulletin", {**of, "item": 1, "cause": "justified"}, by="committee")
    assert off.status_code == 200
    assert_problem(api.post(f"{PATH}/issue-bulletin", of, by="committee"), 409, "same-person")
    assert api.post(f"{PATH}/issue-bulletin", of, by="member2").status_code == 200
    (told,) = shown(api, "handler", month)
    assert told["named"] == [], "what was taken off is told to nobody else"
    assert [it["cause"] for it in shown(api, "auditor", month)[0]["named"]] == ["justified"]


@pytest.mark.parametrize("said", [{"item": 0}, {"item": 1, "cause": "他家信教"}, {"item": 1}])
def test_given_free_words_or_no_item_then_the_form_is_refused(api: Api, said: dict[str, Any]) -> None:
    body = {"place": "T1", "cycle": "month", "first": "2026-01-01", **said}
    assert api.post(f"{PATH}/take-off-bulletin", body, by="auditor").status_code == 422
