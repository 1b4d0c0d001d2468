"""Pass one, row by row: what becomes of each odd cell. Accepted, accepted with a note, or refused by line and column.

No database: the rows are judged in memory, as a dry run does first.
"""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from domain.values import LOCAL_ZONE
from services.importing.words import ImportRefused
from tests.services.importing.files import MAP, OPEN, a_map, table_of
from tests.services.importing.judging import checked, faults, judged, notes


def test_given_an_ordinary_row_then_it_is_taken_as_it_stands(path: Path) -> None:
    found = judged(path)

    (entry,) = found.entries
    assert notes(found) == {}
    assert (entry.row_id, entry.village, entry.category, entry.channel) == ("1", "ET", "construction", "hotline")
    assert entry.description == "村东水渠被杂物堵住，\n下雨就漫到路上。"
    assert entry.logged_at == datetime(2024, 3, 4, 9, 30, tzinfo=LOCAL_ZONE)
    assert entry.answer is not None
    assert entry.answer.at == datetime(2024, 3, 10, 15, 0, tzinfo=LOCAL_ZONE)
    assert entry.answer.opinion == "已于三月九日清理水渠。"


# -- ids ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "code"),
    [("", "id-missing"), ("  ", "id-missing"), ("x" * 121, "id-unfit"), ("a\nb", "id-unfit"), ("a\u202eb", "id-unfit")],
)
def test_given_an_id_that_is_none_then_the_row_is_bad(path: Path, value: str, code: str) -> None:
    assert faults(judged(path, id=value)) == [(2, "id", code)]


def test_given_the_same_id_twice_then_the_second_is_bad_and_names_the_first(path: Path) -> None:
    found = checked(
        table_of(path, {"id": "7", "body": "x"}, {"id": "8", "body": "x"}, {"id": " 7", "body": "y"}), a_map()
    )

    assert [entry.line for entry in found.entries] == [2, 3]
    assert [(row.line, row.column, row.code, row.see_line) for row in found.bad] == [(4, "id", "id-repeated", 2)]


# -- shape ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["9,2024-03-04T09:30:00,too short", "9" + "," * 11])
def test_given_a_ragged_row_then_it_is_bad_and_the_others_are_not(path: Path, line: str) -> None:
    table_of(path, {"body": "x"})
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")

    found = checked(path, a_map())

    assert len(found.entries) == 1
    assert [(row.line, row.code) for row in found.bad] == [(3, "ragged")]


def test_given_several_faults_then_all_of_the_row_are_told_and_never_its_contents(path: Path) -> None:
    found = judged(path, id="", logged="neulich", where="Nowhere")

    assert faults(found) == [(2, "id", "id-missing"), (2, "logged", "time-unreadable"), (2, "where", "value-unlisted")]
    assert not any(word in row.en + row.zh for row in found.bad for word in ("neulich", "Nowhere"))


# -- closed lists ---------------------------------------------------------------------------------------------------


def test_given_an_unlisted_value_then_the_default_is_taken_and_noted(path: Path) -> None:
    found = judged(path, kind="ghosts", via="")

    assert notes(found) == {"category-by-default": 1, "channel-by-default": 1}
    assert found.entries[0].category == "other"


def test_given_no_table_then_the_column_holds_the_value_itself(path: Path) -> None:
    change = ('table = { phone = "hotline" }', "")

    assert judged(path, change, via="petition").entries[0].channel == "petition"
    assert notes(judged(path, change, via="pigeon")) == {"channel-by-default": 1}


def test_given_a_category_that_the_plan_lacks_then_the_row_is_bad(path: Path) -> None:
    found = judged(path, ('table = { water = "construction" }', ""), kind="astrology")

    assert [row.code for row in found.bad] == ["unknown-category"]


def test_given_a_map_with_categories_that_the_plan_lacks_then_it_is_refused(path: Path) -> None:
    with pytest.raises(ImportRefused) as refused:
        judged(path, ('water = "construction"', 'water = "astrology"'))
    assert refused.value.code == "map-category-unknown"
    assert "astrology" in refused.value.en


def test_given_a_map_with_villages_that_nobody_knows_then_it_is_refused_but_registered_ones_will_do(path: Path) -> None:
    with pytest.raises(ImportRefused) as refused:
        judged(path, ('West = "WT"', 'West = "XX"'))
    assert refused.value.code == "map-village-unknown"
    assert judged(path, ('West = "WT"', 'West = "QS"'), where="West").entries[0].village == "QS"


# -- times ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("logged", "code"),
    [("", "time-missing"), ("gestern", "time-unreadable"), ("2024-03-04", "time-of-day-missing")],
)
def test_given_no_time_of_logging_then_the_row_is_bad(path: Path, logged: str, code: str) -> None:
    assert faults(judged(path, logged=logged)) == [(2, "logged", code)]


@pytest.mark.parametrize(
    ("logged", "closed", "code"),
    [
        ("2024-03-04T09:30:00", "2024-03-04T09:29:59", "before-the-beginning"),
        ("1949-09-30T00:00:00", "2024-03-10T15:00:00", "before-the-beginning"),
        ("2026-03-02T09:06:00", "2026-03-02T09:06:00", "in-the-future"),
        ("2024-03-04T09:30:00", "2026-03-02T09:06:00", "in-the-future"),
    ],
)
def test_given_times_that_the_rules_refuse_then_the_row_is_bad(path: Path, logged: str, closed: str, code: str) -> None:
    assert [row.code for row in judged(path, logged=logged, closed=closed).bad] == [code]


def test_given_an_answer_at_the_moment_of_logging_then_it_is_taken(path: Path) -> None:
    assert notes(judged(path, closed="2024-03-04T09:30:00")) == {}


def test_given_a_due_date_then_it_is_the_promise(path: Path) -> None:
    assert judged(path, due="2024-03-20T17:00:00").entries[0].promised_by == datetime(
        2024, 3, 20, 17, tzinfo=LOCAL_ZONE
    )


@pytest.mark.parametrize(
    ("due", "note"), [("2024-03-04T09:29:59", "due-before-logged"), ("2059-12-31T19:00:00", "due-too-far")]
)
def test_given_a_due_date_that_is_no_promise_then_it_is_left_out_and_noted(path: Path, due: str, note: str) -> None:
    found = judged(path, due=due)

    assert notes(found) == {note: 1}
    assert found.notes.lines == {note: [2]}
    assert found.entries[0].promised_by is None


def test_given_a_due_date_at_the_limit_then_it_is_kept(path: Path) -> None:
    ten_years = (datetime(2024, 3, 4, 9, 30) + timedelta(days=3660)).isoformat()  # noqa: DTZ001

    assert judged(path, due=ten_years).entries[0].promised_by is not None


def test_given_an_unreadable_due_date_then_the_row_is_bad(path: Path) -> None:
    assert faults(judged(path, due="bald")) == [(2, "due", "time-unreadable")]


# -- open and closed ------------------------------------------------------------------------------------------------


def test_given_an_open_row_then_it_is_only_logged(path: Path) -> None:
    assert judged(path, **OPEN).entries[0].answer is None


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"closed": ""}, "closed", "closed-without-time"),
        ({"state": "open"}, "closed", "open-with-time"),
        ({"state": "lost"}, "state", "status-unlisted"),
        ({"state": ""}, "state", "status-unlisted"),
    ],
)
def test_given_a_status_that_contradicts_the_times_then_the_row_is_bad(
    path: Path, cells: dict[str, str], column: str, code: str
) -> None:
    assert faults(judged(path, **cells)) == [(2, column, code)]


def test_given_an_open_row_with_a_text_then_it_is_no_answer_and_noted(path: Path) -> None:
    found = judged(path, **{**OPEN, "answer": "正在办理"})

    assert notes(found) == {"text-of-open-row": 1}
    assert found.entries[0].answer is None


def test_given_a_closed_row_without_text_then_the_maps_sentence_stands_in_and_is_noted(path: Path) -> None:
    found = judged(path, answer=" ")

    assert notes(found) == {"answer-text-missing": 1}
    assert found.entries[0].answer is not None
    assert found.entries[0].answer.opinion == "原登记簿未留存答复。"


def test_given_a_closed_row_without_text_and_nothing_instead_then_it_is_bad(path: Path) -> None:
    found = judged(path, ('\notherwise = "原登记簿未留存答复。"', ""), answer="")

    assert faults(found) == [(2, "answer", "text-missing")]


def test_given_a_map_without_status_then_the_time_decides(path: Path) -> None:
    status = MAP[MAP.index("[status]") : MAP.index("[answer]")]

    assert judged(path, (status, "")).entries[0].answer is not None
    assert judged(path, (status, ""), **OPEN).entries[0].answer is None
    assert faults(judged(path, (status, ""), closed="")) == [(2, "closed", "answer-without-time")]


def test_given_a_map_without_answers_then_every_row_is_open(path: Path) -> None:
    assert judged(path, (MAP[MAP.index("[status]") :], "")).entries[0].answer is None
