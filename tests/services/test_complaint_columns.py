"""Read models made before complaints about officials had columns of their own gain them, with what the log had said."""

import psycopg

from projections.registry import read_models
from services.migrate import migrate, migration_files
from tests.projections.ledger import Log
from tests.support.casework import case
from tests.support.postgres import Database

_FILE = "0012_complaints.sql"


def _before(log: Log) -> None:
    """The tables as they were."""
    with psycopg.connect(log.database.owner_dsn) as connection:
        connection.execute("alter table issue_history drop column village cascade, drop column concerns cascade")
        connection.execute("alter table issue_ledger drop column concerns cascade")
        connection.execute("alter table dashboard drop column concerns cascade")
        connection.execute("delete from schema_migration where name = %s", (_FILE,))


def test_given_lines_from_before_when_migrated_then_they_have_their_village(database: Database) -> None:
    migrate(database.owner_dsn, read_models())
    log = Log(database)
    log.append(case("fixed"), case("logged", key="elsewhere", village="LX"))
    log.fill()
    rows = {projection: log.query(f"select * from {projection} order by 1, 2") for projection in _TABLES}
    _before(log)
    assert migrate(database.owner_dsn, read_models()) == [_FILE]
    assert {projection: log.query(f"select * from {projection} order by 1, 2") for projection in _TABLES} == rows
    log.close()


def test_given_no_read_models_yet_when_migrated_then_there_is_nothing_to_do(empty_database: Database) -> None:
    assert _FILE in migrate(empty_database.owner_dsn)
    assert _FILE in migration_files()


_TABLES = ("issue_ledger", "issue_history", "dashboard")
