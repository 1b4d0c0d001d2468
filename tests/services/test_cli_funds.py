"""`huiyin fund …`, `huiyin ledger projects`: what the fund and its projects are, for whoever works at the machine."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from domain.casework import Casework
from domain.fund.commands import ConfirmRound, ProposeRound
from projections.registry import PROJECTIONS
from services.cli.commands import app
from tests.projections.ledger import Log
from tests.support.casework import Clock, live_through
from tests.support.pool import pool, project
from tests.support.postgres import Database

pytestmark = pytest.mark.proves("CX7", "CX14")
THE_FUND = ("云岭镇", "2026")


@pytest.fixture
def opened(
    database: Database, casework: Casework, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two projects: the first was granted money in a round, the second came later."""
    log = Log(database)
    log.settle()
    first = pool(project("cli first")).do(ProposeRound).do(ConfirmRound)
    live_through(casework, clock, first)
    live_through(casework, clock, pool(project("cli second", days=2), budget=None))
    log.seal()
    log.fill(*PROJECTIONS)
    log.close()
    monkeypatch.setenv("HUIYIN_DATABASE_URL", database.app_dsn)
    monkeypatch.setenv("HUIYIN_KEYS_DATABASE_URL", database.keys_dsn)
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))


def huiyin(*words: str, status: int = 0) -> str:
    """What the command prints."""
    ended = CliRunner().invoke(app, list(words))
    assert ended.exit_code == status, ended.output or ended.exception
    return ended.output


@pytest.mark.usefixtures("opened")
def test_given_a_fund_when_shown_then_each_amount_is_there() -> None:
    told = huiyin("fund", "show", *THE_FUND)
    assert "预算 budget: 200000.00" in told
    assert "可安排 left: 180000.00" in told
    shown = json.loads(huiyin("fund", "show", *THE_FUND, "--json"))
    assert (shown["township"], len(shown["grants"]), len(shown["pool"])) == ("云岭镇", 1, 1)
    (waiting,) = huiyin("fund", "rank", *THE_FUND).splitlines()
    assert "安排 20000.00  足额安排 in full" in waiting
    proposed, confirmed = huiyin("fund", "rounds", *THE_FUND).splitlines()
    assert "第 1 批拟定 proposed: 20000.00" in proposed
    assert "第 1 批确认 confirmed: 20000.00" in confirmed
    projects = json.loads(huiyin("ledger", "projects", "--format", "json"))
    assert len(projects) == 2
    assert "已拨付(次数、金额、日期)" in huiyin("ledger", "projects")
    huiyin("ledger", "nothing", status=2)
