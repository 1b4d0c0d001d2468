"""Which tables does the database have? `migrate` brings them to this version; nothing else makes or changes a table.

`huiyin migrate` and `huiyin up` call it with the owner's DSN. Files run in order, each once, each in one transaction.
"""

import hashlib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Final

import psycopg

from domain.errors import HuiyinError
from projections.projection import ReadModel
from services.read_model_tables import bring

_LOCK: Final = 7_214_001
"""Advisory lock key: one migration at a time in a database; the others wait and then find nothing to do."""
_LOCK_WAIT: Final = "15s"
"""How long DDL may wait for a table: meanwhile every writer queues behind it."""


class MigrationRefused(HuiyinError):
    """The root of what stops a migration. Nothing of the file at fault was applied."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"{self.code} ({self.name}): {self.en} {self.zh}"


class MigrationChanged(MigrationRefused):
    code = "migration-changed"
    zh = "该迁移文件已执行，之后内容被改动。请恢复原文件，改动另写新文件。"
    en = "This migration was applied with other contents. Restore the file; put the change into a new one."


class MigrationUnknown(MigrationRefused):
    code = "migration-unknown"
    zh = "数据库由更新的版本建立。请使用该版本或更新的程序。"
    en = "The database was made by a newer version of the program. Use that version or a later one."


class MigrationFailed(MigrationRefused):
    code = "migration-failed"
    zh = "该迁移未能执行，已全部撤回。原因见数据库的说明；解决后重新执行。"
    en = "This migration could not run and was rolled back. Remove the cause the database gave, then migrate again."

    def __str__(self) -> str:
        return f"{super().__str__()} [{self.__cause__}]"


def migration_files() -> dict[str, str]:
    """The migrations of this version, name to SQL text, in the order in which they run."""
    folder = files("services.persistence") / "sql"
    found = {entry.name: entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".sql")}
    return dict(sorted(found.items()))


def migrate(owner_dsn: str, read_models: Sequence[ReadModel] = ()) -> list[str]:
    """Apply what is missing; return the names of the files applied now.

    `read_models` come each time after the files, so their DDL must say `if not exists` (read_model_tables.py).
    Raises MigrationRefused; psycopg.Error if unreachable.
    """
    with psycopg.connect(owner_dsn, autocommit=True, connect_timeout=10) as connection:
        connection.execute("select pg_advisory_lock(%s)", (_LOCK,))
        connection.execute("select set_config('lock_timeout', %s, false)", (_LOCK_WAIT,))
        applied = _apply_files(connection, migration_files())
        for read_model in read_models:
            _apply_read_model(connection, read_model)
        return applied


def pending_migrations(connection: psycopg.Connection) -> list[str]:
    """The names of this version's files that the database lacks. Raises MigrationRefused as `migrate` does."""
    return _missing(_recorded(connection), migration_files())


def _apply_files(connection: psycopg.Connection, texts: Mapping[str, str]) -> list[str]:
    connection.execute(
        "create table if not exists schema_migration"
        " (name text primary key, sha256 text not null, applied_at timestamptz not null default clock_timestamp())"
    )
    missing = _missing(_recorded(connection), texts)
    for name in missing:
        _apply(connection, name, texts[name])
    return missing


def _recorded(connection: psycopg.Connection) -> dict[str, str]:
    exists = connection.execute("select to_regclass('schema_migration') is not null").fetchone()
    if exists != (True,):
        return {}
    return dict(connection.execute("select name, sha256 from schema_migration").fetchall())


def _missing(recorded: Mapping[str, str], texts: Mapping[str, str]) -> list[str]:
    for name, digest in sorted(recorded.items()):
        if name not in texts:
            raise MigrationUnknown(name)
        if _sha256(texts[name]) != digest:
            raise MigrationChanged(name)
    return [name for name in texts if name not in recorded]


def _apply(connection: psycopg.Connection, name: str, text: str) -> None:
    try:
        with connection.transaction():
            connection.execute(text.encode())
            connection.execute("insert into schema_migration (name, sha256) values (%s, %s)", (name, _sha256(text)))
    except psycopg.Error as error:
        raise MigrationFailed(name) from error


def _apply_read_model(connection: psycopg.Connection, read_model: ReadModel) -> None:
    try:
        with connection.transaction():
            bring(connection, read_model)
    except psycopg.Error as error:
        raise MigrationFailed(read_model.name) from error


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
