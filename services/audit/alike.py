"""Which answers and places are written alike? Digests of their words, keyed by a secret as short-lived as the question.

Words are opened for the comparison and dropped at once; neither they nor their digests are stored, logged or shown.
Called by conformance.py and its bench. See docs/decisions/0045-conformance.md.
"""

import hmac
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from secrets import token_bytes
from typing import Final
from uuid import UUID

from domain.conformance.history import History
from domain.conformance.thresholds import limit
from domain.issue.events import IssueLogged, ReplyGiven

Opener = Callable[[Sequence[str | None]], Sequence[str | None]]
"""Sealed words -> as written; None for what cannot be opened (services/privacy/unsealing.py: compared)."""
_BREAK: Final = "\n"


class Likening:
    """Makes digests that can be compared with each other and with nothing else."""

    def __init__(self, opened: Opener) -> None:
        self._opened = opened
        self._secret = token_bytes(32)

    def digests(self, histories: Iterable[History]) -> dict[tuple[UUID, int, str], bytes]:
        """Of each place and each answer that can be opened and says enough."""
        keys: list[tuple[UUID, int, str]] = []
        texts: list[str | None] = []
        for history in histories:
            for event in history.events:
                if isinstance(event, IssueLogged) and event.place:
                    keys.append((history.issue_id, event.originator_version, "place"))
                    texts.extend((event.place, None))
                elif isinstance(event, ReplyGiven):
                    keys.append((history.issue_id, event.originator_version, "answer"))
                    texts.extend((event.findings, event.opinion))
        opened = iter(self._opened(texts))
        pairs = zip(opened, opened, strict=True)
        made = ((key, self._digest(key[2], one, other)) for key, (one, other) in zip(keys, pairs, strict=True))
        return {key: digest for key, digest in made if digest is not None}

    def _digest(self, what: str, one: str | None, other: str | None) -> bytes | None:
        if one is None or (what == "answer" and other is None):
            return None
        text = _BREAK.join(letters(part) for part in (one, other) if part is not None)
        if what == "answer" and len(text) < limit("copied_letters"):
            return None
        return hmac.digest(self._secret, f"{what}{_BREAK}{text}".encode(), sha256) if text.strip() else None


def letters(text: str) -> str:
    """What of a text is compared: letters alone, wide and narrow alike; another date or a space makes no new answer."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKC", text).lower() if unicodedata.category(letter)[0] == "L"
    )
