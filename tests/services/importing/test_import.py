"""The whole import on a real database: written once, repeated, resumed, stopped, killed, refused as a whole.

Numbers follow the village and year of the file's own times, without gaps, in the order of time.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from domain.issue import commands as c
from domain.issue.words import Stage
from domain.values import LOCAL_ZONE, Actor, Role
from services.importing.commands import IMPORTER
from tests.services.importing.files import (
    HEADER,
    OPEN,
    ROW,
    VILLAGES_REGISTERED,
    a_map,
    an_importer,
    asked,
    events_in,
    imported,
    issues_in,
    numbers,
    rows_of,
    table_of,
)
from tests.support.postgres import Database

# -- accept ---------------------------------------------------------------------------------------------------------


def test_given_an_answered_row_then_its_issue_is_final_and_keeps_the_files_times(
    database: Database, path: Path
) -> None:
    with an_importer(database, a_map()) as importer:
        report = importer.run(table_of(path, {"due": "2024-03-20T17:00:00"}))
        issue = issues_in(importer.casework, database)["old-books:1"]
        history: list[Any] = list(importer.casework.history(issue.issue_id))
    logged, resolved, reply, closed = history

    answered_at = datetime(2024, 3, 10, 15, 0, tzinfo=LOCAL_ZONE)
    assert (report.written.logged, report.written.answered, report.written.open) == (1, 1, 0)
    assert issue.stage is Stage.SETTLED
    assert logged.occurred_at == datetime(2024, 3, 4, 9, 30, tzinfo=LOCAL_ZONE)
    assert logged.deadline.due_at == datetime(2024, 3, 20, 17, 0, tzinfo=LOCAL_ZONE)
    assert logged.household is None
    assert [event.occurred_at for event in (resolved, reply, closed)] == [answered_at] * 3
    assert reply.opinion == "已于三月九日清理水渠。"
    assert closed.look_back is None
    assert logged.actor == Actor(user="import", role=Role.CASE_HANDLER)


def test_given_an_open_row_then_its_issue_waits_with_its_due_date_and_an_owner(database: Database, path: Path) -> None:
    with an_importer(database, a_map()) as importer:
        report = importer.run(table_of(path, {**OPEN, "due": "2026-04-01T12:00:00"}))
        (issue,) = issues_in(importer.casework, database).values()

    assert (report.written.logged, report.written.answered, report.written.open) == (1, 0, 1)
    assert issue.stage is Stage.LOGGED
    assert issue.deadline.due_at == datetime(2026, 4, 1, 12, 0, tzinfo=LOCAL_ZONE)
    assert issue.responsible.person == "handler"


def test_the_importers_role_may_send_each_of_its_commands() -> None:
    for command in (c.LogIssue, c.ResolveIssue, c.GiveReply, c.CloseIssue):
        assert IMPORTER.role in command.ROLES


def test_given_several_villages_and_years_then_numbers_are_gap_free_in_the_order_of_time(
    database: Database, path: Path
) -> None:
    rows = [
        {"id": "a", "logged": "2024-01-02T08:00:00", "where": "East"},
        {"id": "b", "logged": "2023-12-31T23:59:59", "where": "East"},
        {"id": "c", "logged": "2024-01-01T00:00:00", "where": "East"},
        {"id": "d", "logged": "2024-01-01T00:00:00", "where": "West"},
    ]

    report = imported(database, table_of(path, *rows))

    expected = {"a": "ET-2024-0002", "b": "ET-2023-0001", "c": "ET-2024-0001", "d": "WT-2024-0001"}
    assert numbers(database) == {f"old-books:{row}": number for row, number in expected.items()}
    assert [(each.village, each.year, each.new) for each in report.villages] == [
        ("ET", 2023, 1),
        ("ET", 2024, 2),
        ("WT", 2024, 1),
    ]


def test_given_more_rows_than_a_transaction_holds_then_all_are_written_in_order(database: Database, path: Path) -> None:
    imported(database, table_of(path, *rows_of(130)))

    assert events_in(database) == 130 * 4
    assert numbers(database) == {f"old-books:{n}": f"ET-2024-{n + 1:04d}" for n in range(130)}


def test_given_the_maps_villages_then_they_are_registered_and_known_ones_stay(database: Database, path: Path) -> None:
    imported(database, table_of(path, {}))
    renamed = a_map(("东滩村", "新东滩村"))

    imported(database, table_of(path, {"id": "2"}), renamed)

    assert asked(database, VILLAGES_REGISTERED) == [("ET", "东滩村"), ("WT", "西滩村")]


def test_given_a_workbook_with_its_own_dates_then_it_is_imported_like_a_csv(database: Database, tmp_path: Path) -> None:
    times = {"logged": datetime(2024, 3, 4, 9, 30), "closed": datetime(2024, 3, 10, 15)}  # noqa: DTZ001
    path = tmp_path / "books.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, [{**ROW, **times, "id": 17}[column] for column in HEADER])

    with an_importer(database, a_map()) as importer:
        report = importer.run(path)
        issue = issues_in(importer.casework, database)["old-books:17"]

    assert (report.written.logged, report.failed) == (1, False)
    assert issue.logged_at == datetime(2024, 3, 4, 9, 30, tzinfo=LOCAL_ZONE)
    assert issue.stage is Stage.SETTLED


# -- refuse ---------------------------------------------------------------------------------------------------------


def test_given_one_bad_row_then_nothing_at_all_is_written(database: Database, path: Path) -> None:
    report = imported(database, table_of(path, *rows_of(3), {"id": "bad", "logged": ""}))

    assert report.refused
    assert report.failed
    assert events_in(database) == 0
    assert asked(database, VILLAGES_REGISTERED) == []


def test_given_leave_to_skip_then_the_good_rows_are_written_and_the_bad_reported(
    database: Database, path: Path
) -> None:
    report = imported(database, table_of(path, *rows_of(3), {"id": "bad", "logged": ""}), skip_bad=True)

    assert not report.failed
    assert report.written.logged == 3
    assert [(row.column, row.code) for row in report.bad] == [("logged", "time-missing")]


def test_given_a_dry_run_then_it_says_what_would_happen_and_writes_nothing(database: Database, path: Path) -> None:
    imported(database, table_of(path, *rows_of(2)))
    before = events_in(database)

    report = imported(database, table_of(path, *rows_of(5), {"id": "w", "where": "West", **OPEN}), dry_run=True)

    assert (report.new, report.new_answered, report.already_there) == (4, 3, 2)
    assert [(v.village, v.year, v.new, v.already_there) for v in report.villages] == [
        ("ET", 2024, 3, 2),
        ("WT", 2024, 1, 0),
    ]
    assert events_in(database) == before


def test_given_a_dry_run_of_an_empty_database_then_not_even_villages_are_registered(
    database: Database, path: Path
) -> None:
    imported(database, table_of(path, {}), dry_run=True)

    assert asked(database, VILLAGES_REGISTERED) == []
