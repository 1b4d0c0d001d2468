"""Who signed a text? Signed notes (C2SP signed-note) with Ed25519: of the log (0x01), of witnesses (0x04)."""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from hashlib import sha256
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.errors import HuiyinError

LOG: Final = 0x01
WITNESS: Final = 0x04
_KINDS: Final = (LOG, WITNESS)
_KEY_BYTES: Final = 32
_MOST_BYTES: Final = 65_536
_MOST_LINES: Final = 64
_NAME: Final = re.compile(r"[^\s+]{1,255}")
_LINE: Final = re.compile(r"— ([^\s+]{1,255}) ([A-Za-z0-9+/]+={0,2})")


class BadNote(HuiyinError):
    """A text that is no signed note, or a key that is none."""

    code = "bad-note"
    zh = "这不是签名文本（signed note）或公钥的格式。请按原样提供文件，不要改动任何字符。"
    en = "This is no signed note or public key. Give the file exactly as it was handed out."


class SignatureLine(NamedTuple):
    """One line under a note: whose, by which key, and the signature's own bytes."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {b64encode(self.key_id + self.signature).decode()}\n"


class Note(NamedTuple):
    """A text, which ends with a line feed, and who signed it."""

    text: str
    lines: tuple[SignatureLine, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.lines))}"


class VerifierKey(NamedTuple):
    """A public key by name; written `name+key id+base64`, as C2SP has it."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"

    @classmethod
    def of(cls, text: str) -> "VerifierKey":
        """Raises BadNote."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        material = _bytes_of(encoded)
        if not _NAME.fullmatch(name) or len(material) != 1 + _KEY_BYTES or material[0] not in _KINDS:
            raise BadNote
        key = cls(name, material[0], material[1:])
        if key.key_id.hex() != key_id:
            raise BadNote
        return key

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether this key made this signature of the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class SigningKey:
    """The secret half. `seed`: 32 bytes that are kept apart from the database."""

    def __init__(self, name: str, kind: int, seed: bytes) -> None:
        self._secret = Ed25519PrivateKey.from_private_bytes(seed)
        self.public: Final = VerifierKey(name, kind, self._secret.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of its signature."""
        return self._secret.sign(message)


def read_note(text: str) -> Note:
    """The parts of a signed note; nothing is verified yet. Raises BadNote."""
    body, blank, signatures = text.rpartition("\n\n")
    lines = signatures.split("\n")
    if not blank or len(text) > _MOST_BYTES or lines.pop() or not 0 < len(lines) <= _MOST_LINES:
        raise BadNote
    if any(character < " " and character != "\n" for character in text):
        raise BadNote
    return Note(body + "\n", tuple(map(read_signature, lines)))


def read_signature(line: str) -> SignatureLine:
    """One line, without its line feed. Raises BadNote."""
    found = _LINE.fullmatch(line)
    material = _bytes_of(found[2]) if found else b""
    if found is None or len(material) < 5:
        raise BadNote
    return SignatureLine(found[1], material[:4], material[4:])


def signed(text: str, key: SigningKey) -> Note:
    """The text with the signature of a key of kind LOG."""
    return Note(text, (SignatureLine(key.public.name, key.public.key_id, key.sign(text.encode())),))


def signed_by(note: Note, key: VerifierKey) -> bool:
    """Whether a key of kind LOG signed it: one line of it is there, and each that is there verifies."""
    own = lines_of(note, key)
    return bool(own) and all(key.verifies(note.text.encode(), line.signature) for line in own)


def lines_of(note: Note, key: VerifierKey) -> list[SignatureLine]:
    """The lines that name this key, whether they verify or not."""
    return [line for line in note.lines if (line.name, line.key_id) == (key.name, key.key_id)]


def _bytes_of(encoded: str) -> bytes:
    try:
        return b64decode(encoded, validate=True)
    except (NotBase64, ValueError):
        raise BadNote from None
