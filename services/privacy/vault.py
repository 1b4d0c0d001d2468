"""How are a household's words sealed, and opened again? AES-256-GCM under the household's key, bound to their place.

`seal` is casework's (domain.privacy.Vault); `open_all` is unsealing.py's. A sealed text says whose key opens it.
"""

import os
import re
import threading
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import Unavailable
from domain.privacy import ERASED, UNREADABLE, is_sealed
from domain.values import SEALED
from services.persistence.household_keys import NONCE_BYTES, KeyName, KeysAway

REMEMBERED_SECONDS: Final = 2.0
"""So long a process may use a key after it was destroyed or retired elsewhere."""
_MOST_REMEMBERED: Final = 10_000
_FORM: Final = re.compile(SEALED + r"1\|([A-Z0-9]+/[A-Z0-9-]+)\|([0-9]+)\|([a-z_.:0-9]+)\|([A-Za-z0-9_=-]+)", re.ASCII)


class KeyStore(Protocol):
    """What the vault needs of services/persistence/household_keys.py."""

    def present(self, subject: str) -> tuple[KeyName, bytes]: ...

    def keys(self, names: Iterable[KeyName]) -> dict[KeyName, bytes]: ...

    def close(self) -> None: ...


class SealedWords(NamedTuple):
    """A sealed text, taken apart."""

    key: KeyName
    place: str
    box: bytes

    @classmethod
    def read(cls, text: str) -> "SealedWords | None":
        """None for a text that nobody sealed."""
        if not is_sealed(text):
            return None
        form = _FORM.fullmatch(text)
        try:
            return cls(KeyName(form[1], int(form[2])), form[3], urlsafe_b64decode(form[4])) if form else _DAMAGED
        except ValueError:
            return _DAMAGED


_DAMAGED: Final = SealedWords(KeyName("", 0), "", b"")
"""No key opens it."""


class NoKeys:
    """The vault of those who follow the log: they seal nothing, open nothing, and hold no key."""

    def seal(self, subject: str, place: str, words: str) -> str:  # noqa: ARG002
        """Refused."""
        raise Unavailable

    def close(self) -> None:
        """Nothing is open."""


class Vault:
    """Seals and opens, with keys remembered for seconds. Safe to call from several threads."""

    def __init__(self, store: KeyStore, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._present: dict[str, tuple[float, KeyName, AESGCM]] = {}
        self._known: dict[KeyName, tuple[float, AESGCM | None]] = {}

    def close(self) -> None:
        """Close the key store's connections."""
        self._store.close()

    # -- sealing ------------------------------------------------------------------------------------------------

    def seal(self, subject: str, place: str, words: str) -> str:
        """As domain.privacy.Vault. Raises Unavailable while the key store is away."""
        name, cipher = self._present_key(subject)
        nonce = os.urandom(NONCE_BYTES)
        box = nonce + cipher.encrypt(nonce, words.encode(), _bound_to(name, place))
        return f"{SEALED}1|{subject}|{name.generation}|{place}|{urlsafe_b64encode(box).decode()}"

    def seal_bytes(self, subject: str, place: str, content: bytes) -> tuple[int, bytes]:
        """The generation of the household's key, and the content sealed with it. Raises Unavailable."""
        name, cipher = self._present_key(subject)
        nonce = os.urandom(NONCE_BYTES)
        return name.generation, nonce + cipher.encrypt(nonce, content, _bound_to(name, place))

    def _present_key(self, subject: str) -> tuple[KeyName, AESGCM]:
        now = self._monotonic()
        kept = self._present.get(subject)
        if kept is not None and now < kept[0]:
            return kept[1], kept[2]
        try:
            name, key = self._store.present(subject)
        except KeysAway as away:
            raise Unavailable from away
        cipher = AESGCM(key)
        with self._lock:
            if len(self._present) >= _MOST_REMEMBERED:
                self._present.clear()
            self._present[subject] = (now + REMEMBERED_SECONDS, name, cipher)
        return name, cipher

    # -- opening ------------------------------------------------------------------------------------------------

    def open_all(self, texts: Sequence[str]) -> list[str]:
        """The texts with the sealed ones opened: ERASED where the key was destroyed, UNREADABLE where it is away."""
        boxes = [SealedWords.read(text) for text in texts]
        try:
            ciphers = self._ciphers({box.key for box in boxes if box is not None and box is not _DAMAGED})
        except KeysAway:
            ciphers = None
        return [text if box is None else _opened(box, ciphers) for text, box in zip(texts, boxes, strict=True)]

    def open_bytes(self, name: KeyName, place: str, box: bytes) -> bytes | None:
        """What was sealed so; None where the key was destroyed. Raises Unavailable, and InvalidTag if altered."""
        try:
            cipher = self._ciphers({name})[name]
        except KeysAway as away:
            raise Unavailable from away
        if cipher is None:
            return None
        return cipher.decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], _bound_to(name, place))

    def _ciphers(self, names: set[KeyName]) -> dict[KeyName, AESGCM | None]:
        now = self._monotonic()
        found = {name: kept[1] for name in names if (kept := self._known.get(name)) is not None and now < kept[0]}
        missing = names - found.keys()
        if missing:
            keys = self._store.keys(missing)
            fetched = {name: AESGCM(keys[name]) if name in keys else None for name in missing}
            with self._lock:
                if len(self._known) + len(fetched) > _MOST_REMEMBERED:
                    self._known.clear()
                self._known |= {name: (now + REMEMBERED_SECONDS, cipher) for name, cipher in fetched.items()}
            found |= fetched
        return found


def _opened(box: SealedWords, ciphers: dict[KeyName, AESGCM | None] | None) -> str:
    if ciphers is None or box is _DAMAGED:
        return UNREADABLE
    cipher = ciphers[box.key]
    if cipher is None:
        return ERASED
    try:
        words = cipher.decrypt(box.box[:NONCE_BYTES], box.box[NONCE_BYTES:], _bound_to(box.key, box.place))
    except (InvalidTag, ValueError):
        return UNREADABLE  # tampered with: the audit finds it by the log's own proofs
    return words.decode()


def _bound_to(name: KeyName, place: str) -> bytes:
    return f"{name.subject}|{name.generation}|{place}".encode()
