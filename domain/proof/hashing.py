"""With which hash is a tree made? SHA-256 for the tree that everybody can check, SM3 (GB/T 32905) for one beside it.

A tree never changes its hash: another hash is another tree with an origin of its own.
"""

import hashlib
from collections.abc import Callable
from typing import Final, NamedTuple

DIGEST_BYTES: Final = 32


class Hashing(NamedTuple):
    """A hash of 32 bytes and its name in tables and origins. RFC 6962, 2.1: leaves and nodes cannot be mistaken."""

    name: str
    digest: Callable[[bytes], bytes]

    def leaf(self, entry: bytes) -> bytes:
        """The hash of one entry of the log."""
        return self.digest(b"\x00" + entry)

    def node(self, left: bytes, right: bytes) -> bytes:
        """The hash over two subtrees."""
        return self.digest(b"\x01" + left + right)


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _sm3(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


SHA256: Final = Hashing("sha256", _sha256)
SM3: Final = Hashing("sm3", _sm3)
HASHINGS: Final = {hashing.name: hashing for hashing in (SHA256, SM3)}
