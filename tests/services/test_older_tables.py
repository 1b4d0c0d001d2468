"""Read models made by an earlier version gain the columns that came since, with what the log had said."""

import psycopg
import pytest

from domain.issue import commands as c
from projections.registry import read_models
from services.migrate import migrate, migration_files
from tests.projections.ledger import Log
from tests.support.casework import case
from tests.support.postgres import Database

_COMPLAINTS = "0012_complaints.sql"
_DEPARTMENTS = "0014_history_departments.sql"
_TABLES = ("issue_ledger", "issue_history", "dashboard")
_CAME = {
    _COMPLAINTS: (
        "alter table issue_history drop column village cascade, drop column concerns cascade",
        "alter table issue_ledger drop column concerns cascade",
        "alter table dashboard drop column concerns cascade",
    ),
    _DEPARTMENTS: ("alter table issue_history drop column department cascade",),
}
"""File -> what takes the tables back to before it."""


def _take_back(log: Log, *files: str) -> None:
    with psycopg.connect(log.database.owner_dsn) as connection:
        for file in files:
            for statement in _CAME[file]:
                connection.execute(statement.encode())
            connection.execute("delete from schema_migration where name = %s", (file,))


@pytest.mark.parametrize("files", [(_COMPLAINTS, _DEPARTMENTS), (_DEPARTMENTS,)])
def test_given_tables_from_before_when_migrated_then_they_are_as_if_made_today(
    database: Database, files: tuple[str, ...]
) -> None:
    migrate(database.owner_dsn, read_models())
    log = Log(database)
    log.append(case("fixed"), case("logged", key="elsewhere", village="LX"))
    log.append(case("at_department", key="theirs"), case("at_department", key="came back").do(c.ReturnEscalation))
    log.fill()
    rows = {table: log.query(f"select * from {table} order by 1, 2") for table in _TABLES}
    _take_back(log, *files)
    assert migrate(database.owner_dsn, read_models()) == list(files)
    assert {table: log.query(f"select * from {table} order by 1, 2") for table in _TABLES} == rows
    assert {None, "construction"} <= {department for (department,) in log.query("select department from issue_history")}
    log.close()


@pytest.mark.parametrize("file", _CAME)
def test_given_no_read_models_yet_when_migrated_then_there_is_nothing_to_do(
    empty_database: Database, file: str
) -> None:
    assert file in migrate(empty_database.owner_dsn)
    assert file in migration_files()
