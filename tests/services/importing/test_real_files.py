"""The real files, where they lie beside the checkout: the figures equal a few independent lines over each file."""

import csv
import statistics
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from domain.issue.words import Stage
from projections.dashboard import DASHBOARD, dashboard
from projections.log_reader import LogReader
from projections.projection import decoded
from projections.seal import seal_once
from services.importing.map_file import load_map
from tests.services.importing.files import an_importer, asked, events_in
from tests.support.postgres import Database

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"


def real(name: str) -> Path:
    """The real file, or a skip that says why: no licence to publish it is known, so it is not part of the project."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not here: real records are not published with the project")
    return path


def rows_in(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def projected(database: Database) -> psycopg.Connection:
    """A connection after the sealer and the dashboard have taken in the whole log."""
    with psycopg.connect(database.follower_dsn, autocommit=True) as follower:
        assert seal_once(follower) == asked(database, "select count(*) from ledger_events")[0][0]
        position = -1
        while sealed := LogReader(follower).read_sealed(position, 5_000):
            with follower.transaction():
                DASHBOARD.apply(follower, decoded(sealed))
            position = sealed[-1].position
    return psycopg.connect(database.follower_dsn)


def test_given_the_messages_then_the_figures_equal_an_independent_count(database: Database) -> None:
    path = real("zh_messages_with_replies.csv")
    rows = rows_in(path)
    days = [
        (datetime.fromisoformat(row["replied_at"]) - datetime.fromisoformat(row["created_at"])).total_seconds() / 86_400
        for row in rows
    ]

    with an_importer(database, load_map("zh-messages"), now=NOW) as importer:
        report = importer.run(path)
        again = importer.run(path)

    assert (report.rows, report.written.logged, report.written.answered) == (len(rows), len(rows), len(rows))
    assert report.notes.counts == {}
    assert (again.already_there, again.written.logged, events_in(database)) == (len(rows), 0, 4 * len(rows))
    years = Counter(int(row["created_at"][:4]) for row in rows)
    counted = asked(database, "select year, count(*), min(serial), max(serial) from issue_number group by year")
    assert sorted(counted) == [(year, number, 1, number) for year, number in sorted(years.items())]
    with projected(database) as connection:
        shown = dashboard(connection, NOW)
    assert shown.by_stage[Stage.SETTLED] == shown.total == len(rows)
    assert shown.reply_times.answered == len(days)
    assert shown.reply_times.median_days == pytest.approx(statistics.median(days))
    assert shown.reply_times.over_15_days.numerator == sum(each > 15 for each in days)
    assert shown.reply_times.over_60_days.numerator == sum(each > 60 for each in days)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_given_the_service_requests_then_closed_ones_are_final_and_open_ones_wait(database: Database) -> None:
    path = real("us_boston311_2011.csv")
    rows = rows_in(path)
    status = Counter(row["status"] for row in rows)

    with an_importer(database, load_map("boston311"), now=NOW) as importer:
        report = importer.run(path)

    assert report.bad == []
    assert (report.written.logged, report.written.answered, report.written.open) == (
        len(rows),
        status["Closed"],
        status["Open"],
    )
    assert report.notes.counts["due-before-logged"] == sum("" < row["due_at"] < row["created_at"] for row in rows)
    assert report.notes.counts["due-too-far"] == sum(row["due_at"] > "2030" for row in rows)
    assert report.notes.counts["answer-text-missing"] == sum(
        row["status"] == "Closed" and not row["closure_text"].strip() for row in rows
    )
    assert report.notes.counts["text-of-open-row"] == sum(
        row["status"] == "Open" and bool(row["closure_text"].strip()) for row in rows
    )
    with projected(database) as connection:
        shown = dashboard(connection, NOW)
    assert shown.by_stage[Stage.LOGGED] == shown.open == status["Open"]
    assert shown.by_stage[Stage.SETTLED] == status["Closed"]
