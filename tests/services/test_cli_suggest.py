"""`huiyin suggest train`: learns at the machine, and says in words when there is too little to learn from."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from projections.registry import PROJECTIONS
from services.cli.commands import app
from services.suggestions import teaching
from tests.projections.ledger import Log
from tests.support.postgres import Database
from tests.support.states import a_new_case

SAID = {"culture": "锣鼓队缺少行头", "construction": "瓦檐掉落伤人"}


@pytest.fixture
def home(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation whose log holds six issues of each of two categories."""
    log = Log(database)
    log.settle()
    words = [(category, text, nth) for nth in range(6) for category, text in SAID.items()]
    log.append(
        *(
            a_new_case(key=f"{category} {nth}", category=category, description=text, household=None)
            for category, text, nth in words
        )
    )
    log.fill(*PROJECTIONS)
    log.close()
    monkeypatch.setenv("HUIYIN_DATABASE_URL", database.app_dsn)
    monkeypatch.setenv("HUIYIN_KEYS_DATABASE_URL", database.keys_dsn)
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_given_a_few_issues_then_it_says_how_many_it_takes(home: Path) -> None:
    ended = CliRunner().invoke(app, ["suggest", "train"])
    assert isinstance(ended.exception, teaching.TooLittleToLearn)
    assert not (home / "suggestions").exists()


def test_given_enough_then_it_says_what_it_learned_and_where_it_is(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teaching, "LEAST_ISSUES", 12)
    ended = CliRunner().invoke(app, ["suggest", "train"])
    assert ended.exit_code == 0, ended.output or ended.exception
    assert "Learned from 12 issues (construction 6、culture 6)" in ended.output
    assert (home / "suggestions" / "categories.json").is_file()
    assert (home / "keys" / "suggestions.key").is_file()
