"""`huiyin bulletin show | verify` and `huiyin ledger bulletins`: the form, a draft, figures that differ (F12, CX10)."""

import json
from pathlib import Path

import psycopg
import pytest
from click.testing import Result
from typer.testing import CliRunner

from domain.bulletin import commands as c
from domain.errors import NotFound
from projections.bulletins import BULLETINS
from projections.log_reader import LogReader
from projections.places import PLACES
from projections.projection import decoded
from services.cli.bulletins import BulletinDiffers
from services.cli.commands import app
from tests.services.test_bulletin_basis import Township, township
from tests.support.bulletins import DAY, DRAWN, ask
from tests.support.casework import Clock, clock
from tests.support.postgres import Database

__all__ = ["clock", "township"]


@pytest.fixture
def drawn(township: Township) -> Township:
    """March's bulletin is drawn up."""
    township.drawn_up()
    return township


def run(database: Database, home: Path, *words: str) -> Result:
    env = {
        "HUIYIN_DATABASE_URL": database.app_dsn,
        "HUIYIN_KEYS_DATABASE_URL": database.keys_dsn,
        "HUIYIN_HOME": str(home / "home"),
    }
    return CliRunner().invoke(app, list(words), env=env)


def follow(township: Township) -> None:
    township.seal()
    with psycopg.connect(township.database.follower_dsn, autocommit=True) as follower:
        for model in (BULLETINS, PLACES):
            model.apply(follower, decoded(LogReader(follower).read_sealed(-1, 1_000)))


def test_given_a_bulletin_when_verified_then_every_line_comes_out_again(drawn: Township, tmp_path: Path) -> None:
    done = run(drawn.database, tmp_path, "bulletin", "verify", "YL", "2026-03")
    assert done.exit_code == 0, done.output
    assert done.output.count("一致 same") == 5
    for month in ("2026-02", "spring"):
        assert isinstance(run(drawn.database, tmp_path, "bulletin", "verify", "YL", month).exception, NotFound)


def test_given_a_log_that_was_changed_when_verified_then_it_says_which_line_differs(
    drawn: Township, tmp_path: Path
) -> None:
    with psycopg.connect(drawn.database.superuser_dsn, autocommit=True) as owner:
        owner.execute("set session_replication_role = replica")
        owner.execute("alter table ledger_events disable trigger append_only")
        owner.execute("delete from ledger_events where topic = 'issue.fixed_on_site' and originator_version = 2")
    done = run(drawn.database, tmp_path, "bulletin", "verify", "YL", "2026-03")
    assert isinstance(done.exception, BulletinDiffers)
    assert [line.split(":")[0].strip() for line in done.output.splitlines() if "differs" in line] == ["YL2"]


@pytest.mark.proves("F12")
def test_given_a_draft_then_it_is_shown_and_only_once_issued_it_stands_in_the_ledger(
    drawn: Township, clock: Clock, tmp_path: Path
) -> None:
    follow(drawn)
    shown = run(drawn.database, tmp_path, "bulletin", "show", "YL", "2026-03")
    assert "状态：待印发" in shown.output
    assert "1. QS-2026-0001 镇 迟办" in shown.output
    assert json.loads(run(drawn.database, tmp_path, "ledger", "bulletins", "--format", "json").output) == []
    clock.set(DRAWN + 2 * DAY)
    drawn.casework.handle(ask(c.IssueBulletin, at=DRAWN + DAY))
    with psycopg.connect(drawn.database.owner_dsn, autocommit=True) as owner:
        owner.execute("truncate bulletin, bulletin_line, bulletin_item, place")
    follow(drawn)
    lines = json.loads(run(drawn.database, tmp_path, "ledger", "bulletins", "--format", "json").output)
    assert [(line["月份"], line["单位"], line["问题新增"]) for line in lines][:2] == [
        ("2026-03", "第一驻点", "3"),
        ("2026-03", "第二驻点", "1"),
    ]
    file = tmp_path / "march.md"
    written = run(drawn.database, tmp_path, "bulletin", "show", "YL", "2026-03", "-o", str(file))
    assert "已写入" in written.output
    assert "状态：2026-04-06" in file.read_text("utf-8")
    as_json = run(drawn.database, tmp_path, "bulletin", "show", "YL", "2026-03", "--json").output
    assert [line["place"] for line in json.loads(as_json)] == ["YL1", "YL2", "YL"]


def test_given_no_bulletin_then_nothing_is_shown(drawn: Township, tmp_path: Path) -> None:
    follow(drawn)
    assert isinstance(run(drawn.database, tmp_path, "bulletin", "show", "DS", "2026-03").exception, NotFound)


def test_given_a_draft_then_it_is_printed_with_its_table_and_what_is_named(drawn: Township, tmp_path: Path) -> None:
    follow(drawn)
    file = tmp_path / "march.html"
    done = run(drawn.database, tmp_path, "bulletin", "print", "YL", "2026-03", "--format", "html", "-o", str(file))
    assert done.exit_code == 0, done.output
    page = file.read_text("utf-8")
    assert "月通报</h1>" in page
    assert "QS-2026-0001 镇 迟办" in page
    assert page.count("<tr>") == 4
