"""`huiyin import` as people and programs call it: exit status, words, JSON, Ctrl-C, a kill in the middle."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from services.cli.importing import import_file
from tests.services.importing.files import MAP, OPEN, asked, events_in, rows_of, table_of
from tests.support.postgres import Database
from tests.support.waiting import eventually

Run = Callable[..., Result]
PROGRAM = "import typer; from services.cli.importing import import_file; typer.run(import_file)"


@pytest.fixture
def environment(database: Database, tmp_path: Path) -> dict[str, str]:
    return {
        "HUIYIN_DATABASE_URL": database.app_dsn,
        "HUIYIN_KEYS_DATABASE_URL": database.keys_dsn,
        "HUIYIN_HOME": str(tmp_path / "home"),
    }


@pytest.fixture
def map_path(tmp_path: Path) -> str:
    path = tmp_path / "books.toml"
    path.write_text(MAP, "utf-8")
    return str(path)


@pytest.fixture
def run(environment: dict[str, str], map_path: str) -> Run:
    app = typer.Typer()
    app.command()(import_file)

    def call(file: Path, *options: str, map_name: str = map_path) -> Result:
        return CliRunner().invoke(app, [str(file), "--map", map_name, *options], env=environment)

    return call


def test_given_a_good_file_then_status_0_and_a_report_in_both_languages(run: Run, tmp_path: Path) -> None:
    result = run(table_of(tmp_path / "a.csv", *rows_of(3), {"id": "o", "due": "2059-12-31T19:00:00", **OPEN}))

    assert result.exit_code == 0
    assert "登记 Logged: 4; 答复并销号 answered and closed: 3" in result.stdout
    assert "期限远在多年之后" in result.stdout


def test_given_json_then_the_report_is_one_document(run: Run, tmp_path: Path) -> None:
    table_of(tmp_path / "a.csv", *rows_of(3), {"id": "o", "due": "2059-12-31T19:00:00", **OPEN})
    result = run(tmp_path / "a.csv", "--json")

    report = json.loads(result.stdout)
    counts = {
        key: report[key] for key in ("rows", "logged", "answered", "closed", "left_open", "already_there", "bad_rows")
    }
    assert counts == {
        "rows": 4,
        "logged": 4,
        "answered": 3,
        "closed": 3,
        "left_open": 1,
        "already_there": 0,
        "bad_rows": 0,
    }
    assert report["notes"] == {"due-too-far": {"count": 1, "lines": [8]}}
    assert report["rate"] > 0


def test_given_a_bad_row_then_status_1_its_line_and_nothing_written(
    run: Run, database: Database, tmp_path: Path
) -> None:
    table_of(tmp_path / "a.csv", *rows_of(2), {"id": "b", "logged": "nie", "subject": "SECRET"})

    result = run(tmp_path / "a.csv")
    skipped = run(tmp_path / "a.csv", "--skip-bad")

    assert result.exit_code == 1
    assert "第 6 行 line 6 [logged]" in result.stdout
    assert "--skip-bad" in result.stdout
    assert "SECRET" not in result.output
    assert "nie" not in result.output
    assert skipped.exit_code == 0
    assert events_in(database) == 8


def test_given_many_bad_rows_then_the_first_fifty_are_printed(run: Run, tmp_path: Path) -> None:
    result = run(table_of(tmp_path / "a.csv", *rows_of(60, where="")))

    assert result.stdout.count("value-unlisted") == 50
    assert "另有 and 10 more" in result.stdout


def test_given_a_dry_run_then_status_0_and_nothing_written(run: Run, database: Database, tmp_path: Path) -> None:
    result = run(table_of(tmp_path / "a.csv", *rows_of(3)), "--dry-run")

    assert result.exit_code == 0
    assert "可导入 Would be logged: 3" in result.stdout
    assert "ET 2024: 新 new 3" in result.stdout
    assert events_in(database) == 0


def test_given_a_file_that_is_no_table_then_status_1_on_stderr(run: Run, tmp_path: Path) -> None:
    result = run(table_of(tmp_path / "a.csv", {}, encoding="gb18030"))

    assert result.exit_code == 1
    assert "not-utf-8" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(("file", "map_name"), [("none.csv", None), ("a.pdf", None), ("a.csv", "no-such-map")])
def test_given_bad_usage_then_status_2(run: Run, tmp_path: Path, file: str, map_name: str | None) -> None:
    table_of(tmp_path / "a.csv", {})

    result = run(tmp_path / file, **({"map_name": map_name} if map_name else {}))

    assert result.exit_code == 2
    assert result.stderr


def test_given_the_columns_of_another_plan_then_the_map_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text(MAP.replace('water = "construction"', 'water = "canals"'), "utf-8")

    result = run(table_of(tmp_path / "a.csv", {}), "--plan", "cx", map_name=str(tmp_path / "odd.toml"))

    assert result.exit_code == 1
    assert "canals" in result.stderr


# -- as a process -----------------------------------------------------------------------------------------------------


def started(file: Path, map_path: str, environment: dict[str, str]) -> "subprocess.Popen[str]":
    arguments = [sys.executable, "-c", PROGRAM, str(file), "--map", map_path, "--json"]
    environment = {**os.environ, **environment}
    return subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_given_a_kill_in_the_middle_then_no_row_is_half_done_and_a_second_run_goes_on(
    run: Run, environment: dict[str, str], map_path: str, database: Database, tmp_path: Path
) -> None:
    file = table_of(tmp_path / "a.csv", *rows_of(700))
    with started(file, map_path, environment) as process:
        eventually(lambda: events_in(database) >= 200 or process.poll() is not None, within=60)
        process.kill()

    versions = asked(
        database, "select distinct count(*) from ledger_events where topic like 'issue.%' group by originator_id"
    )
    assert process.returncode == -signal.SIGKILL
    assert versions == [(4,)]
    assert events_in(database) < 700 * 4

    report = json.loads(run(file, "--json").stdout)

    assert report["already_there"] + report["logged"] == 700
    assert report["already_there"] > 0
    assert events_in(database) == 700 * 4
    assert asked(database, "select last from village_counter") == [(700,)]


def test_given_ctrl_c_then_it_stops_between_transactions_and_says_how_to_go_on(
    environment: dict[str, str], map_path: str, database: Database, tmp_path: Path
) -> None:
    file = table_of(tmp_path / "a.csv", *rows_of(700))
    with started(file, map_path, environment) as process:
        eventually(lambda: events_in(database) >= 200 or process.poll() is not None, within=60)
        process.send_signal(signal.SIGINT)
        report = json.loads(process.communicate()[0])

    assert process.returncode == 1
    assert report["ended"] == "asked"
    assert events_in(database) == report["logged"] * 4 < 700 * 4
