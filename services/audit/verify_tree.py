"""Do the stored events make the tree, and its root at every size that was ever signed? One tree, in one pass.

Leaves are computed from the events alone. The stored tiles only serve to say *which* record differs: a root that fails
names a range, a leaf that is not what its tile holds names a record.
"""

from collections.abc import Sequence
from typing import Final, LiteralString, NamedTuple

import psycopg

from domain.proof.hashing import DIGEST_BYTES, Hashing
from domain.proof.tiles import WIDTH
from projections.log_reader import SealedEvent
from projections.tree import entry
from services.audit.verify_faults import Faults, Where, where

_TILES: Final[LiteralString] = """
select number, hashes from tree_tile where hashing = %s and level = 0 and number between %s and %s order by number
"""
_UPPER: Final[LiteralString] = """
select level, number, hashes from tree_tile where hashing = %s and level > 0 order by level, number
"""


class Root(NamedTuple):
    """A root that was signed. `saved`: the auditor's own, or what the key remembers, beside the database's."""

    size: int
    root: bytes
    saved: bool = False


class Frontier:
    """The roots of the complete subtrees of what was added so far, largest first: all that a growing tree needs."""

    def __init__(self, hashing: Hashing) -> None:
        self._node = hashing.node
        self._empty = hashing.digest(b"")
        self._peaks: list[bytes] = []
        self.size = 0

    def add(self, leaf: bytes) -> None:
        """One leaf more."""
        size, peaks = self.size, self._peaks
        while size & 1:
            leaf, size = self._node(peaks.pop(), leaf), size >> 1
        peaks.append(leaf)
        self.size += 1

    @property
    def root(self) -> bytes:
        """Over all leaves so far."""
        if not self._peaks:
            return self._empty
        root = self._peaks[-1]
        for peak in self._peaks[-2::-1]:
            root = self._node(peak, root)
        return root


class TreeWalk:
    """Takes the log's events in their order; `end` when there are no more. `size`: how far the stored tree got."""

    def __init__(self, connection: psycopg.Connection, hashing: Hashing, size: int, roots: Sequence[Root]) -> None:
        self.roots_found, self.saved_found = Faults(), Faults()
        self.leaves = 0
        self._connection, self._hashing, self._stored_size = connection, hashing, size
        self._wanted = sorted(roots, key=lambda it: it.size, reverse=True)
        self._frontier = Frontier(hashing)
        self._agreed, self._broken = 0, False
        self._differing: list[Where] = []
        self._tiles: dict[int, bytes] = {}
        self._upper: dict[int, list[bytes]] = {}

    def take(self, events: Sequence[SealedEvent]) -> None:
        """The next events. Where one is missing its stored leaf stands in, so that what differs later is still told."""
        if not events:
            return
        self._fetch(events[0].position, events[-1].position)
        for event in events:
            while self._frontier.size < event.position:
                self._skip()
            self._add(self._hashing.leaf(entry(self._hashing, event)), where(event))
            self.leaves += 1

    def end(self, head: int) -> None:
        """What was signed beyond the log; what differs after the last root; the tiles above the leaves."""
        self._fetch(self._frontier.size, max(head, self._frontier.size))
        while self._frontier.size <= head:
            self._skip()
        for root in reversed(self._wanted):
            self._of(root).add(
                "log-shorter", Where(position=self._frontier.size), f"{self._frontier.size} < {root.size}"
            )
        self._tell_differing("record-changed")
        self._check_upper()

    # -- leaf by leaf -------------------------------------------------------------------------------------------

    def _fetch(self, first: int, last: int) -> None:
        numbers = (min(self._frontier.size, first) // WIDTH, last // WIDTH)
        self._tiles = {number: self._tiles[number] for number in self._tiles if number >= numbers[0]}
        rows = self._connection.execute(_TILES, (self._hashing.name, *numbers)).fetchall()
        self._tiles.update({number: bytes(hashes) for number, hashes in rows})

    def _stored(self, position: int) -> bytes | None:
        if position >= self._stored_size:
            return None
        number, offset = divmod(position, WIDTH)
        return self._tiles.get(number, b"")[offset * DIGEST_BYTES : (offset + 1) * DIGEST_BYTES]

    def _skip(self) -> None:
        """A position without an event: its fault is told, its stored leaf is taken."""
        place = Where(position=self._frontier.size)
        self.roots_found.add("record-missing", place)
        self._add(self._stored(self._frontier.size) or b"\x00" * DIGEST_BYTES, None)

    def _add(self, leaf: bytes, place: Where | None) -> None:
        position = self._frontier.size
        stored = self._stored(position)
        if stored is not None and stored != leaf and place is not None:
            self._differing.append(place)
        self._frontier.add(leaf)
        if self._frontier.size % WIDTH == 0:
            self._fold(position // WIDTH)
        while self._wanted and self._wanted[-1].size == self._frontier.size:
            self._compare(self._wanted.pop())

    def _compare(self, signed: Root) -> None:
        size = self._frontier.size
        if signed.root == self._frontier.root:
            self._tell_differing("tile-changed")
            self._agreed = size
            return
        named = bool(self._differing)
        self._tell_differing("record-changed")
        if signed.saved:
            self.saved_found.add("other-history", Where(position=self._agreed), f"{self._agreed}-{size - 1}")
        elif not (named or self._broken):
            self.roots_found.add("root-differs", Where(position=self._agreed), f"{self._agreed}-{size - 1}")
        self._broken = True

    def _tell_differing(self, kind: str) -> None:
        for place in self._differing:
            self.roots_found.add(kind, place)
        self._differing = []

    def _of(self, root: Root) -> Faults:
        return self.saved_found if root.saved else self.roots_found

    # -- the tiles above ----------------------------------------------------------------------------------------

    def _fold(self, number: int) -> None:
        """A tile of leaves is full: what stands above it follows from it."""
        if (number + 1) * WIDTH > self._stored_size:
            return
        self._raise(1, self._folded(self._tiles.get(number, b"")))

    def _raise(self, level: int, digest: bytes) -> None:
        row = self._upper.setdefault(level, [])
        row.append(digest)
        if len(row) % WIDTH == 0:
            self._raise(level + 1, self._folded(b"".join(row[-WIDTH:])))

    def _folded(self, hashes: bytes) -> bytes:
        frontier = Frontier(self._hashing)
        for at in range(0, len(hashes), DIGEST_BYTES):
            frontier.add(hashes[at : at + DIGEST_BYTES])
        return frontier.root

    def _check_upper(self) -> None:
        rows = self._connection.execute(_UPPER, (self._hashing.name,)).fetchall()
        stored = {(level, number): bytes(hashes) for level, number, hashes in rows}
        for level, row in self._upper.items():
            for number in range((len(row) + WIDTH - 1) // WIDTH):
                made = b"".join(row[number * WIDTH : (number + 1) * WIDTH])
                if stored.pop((level, number), b"") != made:
                    first = number * WIDTH ** (level + 1)
                    self.roots_found.add("tile-changed", Where(position=first), f"tile/{level}/{number}")
        for level, number in stored if self._stored_size <= self._frontier.size else ():
            self.roots_found.add(
                "tile-changed", Where(position=number * WIDTH ** (level + 1)), f"tile/{level}/{number}"
            )
