"""Writes rows of text as csv, json or xlsx. What a household wrote is never taken for a formula.

A csv cell that a spreadsheet would compute gets a leading apostrophe; xlsx cells are written as text. Row by row into
the file, so that the rows need not all be there at once.
"""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice
from typing import IO, Any, Final

from services.exports.paper import Paper

_FORMULA_SIGNS: Final = frozenset("=+-@")
_CONTROLS: Final = frozenset("\t\r\n\0")
_INVISIBLE: Final = "\u200b\u200c\u200d\u2060\ufeff"
_PAPER_A4: Final = 9
_AT_ONCE: Final = 20_000
"""Rows that an xlsx holds in memory."""
_NO_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\']")
_MOST_OF_SHEET_NAME: Final = 31
_MOST_OF_CELL: Final = 32_767
"""The format's own limits."""

Rows = Iterable[Sequence[str]]


def harmless(cell: str) -> str:
    """The cell as text for every spreadsheet: also after blanks of any kind, and for signs in any width."""
    start = unicodedata.normalize("NFKC", _without_blanks(cell)[:1])
    return f"'{cell}" if start in _FORMULA_SIGNS or cell[:1] in _CONTROLS else cell


def _without_blanks(cell: str) -> str:
    before = None
    while cell != before:
        before, cell = cell, cell.lstrip().lstrip(_INVISIBLE)
    return cell


def write_csv(paper: Paper, rows: Rows, file: IO[bytes]) -> None:
    """Columns and rows only. UTF-8 with a byte order mark, which spreadsheets need to read Chinese."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    line = csv_lines(text)
    line(paper.columns)
    for row in rows:
        line(row)
    text.detach()


def csv_lines(file: IO[str]) -> Callable[[Sequence[str]], object]:
    """What writes one line after the other into a file of text, each cell harmless."""
    writer = csv.writer(file)
    return lambda row: writer.writerow([harmless(cell) for cell in row])


def write_json(paper: Paper, rows: Rows, file: IO[bytes]) -> None:
    """A list of objects, one a row and line."""
    before = b"["
    for row in rows:
        shown = dict(zip(paper.columns, row, strict=True))
        file.write(before + b"\n" + json.dumps(shown, ensure_ascii=False).encode())
        before = b","
    file.write(b"\n]\n" if before == b"," else b"[]\n")


def write_xlsx(paper: Paper, rows: Rows, file: IO[bytes]) -> None:
    """The form on one sheet, set up for printing: title, unit and period, bordered table, notes, signatures."""
    import xlsxwriter  # heavy, and only for this format

    remaining = iter(rows)
    first = list(islice(remaining, _AT_ONCE))
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    # Row by row costs a quarter more time, so only what is long is written so.
    with xlsxwriter.Workbook(file, {**options, "constant_memory": len(first) == _AT_ONCE}) as book:
        sheet = book.add_worksheet(_NO_SHEET_NAME.sub("", paper.title)[-_MOST_OF_SHEET_NAME:])
        _set_up(sheet, paper)
        last = len(paper.columns) - 1
        looks = _looks(book)
        sheet.merge_range(0, 0, 0, last, paper.title, looks["title"])
        sheet.merge_range(1, 0, 1, last, paper.heading_line, looks["line"])
        sheet.write_row(2, 0, paper.columns, looks["head"])
        after = _write_rows(sheet, chain(first, remaining), looks["cell"])
        sheet.conditional_format(3, 0, max(3, after - 1), last, {"type": "blanks", "format": looks["empty"]})
        for number, line in enumerate((*paper.notes, "", paper.signature_line), after):
            sheet.merge_range(number, 0, number, last, line, looks["line"])


def _set_up(sheet: Any, paper: Paper) -> None:
    """A4 with its table as wide as the page, the heading again on each, and page x of y below."""
    sheet.set_paper(_PAPER_A4)
    if paper.wide:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
    sheet.set_footer("&C第 &P 页　共 &N 页")
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 0)
    for number, width in enumerate(paper.widths):
        sheet.set_column(number, number, 2 * width)
    sheet.set_row(0, 32)


def _looks(book: Any) -> dict[str, Any]:
    table = {"border": 1, "text_wrap": True, "font_name": "宋体", "font_size": 10}
    return {
        "title": book.add_format({"bold": True, "font_name": "黑体", "font_size": 18, "align": "center"}),
        "line": book.add_format({"font_name": "宋体", "font_size": 10, "text_wrap": True}),
        "head": book.add_format({**table, "bold": True, "align": "center", "valign": "vcenter"}),
        "cell": book.add_format({**table, "valign": "top"}),
        "empty": book.add_format({"border": 1}),
    }


def _write_rows(sheet: Any, rows: Rows, look: Any) -> int:
    """Below the headings; the number of the row after the last. Empty cells are not written, but have a border."""
    number = 2
    write = sheet.write_string
    for number, row in enumerate(rows, 3):
        for column, cell in enumerate(row):
            if cell:
                write(number, column, cell[:_MOST_OF_CELL], look)
    return number + 1
