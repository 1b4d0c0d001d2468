"""A real PostgreSQL for the tests: one server per session, one fresh migrated database per test.

HUIYIN_TEST_DATABASE_URL (a superuser's URL) uses a server that already runs instead; never point it at real data, for
it sets the passwords of Huiyin's roles. DATABASE_URL is not read, so that a test run cannot touch the live database.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from services.embedded import EmbeddedPostgres
from services.embedded.credentials import APP, FOLLOWER, KEYS, OWNER, ROLES, Credentials, create_database, prepare_roles

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

    @classmethod
    def of(cls, server: EmbeddedPostgres) -> Self:
        """On a server of our own."""
        dsns = {OWNER: server.owner_dsn, APP: server.app_dsn, FOLLOWER: server.follower_dsn, KEYS: server.keys_dsn}
        return cls(server.superuser_dsn, dsns)

    def empty_database(self) -> Database:
        """A database without any table."""
        return self._create("template1")

    def migrated_database(self) -> Database:
        """A database with every table of this version and no row."""
        if self._template is None:
            from services.migrate import migrate

            template = self._create("template1")
            migrate(template.owner_dsn)
            self._template = template.name
        return self._create(self._template)

    def drop(self, database: Database) -> None:
        """Remove a database, ending whoever is still connected to it."""
        with psycopg.connect(self.superuser_dsn, autocommit=True) as connection:
            connection.execute(f'drop database if exists "{database.name}" with (force)')

    def _create(self, template: str) -> Database:
        name = f"huiyin_test_{os.getpid()}_{next(self._serial)}"
        with psycopg.connect(self.superuser_dsn, autocommit=True) as connection:
            create_database(connection, name, template)
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


@pytest.fixture(scope="session")
def database_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DatabaseServer]:
    """The PostgreSQL server of this test session, without fsync."""
    given = os.environ.get("HUIYIN_TEST_DATABASE_URL")
    if given:
        yield _server_that_already_runs(given)
        return
    folder: Path = tmp_path_factory.mktemp("postgres")
    with EmbeddedPostgres(folder, durable=False, max_connections=200) as server:
        yield DatabaseServer.of(server)


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
