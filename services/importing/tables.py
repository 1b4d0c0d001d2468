"""A CSV file or a workbook's sheet as rows of cells, each with its physical line; what is no table is refused in words.

Called by services/importing/checking.py. A row with line breaks inside quotes counts every line it covers.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import python_calamine

from services.importing.map_file import FileShape, ImportMap
from services.importing.times import Cell
from services.importing.words import ImportRefused

_DELIMITERS: Final = {",": ",", ";": ";", "\t": "tab", "|": "|"}
_EXACT_IN_EXCEL: Final = 10**15  # a workbook keeps 15 digits of a number


@dataclass(frozen=True, slots=True)
class Row:
    """One row's cells and the line on which it begins, from 1. `imprecise`: cells that were too long numbers."""

    line: int
    cells: tuple[Cell, ...]
    imprecise: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its rows, read once; `last_line` is about how many lines there are, for progress."""

    header: tuple[str, ...]
    rows: Iterator[Row]
    last_line: int


def open_table(path: Path, map_: ImportMap) -> Table:
    """The table in this file. Raises ImportRefused, also while the rows are read."""
    kind = path.suffix.lower()
    if kind not in {".csv", ".xlsx"}:
        raise ImportRefused("file-kind")
    try:
        table = _open_csv(path, map_.file) if kind == ".csv" else _open_sheet(path, map_.file)
    except OSError:
        raise ImportRefused("file-unreadable") from None
    _check_header(table.header, map_)
    return table


def _check_header(header: tuple[str, ...], map_: ImportMap) -> None:
    if not any(header):
        raise ImportRefused("file-empty")
    missing = [column for column in map_.columns if column not in header]
    others = [mark for mark in _DELIMITERS if mark != map_.file.delimiter and mark in header[0]]
    if missing and len(header) == 1 and others:
        raise ImportRefused("delimiter-wrong", delimiter=_DELIMITERS[others[0]])
    if missing:
        raise ImportRefused("columns-missing", names=", ".join(missing))
    repeated = [column for column in map_.columns if header.count(column) > 1]
    if repeated:
        raise ImportRefused("columns-repeated", names=", ".join(repeated))


# -- CSV ---------------------------------------------------------------------------------------------------------


def _open_csv(path: Path, shape: FileShape) -> Table:
    last_line = _check_encoding(path, shape.encoding)
    rows = _csv_rows(path, shape)
    first = next(rows, Row(1, ()))
    return Table(tuple(str(cell).strip() for cell in first.cells), rows, last_line)


def _check_encoding(path: Path, encoding: str) -> int:
    """How many lines the file has. One pass over the bytes, so that a wrong encoding is named before anything else."""
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ImportRefused("is-utf-16")
    if head == b"PK\x03\x04":
        raise ImportRefused("is-workbook")
    wrong_line, lines, ascii_only = _first_undecodable(path, "utf-8")
    if encoding == "utf-8" and wrong_line:
        raise ImportRefused("not-utf-8", line=wrong_line)
    if encoding == "gb18030" and not wrong_line and not ascii_only:
        raise ImportRefused("is-utf-8")
    if encoding == "gb18030" and wrong_line:
        wrong_line, lines, _ = _first_undecodable(path, encoding)
        if wrong_line:
            raise ImportRefused("not-gb18030", line=wrong_line)
    return lines


def _first_undecodable(path: Path, encoding: str) -> tuple[int, int, bool]:
    """The first line that is not in this encoding (0: none), the number of lines read, and whether all was ASCII.

    In both encodings a line feed is never part of another character, so lines can be judged one by one.
    """
    number, ascii_only = 0, True
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.isascii():
                continue
            ascii_only = False
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                return number, number, False
    return 0, number, ascii_only


def _csv_rows(path: Path, shape: FileShape) -> Iterator[Row]:
    codec = "utf-8-sig" if shape.encoding == "utf-8" else shape.encoding
    with path.open(encoding=codec, newline="") as file:
        reader = csv.reader(file, delimiter=shape.delimiter, strict=True)
        line = 1
        try:
            for cells in reader:
                if cells:
                    yield Row(line, tuple(cells))
                line = reader.line_num + 1
        except csv.Error:
            raise ImportRefused("quotes-broken", line=line) from None


# -- workbooks ---------------------------------------------------------------------------------------------------


def _open_sheet(path: Path, shape: FileShape) -> Table:
    with path.open("rb"):  # so that a missing file is told from a damaged one
        pass
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as book:
            sheet = book.get_sheet_by_name(shape.sheet) if shape.sheet else book.get_sheet_by_index(0)
            lines = sheet.to_python(skip_empty_area=False)
    except python_calamine.WorksheetNotFound:
        raise ImportRefused("sheet-missing") from None
    except python_calamine.CalamineError:
        raise ImportRefused("not-workbook") from None
    filled = ((number, cells) for number, cells in enumerate(lines, 1) if any(cell != "" for cell in cells))
    _, first = next(filled, (1, []))
    header = [str(cell).strip() for cell in first]
    while header and not header[-1]:
        header.pop()
    return Table(tuple(header), (_sheet_row(number, cells, len(header)) for number, cells in filled), len(lines))


def _sheet_row(number: int, cells: Sequence[object], width: int) -> Row:
    """A sheet is a rectangle: empty cells right of the header are none, others make the row too long."""
    while len(cells) > width and cells[-1] == "":
        cells = cells[:-1]
    too_long = (i for i, cell in enumerate(cells) if isinstance(cell, int | float) and abs(cell) >= _EXACT_IN_EXCEL)
    return Row(number, tuple(_cell(cell) for cell in cells), frozenset(too_long))


def _cell(value: object) -> Cell:
    if isinstance(value, str | date):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
