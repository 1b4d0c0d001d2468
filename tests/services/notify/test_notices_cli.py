"""`huiyin inbox` and `huiyin notices target`: what somebody was told, and where they want it; no secret is shown."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from domain.errors import NotFound
from projections.inbox import INBOX
from services.cli.commands import app
from services.notify.allowed import TargetNotAllowed
from services.notify.targets import TooManyTargets
from tests.projections.ledger import Log, log
from tests.support.casework import case

__all__ = ["log"]


@pytest.fixture(autouse=True)
def _installation(monkeypatch: pytest.MonkeyPatch, log: Log, tmp_path: Path) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", log.database.app_dsn)
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path))
    monkeypatch.setenv("HUIYIN_NOTICE_TARGETS", "jsons://hook.example")


def huiyin(*words: str, given: str = "") -> str:
    done = CliRunner().invoke(app, words, input=given)
    assert done.exit_code == 0, done.output
    return done.output


def refused(*words: str, given: str = "") -> type[BaseException]:
    done = CliRunner().invoke(app, words, input=given)
    assert done.exit_code == 1
    assert given.strip() not in done.output or not given
    return type(done.exception)


def test_given_a_missed_deadline_then_its_holder_finds_it_in_the_inbox_and_nobody_else(log: Log) -> None:
    log.append(case("missed"))
    log.fill(INBOX)
    told = json.loads(huiyin("inbox", "--user", "handler", "--json"))
    assert {it["kind"] for it in told["items"]} == {"missed", "supervised"}
    assert told["unread"] == 2
    assert "已超期" in huiyin("inbox", "--user", "handler", "--unread")
    assert "已超期" not in huiyin("inbox", "--user", "lead2")


def test_given_targets_then_they_are_listed_without_secrets_and_removed() -> None:
    huiyin("notices", "target", "add", "--user", "lead", given="jsons://hook.example/s3cret\n")
    listed = huiyin("notices", "target", "list", "--user", "lead")
    assert "hook.example" in listed
    assert "s3cret" not in listed
    huiyin("notices", "target", "remove", "--user", "lead", listed.split()[0])
    assert huiyin("notices", "target", "list", "--user", "lead") == ""
    assert refused("notices", "target", "remove", "--user", "lead", "4711") is NotFound


def test_given_a_target_that_nobody_allowed_or_a_sixth_then_refused() -> None:
    add = ("notices", "target", "add", "--user", "lead")
    assert refused(*add, given="jsons://evil.example/\n") is TargetNotAllowed
    for nth in range(5):
        huiyin(*add, given=f"jsons://hook.example/{nth}\n")
    assert refused(*add, given="jsons://hook.example/5\n") is TooManyTargets
