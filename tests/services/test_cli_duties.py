"""`huiyin ledger visits|priority|coverage|…`: the forms of visits and duties, as they stand."""

import csv
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from domain.errors import NotFound
from domain.issue.words import Channel
from services.cli.commands import app
from services.exports.duty_forms import DUTY_FORMS
from tests.projections.ledger import Log
from tests.support.casework import case
from tests.support.duties import MARCH
from tests.support.duty_month import a_month
from tests.support.handing_in import Office
from tests.support.postgres import Database
from tests.support.visits import ISSUE


@pytest.fixture
def month(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Log:
    """A month of duties in the ledgers of a real database."""
    log = Log(database)
    handed_in = Office("cx")
    handed_in.open(MARCH)
    for events in {**handed_in.streams, **a_month().streams}.values():
        for event in events:
            log.write(event)
    log.append(case("reply", key="petition", channel=Channel.HOTLINE, village="LX", household=None))
    log.fill()
    monkeypatch.setenv("HUIYIN_DATABASE_URL", database.app_dsn)
    monkeypatch.setenv("HUIYIN_KEYS_DATABASE_URL", database.keys_dsn)
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))
    return log


def ledger(name: str, *words: str, status: int = 0) -> str:
    ended = CliRunner().invoke(app, ["ledger", name, *words])
    assert ended.exit_code == status, ended.output or ended.exception
    return ended.output


@pytest.mark.proves("F6", "F7", "F8", "F9", "F2", "F10", "F13", "F3", "D2", "SG1")
def test_given_a_month_of_duties_then_each_ledger_comes_out_as_its_form(month: Log) -> None:
    rows = {}
    for name, form in DUTY_FORMS.items():
        printed = ledger(name, "--format", "csv").lstrip("\ufeff")
        head, *rows[name] = csv.reader(io.StringIO(printed))
        assert head == ["序号", *form.columns]
        assert rows[name], name
    assert rows["priority"][0][2:8] == ["QS-012", "青石村", "高龄", "已登记", "4", "2026-03-02 handler"]
    assert [row[1:8] for row in rows["coverage"] if row[3] == "deputy_links"] == [
        ["云岭镇", "2026-03", "deputy_links", "结对户数", "LL2", "zhang", "3"]
    ]
    assert rows["attendance"][1][4:8] == ["wang、zhang", "", "wang、zhang", ""]
    (promise,) = rows["promises"]
    assert promise[2:4] + promise[5:7] + promise[9:] == ["青石村", "QS-012", "handler", "2026-06-30", "按时兑现"]
    assert [row[11:] for row in rows["visits"] if row[5] == "QS-012"] == [["已收", ""]]
    assert rows["books"][0][1] == "组织账"
    assert rows["hazards"][0][6:9] == ["较大", "", "青石村驻点"]
    assert [row[3:5] + row[6:7] + row[9:] for row in rows["people"]] == [
        ["QS-012", ISSUE, "handler", "走访", "", "", "2026-03-02", "已转事项"]
    ]
    assert [row[2:4] + row[5:] for row in rows["cards"]] == [["QS-012", "1", "1", ""]]
    assert [row[1:3] + row[5:6] for row in rows["petitions"]] == [["LX-2026-0002", "热线", "城乡建设"]]
    assert "LX-2026-0002" in ledger("petitions", "--field", "construction")
    assert "LX-2026-0002" not in ledger("petitions", "--field", "culture")
    ledger("visits", "--field", "culture", status=2)
    assert "QS-012" in ledger("visits")
    assert "QS-012" not in ledger("visits", "--village", "LX")
    month.close()


@pytest.mark.proves("F13")
def test_given_a_card_then_it_is_printed_and_a_village_without_one_is_refused(month: Log, tmp_path: Path) -> None:
    file = tmp_path / "card.html"
    CliRunner().invoke(app, ["card", "print", "QS", "--format", "html", "-o", str(file)], catch_exceptions=False)
    assert "便民联系卡</h1>" in file.read_text("utf-8")
    ended = CliRunner().invoke(app, ["card", "print", "WS", "--format", "html"])
    assert isinstance(ended.exception, NotFound)
    month.close()


def test_given_a_ledger_then_it_is_printed_as_a_page_and_as_a_sheet(month: Log, tmp_path: Path) -> None:
    for form, begins in (("html", b"<!doctype html>"), ("xlsx", b"PK")):
        file = tmp_path / f"visits.{form}"
        ledger("visits", "--format", form, "--village", "QS", "--period", "2026-03", "-o", str(file))
        assert file.read_bytes().startswith(begins)
    assert "青石村2026年3月民情日记" in (tmp_path / "visits.html").read_text("utf-8")
    month.close()
