"""How far was the log, and what was its root? Checkpoints (C2SP tlog-checkpoint) and cosignatures over them."""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from struct import Struct
from typing import Final, NamedTuple

from domain.errors import HuiyinError
from domain.proof.hashing import DIGEST_BYTES, Hashing
from domain.proof.merkle import HashAt, consistency_proof, consistent, root_of
from domain.proof.notes import BadNote, Note, SignatureLine, SigningKey, VerifierKey, lines_of, read_note

_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_COSIGNATURE: Final = Struct(">Q64s")


class TreeDisagrees(HuiyinError):
    """The tree is not the one that was signed before, with more leaves: nothing more may be signed."""

    code = "tree-disagrees"
    zh = "存证树与此前签署的检查点不一致：日志或存证树曾被改动、截断或以旧备份恢复。已停止签署，请立即报告督查部门。"
    en = (
        "The tree is not what earlier checkpoints say: the log or the tree was changed, cut or restored from a backup."
        " Nothing more is signed. Tell the auditors at once."
    )


class Checkpoint(NamedTuple):
    """The head of a log: whose, how many leaves, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed: three lines."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def read_checkpoint(text: str) -> tuple[Checkpoint, Note]:
    """A checkpoint and its note; nothing is verified yet. Raises BadNote."""
    note = read_note(text)
    return checkpoint_of(note), note


def checkpoint_of(note: Note) -> Checkpoint:
    """What a note says. Extension lines are not taken. Raises BadNote."""
    match note.text.split("\n"):
        case [origin, size, root, ""] if origin and _SIZE.fullmatch(size):
            return Checkpoint(origin, int(size), _root(root))
    raise BadNote


def next_checkpoint(
    hashing: Hashing, origin: str, size: int, hash_at: HashAt, earlier: tuple[Checkpoint, ...]
) -> Checkpoint:
    """The checkpoint of a tree of `size`, if it is each of the earlier ones with more leaves. Raises TreeDisagrees."""
    try:
        found = Checkpoint(origin, size, root_of(hashing, size, hash_at))
        for before in earlier:
            if before.origin != origin or before.size > size:
                raise TreeDisagrees
            proof = consistency_proof(hashing, before.size, size, hash_at)
            if not consistent(hashing, before.size, size, proof, before.root, found.root):
                raise TreeDisagrees
    except LookupError:
        raise TreeDisagrees from None
    return found


def cosign(checkpoint: Checkpoint, key: SigningKey, seconds: int) -> SignatureLine:
    """A witness's line, good for the moment `seconds` (since 1970 UTC); its key is of kind WITNESS."""
    signature = key.sign(_cosigned(checkpoint.text, seconds))
    return SignatureLine(key.public.name, key.public.key_id, _COSIGNATURE.pack(seconds, signature))


def cosigned_at(note: Note, key: VerifierKey) -> int | None:
    """When this witness signed it first, in seconds since 1970 UTC; None unless all of its lines verify."""
    times = []
    for line in lines_of(note, key):
        if len(line.signature) != _COSIGNATURE.size:
            return None
        seconds, signature = _COSIGNATURE.unpack(line.signature)
        if not key.verifies(_cosigned(note.text, seconds), signature):
            return None
        times.append(int(seconds))
    return min(times, default=None)


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _root(encoded: str) -> bytes:
    try:
        root = b64decode(encoded, validate=True)
    except (NotBase64, ValueError):
        raise BadNote from None
    if len(root) != DIGEST_BYTES:
        raise BadNote
    return root
