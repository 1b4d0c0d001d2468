"""`huiyin audit conformance`: by the log alone, whatever was done to it; exit 1 where something is grave."""

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner

from domain.errors import NotFound
from domain.events import DomainEvent
from domain.issue.commands import RecordLookBack
from domain.issue.events import AnswerRated, ReplyGiven
from domain.values import Actor, Role
from services.cli.commands import app
from tests.projections.ledger import Log, log
from tests.support.states import Case, case

__all__ = ["log"]


@dataclass(frozen=True)
class Tampered:
    """What somebody wrote past the decisions: a stream without some of its events."""

    streams: dict[UUID, tuple[DomainEvent, ...]]


def without(life: Case, *kinds: type[DomainEvent]) -> Tampered:
    left = [event for event in life.events if not isinstance(event, kinds)]
    renumbered = (event.model_copy(update={"originator_version": nth}) for nth, event in enumerate(left, 1))
    return Tampered({life.issue_id: tuple(renumbered)})


@pytest.fixture
def told(log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Log:
    """Three settled cases; in Liuxi one was closed without any answer, past the program."""
    log.settle()
    honest = [case("settled", key=f"honest {nth}", household=f"QS-{nth:03}") for nth in range(3)]
    gamed = case("closed", key="gamed", village="LX").do(RecordLookBack, by="auditor")
    log.append(*honest, without(gamed, ReplyGiven, AnswerRated))
    monkeypatch.setenv("HUIYIN_DATABASE_URL", log.database.app_dsn)
    monkeypatch.setenv("HUIYIN_KEYS_DATABASE_URL", log.database.keys_dsn)
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))
    return log


def run(*words: str, status: int) -> str:
    ended = CliRunner().invoke(app, ["audit", "conformance", *words])
    assert ended.exit_code == status, ended.output or ended.exception
    return ended.output


def test_given_a_case_closed_without_an_answer_then_it_is_named_with_what_is_missing(told: Log) -> None:
    found: dict[str, Any] = json.loads(run("--format", "json", status=1))

    assert (found["checked"], found["conformant"]) == (4, 3)
    assert {kind: count for kind, count in found["by_kind"].items() if count} == {
        "skipped": 2,
        "closed_without_answer": 1,
        "backdated": 1,
    }
    (unfit,) = found["issues"]
    assert (unfit["village"], unfit["steps"], unfit["fitness"]) == ("LX", 6, round(4 / 6, 4))
    assert [it["en"] for it in unfit["deviations"]] == [
        "Before the strike-off, the written reply should have come, and did not.",
        "Before the strike-off, the household's rating should have come, and did not.",
    ]


def test_given_all_was_recorded_long_after_its_limits_then_it_is_named_as_dated_back(told: Log) -> None:
    told_in_words = run("--village", "QS", status=1)

    assert "checked 3   相符 conformant 3" in told_in_words
    assert "fitness 100.00%" in told_in_words
    assert "handler recorded 12 steps within a week, after their limits, and says all were in time." in told_in_words


def test_given_nothing_to_say_then_it_ends_well(told: Log) -> None:
    assert "checked 0" in run("--village", "QT", status=0)


def test_as_a_spreadsheet_each_finding_is_a_line(told: Log) -> None:
    lines = list(csv.DictReader(io.StringIO(run("--format", "csv", "--village", "LX", status=1))))

    assert [line["kind"] for line in lines] == ["skipped", "skipped", "closed_without_answer"]
    assert {line["severity"] for line in lines} == {"breach"}


def test_given_an_issue_that_nobody_knows_then_it_is_refused(told: Log) -> None:
    ended = CliRunner().invoke(app, ["audit", "conformance", "--issue", "QS-2026-9999"])

    assert isinstance(ended.exception, NotFound)


def test_given_an_actor_without_the_post_then_it_is_the_wrong_actor(told: Log) -> None:
    life = case("settled", key="stranger", household="QS-700")
    nobody = Actor(user="nobody", role=Role.CASE_HANDLER)
    events = [it.model_copy(update={"actor": nobody}) if isinstance(it, AnswerRated) else it for it in life.events]
    told.append(Tampered({life.issue_id: tuple(events)}))

    found = json.loads(run("--format", "json", status=1))

    (wrong,) = (it for of in found["issues"] for it in of["deviations"] if it["kind"] == "wrong_actor")
    assert wrong["en"] == "nobody held no post of case_handler when “the household's rating” was done."


def test_given_days_then_only_what_was_logged_on_them_is_held_against_the_process(told: Log) -> None:
    assert "checked 4" in run("--from", "2026-03-02", "--to", "2026-03-02", status=1)
    assert "checked 0" in run("--from", "2026-03-03", status=0)
    run("--from", "yesterday", status=2)
