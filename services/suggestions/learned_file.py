"""Where is kept what the log taught? One file in the installation's folder, readable by its owner only.

Written by `huiyin suggest train`; the API looks at it again when it has changed. Without a file the topics alone speak.
"""

import os
from array import array
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson
import structlog

from services.suggestions.categories import CategoryModel, Learned
from services.suggestions.learning import Example, learn

_NAME: Final = "categories.json"
_ARRAYS: Final = {"pieces": "Q", "rarity": "f", "weights": "f"}

_log = structlog.get_logger(__name__)


class LearnedFile:
    """The file below `home`, and the model made of it. Safe to ask from several threads."""

    def __init__(self, home: Path, secret: bytes) -> None:
        self._path = home / "suggestions" / _NAME
        self._secret = secret
        self._known: tuple[tuple[int, int] | None, CategoryModel] = (None, CategoryModel(secret))

    def learn(self, examples: Sequence[Example], now: datetime) -> tuple[Learned, Path]:
        """Learns from the examples and keeps that in place of what was learned before."""
        learned = learn(examples, self._secret, now)
        return learned, self._written(learned)

    def model(self) -> CategoryModel:
        """As the file is now; a damaged one counts as none."""
        stamp = self._stamp()
        known, model = self._known
        if stamp != known:
            model = CategoryModel(self._secret, None if stamp is None else self._read())
            self._known = (stamp, model)
        return model

    def _written(self, learned: Learned) -> Path:
        """The file is exchanged whole."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(orjson.dumps(_as_json(learned)))
        draft.replace(self._path)
        return self._path

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_size

    def _read(self) -> Learned | None:
        try:
            return _of_json(orjson.loads(self._path.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            _log.warning("suggestions.file_unreadable")
            return None


def _as_json(learned: Learned) -> dict[str, Any]:
    arrays = {name: b64encode(getattr(learned, name).tobytes()).decode() for name in _ARRAYS}
    plain = {"categories": learned.categories, "topics": learned.topics, "issues": learned.issues}
    return {**plain, "learned_at": learned.learned_at.isoformat(), **arrays}


def _of_json(raw: dict[str, Any]) -> Learned:
    """Raises KeyError, TypeError and ValueError for what nobody here wrote."""
    arrays: dict[str, Any] = {}
    for name, kind in _ARRAYS.items():
        arrays[name] = array(kind)
        arrays[name].frombytes(b64decode(raw[name], validate=True))
    categories = tuple(raw["categories"])
    pieces, weights = len(arrays["pieces"]), len(arrays["weights"])
    if len(arrays["rarity"]) != pieces or weights != pieces * len(categories):
        raise ValueError("arrays of different lengths")
    return Learned(
        categories=categories,
        topics={topic: tuple(row) for topic, row in raw["topics"].items()},
        issues=raw["issues"],
        learned_at=datetime.fromisoformat(raw["learned_at"]),
        **arrays,
    )
