"""May a witness vouch for this checkpoint? What is asked of it (C2SP tlog-witness), its decision, what is heard of it.

    old <size the witness saw last>
    <zero or more lines: the consistency proof>
    <empty line>
    <the signed checkpoint>

Witnesses watch the tree of SHA-256, as the specification has it. Extension lines are refused: a witness would sign what
it never checked.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from domain.proof.checkpoints import Checkpoint, checkpoint_of, cosigned_at
from domain.proof.hashing import SHA256
from domain.proof.merkle import consistent
from domain.proof.notes import BadNote, Note, VerifierKey, read_note, read_signature, signed_by

MOST_PROOF_LINES: Final = 63
MOST_BYTES: Final = 65_536
SIZE_TYPE: Final = "text/x.tlog.size"
_OLD: Final = re.compile(r"old (0|[1-9][0-9]{0,18})")
_SIZE: Final = re.compile(r"(0|[1-9][0-9]{0,18})\n")
_EMPTY: Final = SHA256.digest(b"")
_MOST_LINES_BACK: Final = 16

Trusted = Mapping[str, Collection[VerifierKey]]
"""Log's name -> the keys that its checkpoints may be signed with."""


class Asked(NamedTuple):
    """A request to `add-checkpoint`: the size it goes on from, the proof that nothing before was changed, the head."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint

    def __str__(self) -> str:
        lines = [f"old {self.old}", *(b64encode(each).decode() for each in self.proof), "", str(self.note)]
        return "\n".join(lines)


class Verdict(StrEnum):
    """What a witness says to it."""

    COSIGN = "cosign"
    UNKNOWN_LOG = "unknown-log"
    NOT_SIGNED = "not-signed"
    OLD_BEYOND_NEW = "old-beyond-new"
    OTHER_SIZE = "other-size"
    OTHER_ROOT = "other-root"
    INCONSISTENT = "inconsistent"


class Cosigned(NamedTuple):
    """A witness vouched for the checkpoint: its signature lines, and when it did, in seconds since 1970 UTC."""

    lines: str
    seconds: int


class SawSize(NamedTuple):
    """It has seen another size than was said; this one."""

    size: int


class Refused(NamedTuple):
    """It will not. `status`: of HTTP."""

    status: int


def read_asked(body: bytes) -> Asked:
    """A request as it was sent. Raises BadNote."""
    try:
        head, blank, rest = body.decode().partition("\n\n")
    except UnicodeDecodeError:
        raise BadNote from None
    first, *proof = head.split("\n")
    old = _OLD.fullmatch(first)
    if old is None or not blank or len(body) > MOST_BYTES or len(proof) > MOST_PROOF_LINES:
        raise BadNote
    note = read_note(rest)
    return Asked(int(old[1]), tuple(map(_hash_of, proof)), note, checkpoint_of(note))


def decide(asked: Asked, trusted: Trusted, seen: Checkpoint | None) -> Verdict:
    """By the order of the specification. `seen`: the last that was cosigned for this log, None before the first."""
    new, size, root = asked.checkpoint, seen.size if seen else 0, seen.root if seen else _EMPTY
    if new.origin not in trusted:
        return Verdict.UNKNOWN_LOG
    if not any(signed_by(asked.note, key) for key in trusted[new.origin]):
        return Verdict.NOT_SIGNED
    if asked.old > new.size:
        return Verdict.OLD_BEYOND_NEW
    if asked.old != size:
        return Verdict.OTHER_SIZE
    if size == new.size and root != new.root:
        return Verdict.OTHER_ROOT
    if not consistent(SHA256, size, new.size, asked.proof, root, new.root):
        return Verdict.INCONSISTENT
    return Verdict.COSIGN


def is_evidence(verdict: Verdict, asked: Asked, seen: Checkpoint | None) -> bool:
    """Whether a signed request that was refused may show that the log forked: two roots of a size, or no way between.

    One that only comes late, or names a size wrongly, shows nothing: anybody may send an old checkpoint again.
    """
    forked = seen is not None and seen.size == asked.checkpoint.size and seen.root != asked.checkpoint.root
    is_signed = verdict not in (Verdict.UNKNOWN_LOG, Verdict.NOT_SIGNED)
    return is_signed and (forked or verdict in (Verdict.OTHER_ROOT, Verdict.INCONSISTENT))


def heard(asked: Asked, key: VerifierKey, status: int, kind: str, body: bytes) -> Cosigned | SawSize | Refused:
    """What a witness's answer says; `kind` is its content type. Raises BadNote if that cannot be made out."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise BadNote from None
    if status == 200:
        return _cosigned(asked.note, key, text)
    size = _SIZE.fullmatch(text) if status == 409 and kind.partition(";")[0].strip() == SIZE_TYPE else None
    return Refused(status) if size is None else SawSize(int(size[1]))


def _cosigned(note: Note, key: VerifierKey, text: str) -> Cosigned:
    lines = text.split("\n")
    if lines.pop() or not 0 < len(lines) <= _MOST_LINES_BACK:
        raise BadNote
    own = [it for it in map(read_signature, lines) if (it.name, it.key_id) == (key.name, key.key_id)]
    seconds = cosigned_at(Note(note.text, tuple(own)), key)
    if seconds is None:
        raise BadNote
    return Cosigned("".join(map(str, own)), seconds)


def asked_for(note: Note, old: int, proof: Sequence[bytes]) -> Asked:
    """The request for a signed checkpoint. Raises BadNote."""
    return Asked(old, tuple(proof), note, checkpoint_of(note))


def _hash_of(line: str) -> bytes:
    try:
        found = b64decode(line, validate=True)
    except (NotBase64, ValueError):
        raise BadNote from None
    if len(found) != len(_EMPTY):
        raise BadNote
    return found
