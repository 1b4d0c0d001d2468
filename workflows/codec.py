"""What Temporal keeps is unreadable without our key: payloads and the texts of failures, AES-256-GCM.

A second line only, for nothing personal is sent there. Used by every client and worker (services/temporal_client.py).
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticPayloadConverter, pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes, PayloadCodec

_ENCODING: Final = b"binary/encrypted"
_NONCE_BYTES: Final = 12


class WrongCodecKey(Exception):
    """The payload was written under another key, or is damaged. Restore the key, or rebuild the workflows."""


class EncryptingCodec(PayloadCodec):
    """Encrypts each payload whole, its type included, under one 32-byte key."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self.key_id = hashlib.sha256(b"huiyin codec key id" + key).hexdigest()[:16].encode()

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Each as nonce and ciphertext, with the key's id beside it."""
        return [self._encrypt(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """What `encode` made, read back; what was never encrypted stays as it is. Raises WrongCodecKey."""
        return [self._decrypt(payload) for payload in payloads]

    def _encrypt(self, payload: Payload) -> Payload:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, payload.SerializeToString(), self.key_id)
        return Payload(metadata={"encoding": _ENCODING, "key-id": self.key_id}, data=nonce + sealed)

    def _decrypt(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != _ENCODING:
            return payload
        nonce, sealed = payload.data[:_NONCE_BYTES], payload.data[_NONCE_BYTES:]
        try:
            return Payload.FromString(self._cipher.decrypt(nonce, sealed, payload.metadata.get("key-id", b"")))
        except InvalidTag:
            raise WrongCodecKey(f"a payload in Temporal is not readable with key {self.key_id.decode()}") from None


class _OneConverter(PydanticPayloadConverter):
    """Temporal's client makes a converter anew for every task of a workflow; ours keeps no state, so one will do."""

    _only: ClassVar["_OneConverter | None"] = None

    def __new__(cls) -> "_OneConverter":
        """The one there is."""
        if cls._only is None:
            cls._only = super().__new__(cls)
            PydanticPayloadConverter.__init__(cls._only)
        return cls._only

    def __init__(self) -> None:
        """Made already."""


def data_converter(key: bytes) -> DataConverter:
    """Pydantic messages, encrypted under `key` (32 bytes), with the texts of failures encrypted too."""
    return replace(
        pydantic_data_converter,
        payload_converter_class=_OneConverter,
        payload_codec=EncryptingCodec(key),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
