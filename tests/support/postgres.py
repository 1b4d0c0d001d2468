"""A real PostgreSQL for the tests: one server per session, one fresh migrated database per test.

HUIYIN_TEST_DATABASE_URL (a superuser's URL) uses a server that already runs instead; never point it at real data, for
it sets the passwords of Huiyin's roles. DATABASE_URL is not read, so that a test run cannot touch the live database.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Self
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from services.embedded import EmbeddedPostgres
from services.embedded.credentials import APP, FOLLOWER, KEYS, OWNER, ROLES, Credentials, create_database, prepare_roles

_ROOM: Final = 2 << 30
"""Bytes; a cluster with its write-ahead log stays below."""
TEST_PASSWORDS = Credentials("unused", *(f"{role}-of-the-tests" for role in ROLES))


@dataclass(frozen=True)
class Database:
    """One database of its own, as postgresql:// URLs for the roles that matter."""

    name: str
    owner_dsn: str
    app_dsn: str
    follower_dsn: str
    keys_dsn: str
    superuser_dsn: str


class DatabaseServer:
    """Makes and drops databases on one server; the migrations run once, into a template."""

    def __init__(self, superuser_dsn: str, role_dsns: Mapping[str, str]) -> None:
        """`role_dsns`: a URL of each of Huiyin's roles, of whatever database."""
        self.superuser_dsn = superuser_dsn
        self._role_dsns = role_dsns
        self._serial = count(1)
        self._template: str | None = None
        self._inside = psycopg.connect(superuser_dsn, autocommit=True)

    @classmethod
    def of(cls, server: EmbeddedPostgres) -> Self:
        """On a server of our own."""
        dsns = {OWNER: server.owner_dsn, APP: server.app_dsn, FOLLOWER: server.follower_dsn, KEYS: server.keys_dsn}
        return cls(server.superuser_dsn, dsns)

    def empty_database(self) -> Database:
        """A database without any table."""
        return self._create("template1")

    def migrated_database(self) -> Database:
        """A database with every table of this version, the read models' too, and no row."""
        if self._template is None:
            from projections.registry import read_models
            from services.migrate import migrate

            template = self._create("template1")
            migrate(template.owner_dsn, read_models())
            self._template = template.name
        return self._create(self._template)

    def drop(self, database: Database) -> None:
        """Remove a database, ending whoever is still connected to it."""
        self._inside.execute(f'drop database if exists "{database.name}" with (force)'.encode())

    def close(self) -> None:
        """Ends its connection."""
        self._inside.close()

    def _create(self, template: str) -> Database:
        name = f"huiyin_test_{os.getpid()}_{next(self._serial)}"
        create_database(self._inside, name, template, "file_copy")
        return Database(
            name=name,
            owner_dsn=_with_database(self._role_dsns[OWNER], name),
            app_dsn=_with_database(self._role_dsns[APP], name),
            follower_dsn=_with_database(self._role_dsns[FOLLOWER], name),
            keys_dsn=_with_database(self._role_dsns[KEYS], name),
            superuser_dsn=_with_database(self.superuser_dsn, name),
        )


def _with_database(dsn: str, name: str) -> str:
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))


def _as_role(dsn: str, role: str, password: str) -> str:
    parts = urlsplit(dsn)
    return urlunsplit(parts._replace(netloc=f"{role}:{password}@{parts.netloc.rpartition('@')[2]}"))


def _server_that_already_runs(superuser_dsn: str) -> DatabaseServer:
    prepare_roles(superuser_dsn, TEST_PASSWORDS)
    passwords = {role: asdict(TEST_PASSWORDS)[role] for role in ROLES}
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        for role, password in passwords.items():
            connection.execute(f"alter role {role} password '{password}'")
    return DatabaseServer(
        superuser_dsn, {role: _as_role(superuser_dsn, role, password) for role, password in passwords.items()}
    )


def _in_memory() -> Path | None:
    """A folder in memory with room for a cluster, if this machine has one: a fresh database costs a third there."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM
    return memory if roomy else None


def _open_to_servers(folder: str) -> Path:
    """The same; as root the server is somebody else, who has to pass."""
    Path(folder).chmod(EmbeddedPostgres.folder_mode)
    return Path(folder)


@pytest.fixture(scope="session")
def database_server() -> Iterator[DatabaseServer]:
    """The PostgreSQL server of this test session, without fsync."""
    given = os.environ.get("HUIYIN_TEST_DATABASE_URL")
    if given:
        with closing(_server_that_already_runs(given)) as already:
            yield already
        return
    with (
        TemporaryDirectory(prefix="huiyin-tests-", dir=_in_memory()) as folder,
        EmbeddedPostgres(_open_to_servers(folder), durable=False, max_connections=200) as server,
        closing(DatabaseServer.of(server)) as databases,
    ):
        yield databases


@pytest.fixture
def database(database_server: DatabaseServer) -> Iterator[Database]:
    """A migrated database of this test alone."""
    made = database_server.migrated_database()
    yield made
    database_server.drop(made)


@pytest.fixture
def empty_database(database_server: DatabaseServer) -> Iterator[Database]:
    """A database without tables, for tests of the migrations themselves."""
    made = database_server.empty_database()
    yield made
    database_server.drop(made)
