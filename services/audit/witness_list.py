"""Which witnesses are asked (HUIYIN_WITNESSES)? Pairs of public key and address, `vkey url, vkey url`; strict."""

import re
from typing import Final, NamedTuple

from domain.proof.notes import WITNESS, BadNote, VerifierKey

_URL: Final = re.compile(r"https?://([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)(:[0-9]{1,5})?(/[A-Za-z0-9/_.~-]{0,200})?")


class WitnessAt(NamedTuple):
    """A witness and where it is asked."""

    key: VerifierKey
    url: str

    @property
    def id(self) -> str:
        """Its name and its key's id, as tables and metrics have it."""
        return f"{self.key.name}+{self.key.key_id.hex()}"


def witnesses_of(text: str) -> tuple[WitnessAt, ...]:
    """Raises ValueError."""
    found = tuple(_witness(entry.split()) for entry in text.split(",") if entry.strip())
    if len({it.id for it in found}) != len(found):
        raise ValueError("a witness stands there twice")
    return found


def _witness(words: list[str]) -> WitnessAt:
    if len(words) != 2 or not _URL.fullmatch(words[1]):
        raise ValueError("a witness's public key and its address, such as https://witness.example/w1")
    try:
        key = VerifierKey.of(words[0])
    except BadNote:
        raise ValueError("a witness's public key, as `huiyin witness key` gives it") from None
    if key.kind != WITNESS:
        raise ValueError("the key is not a witness's")
    return WitnessAt(key, words[1].rstrip("/"))
