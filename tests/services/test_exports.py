"""Exports: the form's columns in order, and nothing that a household wrote is ever taken for a formula."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from services.exports import writers
from services.exports.formats import Format, write
from services.exports.paper import Paper
from services.exports.writers import harmless

COLUMNS = ["编号", "问题内容"]
PAPER = Paper("issues", "青石村问题台账", (("填报单位", "青石村"), ("期间", "2026年3月")), tuple(COLUMNS), (7, 14))


def written(form: Format, rows: list[list[str]]) -> bytes:
    file = io.BytesIO()
    write(form, PAPER, rows, file)
    return file.getvalue()


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@sum", "\tx", "\rx", "\nx", "\0x", "＝1", "＋1", "－1", "＠x", " =1", "\u3000=1", "\u00a0=1",
     "\u2003+1", "\u200b=1", " \ufeff \u200b ＝1", "﹦1", "﹢1", "﹣1", "﹫x", "=", " @", "=cmd|' /C calc'!A0",
     "\t=HYPERLINK(\"http://x\")"],
)  # fmt: skip
def test_given_a_cell_a_spreadsheet_would_compute_then_it_becomes_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "路灯不亮", "3 = 3", "a-b", "  plain", "\u3000", "（=1）", "1-2"])
def test_given_plain_text_then_it_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


def test_given_rows_then_csv_holds_them_with_line_breaks_quotes_and_chinese() -> None:
    rows = [["QS-2026-0001", '他说："好"，\n然后走了'], ["QS-2026-0002", "=cmd()"]]
    found = written(Format.CSV, rows)
    assert found.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(found.decode("utf-8-sig"), newline="")))
    assert read == [COLUMNS, rows[0], ["QS-2026-0002", "'=cmd()"]]


def test_given_rows_then_xlsx_holds_every_cell_as_text() -> None:
    rows = [["QS-2026-0001", "=1+1"], ["QS-2026-0002", "http://example.org/ 007"]]
    title, heading, *table = sheet_of(written(Format.XLSX, rows))
    assert (title[0], heading[0]) == ("青石村问题台账", "填报单位：青石村　　期间：2026年3月")
    assert table[:3] == [COLUMNS, *rows]
    assert all(name in table[-1][0] for name in ("填表人", "审核人", "日期"))


def test_given_every_dangerous_start_then_no_cell_of_a_csv_begins_with_it() -> None:
    texts = [blank + sign + "1" for sign in "=+-@＝＋－＠" for blank in ("", " ", "\u3000", "\t", "\u00a0", "\n")]
    rows = csv.reader(io.StringIO(written(Format.CSV, [["", text] for text in texts]).decode("utf-8-sig"), newline=""))
    assert [row[1] for row in list(rows)[1:]] == ["'" + text for text in texts]


def test_given_the_code_then_nobody_else_writes_files_for_spreadsheets() -> None:
    services = Path(writers.__file__).parents[1]
    found = [
        path for path in services.rglob("*.py") if re.search(r"csv\.(Dict)?[wW]riter|xlsxwriter", path.read_text())
    ]
    assert {path.relative_to(services).as_posix() for path in found} == {"exports/writers.py", "bench/importing.py"}


def test_given_rows_then_json_names_the_columns() -> None:
    rows = [["a", "b"], ["c", "d"]]
    assert json.loads(written(Format.JSON, rows)) == [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    assert json.loads(written(Format.JSON, [])) == []


def sheet_of(content: bytes) -> list[list[object]]:
    """The cells of the one sheet."""
    (name,) = (book := CalamineWorkbook.from_filelike(io.BytesIO(content))).sheet_names
    return book.get_sheet_by_name(name).to_python()


def test_given_a_title_that_no_sheet_may_bear_then_the_sheet_bears_what_is_left() -> None:
    odd = replace(PAPER, title="云岭镇[青石]/村:" + "问" * 40)
    file = io.BytesIO()
    write(Format.XLSX, odd, [], file)
    (name,) = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue())).sheet_names
    assert name == "问" * 31
