"""How do copies lie in the database? In pieces, each sealed and bound to its job and place: AES-256-GCM."""

import os
from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.exports.problems import ExportNotReady

PIECE_BYTES: Final = 1 << 20
_NONCE_BYTES: Final = 12


class PieceSeal:
    """`key`: 32 bytes that are in no database."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def pieces(self, job_id: UUID, content: bytes) -> Iterator[bytes]:
        """The content, sealed piece by piece."""
        for nth, first in enumerate(range(0, len(content), PIECE_BYTES)):
            nonce = os.urandom(_NONCE_BYTES)
            piece = content[first : first + PIECE_BYTES]
            yield nonce + self._cipher.encrypt(nonce, piece, _bound_to(job_id, nth))

    def open(self, job_id: UUID, pieces: Sequence[bytes], length: int) -> bytes:
        """The content. Raises ExportNotReady for what is not whole."""
        try:
            opened = [
                self._cipher.decrypt(piece[:_NONCE_BYTES], piece[_NONCE_BYTES:], _bound_to(job_id, nth))
                for nth, piece in enumerate(pieces)
            ]
        except InvalidTag:
            raise ExportNotReady from None
        content = b"".join(opened)
        if len(content) != length:
            raise ExportNotReady
        return content


def _bound_to(job_id: UUID, nth: int) -> bytes:
    return f"export|{job_id}|{nth}".encode()
