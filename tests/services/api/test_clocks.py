"""Why a limit ends when it does, and what comes next: over HTTP and from the command line, for who may see it."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from services.cli.commands import app
from tests.services.api.conftest import Api, assert_problem

runner = CliRunner()


@pytest.mark.proves("L3", "L4")
def test_given_a_case_then_its_clocks_explain_themselves_and_what_follows(api: Api) -> None:
    number = api.lived("handed_over", key=uuid4().hex).number
    shown = api.get(f"/api/v1/issues/{number}/deadlines", by="lead")
    assert shown.headers["etag"] == '"4"'
    clocks = shown.json()["clocks"]
    assert [(it["whose"], it["verdict"]) for it in clocks] == [
        ("stage", "met"),
        ("stage", "met"),
        ("stage", "taken_over"),
        ("holder", "running"),
        ("household", "running"),
    ]
    handling = clocks[2]
    assert handling["deadline"]["basis"] == "CX13"
    assert sum(day["counted"] for day in handling["days"]) == 15
    assert "15 个工作日" in handling["explanation"]["zh"][0]
    assert clocks[3]["follows"]["en"][0].startswith("Then: reply within 5 working days")
    assert handling["follows"] == {"zh": [], "en": []}


@pytest.mark.proves("L3")
def test_given_a_case_then_what_next_names_who_and_when_for_those_who_may_see_it(api: Api) -> None:
    number = api.lived("logged", key=uuid4().hex).number
    (owed,) = api.get(f"/api/v1/issues/{number}/what-next", by="handler").json()["next"]
    assert (owed["person"], owed["rule"], owed["basis"]) == ("handler", "on_site", "PC2")
    assert [then["zh"] for then in owed["then"]] == ["催办提醒", "记为超期，并督办", "自动上报上一级"]
    for path in ("what-next", "deadlines"):
        assert_problem(api.get(f"/api/v1/issues/{number}/{path}", by="villager"), 404, "not-found")
        assert_problem(api.get(f"/api/v1/issues/{number}/{path}", by="admin"), 403, "role-not-allowed")
        assert_problem(api.get(f"/api/v1/issues/QS-2026-9999/{path}", by="handler"), 404, "not-found")


@pytest.mark.proves("L3")
def test_given_the_command_line_then_both_are_told_for_people_and_for_programs(
    api: Api, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", api.database.app_dsn)
    monkeypatch.setenv("HUIYIN_KEYS_DATABASE_URL", api.database.keys_dsn)
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))
    number = str(api.lived("logged", key=uuid4().hex).number)

    told = runner.invoke(app, ["issue", "deadlines", number, "--explain"]).output
    assert "【现场办理】环节期限，计时中；3 个工作日，依据 PC2，方案 cx@1，责任人 handler" in told
    assert "2026-03-03 周二    1  工作日" in told
    assert "Then: reply within 5 working days (CX13)" in told
    short = runner.invoke(app, ["issue", "deadlines", number]).output
    assert "工作日\n" not in short
    assert "截止 2026-03-05 23:59:59（北京时间）" in short
    clocks = json.loads(runner.invoke(app, ["issue", "deadlines", number, "--json"]).output)["clocks"]
    assert clocks[0]["deadline"]["due_at"].startswith("2026-03-05T23:59:59")

    next_ = runner.invoke(app, ["what-next", number]).output
    assert next_.startswith("handler: 现场办理，或办结，或上报")
    assert "2026-03-04 09:00  催办提醒 a reminder" in next_
    assert json.loads(runner.invoke(app, ["what-next", number, "--json"]).output)["stage"] == "logged"
    settled = str(api.lived("settled", key=uuid4().hex).number)
    assert "Nothing is owed" in runner.invoke(app, ["what-next", settled]).output
    assert runner.invoke(app, ["what-next", "QS-2026-9999"]).exit_code == 1
