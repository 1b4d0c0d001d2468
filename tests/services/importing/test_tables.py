"""Files that are no table, or another one than the map describes, are refused in words; rows know their lines."""

from pathlib import Path

import pytest
import xlsxwriter

from services.importing.map_file import ImportMap, parse_map
from services.importing.tables import Row, open_table
from services.importing.words import ImportRefused
from tests.services.importing.files import HEADER, MAP, a_map, table_of


def refusal(path: Path, map_: ImportMap | None = None) -> ImportRefused:
    with pytest.raises(ImportRefused) as refused:
        list(open_table(path, map_ or a_map()).rows)
    assert refused.value.zh
    return refused.value


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def with_shape(**shape: str) -> ImportMap:
    return parse_map(MAP + "[file]\n" + "".join(f'{name} = "{value}"\n' for name, value in shape.items()))


def test_given_line_breaks_in_quotes_then_rows_name_their_physical_lines(tmp_path: Path) -> None:
    path = table_of(tmp_path / "a.csv", {"id": "1"}, {"id": "2", "body": "一\n二\n三"}, {"id": "3"})

    assert [row.line for row in open_table(path, a_map()).rows] == [2, 4, 7]


def test_given_blank_lines_then_they_are_no_rows_but_counted(tmp_path: Path) -> None:
    path = table_of(tmp_path / "a.csv", {"id": "1", "body": "x"})
    path.write_text(path.read_text("utf-8") + "\n\n" + "2" + "," * (len(HEADER) - 1) + "\n", "utf-8")

    assert [row.line for row in open_table(path, a_map()).rows] == [2, 5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_given_utf_8_with_or_without_mark_then_it_is_read(tmp_path: Path, encoding: str) -> None:
    path = table_of(tmp_path / "a.csv", {}, encoding=encoding)

    table = open_table(path, a_map())

    assert table.header == HEADER
    assert next(table.rows).cells[3] == "水渠堵塞"


def test_given_gb18030_and_a_map_that_says_so_then_it_is_read(tmp_path: Path) -> None:
    path = table_of(tmp_path / "a.csv", {}, encoding="gb18030")

    assert next(open_table(path, with_shape(encoding="gb18030")).rows).cells[3] == "水渠堵塞"


def test_given_gb18030_and_no_word_of_it_then_the_line_and_the_remedy_are_told(tmp_path: Path) -> None:
    refused = refusal(table_of(tmp_path / "a.csv", {}, encoding="gb18030"))

    assert refused.code == "not-utf-8"
    assert "Line 2 " in refused.en
    assert "gb18030" in refused.zh


def test_given_utf_8_but_a_map_that_says_gb18030_then_it_is_refused(tmp_path: Path) -> None:
    assert refusal(table_of(tmp_path / "a.csv", {}), with_shape(encoding="gb18030")).code == "is-utf-8"


def test_given_neither_encoding_then_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,logged\n1,\xff\xff\n")

    assert refusal(path, with_shape(encoding="gb18030")).code == "not-gb18030"


def test_given_utf_16_then_it_is_named(tmp_path: Path) -> None:
    assert refusal(table_of(tmp_path / "a.csv", {}, encoding="utf-16")).code == "is-utf-16"


def test_given_another_delimiter_then_it_is_named(tmp_path: Path) -> None:
    path = table_of(tmp_path / "a.csv", {}, delimiter=";")

    refused = refusal(path)

    assert refused.code == "delimiter-wrong"
    assert '";"' in refused.en
    assert len(list(open_table(path, with_shape(delimiter=";")).rows)) == 1


def test_given_missing_columns_then_all_are_named(tmp_path: Path) -> None:
    refused = refusal(written(tmp_path / "a.csv", "id,subject,body,kind,where,via,state,closed\n"))

    assert refused.code == "columns-missing"
    assert "logged, due, answer" in refused.en


def test_given_a_column_twice_then_it_is_refused_only_if_it_is_read(tmp_path: Path) -> None:
    twice = written(tmp_path / "a.csv", ",".join([*HEADER, "body"]) + "\n")
    unread = written(tmp_path / "b.csv", ",".join([*HEADER, "note", "note"]) + "\n")

    assert refusal(twice).code == "columns-repeated"
    assert list(open_table(unread, a_map()).rows) == []


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_given_an_empty_file_then_it_is_refused(tmp_path: Path, text: str) -> None:
    assert refusal(written(tmp_path / "a.csv", text)).code == "file-empty"


@pytest.mark.parametrize("third", ['"never closed', '"closed"too early'])
def test_given_quotes_that_do_not_match_then_the_line_where_it_begins_is_told(tmp_path: Path, third: str) -> None:
    path = table_of(tmp_path / "a.csv", {"body": "x"})
    path.write_text(path.read_text("utf-8") + third + "," * 10 + "\nmore\n", "utf-8")

    refused = refusal(path)

    assert refused.code == "quotes-broken"
    assert "line 3 " in refused.en


def test_given_no_file_or_another_kind_then_it_is_bad_usage(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv").code == "file-unreadable"
    assert refusal(tmp_path / "none.xlsx").code == "file-unreadable"
    assert refusal(written(tmp_path / "a.pdf", "x")).is_usage


# -- workbooks ------------------------------------------------------------------------------------------------------


def a_workbook(path: Path, *rows: tuple[object, ...], first_row: int = 0) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        book.add_worksheet("说明")
        sheet = book.add_worksheet("台账")
        for number, cells in enumerate((HEADER, *rows), first_row):
            sheet.write_row(number, 0, cells)
    return path


def test_given_a_workbook_then_rows_are_the_sheets_and_numbers_are_whole(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", (101000295615, "2024-03-04T09:30:00", "", 7.5, True), first_row=2)

    table = open_table(path, with_shape(sheet="台账"))

    assert table.header == HEADER
    (row,) = table.rows
    assert row.line == 4
    assert row.cells[:5] == ("101000295615", "2024-03-04T09:30:00", "", "7.5", "True")
    assert len(row.cells) == len(HEADER)


def test_given_a_number_longer_than_a_workbook_keeps_then_the_cell_is_marked(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", (1234567890123456789,))

    (row,) = open_table(path, with_shape(sheet="台账")).rows

    assert row.imprecise == {0}


def test_given_an_empty_line_of_a_sheet_then_it_is_no_row(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", ("1",), (), ("2",))

    assert [row.line for row in open_table(path, with_shape(sheet="台账")).rows] == [2, 4]


def test_given_cells_right_of_the_header_then_the_row_is_too_long(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", ("1", *[""] * 10, "stray"))

    (row,) = open_table(path, with_shape(sheet="台账")).rows

    assert row == Row(2, ("1", *[""] * 10, "stray"))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"no workbook", "not-workbook"),
        ("a.xlsx", b"", "not-workbook"),
        ("a.csv", b"PK\x03\x04", "is-workbook"),
    ],
)
def test_given_a_damaged_or_misnamed_workbook_then_it_is_refused(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    assert refusal(path).code == code


def test_given_no_such_sheet_then_it_is_refused(tmp_path: Path) -> None:
    assert refusal(a_workbook(tmp_path / "a.xlsx"), with_shape(sheet="明细")).code == "sheet-missing"
