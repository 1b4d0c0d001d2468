"""The key store on a real PostgreSQL: one wrapped key per household, made once, gone for good, closed to others."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest

from services.persistence.household_keys import HouseholdKeys, KeyName, KeysAway
from tests.support.postgres import Database

TOWNSHIP_KEY = os.urandom(32)
SUBJECT = "QS/QS-012"


@pytest.fixture
def keys(database: Database) -> Iterator[HouseholdKeys]:
    with closing(HouseholdKeys(database.keys_dsn, TOWNSHIP_KEY)) as opened:
        yield opened


def test_given_no_key_when_asked_by_many_at_once_then_one_is_made(keys: HouseholdKeys) -> None:
    together = threading.Barrier(8)

    def ask(_: int) -> tuple[KeyName, bytes]:
        together.wait()
        return keys.present(SUBJECT)

    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(ask, range(8)))
    ((name, key),) = found
    assert (name, len(key)) == (KeyName(SUBJECT, 1), 32)
    assert keys.keys([name, KeyName("QS/QS-013", 1)]) == {name: key}


def test_given_a_key_then_the_database_holds_it_wrapped_only(keys: HouseholdKeys, database: Database) -> None:
    _, key = keys.present(SUBJECT)
    with psycopg.connect(database.superuser_dsn) as inside:
        ((wrapped,),) = inside.execute("select wrapped from keys.household_key").fetchall()
    assert key not in wrapped
    with closing(HouseholdKeys(database.keys_dsn, os.urandom(32))) as stranger, pytest.raises(KeysAway):
        stranger.present(SUBJECT)


def test_given_a_retired_key_when_asked_then_a_new_one_is_made_and_the_old_one_still_opens(keys: HouseholdKeys) -> None:
    old = keys.present(SUBJECT)
    keys.retire(SUBJECT)
    new = keys.present(SUBJECT)
    assert new[0] == KeyName(SUBJECT, 2)
    assert new[1] != old[1]
    assert keys.keys([old[0], new[0]]) == dict([old, new])


def test_given_a_key_in_use_when_destroyed_then_nothing_is_destroyed(keys: HouseholdKeys) -> None:
    name, key = keys.present(SUBJECT)
    assert keys.destroy(SUBJECT, up_to=1) == 0
    assert keys.keys([name]) == {name: key}


def test_given_a_retired_key_when_destroyed_then_it_is_gone(keys: HouseholdKeys) -> None:
    name, _ = keys.present(SUBJECT)
    other = keys.present("QS/QS-013")
    keys.retire(SUBJECT)
    assert keys.retired(seconds=0) == {SUBJECT: 1}
    assert keys.destroy(SUBJECT, up_to=0) == 0
    assert keys.destroy(SUBJECT, up_to=1) == 1
    assert keys.destroy(SUBJECT, up_to=1) == 0
    assert keys.retired(seconds=0) == {}
    assert keys.keys([name, other[0]]) == dict([other])
    assert keys.present(SUBJECT)[0] == KeyName(SUBJECT, 2)


def test_given_a_key_then_it_is_in_use_until_every_process_has_forgotten_it(keys: HouseholdKeys) -> None:
    assert not keys.is_in_use(SUBJECT, seconds=60)
    keys.present(SUBJECT)
    assert keys.is_in_use(SUBJECT, seconds=0)
    keys.retire(SUBJECT)
    assert keys.is_in_use(SUBJECT, seconds=60)
    assert not keys.is_in_use(SUBJECT, seconds=0)
    assert keys.retired(seconds=60) == {}


def test_given_another_phone_when_indexed_then_the_old_one_finds_nobody(keys: HouseholdKeys) -> None:
    keys.index(SUBJECT, "phone", b"12345678")
    keys.index("QS/QS-013", "phone", b"12345678")
    keys.index(SUBJECT, "phone", b"12345678")
    assert keys.find("phone", b"12345678") == [SUBJECT, "QS/QS-013"]
    keys.index(SUBJECT, "phone", b"87654321")
    assert keys.find("phone", b"12345678") == ["QS/QS-013"]
    keys.add_to_index(SUBJECT, "phone", b"12345678")
    assert keys.find("phone", b"12345678") == [SUBJECT, "QS/QS-013"]
    keys.unindex("QS/QS-013")
    keys.index(SUBJECT, "phone", b"87654321")
    assert keys.find("phone", b"12345678") == []
    keys.index(SUBJECT, "phone", None)
    assert keys.find("phone", b"87654321") == []


def test_given_a_store_that_is_away_then_it_says_so() -> None:
    with (
        closing(HouseholdKeys("postgresql://huiyin_keys:none@127.0.0.1:1/none", TOWNSHIP_KEY)) as nowhere,
        pytest.raises(KeysAway),
    ):
        nowhere.present(SUBJECT)


@pytest.mark.parametrize("statement", ["select * from keys.household_key", "select * from keys.blind_index"])
def test_given_the_application_or_a_follower_then_the_keys_are_closed_to_it(database: Database, statement: str) -> None:
    for dsn in (database.app_dsn, database.follower_dsn):
        with psycopg.connect(dsn) as inside, pytest.raises(psycopg.errors.InsufficientPrivilege):
            inside.execute(statement)


def test_given_the_keys_role_then_the_log_and_the_read_models_are_closed_to_it(database: Database) -> None:
    for table in ("ledger_events", "look", "account"):
        with psycopg.connect(database.keys_dsn) as inside, pytest.raises(psycopg.errors.InsufficientPrivilege):
            inside.execute(f"select * from {table}")
