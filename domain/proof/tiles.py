"""How is a tree kept? In tiles of up to 256 hashes, as C2SP tlog-tiles has them; a tile is only ever added to.

Level 0 holds the hashes of leaves, each higher level the roots of full tiles below it. A tile is bytes, 32 a hash.
"""

from collections.abc import Callable, Iterable
from typing import Final

from domain.proof.hashing import DIGEST_BYTES, Hashing
from domain.proof.merkle import HashAt

WIDTH: Final = 256
_HEIGHT: Final = 8
ReadTile = Callable[[int, int], bytes]
"""(level, number) -> the hashes of a tile, full or not."""
TileId = tuple[int, int]


def hashes_of(hashing: Hashing, read: ReadTile) -> HashAt:
    """What proofs are made of, from tiles."""

    def hash_at(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, _HEIGHT)
        first = index << height
        number, offset = divmod(first, WIDTH)
        tile = read(tile_level, number)
        wanted = tile[offset * DIGEST_BYTES : (offset + (1 << height)) * DIGEST_BYTES]
        if len(wanted) != DIGEST_BYTES << height:
            raise MissingHashes(tile_level, number)
        return _folded(hashing, wanted)

    return hash_at


class MissingHashes(LookupError):
    """A tile lacks hashes that a tree of this size has."""


def grown(hashing: Hashing, size: int, leaves: Iterable[bytes], read: ReadTile) -> dict[TileId, bytes]:
    """The tiles that change when leaf hashes are added to a tree of `size`. Raises MissingHashes."""
    changed: dict[TileId, bytearray] = {}
    for index, leaf in enumerate(leaves, size):
        _add(hashing, changed, read, (0, index), leaf)
    return {tile: bytes(hashes) for tile, hashes in changed.items()}


def _add(
    hashing: Hashing, changed: dict[TileId, bytearray], read: ReadTile, at: tuple[int, int], digest: bytes
) -> None:
    level, index = at
    number, offset = divmod(index, WIDTH)
    tile = changed.get((level, number))
    if tile is None:
        tile = changed[level, number] = bytearray(read(level, number) if offset else b"")
        if len(tile) != offset * DIGEST_BYTES:
            raise MissingHashes(level, number)
    tile += digest
    if offset == WIDTH - 1:
        _add(hashing, changed, read, (level + 1, number), _folded(hashing, bytes(tile)))


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """Where tlog-tiles serves a tile: tile/0/x001/067.p/12; `level` may be "entries"."""
    last, above = f"{number % 1000:03}", number // 1000
    parts = [last]
    while above:
        parts.append(f"x{above % 1000:03}")
        above //= 1000
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(reversed(parts))}{partial}"


def _folded(hashing: Hashing, hashes: bytes) -> bytes:
    """The hash over a complete subtree, from the hashes of one level of it."""
    row = [hashes[at : at + DIGEST_BYTES] for at in range(0, len(hashes), DIGEST_BYTES)]
    while len(row) > 1:
        row = [hashing.node(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]
