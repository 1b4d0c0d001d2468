"""Lists of meetings and of a meeting's items over the API: one's own places, in order, what it takes to act."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.meeting.words import MeetingKind
from tests.services.api.conftest import Api, assert_problem
from tests.services.api.test_meetings import c, drawn, post
from tests.support.casework import COMMITTEE, TOWNSHIP, Case

from domain.values import THE_PROCESS  # isort: skip

__all__ = ["drawn"]


def listed(api: Api, by: str = "committee", **query: Any) -> dict[str, Any]:
    answer = api.get("/api/v1/meetings", by=by, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def station_meeting(api: Api, place: str, period: str) -> UUID:
    asked = c.DrawAgenda(
        command_id=uuid4(), actor=THE_PROCESS, occurred_at=api.clock.now, township=TOWNSHIP, place=place,
        kind=MeetingKind.WEEKLY, period=period, cut_off=api.clock.now,
    )  # fmt: skip
    return api.casework.handle(asked).stream_id


@pytest.mark.proves("F15", "D1")
def test_given_meetings_when_listed_then_the_latest_comes_first_page_by_page(
    api: Api, drawn: tuple[UUID, Case, Case]
) -> None:
    of_lx = station_meeting(api, "LX", "2031-W07")
    api.follow()
    found = listed(api)
    assert {it["meeting_id"] for it in found["items"]} >= {str(drawn[0]), str(of_lx)}
    first = listed(api, limit=1)
    second = listed(api, limit=1, cursor=first["next"])
    assert [*first["items"], *second["items"]] == found["items"][:2]
    (line,) = [it for it in found["items"] if it["meeting_id"] == str(drawn[0])]
    assert (line["kind"], line["phase"], line["items"], line["place_name"]) == ("committee", "drawn", 2, None)
    assert str(drawn[0]) in {it["meeting_id"] for it in listed(api, over="false")["items"]}
    assert str(drawn[0]) not in {it["meeting_id"] for it in listed(api, over="true")["items"]}
    assert {it["kind"] for it in listed(api, kind="weekly")["items"]} == {"weekly"}
    assert_problem(api.get("/api/v1/meetings", params={"kind": "party"}), 422)


def test_given_meetings_of_other_places_then_they_are_in_nobody_elses_list(api: Api) -> None:
    of_qs, of_lx = station_meeting(api, "QS", "2032-W07"), station_meeting(api, "LX", "2032-W08")
    api.follow()
    of_villager = {it["meeting_id"] for it in listed(api, by="villager")["items"]}
    assert str(of_lx) in of_villager
    assert str(of_qs) not in of_villager
    assert_problem(api.get("/api/v1/meetings", by="admin"), 403, "role-not-allowed")


def items(api: Api, meeting: UUID, by: str = "committee", **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"/api/v1/meetings/{meeting}/items", by=by, params=query).json()["items"]
    return found


@pytest.mark.proves("L8")
def test_given_items_then_each_says_who_may_vote_and_what_was_said(api: Api, drawn: tuple[UUID, Case, Case]) -> None:
    meeting, plain, complaint = drawn
    for member in COMMITTEE[:6]:
        post(api, "sign-in", member, meeting)
    post(api, "open-meeting", "committee", meeting)
    post(api, "declare-interest", "member2", meeting, item=str(plain.issue_id))
    post(api, "record-point", "committee", meeting, item=str(plain.issue_id), point="电话 13800138000，先修路面。")
    shown = {it["issue_id"]: it for it in items(api, meeting)}
    item = shown[str(plain.issue_id)]
    assert item["voters"] == sorted({*COMMITTEE[:6]} - {"member2"})
    assert "member3" not in shown[str(complaint.issue_id)]["voters"]
    assert [it["point"] for it in item["points"]] == ["电话 13800138000，先修路面。"]
    assert item["issue_version"] == api.casework.issue(plain.issue_id).version  # type: ignore[union-attr]
    assert {it["of"] for it in shown.values()} == {2}
    (alone,) = items(api, meeting, number=item["number"])
    assert alone == item
    assert items(api, meeting, after=1, limit=1)[0]["nth"] == 2
    assert [it["number"] for it in items(api, meeting, by="member3")] == [item["number"]]
    assert "13800138000" not in str(items(api, meeting, by="auditor"))
    assert items(api, meeting, by="department") == []
    assert_problem(api.get(f"/api/v1/meetings/{uuid4()}/items", by="committee"), 404, "not-found")
