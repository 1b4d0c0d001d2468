"""What does the tree over the log hold? Its tiles and signed checkpoints, and proofs made of them.

Written by tree.py alone; asked by whoever proves: receipts, witnesses, auditors.
"""

from datetime import datetime
from typing import Final, LiteralString

import psycopg
from psycopg.rows import tuple_row

from domain.proof.hashing import Hashing
from domain.proof.merkle import HashAt
from domain.proof.tiles import ReadTile, TileId, hashes_of

_TILE: Final[LiteralString] = "select hashes from tree_tile where hashing = %s and level = %s and number = %s"
_KEEP: Final[LiteralString] = """
insert into tree_tile (hashing, level, number, hashes) values (%s, %s, %s, %s)
on conflict (hashing, level, number) do update set hashes = excluded.hashes
"""
_LATEST: Final[LiteralString] = "select note from checkpoint where hashing = %s order by size desc limit 1"
_COVERING: Final[LiteralString] = "select note from checkpoint where hashing = %s and size > %s order by size limit 1"
_SIGNED_AT: Final[LiteralString] = "select signed_at from checkpoint where hashing = %s and size = %s"
_NEW: Final[LiteralString] = "insert into checkpoint (hashing, size, note) values (%s, %s, %s)"


def tiles(connection: psycopg.Connection, hashing: Hashing) -> ReadTile:
    """Reads tiles, each once: make another for another look. An absent tile is empty."""
    known: dict[TileId, bytes] = {}

    def read(level: int, number: int) -> bytes:
        if (level, number) not in known:
            with connection.cursor(row_factory=tuple_row) as cursor:
                row = cursor.execute(_TILE, (hashing.name, level, number)).fetchone()
            known[level, number] = row[0] if row else b""
        return known[level, number]

    return read


def hashes(connection: psycopg.Connection, hashing: Hashing) -> HashAt:
    """What proofs are made of (domain/proof/merkle.py). Raises MissingHashes where asked beyond the tree."""
    return hashes_of(hashing, tiles(connection, hashing))


def keep_tiles(connection: psycopg.Connection, hashing: Hashing, changed: dict[TileId, bytes]) -> None:
    """Writes tiles that grew, in the caller's transaction."""
    rows = [(hashing.name, level, number, hashes) for (level, number), hashes in changed.items()]
    with connection.cursor() as cursor:
        cursor.executemany(_KEEP, rows)


def latest_checkpoint(connection: psycopg.Connection, hashing: Hashing) -> str | None:
    """The text of the last signed checkpoint; None before the first."""
    return _note(connection, _LATEST, (hashing.name,))


def covering_checkpoint(connection: psycopg.Connection, hashing: Hashing, position: int) -> str | None:
    """The text of the first checkpoint whose tree has this position; None while there is none."""
    return _note(connection, _COVERING, (hashing.name, position))


def keep_checkpoint(connection: psycopg.Connection, hashing: Hashing, size: int, note: str) -> None:
    """Writes a checkpoint that was signed just now."""
    connection.execute(_NEW, (hashing.name, size, note))


def _note(connection: psycopg.Connection, query: LiteralString, values: tuple[object, ...]) -> str | None:
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(query, values).fetchone()
    return str(row[0]) if row else None


def signed_at(connection: psycopg.Connection, hashing: Hashing, size: int) -> datetime | None:
    """When the checkpoint of this size was signed."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_SIGNED_AT, (hashing.name, size)).fetchone()
    return row[0] if row else None
