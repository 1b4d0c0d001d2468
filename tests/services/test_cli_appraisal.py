"""`huiyin appraisal`: accounts of a period, who is named where the plan asks for it, and every mark behind a figure."""

import csv
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from domain.issue import commands as c
from domain.issue.words import Rating
from services.cli.commands import app
from services.exports.appraisal_form import APPRAISAL_COLUMNS, TRACE_COLUMNS
from tests.projections.ledger import Log, log
from tests.support.casework import case

__all__ = ["log"]


@pytest.fixture
def worked(log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Log:
    """Five content households in Qingshi; in Liuxi four content ones, one that is not, and a clock that ran out."""
    lives = []
    for village in ("QS", "LX"):
        for nth in range(5):
            rating = Rating.DISSATISFIED if (village, nth) == ("LX", 4) else Rating.SATISFIED
            answered = case("feedback", key=f"{village}{nth}", village=village)
            lives.append(answered.do(c.RateAnswer, rating=rating))
    log.settle()
    log.append(*lives, case("missed", key="idle", village="LX"))
    log.fill()
    monkeypatch.setenv("HUIYIN_DATABASE_URL", log.database.app_dsn)
    monkeypatch.setenv("HUIYIN_KEYS_DATABASE_URL", log.database.keys_dsn)
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))
    return log


def run(*words: str, status: int = 0) -> str:
    ended = CliRunner().invoke(app, ["appraisal", *words])
    assert ended.exit_code == status, ended.output or ended.exception
    return ended.output


@pytest.mark.parametrize(
    ("plan", "basis"),
    [
        pytest.param("ll", "LL11", marks=pytest.mark.proves("LL11", "D8")),
        pytest.param("pc", "PC8", marks=pytest.mark.proves("PC8", "D8")),
    ],
)
def test_given_a_plan_that_asks_for_it_then_the_good_are_named_and_the_idle_have_to_answer(
    worked: Log, monkeypatch: pytest.MonkeyPatch, plan: str, basis: str
) -> None:
    monkeypatch.setenv("HUIYIN_PLAN", plan)
    told = run("--period", "2026")
    assert f"排名 ranking（{basis}，有效评价不少于 5 件）\n  1. handler 青石村\n  2. handler2 柳溪社区" in told
    assert "须说明 to answer for: handler2 柳溪社区\n" in told
    assert "环节超期 1" in told


def test_given_a_plan_that_asks_for_none_then_the_figures_are_told_and_nobody_is_named(worked: Log) -> None:
    told = run("--period", "2026-03")
    assert "满意率 100.00%（5/5）" in told
    assert "排名" not in told


def test_given_each_format_then_the_form_comes_out_with_its_columns(worked: Log, tmp_path: Path) -> None:
    head, *rows = csv.reader(io.StringIO(run("--period", "2026", "--format", "csv").lstrip("\ufeff")))
    assert head == ["序号", *APPRAISAL_COLUMNS]
    assert [row[1:4] for row in rows][:2] == [
        ["handler", "青石村", "100.00%（5/5）"],
        ["handler2", "柳溪社区", "80.00%（4/5）"],
    ]
    run("--period", "2026", "--by", "station", "-o", str(tmp_path / "a.xlsx"), "--format", "xlsx")
    assert (tmp_path / "a.xlsx").read_bytes().startswith(b"PK")


@pytest.mark.proves("D8")
def test_given_explain_then_every_mark_is_listed_with_its_issue_and_position(worked: Log) -> None:
    words = ("--period", "2026", "--explain", "--officer", "handler2", "--what", "late", "--format", "csv")
    head, *rows = csv.reader(io.StringIO(run(*words).lstrip("\ufeff")))
    assert head == ["序号", *TRACE_COLUMNS]
    (row,) = rows
    assert (row[2], row[3], row[4], row[5]) == ("环节超期", "1", "handler2", "LX")
    assert row[6].startswith("LX-2026-")
    assert int(row[9]) > 0


def test_given_no_period_of_the_calendar_then_it_is_bad_usage(worked: Log) -> None:
    run("--period", "soon", status=2)
