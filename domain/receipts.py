"""Receipt codes: what a household keeps of its report. 80 unguessable bits; the log stores only their HMAC.

The code is drawn from the office's secret and the logging command's random id, so that a handler whose line broke can
repeat the command and still hand over the same code. Crockford's alphabet, in four groups of four.
"""

import hashlib
import hmac
from uuid import UUID

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_BITS = 80
_CONFUSED = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


class Receipts:
    """Makes and recognises receipt codes. `secret`: 32 bytes kept apart from the database."""

    def __init__(self, secret: bytes) -> None:
        self._code_secret = hmac.digest(secret, b"receipt code", hashlib.sha256)
        self._hash_secret = hmac.digest(secret, b"receipt hash", hashlib.sha256)

    def code_for(self, command_id: UUID) -> str:
        """The code of the issue that this command logs, e.g. `7K3M-9QPA-02XV-R8TD`."""
        drawn = hmac.digest(self._code_secret, command_id.bytes, hashlib.sha256)
        number = int.from_bytes(drawn[: _CODE_BITS // 8])
        letters = [_ALPHABET[(number >> shift) & 31] for shift in range(_CODE_BITS - 5, -1, -5)]
        return "-".join("".join(letters[i : i + 4]) for i in range(0, len(letters), 4))

    def hash_of(self, code: str) -> str:
        """What the log keeps of a code, in hexadecimal; forgiving about case, spaces and look-alike letters."""
        plain = code.upper().translate(_CONFUSED)
        return hmac.digest(self._hash_secret, plain.encode("utf-8", "replace"), hashlib.sha256).hex()
