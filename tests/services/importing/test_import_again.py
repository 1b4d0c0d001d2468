"""Importing again on a real database: repeated, resumed, answered since, changed; stopped, cut off, overtaken.

Each row counts once, whatever happens.
"""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from eventsourcing.persistence import OperationalError

from domain.casework import Casework
from domain.decided import Batch
from domain.errors import Unavailable
from domain.issue import commands as c
from domain.issue.words import Stage
from domain.office import Outcome
from domain.values import Actor, Role
from services.importing.commands import command_id
from services.importing.run import Importer
from tests.services.importing.files import (
    OPEN,
    a_map,
    an_importer,
    events_in,
    imported,
    issues_in,
    numbers,
    rows_of,
    table_of,
)
from tests.support.postgres import Database

# -- repeat ---------------------------------------------------------------------------------------------------------


def test_given_a_second_run_then_nothing_is_added(database: Database, path: Path) -> None:
    table_of(path, *rows_of(60), {"id": "open", **OPEN})
    imported(database, path)
    before = events_in(database)

    report = imported(database, path)

    assert (report.already_there, report.new, report.written.logged, report.failed) == (61, 0, 0, False)
    assert events_in(database) == before


def test_given_new_rows_in_the_file_then_only_those_are_added(database: Database, path: Path) -> None:
    imported(database, table_of(path, *rows_of(3)))

    report = imported(database, table_of(path, *rows_of(5)))

    assert (report.already_there, report.written.logged) == (3, 2)
    assert len(numbers(database)) == 5


def test_given_a_row_answered_since_then_its_issue_is_answered_and_nothing_is_logged_twice(
    database: Database, path: Path
) -> None:
    imported(database, table_of(path, {"id": "1", **OPEN}))

    with an_importer(database, a_map()) as importer:
        dry = importer.run(table_of(path, {"id": "1"}), dry_run=True)
        report = importer.run(path)
        (issue,) = issues_in(importer.casework, database).values()

    assert (dry.to_resume, dry.new) == (1, 0)
    assert (report.written.logged, report.written.resumed, report.written.answered) == (0, 1, 1)
    assert issue.stage is Stage.SETTLED
    assert issue.version == 4


def test_given_a_row_answered_since_whose_issue_took_in_another_then_both_households_have_the_answer(
    database: Database, path: Path
) -> None:
    imported(database, table_of(path, {"id": "1", **OPEN}, {"id": "2", **OPEN}))
    with an_importer(database, a_map()) as importer:
        issues = issues_in(importer.casework, database)
        one, two = issues["old-books:1"], issues["old-books:2"]
        importer.casework.handle(
            c.MergeIssue(
                command_id=command_id("test", "2", "merge"),
                actor=Actor(user="lead", role=Role.STATION_LEAD),
                occurred_at=two.logged_at,
                issue_id=two.issue_id,
                into=one.issue_id,
                reasons="同一水渠。",
            )
        )
        report = importer.run(table_of(path, {"id": "1"}, {"id": "2", **OPEN}))
        topics = [event.TOPIC for event in importer.casework.history(two.issue_id)]

    assert (report.written.resumed, report.already_there, report.failed) == (1, 1, False)
    assert topics == ["issue.logged", "issue.merged", "issue.answer_shared"]


def test_given_a_row_answered_since_but_moved_on_here_then_it_is_bad_and_left_alone(
    database: Database, path: Path
) -> None:
    imported(database, table_of(path, {"id": "1", **OPEN}))
    with an_importer(database, a_map()) as importer:
        (issue,) = issues_in(importer.casework, database).values()
        importer.casework.handle(
            c.EscalateIssue(
                command_id=command_id("test", "1", "escalate"),
                actor=Actor(user="handler", role=Role.CASE_HANDLER),
                occurred_at=issue.logged_at,
                issue_id=issue.issue_id,
                reason="村里无法解决。",
            )
        )
        report = importer.run(table_of(path, {"id": "1"}))

    assert [(row.line, row.code) for row in report.bad] == [(2, "wrong-stage")]
    assert report.refused
    assert events_in(database) == 2


def test_given_a_row_whose_contents_changed_then_it_is_bad_and_the_first_stays(database: Database, path: Path) -> None:
    imported(database, table_of(path, {"id": "1"}))

    report = imported(database, table_of(path, {"id": "1", "body": "另一件事"}))

    assert [(row.line, row.code) for row in report.bad] == [(2, "differs-from-imported")]
    assert events_in(database) == 4


def test_given_the_same_ids_from_another_system_then_they_are_other_issues(database: Database, path: Path) -> None:
    imported(database, table_of(path, {"id": "1"}))

    report = imported(database, path, a_map(('system = "old-books"', 'system = "new-books"')))

    assert report.written.logged == 1
    assert sorted(numbers(database)) == ["new-books:1", "old-books:1"]


# -- stopped, interrupted, overtaken ----------------------------------------------------------------------------------


def after(calls: int) -> Callable[[], bool]:
    """False so many times, then True."""
    counter = count()
    return lambda: next(counter) >= calls


def test_given_a_stop_between_transactions_then_a_second_run_goes_on(database: Database, path: Path) -> None:
    rows = table_of(path, *rows_of(150))
    with an_importer(
        database, a_map(), stopped=after(150 + 2)
    ) as importer:  # asked at each row, then at each transaction
        stopped = importer.run(rows)

    assert stopped.ended == "asked"
    assert stopped.failed
    assert (stopped.written.logged, events_in(database)) == (100, 400)

    report = imported(database, rows)

    assert (report.already_there, report.written.logged, events_in(database)) == (100, 50, 600)
    assert numbers(database)["old-books:149"] == "ET-2024-0150"


def test_given_a_stop_in_pass_one_then_nothing_was_written(database: Database, path: Path) -> None:
    with an_importer(database, a_map(), stopped=after(10)) as importer:
        report = importer.run(table_of(path, *rows_of(50)))

    assert report.ended == "asked"
    assert events_in(database) == 0


def test_given_the_database_goes_away_then_what_was_done_is_told_and_a_second_run_goes_on(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = table_of(path, *rows_of(150))
    written = count()
    real = Casework.record_together

    def gone_after_one(self: Casework, batch: Batch) -> list[Outcome]:
        if next(written):
            raise Unavailable
        return real(self, batch)

    monkeypatch.setattr(Casework, "record_together", gone_after_one)
    report = imported(database, rows)
    monkeypatch.undo()

    assert (report.ended, report.written.logged) == ("unavailable", 50)
    assert imported(database, rows).written.logged == 100
    assert events_in(database) == 600


def test_given_no_database_when_looking_then_it_is_said(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with an_importer(database, a_map()) as importer:
        monkeypatch.setattr(type(importer.casework.store), "known_commands", raising(OperationalError))
        with pytest.raises(Unavailable):
            importer.run(table_of(path, {}))


def raising(error: type[Exception]) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


def test_given_a_rival_run_at_the_same_time_then_each_row_counts_once(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = table_of(path, *rows_of(20))
    register = Importer._write

    def overtaken(self: Importer, *found: object) -> None:
        monkeypatch.setattr(Importer, "_write", register)
        imported(database, rows)  # a rival finishes between our look and our first transaction
        register(self, *found)  # type: ignore[arg-type]

    monkeypatch.setattr(Importer, "_write", overtaken)
    report = imported(database, rows)

    assert (report.written.logged, report.written.met) == (0, 20)
    assert report.as_json()["already_there"] == 20
    assert (events_in(database), len(numbers(database))) == (80, 20)


def test_given_a_row_refused_only_when_it_is_written_then_the_others_of_its_transaction_are_kept(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = table_of(path, *rows_of(10))
    look = Importer._look

    def then_somebody_takes_an_id(self: Importer, path: Path) -> object:
        found = look(self, path)
        rival = table_of(path.with_name("rival.csv"), {"id": "4", "body": "另一件事"})
        monkeypatch.setattr(Importer, "_look", look)
        imported(database, rival)
        return found

    monkeypatch.setattr(Importer, "_look", then_somebody_takes_an_id)
    report = imported(database, rows)

    assert report.failed
    assert [row.code for row in report.written.bad] == ["command-id-reused"]
    assert report.written.logged == 9
    assert events_in(database) == 40
