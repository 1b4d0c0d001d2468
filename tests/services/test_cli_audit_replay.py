"""`huiyin audit replay` and `huiyin audit difference` on a log of a database."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from domain.errors import NotFound
from projections.issue_history import ISSUE_HISTORY
from services.audit.replay import RecordDamaged
from services.cli.audit_workflow import TemporalAway
from services.cli.commands import app
from tests.projections.ledger import Log
from tests.support.casework import START, case
from tests.support.postgres import DatabaseServer


@pytest.fixture(scope="module")
def log(database_server: DatabaseServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    """An installation with an issue that was closed and one that was logged a day later."""
    database = database_server.migrated_database()
    opened = Log(database)
    opened.settle()
    opened.append(case("closed"), case("logged", key="later", at=START.replace(day=START.day + 1)))
    opened.fill(ISSUE_HISTORY)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HUIYIN_DATABASE_URL", database.app_dsn)
        patched.setenv("HUIYIN_FOLLOWER_DATABASE_URL", database.follower_dsn)
        patched.setenv("HUIYIN_KEYS_DATABASE_URL", database.keys_dsn)
        patched.setenv("HUIYIN_HOME", str(tmp_path_factory.mktemp("home")))
        yield opened
    opened.close()
    database_server.drop(database)


def numbers(log: Log) -> list[str]:
    return [number for (number,) in log.query("select number from issue_number order by number")]


def huiyin(*words: str) -> str:
    ended = CliRunner().invoke(app, ["audit", *words])
    assert ended.exit_code == 0, ended.output or ended.exception
    return ended.stdout


def test_given_an_issue_then_each_event_is_told_with_rule_limit_times_and_place_in_the_log(log: Log) -> None:
    number = numbers(log)[0]
    told = huiyin("replay", number, "--from", "2", "--to", "2")
    assert "v2  现场办理" in told
    assert "L2 能现场办的现场办，随即答复" in told
    assert "环节：登记 → 待答复  |  stage: logged → " in told
    assert "尚无检查点覆盖" in told
    steps = json.loads(huiyin("replay", number, "--json"))
    assert [it["version"] for it in steps] == [1, 2, 3, 4, 5]
    assert all(isinstance(it["position"], int) for it in steps)


def test_given_two_versions_of_an_issue_then_what_differs_is_told(log: Log) -> None:
    found = huiyin("difference", numbers(log)[0], "--from", "1", "--to", "2")
    assert "v1 → v2" in found
    assert "环节：登记 → 待答复" in found


def test_given_the_ledger_at_two_moments_then_rows_come_as_table_csv_and_json(log: Log, tmp_path: Path) -> None:
    closed, later = numbers(log)
    since = ("difference", "issues", "--as-of", START.isoformat())
    assert "共 2 件不同" in huiyin(*since)
    (one, *_), file = json.loads(huiyin(*since, "--format", "json")), tmp_path / "difference.csv"
    assert (one["number"], one["kind"], one["before"]["stage"]) == (closed, "changed", "logged")
    huiyin(*since, "--format", "csv", "-o", str(file))
    lines = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    assert {(it["number"], it["kind"]) for it in lines} == {(closed, "changed"), (later, "added")}
    assert "共 0 件不同" in huiyin(*since, "--against", START.isoformat())


def test_given_another_time_then_any_ledger_is_told_as_it_was(log: Log) -> None:
    def replies(moment: str) -> str:
        return CliRunner().invoke(app, ["ledger", "replies", "--as-of", moment, "--format", "json"]).stdout

    assert numbers(log)[0] in replies("2200-01-01T00:00:00+08:00")
    assert numbers(log)[0] not in replies(START.isoformat())
    assert CliRunner().invoke(app, ["ledger", "meetings", "--known-at", START.isoformat()]).exit_code == 0


def test_given_temporal_away_then_the_log_is_shown_alone_and_nothing_is_replayed(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIYIN_TEMPORAL_ADDRESS", "127.0.0.1:1")
    told = huiyin("workflow", numbers(log)[0])
    assert "Temporal 无法连接，仅列日志" in told
    assert "日志 v1 issue.logged" in told
    assert isinstance(CliRunner().invoke(app, ["audit", "determinism", "--all"]).exception, TemporalAway)
    assert CliRunner().invoke(app, ["audit", "determinism"]).exit_code == 2


def test_given_no_such_issue_or_versions_of_a_ledger_then_it_is_refused(log: Log) -> None:
    assert isinstance(CliRunner().invoke(app, ["audit", "replay", "QS-2026-9999"]).exception, NotFound)
    assert CliRunner().invoke(app, ["audit", "difference", "issues", "--from", "1"]).exit_code == 2


def test_given_a_stream_that_does_not_hang_together_then_that_is_what_is_said(log: Log) -> None:
    broken = case("fixed", key="broken")
    log.append(broken)
    number = numbers(log)[-1]
    with psycopg.connect(log.database.superuser_dsn, autocommit=True) as connection:
        connection.execute("alter table ledger_events disable trigger all")
        first = (broken.issue_id,)
        connection.execute("delete from ledger_events where originator_id = %s and originator_version = 1", first)
    assert isinstance(CliRunner().invoke(app, ["audit", "replay", number]).exception, RecordDamaged)
