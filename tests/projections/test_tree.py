"""The tree over the log on the real database: it grows with what is sealed, and only what it was is signed again."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from domain.proof.checkpoints import Checkpoint, TreeDisagrees, read_checkpoint
from domain.proof.hashing import SHA256, SM3, Hashing
from domain.proof.merkle import consistency_proof, consistent, includes, inclusion_proof
from domain.proof.tiles import MissingHashes
from projections import tree_tables
from projections.follower import connect, own_position
from projections.log_reader import LogReader
from projections.seal import seal_once
from projections.tree import entry, follow_with_tree, grow, sign_head, tree_name
from services.audit.log_key import LogKey
from tests.projections.test_seal import append
from tests.support.postgres import Database
from tests.support.waiting import eventually, running

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def follower(database: Database) -> Iterator[Connection]:
    """As the tree connects."""
    with connect(database.follower_dsn, "tree") as connection:
        yield connection


@pytest.fixture
def app(database: Database) -> Iterator[Connection]:
    with psycopg.connect(database.app_dsn, autocommit=True) as connection:
        yield connection


def logged(app: Connection, follower: Connection, events: int) -> None:
    """So many more events, sealed."""
    append(app, events)
    assert seal_once(follower) == events


def grown_to_head(follower: Connection, hashing: Hashing = SHA256, batch: int = 100) -> int:
    """The tree's size once it has taken in all that is sealed."""
    position = own_position(follower, tree_name(hashing))
    while True:
        with follower.transaction():
            reached = grow(follower, hashing, position, batch)
        if reached == position:
            return position + 1
        position = reached


def signed(follower: Connection, key: LogKey, hashing: Hashing = SHA256) -> Checkpoint:
    with follower.transaction():
        sign_head(follower, hashing, key, own_position(follower, tree_name(hashing)))
    text = tree_tables.latest_checkpoint(follower, hashing)
    assert text is not None
    checkpoint, note = read_checkpoint(text)
    assert key.signed(note)
    return checkpoint


def as_superuser(database: Database, statement: str) -> None:
    """What somebody does who may do everything, and knows of the triggers."""
    with psycopg.connect(database.superuser_dsn, autocommit=True) as connection:
        for table in ("tree_tile", "checkpoint", "ledger_events", "seal"):
            connection.execute(f"alter table {table} disable trigger all")
        connection.execute(statement)


@pytest.mark.parametrize("hashing", [SHA256, SM3], ids=lambda it: it.name)
def test_given_sealed_events_then_each_is_proved_by_the_signed_checkpoint(
    app: Connection, follower: Connection, tmp_path: Path, hashing: Hashing
) -> None:
    key = LogKey(tmp_path, hashing)
    logged(app, follower, 300)
    assert grown_to_head(follower, hashing) == 300
    first = signed(follower, key, hashing)
    logged(app, follower, 41)
    grown_to_head(follower, hashing)
    second = signed(follower, key, hashing)
    assert (first.size, second.size) == (300, 341)
    hash_at = tree_tables.hashes(follower, hashing)
    for event in LogReader(follower).read_sealed(-1, 341)[::17]:
        leaf = hashing.leaf(entry(hashing, event))
        proof = inclusion_proof(hashing, event.position, 341, hash_at)
        assert includes(hashing, leaf, event.position, 341, proof, second.root)
    assert consistent(hashing, 300, 341, consistency_proof(hashing, 300, 341, hash_at), first.root, second.root)


def test_given_nothing_new_then_nothing_is_signed_again(app: Connection, follower: Connection, tmp_path: Path) -> None:
    key = LogKey(tmp_path)
    logged(app, follower, 5)
    grown_to_head(follower)
    assert signed(follower, key) == signed(follower, key)
    assert follower.execute("select count(*) from checkpoint").fetchone() == (1,)


def test_given_a_tile_changed_behind_its_back_then_nothing_more_is_signed(
    app: Connection, follower: Connection, database: Database, tmp_path: Path
) -> None:
    key = LogKey(tmp_path)
    logged(app, follower, 300)
    grown_to_head(follower)
    signed(follower, key)
    as_superuser(database, "update tree_tile set hashes = overlay(hashes placing '\\x00' from 33) where level = 0")
    logged(app, follower, 1)
    grown_to_head(follower)
    with pytest.raises(TreeDisagrees):
        signed(follower, key)


def test_given_a_tree_rewound_with_its_checkpoints_then_the_key_remembers_more(
    app: Connection, follower: Connection, database: Database, tmp_path: Path
) -> None:
    key = LogKey(tmp_path)
    logged(app, follower, 10)
    grown_to_head(follower)
    signed(follower, key)
    as_superuser(database, "delete from checkpoint")
    as_superuser(database, "update tree_tile set hashes = substr(hashes, 1, 32 * 8)")
    as_superuser(database, "update follower_position set position = 7 where name = 'tree'")
    with pytest.raises(TreeDisagrees), follower.transaction():
        sign_head(follower, SHA256, key, 7)
    with pytest.raises(TreeDisagrees):
        key.sign(Checkpoint(key.origin, 8, b"\x00" * 32))


def test_given_a_checkpoint_of_another_key_then_nothing_more_is_signed(
    app: Connection, follower: Connection, tmp_path: Path
) -> None:
    logged(app, follower, 3)
    grown_to_head(follower)
    signed(follower, LogKey(tmp_path / "one"))
    with pytest.raises(TreeDisagrees):
        signed(follower, LogKey(tmp_path / "two"))


def test_given_a_tile_that_lost_its_end_then_the_tree_does_not_grow(
    app: Connection, follower: Connection, database: Database
) -> None:
    logged(app, follower, 10)
    grown_to_head(follower)
    as_superuser(database, "update tree_tile set hashes = substr(hashes, 1, 32 * 9)")
    logged(app, follower, 1)
    with pytest.raises(MissingHashes):
        grown_to_head(follower)
    assert own_position(follower, "tree") == 9


@pytest.mark.parametrize(
    "statement",
    [
        "update tree_tile set hashes = overlay(hashes placing '\\x00' from 1)",
        "update tree_tile set hashes = substr(hashes, 1, 32)",
        "delete from tree_tile",
        "update checkpoint set note = ''",
        "delete from checkpoint",
        "truncate checkpoint",
    ],
)
def test_given_the_owner_then_tiles_only_grow_and_checkpoints_stay(
    app: Connection, follower: Connection, database: Database, tmp_path: Path, statement: str
) -> None:
    logged(app, follower, 3)
    grown_to_head(follower)
    signed(follower, LogKey(tmp_path))
    with psycopg.connect(database.owner_dsn) as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute(statement.encode())


def test_given_the_process_runs_then_checkpoints_follow_and_a_restart_goes_on(
    app: Connection, follower: Connection, database: Database, tmp_path: Path
) -> None:
    key = LogKey(tmp_path)

    def has_signed(size: int) -> bool:
        return key.remembered is not None and key.remembered.size == size

    for expected in (7, 14):
        logged(app, follower, 7)
        with running(lambda stop: follow_with_tree(database.follower_dsn, SHA256, key, stop)):
            eventually(partial(has_signed, expected))


def test_given_a_tree_that_disagrees_then_the_fault_is_noted_for_doctor(
    app: Connection, follower: Connection, database: Database, tmp_path: Path
) -> None:
    logged(app, follower, 3)
    grown_to_head(follower)
    signed(follower, LogKey(tmp_path / "one"))
    with running(lambda stop: follow_with_tree(database.follower_dsn, SHA256, LogKey(tmp_path / "two"), stop)):
        eventually(lambda: app.execute("select 1 from follower_fault where name = 'tree'").fetchone() is not None)
