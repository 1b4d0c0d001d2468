"""What do tokens and sessions look like? A prefix that says what it is, and 256 random bits; stored is their SHA-256.

Random bits need no slow hash. Called by tokens.py, sessions.py and authenticator.py.
"""

import hashlib
import re
import secrets
from typing import Final

_RANDOM_BYTES: Final = 32
_SECRET: Final = re.compile(r"h[ys]_[A-Za-z0-9_-]{43}", re.ASCII)


def new_secret(prefix: str) -> str:
    """A new one, nobody's yet."""
    return prefix + secrets.token_urlsafe(_RANDOM_BYTES)


def secret_hash(secret: str) -> bytes:
    """As it is stored."""
    return hashlib.sha256(secret.encode()).digest()


def is_secret(text: str) -> bool:
    """Whether it has the form of one; anything else need not be looked up."""
    return _SECRET.fullmatch(text) is not None
