"""`huiyin plan adopt | confirm | withdraw | history` on a real database."""

from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from domain.adoption import errors as refused
from domain.errors import HuiyinError, SamePerson
from domain.values import LOCAL_ZONE
from services.cli.commands import app
from services.cli.organisation import OptionUnfit
from tests.support.postgres import Database

TODAY = datetime.now(LOCAL_ZONE).date()
MONTH_AHEAD = TODAY + timedelta(days=30)


@pytest.fixture(autouse=True)
def _database(monkeypatch: pytest.MonkeyPatch, database: Database, tmp_path: Path) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", database.app_dsn)
    monkeypatch.setenv("HUIYIN_KEYS_DATABASE_URL", database.keys_dsn)
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The next version of the cx plan."""
    written = tmp_path / "cx.toml"
    sound = files("domain.plans").joinpath("cx.toml").read_text("utf-8")
    written.write_text(sound.replace("version = 1", "version = 2").replace("cut_off_day = 30", "cut_off_day = 20"))
    return written


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["plan", *map(str, words)])


def said(*words: object) -> str:
    done = run(*words)
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def refuses(kind: type[HuiyinError], *words: object) -> None:
    assert type(run(*words).exception) is kind


def test_given_two_administrators_when_a_plan_is_adopted_then_its_history_says_so(file: Path) -> None:
    assert "cx@1" in said("history")
    assert "proposed: cx@2" in said("adopt", file, "--from", TODAY, "--by", "zhang.wei")
    refuses(SamePerson, "confirm", "cx@2", "--by", "zhang.wei")
    assert "adopted: cx@2" in said("confirm", "cx@2", "--by", "li.na")
    now, proposal = said("history").splitlines()
    assert "现行 in force  全县 whole county: cx@2" in now
    assert "zhang.wei → li.na" in proposal
    assert "已采用 adopted" in proposal
    refuses(refused.NoSuchProposal, "confirm", "cx@2", "--by", "li.na")
    refuses(refused.ProposalSettled, "confirm", proposal.split()[0], "--by", "li.na")


def test_given_a_proposal_for_a_day_to_come_when_withdrawn_then_nothing_changes(file: Path) -> None:
    said("adopt", file, "--from", MONTH_AHEAD, "--by", "zhang.wei")
    assert "cx@1" in said("history").splitlines()[0]
    said("withdraw", "cx@2", "--by", "zhang.wei", "--reasons", "暂缓")
    assert "已撤回 withdrawn" in said("history").splitlines()[1]
    refuses(refused.NoSuchProposal, "withdraw", "cx@2", "--by", "zhang.wei", "--reasons", "暂缓")


def test_given_what_cannot_be_then_it_is_refused(file: Path) -> None:
    refuses(refused.StartsInThePast, "adopt", file, "--from", TODAY - timedelta(days=1), "--by", "zhang.wei")
    refuses(refused.UnknownTownship, "adopt", file, "--from", TODAY, "--by", "zhang.wei", "--township", "无名镇")
    refuses(OptionUnfit, "adopt", file, "--from", TODAY, "--by", "Zhang Wei")
    file.write_text(file.read_text("utf-8").replace("version = 2", "version = 1"))
    refuses(refused.VersionTaken, "adopt", file, "--from", TODAY, "--by", "zhang.wei")
    file.write_text("key = 3")
    assert run("adopt", file, "--from", TODAY, "--by", "zhang.wei").exit_code == 1
    assert run("adopt", file, "--from", "tomorrow", "--by", "zhang.wei").exit_code == 2
