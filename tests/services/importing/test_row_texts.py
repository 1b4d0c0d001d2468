"""Pass one, the texts of a row and the file as a whole: what is cleaned only with leave, in which order rows are taken.

No database: the rows are judged in memory, as a dry run does first.
"""

from pathlib import Path

import pytest

from tests.services.importing.files import a_map, table_of
from tests.services.importing.judging import checked, faults, judged, notes

# -- texts ----------------------------------------------------------------------------------------------------------


def test_given_no_body_then_the_subject_stands_in_and_is_noted(path: Path) -> None:
    found = judged(path, body="\u200b ")

    assert notes(found) == {"text-from-elsewhere": 1}
    assert found.entries[0].description == "水渠堵塞"


def test_given_neither_body_nor_subject_then_the_row_is_bad(path: Path) -> None:
    assert faults(judged(path, body="", subject="")) == [(2, "body", "text-missing")]


def test_given_columns_that_repeat_each_other_then_each_text_counts_once(path: Path) -> None:
    found = judged(
        path, ('columns = ["body"]', 'columns = ["subject", "kind", "via", "subject"]\njoin = " / "'), kind="phone"
    )

    assert found.entries[0].description == "水渠堵塞 / phone"


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("body", "x" * 10_001, "text-too-long"),
        ("answer", "x" * 10_001, "text-too-long"),
        ("subject", "x" * 201, "text-too-long"),
        ("body", "before\x00after", "text-forbidden-character"),
        ("answer", "before\u202eafter", "text-forbidden-character"),
        ("subject", "two\nlines", "text-one-line"),
    ],
)
def test_given_a_text_that_the_log_does_not_take_then_the_row_is_bad(
    path: Path, column: str, value: str, code: str
) -> None:
    assert faults(judged(path, **{column: value})) == [(2, column, code)]


def test_given_leave_to_strip_controls_then_they_go_and_are_noted(path: Path) -> None:
    found = judged(path, cleaning="strip_controls", body="水渠\x00堵\u202e住", subject="\ufeff水渠")

    assert notes(found) == {"controls-stripped": 1}
    assert (found.entries[0].title, found.entries[0].description) == ("水渠", "水渠堵住")


def test_given_leave_to_fold_lines_then_a_title_becomes_one_line_and_a_body_stays(path: Path) -> None:
    found = judged(path, cleaning="fold_lines", subject="水渠 \r\n\t堵塞", body="一\n二")

    assert notes(found) == {"lines-folded": 1}
    assert (found.entries[0].title, found.entries[0].description) == ("水渠 堵塞", "一\n二")


def test_given_leave_to_shorten_then_a_long_title_is_cut(path: Path) -> None:
    found = judged(path, cleaning="shorten_titles", subject="长" * 201)

    assert notes(found) == {"title-shortened": 1}
    assert found.entries[0].title == "长" * 199 + "…"


# -- the whole file -------------------------------------------------------------------------------------------------


def test_given_one_bad_row_among_thousands_then_its_line_is_named(path: Path) -> None:
    rows = [{"id": str(n), "body": "一\n二"} for n in range(2_000)]
    rows[1_543]["logged"] = "31. Juni"

    found = checked(table_of(path, *rows), a_map())

    assert (found.rows, len(found.entries)) == (2_000, 1_999)
    assert [(row.line, row.column) for row in found.bad] == [(2 + 2 * 1_543, "logged")]


def test_given_rows_in_any_order_then_they_are_taken_in_the_order_of_time(path: Path) -> None:
    days = ["2024-03-03", "2024-03-01", "2024-03-02", "2024-03-01"]
    rows = [{"id": str(n), "body": "x", "logged": f"{day}T08:00:00"} for n, day in enumerate(days)]

    assert [entry.row_id for entry in checked(table_of(path, *rows), a_map()).entries] == ["1", "3", "2", "0"]
