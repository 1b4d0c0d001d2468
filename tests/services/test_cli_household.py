"""`huiyin household …`: written in somebody's name, read by whoever works at the machine, each look kept."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli.commands import app
from tests.projections.ledger import Log
from tests.support.postgres import Database

ONE = ["QS", "QS-012"]
HANDLER = ["--by", "handler", "--as", "case_handler"]
LEAD = ["--by", "lead", "--as", "station_lead"]


@pytest.fixture
def log(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Log:
    opened = Log(database)
    opened.settle()
    monkeypatch.setenv("HUIYIN_DATABASE_URL", database.app_dsn)
    monkeypatch.setenv("HUIYIN_KEYS_DATABASE_URL", database.keys_dsn)
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))
    return opened


def huiyin(*words: str) -> str:
    """What the command prints; it has to end with status 0."""
    ended = CliRunner().invoke(app, ["household", *words])
    assert ended.exit_code == 0, ended.output or ended.exception
    return ended.output


def follow(log: Log) -> None:
    """The register catches up."""
    log.seal()
    for projection in ("household_register", "follower_position"):
        log.follower.execute(f"delete from {projection}".encode())
    log.fill()


def test_given_a_household_then_it_is_registered_shown_copied_and_the_looks_are_told(log: Log) -> None:
    huiyin("register", *ONE, *HANDLER, "--name", "王某", "--phone", "138 0013 8000")
    huiyin("correct", *ONE, "phone", *HANDLER, "--value", "13900139000")
    huiyin("consent", *ONE, "age", *HANDLER, "--given-on", "2026-03-01")
    follow(log)
    shown = json.loads(huiyin("show", *ONE))
    assert (shown["name"], shown["phone"], shown["consents"]) == ("王某", "13900139000", "age")
    copied = json.loads(huiyin("export", *ONE, *HANDLER))
    assert copied["household"]["phone"] == "13900139000"
    assert "household.copy_requested" in [event["what"] for event in copied["events"]]
    looks = huiyin("looks", *ONE)
    assert "operator" in looks
    assert "export" in looks
    log.close()


def test_given_two_persons_then_an_erasure_waits_and_can_be_called_off(log: Log) -> None:
    huiyin("register", *ONE, *HANDLER)
    huiyin("erase", *ONE, "purpose_met", *HANDLER)
    huiyin("confirm-erasure", *ONE, *LEAD)
    follow(log)
    assert json.loads(huiyin("show", *ONE))["erasure"] == "confirmed"
    huiyin("cancel-erasure", *ONE, "本人要求保留。", *LEAD)
    huiyin("consent", *ONE, "age", *HANDLER)
    huiyin("consent", *ONE, "age", *HANDLER, "--withdraw")
    log.close()


def test_given_bad_usage_then_status_2_and_no_echo(log: Log) -> None:
    for words in (
        ["register", *ONE, *HANDLER, "--phone", "canary-80574213"],
        ["consent", *ONE, "age", *HANDLER, "--given-on", "canary-80574213"],
    ):
        ended = CliRunner().invoke(app, ["household", *words])
        assert ended.exit_code == 2
        assert "canary" not in ended.output
    log.close()
