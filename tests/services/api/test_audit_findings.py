"""Auditors' findings at the door: who answers, who learns nothing, what is exported; auditors' own looks."""

from typing import Any

import pytest

from tests.services.api.conftest import Api, assert_problem

PATH = "/api/v1/audit"


def recorded(api: Api, **fields: Any) -> str:
    """A finding by the auditor, to the station of QS; its id."""
    day = api.clock.now.date().isoformat()
    body = {"about": "proof", "unit": "QS", "problem": "见证签名中断。", "answer_by": day, **fields}
    answer = api.post(f"{PATH}/record-audit-finding", body, by="auditor")
    assert answer.status_code == 201, answer.text
    finding: str = answer.json()["finding_id"]
    return finding


def shown(api: Api, finding: str, by: str) -> dict[str, Any]:
    answer = api.get(f"{PATH}/findings/{finding}", by)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    assert answer.headers["etag"] == f'"{document["version"]}"'
    return document


def test_given_a_finding_then_the_units_lead_answers_and_it_is_closed_and_taken_away(api: Api) -> None:
    number = str(api.lived("logged", village="QS").number)
    of = recorded(api, about="issue", number=number, problem=f"{number} 没有送达凭据，电话 13677045518。")
    assert shown(api, of, "lead")["may"] == ["answer-audit-finding"]
    api.follow()
    told = api.get("/api/v1/inbox", "lead").json()["items"]
    assert "audit_finding" in {it["kind"] for it in told}
    steps = (
        ("answer-audit-finding", {"answer": "已补齐。"}, "lead"),
        ("accept-audit-answer", {"opinion": "属实。"}, "auditor"),
        ("close-audit-finding", {"outcome": "put_right", "summary": "凭据齐全。"}, "auditor"),
    )
    for name, body, by in steps:
        answer = api.post(f"{PATH}/{name}", {"finding_id": of, **body}, by=by)
        assert answer.status_code == 200, answer.text
    seen = shown(api, of, "auditor")
    assert (seen["standing"], seen["outcome"], seen["answer"], seen["may"]) == ("closed", "put_right", "已补齐。", [])
    api.follow()
    assert "13677045518" not in api.get(f"{PATH}/findings", "auditor").text
    form = api.get("/api/v1/ledgers/audit-findings/export", "committee", params={"format": "csv"})
    assert form.status_code == 200
    assert number in form.text
    assert "已办结：已整改" in form.text


def test_given_a_finding_about_somebodys_conduct_then_they_find_it_nowhere(api: Api) -> None:
    of = recorded(api, about="conduct", concerns="lead", unit="QS", problem="事后补签。")
    api.follow()
    assert_problem(api.get(f"{PATH}/findings/{of}", "lead"), 404, "not-found")
    answer = {"finding_id": of, "answer": "不属实。"}
    assert_problem(api.post(f"{PATH}/answer-audit-finding", answer, by="lead"), 404, "not-found")
    assert of not in api.get(f"{PATH}/findings", "lead").text
    assert of in api.get(f"{PATH}/findings", "auditor").text
    assert "lead" not in {it for line in [shown(api, of, "auditor")] for it in line["told"]}


@pytest.mark.parametrize("by", ["handler", "admin"])
def test_given_anybody_else_then_no_finding_is_shown(api: Api, by: str) -> None:
    of = recorded(api)
    assert_problem(api.get(f"{PATH}/findings/{of}", by), 403, "role-not-allowed")
    assert_problem(api.get(f"{PATH}/findings", by), 403, "role-not-allowed")


def test_given_a_finding_not_told_to_them_then_another_lead_and_finance_see_none(api: Api) -> None:
    of = recorded(api)
    api.follow()
    assert_problem(api.get(f"{PATH}/findings/{of}", "finance"), 404, "not-found")
    assert of not in api.get(f"{PATH}/findings", "finance").text


def test_given_a_finding_whose_day_is_over_then_it_shows_as_overdue(api: Api) -> None:
    of = recorded(api)
    assert not shown(api, of, "auditor")["overdue"]
    before = api.clock.now
    try:
        api.clock.now = before.replace(year=before.year + 1)
        assert shown(api, of, "auditor")["overdue"]
    finally:
        api.clock.now = before


def test_given_auditors_looks_then_they_see_their_own_and_the_office_how_many(api: Api) -> None:
    of = recorded(api)
    shown(api, of, "auditor")
    own = api.get(f"{PATH}/looks", "auditor").json()["items"]
    assert any((it["subject"], it["what"]) == (f"*/audit/findings/{of}", "finding") for it in own)
    assert {it["user_name"] for it in own} == {"auditor"}
    report = api.get(f"{PATH}/looks/report", "admin").json()["items"]
    assert sum(line["looks"] for line in report if line["what"] == "finding") >= 1
    assert all(set(line) == {"day", "user_name", "door", "what", "looks"} for line in report)
    assert_problem(api.get(f"{PATH}/looks", "lead"), 403, "role-not-allowed")


def test_given_a_look_that_cannot_be_written_down_then_nothing_is_shown(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = recorded(api)
    monkeypatch.setattr(type(api.parts.unsealing), "looked", lambda *_: False)
    assert_problem(api.get(f"{PATH}/findings/{of}", "auditor"), 503, "unavailable")
    assert api.get(f"{PATH}/findings/{of}", "lead").status_code == 200
