"""Who signs the log's checkpoints? A key beside the database, and beside it the last head that was signed with it.

Joined by the process of the sealer. The name of the log follows from its key, so that two logs never share one.
"""

import os
from hashlib import sha256
from pathlib import Path
from typing import Final

from domain.proof.checkpoints import Checkpoint, TreeDisagrees, checkpoint_of
from domain.proof.hashing import SHA256, Hashing
from domain.proof.notes import LOG, BadNote, Note, SigningKey, VerifierKey, read_note, signed, signed_by
from services.keys import load_or_create


class LogKey:
    """Signs for one tree. `home/keys/log.key` is the seed; `home/log/<tree>.checkpoint` the last that was signed."""

    def __init__(self, home: Path, hashing: Hashing = SHA256) -> None:
        seed = load_or_create(home, "log")
        self.origin: Final = origin_of(seed, hashing)
        self._key = SigningKey(self.origin, LOG, seed)
        self._file = home / "log" / f"{hashing.name}.checkpoint"

    @property
    def public(self) -> VerifierKey:
        """What auditors and witnesses are given."""
        return self._key.public

    @property
    def remembered(self) -> Checkpoint | None:
        """The last that was signed, by the file. Raises TreeDisagrees if the file is none of ours."""
        if not self._file.exists():
            return None
        try:
            note = read_note(self._file.read_text("utf-8"))
            if signed_by(note, self.public):
                return checkpoint_of(note)
        except (BadNote, UnicodeDecodeError):
            raise TreeDisagrees from None
        raise TreeDisagrees

    def sign(self, checkpoint: Checkpoint) -> Note:
        """As Signer.sign: on disk before it is handed out."""
        before = self.remembered
        if checkpoint.origin != self.origin or (before is not None and checkpoint.size < before.size):
            raise TreeDisagrees
        note = signed(checkpoint.text, self._key)
        self._remember(str(note))
        return note

    def signed(self, note: Note) -> bool:
        """Whether this key signed that note."""
        return signed_by(note, self.public)

    def _remember(self, text: str) -> None:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._file.with_suffix(".draft")
        with open(draft, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._file)


def origin_of(seed: bytes, hashing: Hashing) -> str:
    """huiyin/log/<the key's first 16 hexadecimal digits>, for another hash than SHA-256 with its name after it."""
    public = SigningKey("huiyin", LOG, seed).public.public
    name = f"huiyin/log/{sha256(public).hexdigest()[:16]}"
    return name if hashing is SHA256 else f"{name}-{hashing.name}"
