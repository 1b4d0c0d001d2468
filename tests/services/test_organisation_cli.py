"""`huiyin organisation` on a real database: by hand and from a spreadsheet; every fault by its line; once only."""

from collections.abc import Callable, Sequence
from pathlib import Path

import psycopg
import pytest
from click.testing import Result
from typer.testing import CliRunner

from domain.errors import HuiyinError
from domain.organisation.errors import NotForOneself, SomebodyInCharge, UnknownPlace
from services.cli.commands import app
from services.cli.organisation import OptionUnfit
from services.organisation.spreadsheet import COLUMNS, SheetUnreadable
from tests.support.postgres import Database

SHEET = """
县,YX,云岭县,,,,,,,,,
镇,YL,云岭镇,YX,,,,,,,,
驻点,YL1,第一驻点,YL,,,,,,,,
村,QS,青石村,YL1,,,,,,,,
部门,department:water,水务局,YX,,,,,,,,
任职,,,,handler,驻点干部,QS,是,,,2026-03-01,
任职,,,,lead,station_lead,YL1,是,,,2026/3/1,
任职,,,,water,归口部门,department:water,是,,,,2099年12月31日
联村,,,,lead,,QS,,,,,
联户,,,,handler,,QS,,QS-012,,,
代理,,,,lead,驻点组长,YL1,,,handler,,2099-06-30
"""
Sheet = Callable[..., Path]


@pytest.fixture(autouse=True)
def _database(monkeypatch: pytest.MonkeyPatch, database: Database, tmp_path: Path) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", database.app_dsn)
    monkeypatch.setenv("HUIYIN_KEYS_DATABASE_URL", database.keys_dsn)
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    def write(rows: str = SHEET, header: Sequence[str] = COLUMNS, encoding: str = "utf-8") -> Path:
        path = tmp_path / "organisation.csv"
        path.write_bytes((",".join(header) + "\n" + rows.lstrip("\n")).encode(encoding))
        return path

    return write


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["organisation", *map(str, words)])


def said(*words: object) -> str:
    done = run(*words)
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def refused(*words: object) -> type[BaseException]:
    done = run(*words)
    assert done.exit_code == 1
    assert isinstance(done.exception, HuiyinError)
    return type(done.exception)


def written(database: Database) -> int:
    with psycopg.connect(database.app_dsn) as connection:
        row = connection.execute("select count(*) from ledger_events").fetchone()
    return row[0] if row else 0


# -- by hand ----------------------------------------------------------------------------------------------------------


def test_given_places_and_people_by_hand_then_they_are_shown_and_every_change_is_told() -> None:
    said("register", "YL", "township", "云岭镇", "--by", "admin")
    said("register", "QS", "village", "青石村", "--in", "YL")
    said("appoint", "handler", "case_handler", "QS", "--in-charge", "--since", "2026-03-01")
    said("deputy", "handler", "case_handler", "QS", "wang.min", "--until", "2099-01-01")
    said("link", "handler", "QS", "--household", "QS-012")
    shown = said("show")
    assert "村 QS 青石村 ← YL" in shown
    assert "handler 驻点干部 case_handler@QS 2026-03-01– [负责人 in charge] [代理 deputy: wang.min]" in shown
    assert "handler 联系 linked to QS QS-012" in shown
    said("deputy", "handler", "case_handler", "QS", "wang.min", "--end")
    said("link", "handler", "QS", "--household", "QS-012", "--end")
    said("end", "handler", "case_handler", "QS")
    assert "handler" not in said("show")
    told = said("history").splitlines()
    assert len(told) == 8
    assert "admin" in told[0]
    assert "operator" in told[1]
    assert "handler 任 QS 驻点干部（负责人）" in told[2]
    assert "handler appointed case handler at QS in charge, from 2026-03-01 00:00" in told[2]


def test_given_a_place_then_only_it_and_what_is_below_is_shown(sheet: Sheet) -> None:
    said("import", sheet())
    assert "YX 云岭县" in said("show")
    assert "YX 云岭县" not in said("show", "YL1")
    assert "QS 青石村" in said("show", "YL1")


def test_given_what_a_rule_refuses_then_status_1_and_nothing_changes(database: Database) -> None:
    said("register", "YL", "township", "云岭镇")
    assert refused("appoint", "handler", "case_handler", "NO") is UnknownPlace
    assert refused("appoint", "admin", "administrator", "YL", "--by", "admin") is NotForOneself
    said("appoint", "handler", "case_handler", "YL", "--in-charge")
    assert refused("appoint", "other", "case_handler", "YL", "--in-charge") is SomebodyInCharge
    assert written(database) == 2


@pytest.mark.parametrize(
    "words",
    [
        ("register", "lower", "village", "村"),
        ("appoint", "Handler", "case_handler", "QS"),
        ("show-nothing",),
        ("appoint", "handler", "mayor", "QS"),
        ("register", "YL", "township", "云岭镇", "--by", "No Name"),
        ("deputy", "handler", "case_handler", "QS", "wang.min"),
    ],
)
def test_given_what_fits_no_form_then_it_is_said_without_a_trace(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code in {1, 2}
    assert done.exit_code == 2 or isinstance(done.exception, OptionUnfit)


# -- from a spreadsheet -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_given_a_spreadsheet_then_all_of_it_is_recorded_and_a_second_time_changes_nothing(
    sheet: Sheet, database: Database, encoding: str
) -> None:
    path = sheet(encoding=encoding)
    assert "新增 new 11, 已有 already so 0" in said("import", path, "--dry-run")
    assert written(database) == 0
    assert "新增 new 11" in said("import", path)
    assert written(database) == 11
    shown = said("show")
    assert "water 归口部门 department@department:water" in shown
    assert "2100-01-01" in shown  # until the end of the last day
    assert "[代理 deputy: handler]" in shown
    assert "新增 new 0, 已有 already so 11" in said("import", path)
    assert written(database) == 11


def test_given_a_line_more_then_only_that_is_new(sheet: Sheet, database: Database) -> None:
    said("import", sheet())
    assert "新增 new 1, 已有 already so 11" in said("import", sheet(SHEET + "村,LX,柳溪社区,YL1,,,,,,,,\n"))
    assert written(database) == 12


def test_given_ranks_then_they_are_read_in_shown_and_known_again(sheet: Sheet) -> None:
    rows = SHEET + "任职,,,,wang.min,驻点干部,QS,,,,,,副科级\n"
    assert "new 12" in said("import", sheet(rows))
    assert "副科级 deputy_section" in said("show")
    assert "new 0" in said("import", sheet(rows))
    unheard_of = run("import", sheet(SHEET + "任职,,,,wang.min,驻点干部,QS,,,,,,大官\n"))
    assert (unheard_of.exit_code, "职级" in unheard_of.stderr) == (1, True)


def test_given_faults_then_each_is_told_with_its_line_and_nothing_is_written(sheet: Sheet, database: Database) -> None:
    canary = "canary80574213"
    rows = SHEET + (
        f"村,{canary},某村,YL1,,,,,,,,\n"  # a code in lower case
        "村,LX,柳溪社区,NO,,,,,,,,\n"  # an unknown parent
        f"乡村,{canary},,,,,,,,,,\n"  # no such kind
        "任职,,,,other,驻点干部,QS,是,,,,\n"  # a second one in charge
        f"任职,,,,other,{canary},QS,,,,,\n"  # no such role
        "任职,,,,other,驻点干部,QS,也许,,,,\n"
        "任职,,,,other,驻点干部,QS,,,,2026-02-30,\n"
        "联户,,,,other,,QS,,,,,\n"  # no household
        "代理,,,,lead,驻点组长,YL1,,,other,,\n"  # no end
        "村,,无代码村,YL1,,,,,,,,\n"
    )
    done = run("import", sheet(rows))
    assert done.exit_code == 1
    lines = [line for line in done.stderr.splitlines() if line.startswith("第 ")]
    assert [int(line.split()[1]) for line in lines] == list(range(13, 23))
    columns = ["代码", "", "类别", "", "角色", "负责人", "起", "户号", "止", "代码"]
    assert [line.partition("[")[2].partition("]")[0] for line in lines] == columns
    assert "没有登记这个单位" in lines[1]
    assert "Somebody is in charge" in lines[3]
    assert canary not in done.output
    assert "Nothing was written" in done.stderr
    assert written(database) == 0


def test_given_columns_in_another_order_and_fewer_then_they_are_found_by_name(sheet: Sheet, database: Database) -> None:
    said("import", sheet("云岭镇,镇,YL\n\n,,\n", header=("名称", "类别", "代码")))
    assert written(database) == 1


@pytest.mark.parametrize("header", [("代码", "名称"), ("类别", "类别"), ("类别", "工资"), ()])
def test_given_other_columns_then_the_file_is_refused(sheet: Sheet, header: tuple[str, ...]) -> None:
    assert refused("import", sheet(header=header)) is SheetUnreadable


def test_given_no_table_then_the_file_is_refused(sheet: Sheet, tmp_path: Path) -> None:
    assert refused("import", tmp_path / "none.csv") is SheetUnreadable
    assert refused("import", tmp_path) is SheetUnreadable
    odd = sheet()
    odd.write_bytes(b"\xff\xfe\x00\x81\xff")
    assert refused("import", odd) is SheetUnreadable
    assert refused("import", sheet('镇,YL,"云岭镇\n')) is SheetUnreadable
    assert refused("import", sheet("村,X,x,YL,,,,,,,,\n" * 5001)) is SheetUnreadable


def test_given_a_large_county_then_it_is_one_transaction_and_progress_is_told(sheet: Sheet, database: Database) -> None:
    villages = "".join(f"村,V{nth},第{nth}村,YL,,,,,,,,\n任职,,,,h{nth},驻点干部,V{nth},是,,,,\n" for nth in range(600))
    done = run("import", sheet("镇,YL,云岭镇,,,,,,,,,\n" + villages))
    assert done.exit_code == 0, done.output
    assert "checked 1200/1201" in done.stderr
    assert written(database) == 1201
    with psycopg.connect(database.app_dsn) as connection:
        assert connection.execute("select count(distinct xmin::text) from ledger_events").fetchone() == (1,)
