"""A meeting over the API: signed in, opened, voted, decided, closed; nobody sees of it what is not theirs to see."""

from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.meeting import commands as c
from domain.meeting.words import MeetingKind
from domain.values import THE_PROCESS
from tests.services.api.conftest import Api, assert_problem
from tests.support.casework import COMMITTEE, TOWNSHIP, case
from tests.support.states import Case

_MONTHS = count(12 * 2030)  # a meeting of its own for each test


@pytest.fixture
def drawn(api: Api) -> tuple[UUID, Case, Case]:
    """An agenda with two items, one of them a complaint about member3."""
    plain = case("tabled", key=uuid4().hex)
    complaint = case("tabled", key=uuid4().hex, concerns="member3")
    for life in (plain, complaint):
        api.live(life)
    year, month = divmod(next(_MONTHS), 12)
    period = f"{year}-{month + 1:02d}"
    asked = c.DrawAgenda(
        command_id=uuid4(), actor=THE_PROCESS, occurred_at=api.clock.now, township=TOWNSHIP, kind=MeetingKind.COMMITTEE,
        period=period, cut_off=api.clock.now, candidates=(plain.issue_id, complaint.issue_id),
    )  # fmt: skip
    return api.casework.handle(asked).stream_id, plain, complaint


def post(api: Api, name: str, by: str, meeting: UUID, **fields: Any) -> Any:
    body = {"township": TOWNSHIP, "meeting_id": str(meeting), **fields}
    return api.post(f"/api/v1/meetings/{name}", body, by=by)


@pytest.mark.proves("L8", "D1")
def test_given_a_drawn_agenda_when_members_sit_then_it_is_decided_closed_and_confirmed(
    api: Api, drawn: tuple[UUID, Case, Case]
) -> None:
    meeting, plain, complaint = drawn
    for member in COMMITTEE[:6]:
        assert post(api, "sign-in", member, meeting).status_code == 200
    assert post(api, "open-meeting", "committee", meeting).status_code == 200
    issue = str(plain.issue_id)
    voted = post(
        api, "record-votes", "committee", meeting, items=[issue], proposal="approved", in_favour=list(COMMITTEE[:6])
    )
    assert voted.status_code == 200, voted.text
    found = api.casework.issue(plain.issue_id)
    assert found is not None
    decided = api.post(
        f"/api/v1/issues/{found.number}/decide-submission",
        {"meeting_id": str(meeting), "outcome": "approved"},
        by="committee",
        version=found.version,
    )
    assert decided.status_code == 200, decided.text
    assert_problem(post(api, "close-meeting", "committee", meeting), 409, "items-left-undecided")
    closed = post(api, "close-meeting", "committee", meeting, carried_over=[str(complaint.issue_id)])
    assert closed.status_code == 200, closed.text
    assert post(api, "confirm-minutes", "member2", meeting).status_code == 200
    shown = api.get(f"/api/v1/meetings/{meeting}", by="committee").json()
    assert (shown["phase"], shown["confirmed"], shown["absent"]) == ("closed", True, ["member7"])
    (item,) = (it for it in shown["items"] if it["issue_id"] == issue)
    assert (item["outcome"], len(item["in_favour"])) == ("approved", 6)
    minutes = api.get(f"/api/v1/meetings/{meeting}/minutes", by="committee")
    assert minutes.headers["ETag"] == api.get(f"/api/v1/meetings/{meeting}", by="committee").headers["ETag"]
    assert ["纪要确认", "member2"] in minutes.json()["head"]
    lines = {row[0]: dict(zip(minutes.json()["columns"], row, strict=True)) for row in minutes.json()["rows"]}
    assert lines[found.number]["表决"] == "同意 6、反对 0、弃权 0"
    assert len(lines) == 2
    of_member3 = api.get(f"/api/v1/meetings/{meeting}/minutes", by="member3").json()
    assert [row[0] for row in of_member3["rows"]] == [found.number]
    assert api.get(f"/api/v1/meetings/{meeting}/minutes", by="department").json()["rows"] == []


def test_given_a_complaint_on_the_agenda_then_whom_it_concerns_does_not_see_it(
    api: Api, drawn: tuple[UUID, Case, Case]
) -> None:
    meeting, plain, complaint = drawn
    seen = {
        name: {it["issue_id"] for it in api.get(f"/api/v1/meetings/{meeting}", by=name).json()["items"]}
        for name in ("committee", "member3", "department")
    }
    assert seen == {
        "committee": {str(plain.issue_id), str(complaint.issue_id)},
        "member3": {str(plain.issue_id)},
        "department": set(),
    }
    assert "member3" not in str(api.get(f"/api/v1/meetings/{meeting}", by="committee").json()["items"])


@pytest.mark.proves("F15")
def test_given_points_and_reasons_when_minutes_are_read_then_each_reader_sees_what_a_history_shows_them(
    api: Api, drawn: tuple[UUID, Case, Case]
) -> None:
    meeting, plain, complaint = drawn
    issue, point, reasons = str(plain.issue_id), "住户电话 13800138000，属私人院内。", "请按物业管理办法自行更换。"
    for member in COMMITTEE[:6]:
        post(api, "sign-in", member, meeting)
    post(api, "open-meeting", "committee", meeting)
    post(api, "record-point", "committee", meeting, item=issue, point=point)
    votes = {"items": [issue], "proposal": "declined", "in_favour": list(COMMITTEE[:6])}
    assert post(api, "record-votes", "committee", meeting, **votes).status_code == 200
    found = api.casework.issue(plain.issue_id)
    assert found is not None
    decision = {"meeting_id": str(meeting), "outcome": "declined", "reasons": reasons}
    path = f"/api/v1/issues/{found.number}/decide-submission"
    assert api.post(path, decision, by="committee", version=found.version).status_code == 200
    path = f"/api/v1/meetings/{meeting}/minutes"
    assert api.get(path, by="committee").json()["rows"] == []  # not closed yet
    closed = post(api, "close-meeting", "committee", meeting, carried_over=[str(complaint.issue_id)])
    assert closed.status_code == 200
    shown = {name: str(api.get(path, by=name).json()) for name in ("committee", "auditor", "finance")}
    assert point in shown["committee"]
    assert reasons in shown["committee"]
    assert "13800138000" not in shown["auditor"]
    assert "属私人院内" in shown["auditor"]
    assert "属私人院内" not in shown["finance"]
    assert_problem(api.get(f"/api/v1/meetings/{uuid4()}/minutes", by="committee"), 404, "not-found")


def test_given_somebody_from_the_field_when_signing_in_to_the_committee_then_it_is_refused(
    api: Api, drawn: tuple[UUID, Case, Case]
) -> None:
    assert_problem(post(api, "sign-in", "lead", drawn[0]), 403, "role-not-allowed")
    assert_problem(post(api, "sign-in", "committee", uuid4()), 404, "not-found")


def test_given_a_station_meeting_of_another_township_then_it_is_as_absent_to_commands_too(api: Api) -> None:
    asked = c.DrawAgenda(
        command_id=uuid4(), actor=THE_PROCESS, occurred_at=api.clock.now, township="外山镇", place="WS",
        kind=MeetingKind.WEEKLY, period="2031-W07", cut_off=api.clock.now,
    )  # fmt: skip
    foreign = post(api, "sign-in", "villager", api.casework.handle(asked).stream_id)
    absent = post(api, "sign-in", "villager", uuid4())
    assert (foreign.status_code, foreign.content) == (absent.status_code, absent.content)
    assert_problem(foreign, 404, "not-found")
