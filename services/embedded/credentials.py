"""The passwords of the embedded PostgreSQL, and the roles and the database that Huiyin expects to find.

Called by `services.embedded.postgres`; tests use `prepare_roles` for a server of their own.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final, Self

import psycopg
from psycopg import sql

from services.embedded.problems import MachineProblem

DATABASE = "huiyin"
OWNER = "huiyin_owner"
APP = "huiyin_app"
FOLLOWER = "huiyin_follower"
KEYS = "huiyin_keys"
ROLES: Final = (OWNER, APP, FOLLOWER, KEYS)


@dataclass(frozen=True)
class Credentials:
    """One random password for each role: the superuser, the tables' owner, the API and the worker, whatever follows the
    log, and whoever may read the households' keys. Kept in one file that only we can read.
    """

    postgres: str
    huiyin_owner: str
    huiyin_app: str
    huiyin_follower: str
    huiyin_keys: str

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """Read the file, or make it (0600, atomically) with new random passwords.

        A file of an earlier version gains the passwords of the roles that came since.
        """
        try:
            kept = json.loads(path.read_text())
            if not {"postgres", OWNER, APP} <= kept.keys():
                raise ValueError("not ours")
            made = cls(**{each.name: secrets.token_urlsafe(24) for each in fields(cls)} | kept)
            if asdict(made) == kept:
                return made
        except FileNotFoundError:
            made = cls(*(secrets.token_urlsafe(24) for _ in fields(cls)))
        except (ValueError, TypeError, AttributeError) as unreadable:
            raise MachineProblem(
                "credentials-damaged",
                zh=f"数据库口令文件 {path} 已损坏。请从备份恢复该文件；数据本身未受影响。",
                en=f"The database passwords in {path} are damaged. Restore the file from a backup; no data are lost.",
            ) from unreadable
        made._write(path)
        return made

    def _write(self, path: Path) -> None:
        draft = path.with_name(path.name + ".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(self), file)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)

    def dsn(self, role: str, port: int, database: str) -> str:
        """A postgresql:// URL for `role` on this machine."""
        return f"postgresql://{role}:{asdict(self)[role]}@127.0.0.1:{port}/{database}"


def prepare_roles(superuser_dsn: str, credentials: Credentials) -> None:
    """Make the roles and the empty database where they are missing; what exists stays as it is."""
    with psycopg.connect(superuser_dsn, autocommit=True, connect_timeout=5) as connection:
        for role in ROLES:
            if connection.execute("select 1 from pg_roles where rolname = %s", (role,)).fetchone() is None:
                create = sql.SQL("create role {} login password {}")
                connection.execute(create.format(sql.Identifier(role), sql.Literal(asdict(credentials)[role])))
        if connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone() is None:
            create_database(connection, DATABASE)


def create_database(
    connection: psycopg.Connection, name: str, template: str = "template1", strategy: str = "wal_log"
) -> None:
    """A database of the owner role, open to Huiyin's roles alone; `connection` is the superuser's (autocommit)."""
    others = sql.SQL(", ").join(map(sql.Identifier, (APP, FOLLOWER, KEYS)))
    names = {"name": sql.Identifier(name), "owner": sql.Identifier(OWNER), "others": others}
    connection.execute(
        sql.SQL("create database {name} owner {owner} template {template} strategy {strategy}").format(
            **names, template=sql.Identifier(template), strategy=sql.Identifier(strategy)
        )
    )
    connection.execute(sql.SQL("revoke all on database {name} from public").format(**names))
    connection.execute(sql.SQL("grant connect, temporary on database {name} to {others}").format(**names))
