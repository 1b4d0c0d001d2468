"""The officials' page of each plan says what its file says."""

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from domain.plan import load_plan, plan_keys
from domain.plan_parts import Rule
from services.adoption.tables import calendar, plan_tables
from services.cli.plans import app
from tests.support.adoption import version

PAGES = Path(__file__).parents[2] / "docs" / "plans"
BEGIN, END = "<!-- 下面两张表由方案文件生成；改方案后运行 huiyin plan tables FILE -->\n\n", "\n<!-- 表止 -->"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize("key", plan_keys())
def test_given_a_plan_then_its_page_holds_its_tables_and_is_linked(key: str) -> None:
    page = (PAGES / f"{key}.md").read_text("utf-8")
    kept = page.split(BEGIN)[1].split(END)[0]
    assert kept == plan_tables(load_plan(key)), f"write them anew: huiyin plan tables domain/plans/{key}.toml"
    assert load_plan(key).title.zh in page
    for name in ("README.md", "README.zh-CN.md"):
        assert f"docs/plans/{key}.md" in (PAGES.parents[1] / name).read_text("utf-8")


@pytest.mark.parametrize("key", plan_keys())
def test_given_a_plan_then_every_clock_and_every_row_of_the_calendar_is_told(key: str) -> None:
    plan = load_plan(key)
    told = plan_tables(plan)
    assert told.split("### 全年日历")[0].count("\n| ") == 2 + len(plan.clocks)
    assert all(all(cell.strip() for cell in row) for row in calendar(plan))


def test_given_a_changed_plan_then_its_tables_change(tmp_path: Path) -> None:
    changed = version(load_plan("cx"), 2, committee={"cut_off_day": 19})
    assert "每月 19 日" in plan_tables(changed)
    assert "每月 19 日" not in plan_tables(load_plan("cx"))


def test_given_a_file_when_its_tables_are_asked_for_then_they_are_printed(tmp_path: Path) -> None:
    file = tmp_path / "xf.toml"
    file.write_text(run("show", "xf").stdout, "utf-8")
    assert run("tables", str(file)).stdout == plan_tables(load_plan("xf"))
    assert Rule.OBJECTION in load_plan("xf").clocks
