"""Writes rows of text as csv, json or xlsx. What a household wrote is never taken for a formula.

A csv cell that a spreadsheet would compute gets a leading apostrophe; xlsx cells are written as text.
"""

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

_FORMULA_SIGNS: Final = frozenset("=+-@")
_CONTROLS: Final = frozenset("\t\r\n\0")
_INVISIBLE: Final = "\u200b\u200c\u200d\u2060\ufeff"


def harmless(cell: str) -> str:
    """The cell as text for every spreadsheet: also after blanks of any kind, and for signs in any width."""
    start = unicodedata.normalize("NFKC", _without_blanks(cell)[:1])
    return f"'{cell}" if start in _FORMULA_SIGNS or cell[:1] in _CONTROLS else cell


def _without_blanks(cell: str) -> str:
    before = None
    while cell != before:
        before, cell = cell, cell.lstrip().lstrip(_INVISIBLE)
    return cell


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a byte order mark, which spreadsheets need to read Chinese."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_json(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A list of objects, one a row."""
    listed = [dict(zip(columns, row, strict=True)) for row in rows]
    return json.dumps(listed, ensure_ascii=False, indent=1).encode()


def as_xlsx(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet with a frozen heading; constant memory, so that a million rows fit."""
    import xlsxwriter  # heavy, and only for this format

    file = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, {**options, "constant_memory": True}) as book:
        sheet = book.add_worksheet(title)
        heading = book.add_format({"bold": True, "bottom": 1})
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, columns, heading)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell[:32_767])  # the format's own limit of a cell
    return file.getvalue()
