"""With what does somebody's phone seal what waits there without a line? A key an account, told to its sessions only.

The phone forgets it when the session ends; the same account gets the same one again at its next log-in, and no other
account ever does. So a queue outlives a session, and nobody else who uses the phone can read it (decision 0035).
"""

import hmac
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

_PURPOSE: Final = b"huiyin/offline-queue/1/"


@dataclass(frozen=True, slots=True)
class OfflineKeys:
    """The keys of all accounts, made from one secret of the installation."""

    secret: bytes = field(repr=False)

    def of(self, account: str) -> bytes:
        """32 bytes for AES-256-GCM."""
        return hmac.digest(self.secret, _PURPOSE + account.encode(), sha256)
