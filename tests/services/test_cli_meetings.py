"""`huiyin meeting …`, `huiyin ledger meetings`: the agenda, the minutes and the register, at the machine."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from domain.casework import Casework
from domain.issue.commands import DecideSubmission
from domain.issue.words import Outcome
from domain.meeting import commands as c
from domain.meeting.words import MeetingKind
from domain.values import THE_PROCESS
from projections.meeting_register import MEETING_REGISTER
from services.cli.commands import app
from tests.projections.ledger import Log
from tests.support.casework import COMMITTEE, PEOPLE, TOWNSHIP, Clock, case, live_through
from tests.support.postgres import Database


def huiyin(*words: str, status: int = 0) -> str:
    """What the command prints."""
    ended = CliRunner().invoke(app, list(words))
    assert ended.exit_code == status, ended.output or ended.exception
    return ended.output


@pytest.fixture
def closed(
    database: Database, casework: Casework, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A meeting of two items: one was declined after discussion, one is carried over; its id."""
    lives = [case("tabled", household=None, key="decided"), case("tabled", household=None, key="left")]
    for life in lives:
        live_through(casework, clock, life)
    meeting = ""

    def do(of: Any, *, by: str = "committee", **fields: Any) -> None:
        nonlocal meeting
        actor = THE_PROCESS if of is c.DrawAgenda else PEOPLE[by]
        sent = of(command_id=uuid4(), actor=actor, occurred_at=clock.now, **fields)
        meeting = meeting or str(sent.stream_id)
        casework.handle(sent)

    candidates = tuple(life.issue_id for life in lives)
    on: dict[str, Any] = {"township": TOWNSHIP}
    do(c.DrawAgenda, kind=MeetingKind.COMMITTEE, period="2026-03", cut_off=clock.now, candidates=candidates, **on)
    on["meeting_id"] = meeting
    for member in COMMITTEE[:5]:
        do(c.SignIn, by=member, **on)
    do(c.OpenMeeting, **on)
    do(c.RecordPoint, item=candidates[0], point="属私人院内，不宜补贴。", **on)
    do(c.RecordVotes, items=candidates[:1], proposal=Outcome.DECLINED, in_favour=COMMITTEE[:5], **on)
    do(
        DecideSubmission, issue_id=candidates[0], meeting_id=meeting, outcome=Outcome.DECLINED,
        reasons="请按物业管理办法自行更换。",
    )  # fmt: skip
    do(c.CloseMeeting, carried_over=candidates[1:], **on)
    do(c.ConfirmMinutes, by="member2", **on)
    log = Log(database)
    log.seal()
    log.fill(MEETING_REGISTER)
    log.close()
    monkeypatch.setenv("HUIYIN_DATABASE_URL", database.app_dsn)
    monkeypatch.setenv("HUIYIN_KEYS_DATABASE_URL", database.keys_dsn)
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))
    return meeting


@pytest.mark.proves("F15", "D1")
def test_given_a_closed_meeting_then_agenda_minutes_and_register_tell_everything(closed: str) -> None:
    agenda = huiyin("meeting", "agenda", closed)
    assert "  1  QS-2026-0001  上次未议 left over" in agenda
    assert "已通知 told: committee、member2" in agenda
    assert [it["village"] for it in json.loads(huiyin("meeting", "agenda", closed, "--json"))] == ["QS", "QS"]

    minutes = huiyin("meeting", "minutes", closed)
    for told in (
        "主持：committee", "实到(签到)：5 人：committee、member2", "缺席：2 人：member6、member7", "纪要确认：member2",
        "议题：QS-2026-0001\n讨论要点：属私人院内，不宜补贴。\n表决：同意 5、反对 0、弃权 0\n决定：不予同意\n"
        "理由：请按物业管理办法自行更换。\n责任人：",
        "议题：QS-2026-0002\n决定：列入下次会议",
    ):  # fmt: skip
        assert told in minutes

    _, line = huiyin("ledger", "meetings").splitlines()
    assert f"1  {closed}  党委会  云岭镇" in line
    assert "散会  member2" in line


@pytest.mark.usefixtures("closed")
def test_given_no_such_meeting_then_it_is_said(closed: str) -> None:
    assert closed
    for word in ("agenda", "minutes"):
        assert CliRunner().invoke(app, ["meeting", word, str(uuid4())]).exit_code == 1


@pytest.mark.proves("F15")
def test_given_a_closed_meeting_then_its_minutes_are_printed(closed: str, tmp_path: Path) -> None:
    file = tmp_path / "minutes.html"
    assert "已写入" in huiyin("meeting", "print", closed, "--format", "html", "-o", str(file))
    page = file.read_text("utf-8")
    assert "会议记录</h1>" in page
    assert "属私人院内，不宜补贴。" in page
    assert "主持人" in page
