"""Under which key does a file's content lie? Its household's, or the office's own where it shows no household.

AES-256-GCM, bound to the file's id and whether it is the content or its preview: what is moved elsewhere does not open.
"""

import os
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.privacy import subject_of
from services.files.problems import FileErased, FileLost
from services.persistence.file_book import FileRow
from services.persistence.household_keys import NONCE_BYTES, KeyName
from services.privacy.vault import Vault

SEALING_BYTES: Final = NONCE_BYTES + 16  # so much longer is what is stored


class FileSeal:
    """`office_key`: 32 bytes, for what shows no household."""

    def __init__(self, vault: Vault, office_key: bytes) -> None:
        self._vault = vault
        self._office = AESGCM(office_key)

    def close(self) -> None:
        """Close the key store's connections."""
        self._vault.close()

    def seal(
        self, file_id: UUID, place: str, household: str | None, contents: dict[str, bytes]
    ) -> tuple[int | None, dict[str, bytes]]:
        """The contents of a file, by part, sealed with one key; its generation. Raises Unavailable."""
        if household is None:
            return None, {part: self._by_office(_bound_to(file_id, part), it) for part, it in contents.items()}
        generations, boxes = set(), {}
        for part, content in contents.items():
            generation, boxes[part] = self._vault.seal_bytes(
                subject_of(place, household), _bound_to(file_id, part), content
            )
            generations.add(generation)
        if len(generations) > 1:  # the household was erased between the two
            return self.seal(file_id, place, household, contents)
        return generations.pop(), boxes

    def open(self, row: FileRow, part: str, box: bytes) -> bytes:
        """The content. Raises FileErased, FileLost, Unavailable."""
        bound = _bound_to(row.file_id, part)
        try:
            if row.household is None or row.generation is None:
                return self._office.decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], bound.encode())
            name = KeyName(subject_of(row.place, row.household), row.generation)
            opened = self._vault.open_bytes(name, bound, box)
        except (InvalidTag, ValueError):
            raise FileLost from None
        if opened is None:
            raise FileErased
        return opened

    def _by_office(self, bound: str, content: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._office.encrypt(nonce, content, bound.encode())


def _bound_to(file_id: UUID, part: str) -> str:
    return f"file:{file_id.hex}:{part}"
