"""`huiyin holidays` on a real database: proposed from a file, confirmed by somebody else, shown, told; seeded once."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from domain.errors import AlreadySaid, SamePerson
from domain.holidays.errors import NoSuchProposal
from services.bootstrap import casework_of, system_clock
from services.cli.commands import app
from services.cli.holidays import TableUnfit
from services.cli.organisation import OptionUnfit
from services.holidays import package_name, seed
from services.settings import Settings
from tests.support.postgres import Database

TABLE = """
year = 2027
days_off = [2027-01-01, 2027-05-01, 2027-05-03, 2027-10-01]
make_up_days = [2027-05-08]
notice = "国办发明电〔2026〕9号"
source = "https://www.gov.cn/"
"""


@pytest.fixture(autouse=True)
def _database(monkeypatch: pytest.MonkeyPatch, database: Database, tmp_path: Path) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", database.app_dsn)
    monkeypatch.setenv("HUIYIN_KEYS_DATABASE_URL", database.keys_dsn)
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["holidays", *map(str, words)])


def said(*words: object) -> str:
    done = run(*words)
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def refused(*words: object) -> type[BaseException]:
    done = run(*words)
    assert done.exit_code == 1
    return type(done.exception)


def test_given_a_file_then_it_counts_once_another_person_confirms_it(tmp_path: Path) -> None:
    file = tmp_path / "2027.toml"
    file.write_text(TABLE, "utf-8")
    assert "暂定" in said("show", 2027)
    assert refused("confirm", 2027, "--by", "second") is NoSuchProposal

    assert "confirm 2027" in said("adopt", file, "--by", "first")
    assert refused("adopt", file, "--by", "first") is AlreadySaid
    assert "待确认 proposed" in said("show", 2027)
    assert refused("confirm", 2027, "--by", "first") is SamePerson
    assert "in force: 2027" in said("confirm", 2027, "--by", "second")

    shown = json.loads(said("show", 2027, "--json"))
    assert shown["official"]
    assert shown["in_force"]["make_up_days"] == ["2027-05-08"]
    told = said("history").splitlines()
    assert [("first" in told[0], "提出" in told[0]), ("second" in told[1], "采用" in told[1])] == [(True, True)] * 2


@pytest.mark.parametrize(
    "text", ["year = ", 'year = 2027\nnotice = "x"', TABLE.replace("2027-05-08", "2027-05-05"), "\0"]
)
def test_given_a_file_that_is_no_table_then_it_is_refused_in_words(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text, "utf-8")
    assert refused("adopt", file, "--by", "first") is TableUnfit
    file.write_bytes(b"\xff\xfe")
    assert refused("adopt", file, "--by", "first") is TableUnfit


def test_given_a_name_that_is_no_account_then_it_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "2027.toml"
    file.write_text(TABLE, "utf-8")
    assert refused("adopt", file, "--by", "No Such Name") is OptionUnfit


def test_given_the_program_starts_twice_then_its_years_are_written_down_once() -> None:
    with casework_of(Settings()) as casework:
        assert seed(casework, system_clock())
        assert not seed(casework, system_clock())
        assert casework.holidays().version == 1
    assert package_name() in said("history")
    assert package_name() in said("show", 2026)
