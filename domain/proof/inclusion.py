"""Is this in the log? A proof that can be kept on paper and checked without us (C2SP tlog-proof).

    c2sp.org/tlog-proof@v1
    extra <the entry itself, base64: domain/proof/entries.py>
    index <the event's position>
    <the hashes from the leaf up to the root>
    <empty line>
    <a signed checkpoint that covers it, with the witnesses' lines>

The entry travels along, so that whoever holds the proof can compute the leaf again; of the event's contents it holds a
hash. The specification knows SHA-256; the proof of another tree names its hash in the log's own name.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from typing import Final, NamedTuple

from domain.proof.checkpoints import checkpoint_of
from domain.proof.hashing import DIGEST_BYTES, SHA256, Hashing
from domain.proof.merkle import HashAt, includes, inclusion_proof
from domain.proof.notes import BadNote, Note, VerifierKey, read_note, read_signature, signed_by

SUFFIX: Final = ".tlog-proof"
_FIRST: Final = "c2sp.org/tlog-proof@v1"
_INDEX: Final = re.compile(r"index (0|[1-9][0-9]{0,18})")
_MOST_BYTES: Final = 131_072
_MOST_LINES: Final = 64


class InclusionProof(NamedTuple):
    """One event's entry, its place, the way to the root, and who signed that."""

    entry: bytes
    position: int
    path: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        extra, path = _base64(self.entry), map(_base64, self.path)
        return "\n".join([_FIRST, f"extra {extra}", f"index {self.position}", *path, "", str(self.note)])

    def holds(self, key: VerifierKey, hashing: Hashing = SHA256) -> bool:
        """Whether the log of this key says, signed, that this entry is at this place."""
        if not signed_by(self.note, key):
            return False
        checkpoint = checkpoint_of(self.note)
        leaf = hashing.leaf(self.entry)
        named = checkpoint.origin == key.name
        return named and includes(hashing, leaf, self.position, checkpoint.size, self.path, checkpoint.root)


def proof_of(
    entry: bytes, position: int, note: str, cosignatures: Sequence[str], hash_at: HashAt, hashing: Hashing = SHA256
) -> InclusionProof:
    """From the tree. `cosignatures`: witnesses' lines over this checkpoint. Raises ValueError, LookupError, BadNote."""
    signed = read_note(note)
    lines = [read_signature(line) for each in cosignatures for line in each.splitlines()]
    path = inclusion_proof(hashing, position, checkpoint_of(signed).size, hash_at)
    return InclusionProof(entry, position, tuple(path), Note(signed.text, (*signed.lines, *lines)))


def read_proof(text: str) -> InclusionProof:
    """The parts of a proof; nothing is verified yet. Raises BadNote."""
    head, blank, note = text.partition("\n\n")
    match head.split("\n"):
        case [first, extra, index, *path] if first == _FIRST and blank and len(text) <= _MOST_BYTES:
            place = _INDEX.fullmatch(index)
            kind, _, entry = extra.partition(" ")
            hashes = tuple(map(_bytes, path))
            if place is None or kind != "extra" or len(hashes) > _MOST_LINES:
                raise BadNote
            if any(len(each) != DIGEST_BYTES for each in hashes):
                raise BadNote
            return InclusionProof(_bytes(entry), int(place[1]), hashes, read_note(note))
    raise BadNote


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def _bytes(encoded: str) -> bytes:
    try:
        return b64decode(encoded, validate=True)
    except (NotBase64, ValueError):
        raise BadNote from None
