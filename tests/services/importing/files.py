"""Invented files and maps for the tests of the import, and an importer on a real database.

`table_of(rows)` writes a small CSV in the shape of MAP; each test changes only the cell that it is about.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg

from domain.casework import Casework
from services.bootstrap import open_casework, open_directory
from services.importing.checking import WithVillages
from services.importing.map_file import ImportMap, parse_map
from services.importing.progress import Quiet
from services.importing.report import Report
from services.importing.run import Importer
from tests.support.casework import Clock, office
from tests.support.postgres import Database

HEADER: Final = ("id", "logged", "due", "subject", "body", "kind", "where", "via", "state", "closed", "answer")
ROW: Final[Mapping[str, str]] = {
    "id": "1",
    "logged": "2024-03-04T09:30:00",
    "due": "",
    "subject": "水渠堵塞",
    "body": "村东水渠被杂物堵住，\n下雨就漫到路上。",
    "kind": "water",
    "where": "East",
    "via": "phone",
    "state": "done",
    "closed": "2024-03-10T15:00:00",
    "answer": "已于三月九日清理水渠。",
}
MAP: Final = """
system = "old-books"
id = "id"
zone = "Asia/Shanghai"
logged_at = "logged"
due_at = "due"

[title]
columns = ["subject"]

[description]
columns = ["body"]
instead = ["subject"]

[channel]
column = "via"
otherwise = "online"
table = { phone = "hotline" }

[category]
column = "kind"
otherwise = "other"
table = { water = "construction" }

[village]
column = "where"
table = { East = "ET", West = "WT" }

[[villages]]
code = "ET"
name = "东滩村"
township = "沙溪镇"
handler = "handler"
lead = "lead"

[[villages]]
code = "WT"
name = "西滩村"
township = "沙溪镇"
handler = "handler"
lead = "lead"

[status]
column = "state"
closed = ["done"]
open = ["open"]

[answer]
at = "closed"

[answer.measures]
otherwise = "原登记簿未单列办理措施。"

[answer.findings]
otherwise = "原登记簿未单列调查情况。"

[answer.opinion]
columns = ["answer"]
otherwise = "原登记簿未留存答复。"
"""
OPEN: Final = {"state": "open", "closed": "", "answer": ""}


VILLAGES_REGISTERED: Final = """
select told ->> 'place', told ->> 'name'
from ledger_events, convert_from(state, 'utf8') as text, cast(text as jsonb) as told
where topic = 'organisation.place_registered' and told ->> 'kind' = 'village' order by 1
"""


def a_map(*changes: tuple[str, str]) -> ImportMap:
    """MAP with each text replaced that a test names."""
    text = MAP
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return parse_map(text)


def rows_of(count: int, **cells: str) -> list[dict[str, str]]:
    """So many rows, numbered, an hour apart, answered in May."""
    begun = datetime(2024, 3, 1)  # noqa: DTZ001  the file's times carry no zone
    hours = (begun + timedelta(hours=n) for n in range(count))
    return [
        {"id": str(n), "logged": hour.isoformat(), "closed": "2024-05-06T10:00:00", **cells}
        for n, hour in enumerate(hours)
    ]


def table_of(path: Path, *rows: Mapping[str, str], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """A CSV file of rows that differ from ROW in the cells given."""
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows([{**ROW, **row}[column] for column in HEADER] for row in rows)
    return path


@contextmanager
def an_importer(
    database: Database, map_: ImportMap, *, now: datetime | None = None, stopped: Callable[[], bool] = lambda: False
) -> Iterator[Importer]:
    """An importer on this database, with a clock that stands still."""
    joined = office(Clock() if now is None else Clock(now))
    joined = replace(joined, directory=WithVillages(open_directory(database.app_dsn, joined.clock), map_.villages))

    with closing(open_casework(database.app_dsn, joined)) as casework:
        yield Importer(map_, casework, joined, Quiet(), stopped)


def issues_in(casework: Casework, database: Database) -> dict[str, Any]:
    """Every issue's state by its source."""
    found = (casework.issue(issue_id) for (issue_id,) in asked(database, "select issue_id from issue_number"))
    return {str(issue.source): issue for issue in found if issue is not None}


def asked(database: Database, query: str) -> Sequence[tuple[Any, ...]]:
    """The rows of a query."""
    with psycopg.connect(database.app_dsn) as connection:
        return connection.execute(query.encode()).fetchall()


def events_in(database: Database) -> int:
    """How many events of issues the log holds."""
    return int(asked(database, "select count(*) from ledger_events where topic like 'issue.%'")[0][0])


def imported(database: Database, path: Path, map_: ImportMap | None = None, **options: bool) -> Report:
    """Imports the file, by MAP unless another is given."""
    with an_importer(database, map_ or a_map()) as importer:
        return importer.run(path, **options)


def numbers(database: Database) -> dict[str, str]:
    """Every issue's number by its source."""
    rows = asked(
        database,
        "select n.number, convert_from(e.state, 'utf8')::jsonb ->> 'source' from issue_number n"
        " join ledger_events e on e.originator_id = n.issue_id and e.originator_version = 1",
    )
    return {source: number for number, source in rows}
