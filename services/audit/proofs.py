"""What proves that an event is in the log? Its inclusion proof, made of tiles and the first checkpoint that will do.

Asked by receipts, officers and `huiyin audit proof`. A checkpoint that a witness vouched for is better than an earlier
one without: a proof on paper should not rest on this office's word alone.
"""

from typing import Final, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import tuple_row

from domain.proof.checkpoints import read_checkpoint
from domain.proof.hashing import SHA256
from domain.proof.inclusion import InclusionProof, proof_of
from projections import tree_tables
from projections.cosignatures import cosignatures_of, witnessed_checkpoint
from projections.log_reader import LogReader
from projections.tree import entry
from services.audit.problems import NotSealedYet

_POSITION: Final[LiteralString] = """
select position from seal join ledger_events using (notification_id)
where originator_id = %s and originator_version = %s
"""


def proof_of_event(connection: psycopg.Connection, stream: UUID, version: int) -> InclusionProof:
    """Of the event that made this version. Raises NotSealedYet, and LookupError where tiles are missing."""
    position = _position(connection, stream, version)
    note = None if position is None else _covering(connection, position)
    if position is None or note is None:
        raise NotSealedYet
    (event,) = LogReader(connection).read_sealed(position - 1, 1)
    lines = cosignatures_of(connection, read_checkpoint(note)[0].size)
    hash_at = tree_tables.hashes(connection, SHA256)
    return proof_of(entry(SHA256, event), position, note, lines, hash_at)


def _covering(connection: psycopg.Connection, position: int) -> str | None:
    witnessed = witnessed_checkpoint(connection, position)
    return witnessed or tree_tables.covering_checkpoint(connection, SHA256, position)


def _position(connection: psycopg.Connection, stream: UUID, version: int) -> int | None:
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_POSITION, (stream, version)).fetchone()
    return int(row[0]) if row else None
