"""A township whose households have real keys: casework, key store, register and read models on one database."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import psycopg
import pytest

from domain.casework import Casework
from projections.registry import PROJECTIONS
from services.bootstrap import open_casework
from services.persistence.file_book import FileBook
from services.persistence.household_keys import HouseholdKeys
from services.persistence.open_cases import OpenCases
from services.persistence.scope import Scope, scoped
from services.privacy.erasing import Erasing
from services.privacy.households import Households
from services.privacy.looks import LookBook
from services.privacy.register import BlindIndex, Register
from services.privacy.unsealing import Unsealing
from services.privacy.vault import Vault
from tests.projections.ledger import Log
from tests.support.casework import Clock, office
from tests.support.postgres import Database


class Watch:
    """The vault's monotonic clock, to set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Town:
    """Everything about households' words, for real. `forget`: every process forgets the keys that it remembers."""

    database: Database
    clock: Clock
    watch: Watch
    keys: HouseholdKeys
    casework: Casework
    register: Register
    households: Households
    unsealing: Unsealing
    erasing: Erasing
    log: Log
    files: FileBook

    def follow(self) -> None:
        """The read models catch up with the log."""
        self.log.seal()
        recorded = self.log.read()
        with self.log.follower.transaction():
            for projection in PROJECTIONS:
                for table in projection.tables:
                    self.log.follower.execute(f"delete from {table}".encode())
                projection.apply(self.log.follower, recorded)

    def forget(self) -> None:
        self.watch.now += 60

    def reading(self, scope: Scope | None = None) -> "Iterator[psycopg.Connection]":
        """A connection bound to the scope (by default to all), for one `with`."""
        return scoped(self.log.connection, scope or Scope.whole())  # type: ignore[return-value]


@pytest.fixture
def town(database: Database, clock: Clock) -> Iterator[Town]:
    watch, township_key = Watch(), b"k" * 32
    vault = Vault(HouseholdKeys(database.keys_dsn, township_key), watch)
    joined = replace(office(clock), vault=vault, open_cases=OpenCases(database.app_dsn))
    with (
        closing(open_casework(database.app_dsn, joined)) as casework,
        closing(HouseholdKeys(database.keys_dsn, township_key)) as keys,
        closing(LookBook(database.app_dsn)) as looks,
        closing(Log(database)) as log,
        closing(FileBook(database.app_dsn)) as files,
    ):
        unsealing, index = Unsealing(vault, looks), BlindIndex(keys, b"p" * 32)
        yield Town(
            database,
            clock,
            watch,
            keys,
            casework,
            Register(casework, index),
            Households(casework, unsealing, index, joined.plan_book, clock),
            unsealing,
            Erasing(casework, keys, database.app_dsn, clock, forget_files=files.erase_household, settled_seconds=0),
            log,
            files,
        )
