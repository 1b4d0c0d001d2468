"""Was anything changed, or only added? Follows the sealed log with a tree of hashes (RFC 6962) and has its head signed.

Runs beside the sealer, in its process; one leader for each tree. Positions, tiles and the place it has got to are
written in one transaction. At most once a second it has a checkpoint signed, and only one that contains the last: the
tiles are read anew from the database, and must make the root that was signed before. If they do not, nothing is signed
any more, `follower_fault` says so, and `huiyin doctor` with it.
"""

import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

import psycopg
import structlog

from domain.proof.checkpoints import Checkpoint, TreeDisagrees, checkpoint_of, next_checkpoint
from domain.proof.entries import entry_of
from domain.proof.hashing import SHA256, Hashing
from domain.proof.notes import Note, read_note
from domain.proof.tiles import MissingHashes, grown
from projections import tree_tables
from projections.follower import (
    UNREACHABLE,
    Fenced,
    LogHead,
    Pace,
    connect,
    elected,
    forget_fault,
    move_position,
    note_fault,
    own_position,
)
from projections.log_reader import LogReader, SealedEvent
from projections.parts import run_together

_SIGN_EVERY: Final = 1.0  # seconds

log = structlog.get_logger(__name__)


class Signer(Protocol):
    """Who signs checkpoints. The key is not in the database; the last head that was signed is remembered with it."""

    @property
    def origin(self) -> str:
        """The log's name in its checkpoints."""

    @property
    def remembered(self) -> Checkpoint | None:
        """The last that it signed, wherever that is kept; None before the first."""

    def sign(self, checkpoint: Checkpoint) -> Note:
        """Signs it, after it is remembered. Raises TreeDisagrees if it is smaller than the last."""

    def signed(self, note: Note) -> bool:
        """Whether this key signed that note."""


Step = Callable[[psycopg.Connection, int], int]
"""From a position to the one reached, in the connection's transaction."""


def tree_name(hashing: Hashing) -> str:
    """Its name among the followers."""
    return "tree" if hashing is SHA256 else f"tree_{hashing.name}"


def follow_with_tree(
    dsn: str, hashing: Hashing, signer: Signer, stop: threading.Event, pace: Pace = Pace(batch=1000)
) -> None:
    """Runs until `stop`. `dsn`: role huiyin_follower. Raises FollowerEnded if one of its threads died."""
    head = LogHead(dsn, pace)
    tree = Tree(dsn, hashing, signer, head, pace)
    run_together({"log head": head.watch, tree_name(hashing): tree.run}, stop)


class Tree:
    """Keeps one tree up with the log, on one connection: who loses it has lost the leadership too."""

    def __init__(self, dsn: str, hashing: Hashing, signer: Signer, head: LogHead, pace: Pace) -> None:
        self._dsn, self._hashing, self._signer, self._head, self._pace = dsn, hashing, signer, head, pace
        self._name = tree_name(hashing)
        self._delay = pace.retry

    def run(self, stop: threading.Event) -> None:
        """Follows until `stop`, whatever happens."""
        while not stop.is_set():
            try:
                with connect(self._dsn, self._name) as connection:
                    connection.execute("set synchronous_commit = on")  # what was signed must survive a crash
                    while not elected(connection, self._name):
                        if stop.wait(self._pace.candidate):
                            return
                    log.info("tree_leads", tree=self._name)
                    self._lead(connection, stop)
            except Fenced:
                log.info("tree_position_moved", tree=self._name)
            except UNREACHABLE as error:
                log.warning("tree_disconnected", tree=self._name, error=type(error).__name__)
                stop.wait(self._pace.retry)
            except (TreeDisagrees, MissingHashes) as error:
                log.error("tree_disagrees", tree=self._name, error=type(error).__name__, retry_in=self._delay)
                stop.wait(self._delay)
                self._delay = min(self._delay * 2, self._pace.retry_at_most)

    def _lead(self, connection: psycopg.Connection, stop: threading.Event) -> None:
        position, signed_at = own_position(connection, self._name), -_SIGN_EVERY
        unsigned = True
        while not stop.is_set():
            if self._head.wait_beyond(position, within=0.2):
                reached = self._guarded(connection, position, self._grow)
                unsigned, position = unsigned or reached > position, reached
            if unsigned and time.monotonic() - signed_at >= _SIGN_EVERY:
                self._guarded(connection, position, self._sign)
                unsigned, signed_at, self._delay = False, time.monotonic(), self._pace.retry

    def _grow(self, connection: psycopg.Connection, position: int) -> int:
        return grow(connection, self._hashing, position, self._pace.batch)

    def _sign(self, connection: psycopg.Connection, position: int) -> int:
        reached = sign_head(connection, self._hashing, self._signer, position)
        forget_fault(connection, self._name)
        return reached

    def _guarded(self, connection: psycopg.Connection, position: int, step: Step) -> int:
        """One step in a transaction of its own; what it finds wrong is noted where doctor looks, and raised."""
        try:
            with connection.transaction():
                return step(connection, position)
        except (TreeDisagrees, MissingHashes) as error:
            note_fault(connection, self._name, position, None, error)
            raise


def grow(connection: psycopg.Connection, hashing: Hashing, position: int, limit: int) -> int:
    """Adds the next sealed events after `position`, in the caller's transaction; returns the last one's position.

    Raises MissingHashes where the tiles are not those of a tree that got so far, Fenced if another leads.
    """
    sealed = LogReader(connection).read_sealed(position, limit)
    if not sealed:
        return position
    last = sealed[-1].position
    move_position(connection, tree_name(hashing), position, last)
    leaves = [hashing.leaf(entry(hashing, it)) for it in sealed]
    changed = grown(hashing, position + 1, leaves, tree_tables.tiles(connection, hashing))
    tree_tables.keep_tiles(connection, hashing, changed)
    return last


def sign_head(connection: psycopg.Connection, hashing: Hashing, signer: Signer, position: int) -> int:
    """Has the tree up to `position` signed, if it contains what was signed last here and wherever the signer remembers.

    Returns `position`. Raises TreeDisagrees.
    """
    size = position + 1
    last = tree_tables.latest_checkpoint(connection, hashing)
    earlier = [] if last is None else [_own(signer, last)]
    if signer.remembered is not None:
        earlier.append(signer.remembered)
    hash_at = tree_tables.hashes(connection, hashing)
    found = next_checkpoint(hashing, signer.origin, size, hash_at, tuple(earlier))
    if size and (last is None or earlier[0].size < size):
        tree_tables.keep_checkpoint(connection, hashing, size, str(signer.sign(found)))
    return position


def entry(hashing: Hashing, sealed: SealedEvent) -> bytes:
    """What of a sealed event is a leaf."""
    return entry_of(
        hashing, sealed.originator_id, sealed.originator_version, sealed.topic, sealed.recorded_at, bytes(sealed.state)
    )


def _own(signer: Signer, text: str) -> Checkpoint:
    note = read_note(text)
    if not signer.signed(note):
        raise TreeDisagrees
    return checkpoint_of(note)
