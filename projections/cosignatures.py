"""Which witnesses vouched for which checkpoint, and how does each stand?

Written by the collector (services/audit/collecting.py) alone; asked by proofs, doctor and metrics.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, LiteralString, NamedTuple

import psycopg
from psycopg.rows import class_row, tuple_row


class WitnessState(NamedTuple):
    """One witness. `size`: what it saw last, as far as is known; `refusal`: since when it refuses, and what it said."""

    witness: str
    size: int
    cosigned_at: datetime | None
    refusal: str | None
    refused_at: datetime | None


_STATES: Final[LiteralString] = "select witness, size, cosigned_at, refusal, refused_at from witness_state"
_KEEP: Final[LiteralString] = """
insert into cosignature (size, witness, line, cosigned_at) values (%s, %s, %s, %s)
on conflict (size, witness) do nothing
"""
_COSIGNED: Final[LiteralString] = """
insert into witness_state (witness, size, cosigned_at) values (%s, %s, %s)
on conflict (witness) do update
set size = excluded.size, cosigned_at = excluded.cosigned_at, refusal = null, refused_at = null
"""
_LEARNED: Final[LiteralString] = """
insert into witness_state (witness, size) values (%s, %s) on conflict (witness) do update set size = excluded.size
"""
_REFUSED: Final[LiteralString] = """
insert into witness_state as known (witness, refusal, refused_at) values (%s, %s, clock_timestamp())
on conflict (witness) do update
set refusal = excluded.refusal, refused_at = coalesce(known.refused_at, excluded.refused_at)
"""
_LINES: Final[LiteralString] = "select line from cosignature where size = %s order by witness"
_WITNESSED: Final[LiteralString] = """
select note from cosignature join checkpoint using (size)
where hashing = 'sha256' and size > %s order by size limit 1
"""


def states(connection: psycopg.Connection) -> Mapping[str, WitnessState]:
    """Every witness that was ever asked, by name and key id."""
    with connection.cursor(row_factory=class_row(WitnessState)) as cursor:
        return {it.witness: it for it in cursor.execute(_STATES).fetchall()}


def keep_cosignature(connection: psycopg.Connection, witness: str, size: int, line: str, at: datetime) -> None:
    """It vouched for the checkpoint of this size; whatever it refused before is over."""
    with connection.transaction():
        connection.execute(_KEEP, (size, witness, line, at))
        connection.execute(_COSIGNED, (witness, size, at))


def learn_size(connection: psycopg.Connection, witness: str, size: int) -> None:
    """What it says that it saw last."""
    connection.execute(_LEARNED, (witness, size))


def note_refusal(connection: psycopg.Connection, witness: str, refusal: str) -> None:
    """It will not vouch, for this reason; since the first time that it would not."""
    connection.execute(_REFUSED, (witness, refusal))


def cosignatures_of(connection: psycopg.Connection, size: int) -> list[str]:
    """The lines of all witnesses under the checkpoint of this size."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        return [line for (line,) in cursor.execute(_LINES, (size,)).fetchall()]


def witnessed_checkpoint(connection: psycopg.Connection, position: int) -> str | None:
    """The text of the first checkpoint that has this position and a witness's line; None while there is none."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_WITNESSED, (position,)).fetchone()
    return str(row[0]) if row else None
