"""`huiyin audit what-if` on the demonstration township: the same plan changes nothing, another does, none writes."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from typer.testing import CliRunner

from domain.plan import plan_text
from projections.seal import seal_once
from services.audit.what_if import replayed, unwriting, world_of
from services.audit.what_if_words import COLUMNS
from services.bootstrap import asking_casework, open_directory
from services.cli.commands import app
from services.demonstration.load import load_demonstration
from services.settings import Settings
from tests.services.test_demonstration import opened
from tests.support.postgres import Database, DatabaseServer

TODAY = datetime(2026, 7, 15, 3, tzinfo=UTC)
_TABLES = "select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE'"


@pytest.fixture(scope="module")
def township(database_server: DatabaseServer) -> Iterator[Database]:
    """The demonstration township, sealed; these tests only read."""
    database = database_server.migrated_database()
    with opened(database, TODAY) as casework:
        load_demonstration(casework, TODAY)
    with psycopg.connect(database.follower_dsn, autocommit=True) as follower:
        seal_once(follower)
    yield database
    database_server.drop(database)


@pytest.fixture(autouse=True)
def _here(township: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", township.app_dsn)
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))


def run(*asked: str, status: int = 0) -> str:
    ended = CliRunner().invoke(app, ["audit", "what-if", *asked])
    assert ended.exit_code == status, ended.output or ended.exception
    return ended.stdout if status == 0 else ended.output


def plan_file(tmp_path: Path, was: str, becomes: str) -> str:
    """The cx plan with one entry changed."""
    text = plan_text("cx")
    assert was in text
    file = tmp_path / "other.toml"
    file.write_text(text.replace(was, becomes, 1), "utf-8")
    return str(file)


ON_SITE = '[clocks.on_site] # 现场办理\namount = 3\nunit = "working"'


@pytest.mark.parametrize("asked", [[], ["--plan", "cx"]], ids=["in force", "by its key"])
def test_given_the_same_plan_when_asked_then_the_table_is_empty(asked: list[str]) -> None:
    found = json.loads(run(*asked, "--format", "json"))
    assert found["issues"] == []
    assert found["totals"]["replayed"] > 15
    assert found["totals"]["all"]["changes"] == 0


def test_given_another_limit_when_asked_then_each_line_names_the_rule_in_both_plans(tmp_path: Path) -> None:
    asked = plan_file(tmp_path, ON_SITE, ON_SITE.replace("3", "9"))
    lines = list(csv.reader(io.StringIO(run("--plan", asked, "--format", "csv").lstrip("\ufeff"))))
    assert tuple(lines[0]) == COLUMNS
    limits = [dict(zip(COLUMNS, line, strict=True)) for line in lines[1:] if line[3].startswith("期限")]
    assert limits
    for line in limits:
        assert line["环节 of"] == "现场办理 on-site window"
        assert line["原规定 recorded rule"] == "cx@1: 3 个工作日 working days (PC2)"
        assert line["另案规定 other rule"] == "cx@1: 9 个工作日 working days (PC2)"
        assert int(line["较晚（日） days later"]) >= 6


def test_given_villages_and_officers_when_put_together_then_their_sums_are_the_whole(tmp_path: Path) -> None:
    asked = plan_file(tmp_path, ON_SITE, ON_SITE.replace("3", "1").replace("remind_before = 1", "remind_before = 0"))
    Path(asked).write_text(Path(asked).read_text("utf-8").replace("remind_before = 1", "remind_before = 0", 1), "utf-8")
    totals = json.loads(run("--plan", asked, "--format", "json", "--by", "village"))["totals"]
    for each in (totals["villages"], totals["officers"]):
        assert sum(it["changes"] for it in each) == totals["all"]["changes"] > 0
    assert totals["all"]["later"] == 0
    assert "全部 all" in run("--plan", asked, "--by", "officer")


def test_given_one_village_when_asked_then_no_other_is_looked_at(tmp_path: Path) -> None:
    whole = json.loads(run("--plan", "xf", "--format", "json"))
    village = whole["issues"][0]["village"]
    part = json.loads(run("--plan", "xf", "--village", village, "--format", "json"))
    assert {it["village"] for it in part["issues"]} == {village}
    assert part["issues"] == [it for it in whole["issues"] if it["village"] == village]
    assert json.loads(run("--plan", "xf", "--to", "2020-01-01", "--format", "json"))["totals"]["replayed"] == 0


def test_given_a_faulty_plan_when_asked_then_it_is_told_as_when_it_is_checked(tmp_path: Path) -> None:
    faulty = plan_file(tmp_path, ON_SITE, ON_SITE.replace("3", "-3"))
    checked = CliRunner().invoke(app, ["plan", "check", faulty])
    assert run("--plan", faulty, status=1) == checked.output
    assert "No such file" in run("--plan", "nowhere.toml", status=2)


def test_when_asked_then_the_log_and_every_table_are_as_before(township: Database) -> None:
    before = contents(township)
    run("--plan", "ll", "--format", "json")
    assert contents(township) == before


def test_within_the_question_nothing_can_be_written(township: Database) -> None:
    settings = Settings()
    with (
        closing(asking_casework(settings)) as casework,
        psycopg.connect(township.app_dsn, autocommit=True) as connection,
        unwriting(connection) as up_to,
    ):
        world = world_of(casework, open_directory(settings.database_url), None)
        assert not any(it.changes for it in replayed(connection, up_to, world, TODAY))
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), connection.transaction():
            connection.execute("delete from follower_position")


def contents(database: Database) -> dict[str, object]:
    """Every row of every table, as one digest a table."""
    with psycopg.connect(database.owner_dsn, autocommit=True) as connection:
        names = [
            it for it in connection.execute(_TABLES).fetchall() if it[0] not in ("pg_catalog", "information_schema")
        ]
        digest = sql.SQL("select md5(coalesce(string_agg(it::text, '|' order by it::text), '')) from {} as it")
        return {
            f"{schema}.{name}": connection.execute(digest.format(sql.Identifier(schema, name))).fetchone()
            for schema, name in names
        }
