"""Which category fits a text? A linear model: each topic has its weight, and each piece of wording that the log taught.

A fresh installation knows the topics only (topics.py); `huiyin suggest train` moves their weights and adds the wording.
Pure Python on flat arrays: an API process needs no library and little memory for it.
"""

import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Final, NamedTuple

from services.suggestions.topics import topics, topics_of
from services.suggestions.wording import parts

SIZES: Final = (1, 2)
"""Of the pieces of wording: single Chinese characters and pairs."""
MOST: Final = 3
_SHOWN: Final = 3
_LATER: Final = 0.5
"""What a topic counts for the second of its categories, and for those after it."""


class Likely(NamedTuple):
    """A category that fits, how well beside the others, and the text's own words that counted most for it."""

    category: str
    score: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """What the log taught. Pieces of wording are keyed hashes, in order; `weights`: a row of categories for each."""

    categories: tuple[str, ...]
    topics: Mapping[str, tuple[float, ...]]
    pieces: "array[int]" = field(repr=False)
    rarity: "array[float]" = field(repr=False)
    weights: "array[float]" = field(repr=False)
    issues: int
    learned_at: datetime


def piece_id(secret: bytes, piece: str) -> int:
    """A piece of wording as it is kept: nobody without the installation's secret tells which it is."""
    return int.from_bytes(blake2b(piece.encode(), key=secret, digest_size=8).digest())


def vector(counts: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    """The weight of each known piece in a text, by how often it stands there and how rare it is; of length 1."""
    raw = {piece: (1 + math.log(count)) * rarity[piece] for piece, count in counts.items() if piece in rarity}
    length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
    return {piece: value / length for piece, value in raw.items()}


def topic_values(found: Mapping[str, Collection[str]]) -> dict[str, float]:
    """The weight of each topic in a text, by how many of its words stand there; of length 1 together."""
    raw = {topic: 1 + math.log(len(words)) for topic, words in found.items()}
    length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
    return {topic: value / length for topic, value in raw.items()}


def first_weights(topic: str, categories: Collection[str]) -> dict[str, float]:
    """What a topic counts for these categories before anything is learned: the first of its own most."""
    own = [category for category in topics()[topic].categories if category in categories]
    return {category: 1.0 if nth == 0 else _LATER for nth, category in enumerate(own)}


class CategoryModel:
    """The topics' first weights, or what was learned. `secret`: of `piece_id`."""

    def __init__(self, secret: bytes = b"", learned: Learned | None = None) -> None:
        self._secret = secret
        self.learned = learned

    def likely(self, text: str, among: Collection[str]) -> list[Likely]:
        """At most three categories of these, the likeliest first; none where nothing speaks for any."""
        found = topics_of(text)
        told = _Told({}, {})
        for topic, value in topic_values(found).items():
            for category, weight in self._of_topic(topic, among).items():
                told.add(category, found[topic][0], value * weight)
        if self.learned is not None:
            self._add_wording(text, among, told)
        best = sorted(told.scores.items(), key=lambda it: (-it[1], it[0]))[:MOST]
        return [Likely(category, score, told.because(category)) for category, score in best if score > 0]

    def _of_topic(self, topic: str, among: Collection[str]) -> Mapping[str, float]:
        if self.learned is None or topic not in self.learned.topics:
            return first_weights(topic, among)
        taught = zip(self.learned.categories, self.learned.topics[topic], strict=True)
        return {category: weight for category, weight in taught if category in among}

    def _add_wording(self, text: str, among: Collection[str], told: "_Told") -> None:
        learned = self.learned
        if learned is None:
            return
        counts = Counter(parts(text, SIZES))
        rows = {piece: row for piece in counts if (row := self._row(learned, piece)) is not None}
        values = vector(counts, {piece: learned.rarity[row] for piece, row in rows.items()})
        width = len(learned.categories)
        for piece, value in values.items():
            start = rows[piece] * width
            for category, weight in zip(learned.categories, learned.weights[start : start + width], strict=True):
                if category in among:
                    told.add(category, piece, value * weight)

    def _row(self, learned: Learned, piece: str) -> int | None:
        wanted = piece_id(self._secret, piece)
        row = bisect_left(learned.pieces, wanted)
        return row if row < len(learned.pieces) and learned.pieces[row] == wanted else None


@dataclass(slots=True)
class _Told:
    """What speaks for each category, and by how much."""

    scores: dict[str, float]
    by_word: dict[tuple[str, str], float]

    def add(self, category: str, word: str, value: float) -> None:
        self.scores[category] = self.scores.get(category, 0.0) + value
        self.by_word[category, word] = self.by_word.get((category, word), 0.0) + value

    def because(self, category: str) -> tuple[str, ...]:
        """The words of two letters or more that counted most, none within another."""
        mine = [(word, value) for (of, word), value in self.by_word.items() if of == category and value > 0]
        chosen: list[str] = []
        for word, _ in sorted(mine, key=lambda it: (-it[1], it[0])):
            if len(word) > 1 and not any(word in other or other in word for other in chosen):
                chosen.append(word)
        return tuple(chosen[:_SHOWN])
