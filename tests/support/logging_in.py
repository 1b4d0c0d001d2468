"""Accounts with a password on a real database, for tests of log-in: cheap hashes, and a note of what was compared."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

import psycopg
import pytest

from services.bootstrap import open_directory
from services.identity.accounts import create_account
from services.identity.authenticator import Authenticator
from services.identity.log_in import LogInRefused, LogIns
from services.identity.passwords import Cost, Hasher, set_password
from tests.support.postgres import Database
from tests.support.seconds import Seconds

PASSWORD = "lantern-river-plough-39"
ANOTHER = "seven quiet herons by the dyke"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class CountingHasher(Hasher):
    """Notes what it was asked to compare."""

    def __init__(self) -> None:
        super().__init__(Cost(passes=1, kibibytes=64))
        self.compared: list[bool] = []

    def fits(self, stored: str | None, password: str) -> bool:
        self.compared.append(stored is not None)
        return super().fits(stored, password)


@pytest.fixture
def hasher() -> CountingHasher:
    return CountingHasher()


@pytest.fixture
def connection(database: Database, hasher: CountingHasher) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.app_dsn, autocommit=True) as opened:
        create_account(opened, "handler", display_zh="驻点干部", display_en="case handler")
        set_password(opened, "handler", PASSWORD, hasher, must_change=False)
        yield opened


@pytest.fixture
def log_ins(database: Database, hasher: CountingHasher) -> LogIns:
    return LogIns(lambda: psycopg.connect(database.app_dsn, autocommit=True), hasher)


def an_authenticator(database: Database, *, demonstration: bool = False) -> Authenticator:
    connect = partial(psycopg.connect, database.app_dsn, autocommit=True)
    directory = open_directory(database.app_dsn)
    nothing_is_remembered = Seconds(step=10)
    return Authenticator(connect, directory, demonstration=demonstration, clock=nothing_is_remembered)


def wrong(log_ins: LogIns, name: str = "handler", times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(LogInRefused):
            log_ins.log_in(name, "not the password")
