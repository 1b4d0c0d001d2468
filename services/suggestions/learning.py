"""How are the weights learned? Each example that is judged wrong moves them (passive-aggressive, averaged).

Deterministic: examples are taken in an order drawn with a fixed seed. Called by `huiyin suggest train` and the bench.
"""

import math
import random
from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from services.suggestions.categories import SIZES, Learned, first_weights, piece_id, topic_values, vector
from services.suggestions.topics import topics, topics_of
from services.suggestions.wording import parts

LEAST_OWNERS: Final = 5
"""Wording that fewer households (or cases without one) share is not learned: nobody's own words are kept."""
_ROUNDS: Final = 6
_STEP: Final = 1.0
_MARGIN: Final = 1.0
_SEED: Final = 20170801
_TOPIC: Final = "\0"
"""Before the name of a topic among pieces of wording; no text holds it."""


class Example(NamedTuple):
    """A text, its category as people gave it, and whose words they are."""

    text: str
    category: str
    owner: str


Row = list[float]
Vector = dict[str, float]


def learn(examples: Sequence[Example], secret: bytes, now: datetime) -> Learned:
    """What these examples teach. ValueError for fewer than two categories."""
    categories = tuple(sorted({example.category for example in examples}))
    if len(categories) < 2:
        raise ValueError("fewer than two categories")
    counts = [Counter(parts(example.text, SIZES)) for example in examples]
    rarity = _rarity(examples, counts)
    vectors = [_features(example.text, counted, rarity) for example, counted in zip(examples, counts, strict=True)]
    weights = _trained(vectors, [categories.index(it.category) for it in examples], categories)
    return _packed(categories, weights, rarity, secret, len(examples), now)


def _rarity(examples: Sequence[Example], counts: Sequence[Counter[str]]) -> dict[str, float]:
    owners: defaultdict[str, set[str]] = defaultdict(set)
    texts: Counter[str] = Counter()
    for example, counted in zip(examples, counts, strict=True):
        texts.update(counted.keys())
        for piece in counted:
            owners[piece].add(example.owner)
    kept = (piece for piece, of in owners.items() if len(of) >= LEAST_OWNERS)
    return {piece: math.log((1 + len(examples)) / (1 + texts[piece])) + 1 for piece in kept}


def _features(text: str, counted: Mapping[str, int], rarity: Mapping[str, float]) -> Vector:
    about = {_TOPIC + topic: value for topic, value in topic_values(topics_of(text)).items()}
    return {**vector(counted, rarity), **about}


def _trained(vectors: Sequence[Vector], wanted: Sequence[int], categories: Sequence[str]) -> dict[str, Row]:
    """The mean of the weights over all steps: steadier than the last ones."""
    weights = {piece: [0.0] * len(categories) for each in vectors for piece in each}
    for topic in topics():
        first = first_weights(topic, categories)
        weights[_TOPIC + topic] = [first.get(category, 0.0) for category in categories]
    late: defaultdict[str, Row] = defaultdict(lambda: [0.0] * len(categories))
    order, drawn, step = list(range(len(vectors))), random.Random(_SEED), 0  # noqa: S311 - an order, not a secret
    for _ in range(_ROUNDS):
        drawn.shuffle(order)
        for nth in order:
            step += 1
            _moved(vectors[nth], wanted[nth], weights, late, step)
    return {
        piece: [value - moved / step for value, moved in zip(row, late[piece], strict=True)]
        for piece, row in weights.items()
    }


def _moved(each: Vector, wanted: int, weights: dict[str, Row], late: dict[str, Row], step: int) -> None:
    """Towards the category wanted and away from its nearest rival, as far as the margin asks."""
    scores = [0.0] * len(next(iter(weights.values())))
    for piece, value in each.items():
        for nth, weight in enumerate(weights[piece]):
            scores[nth] += value * weight
    rival = max((nth for nth in range(len(scores)) if nth != wanted), key=lambda nth: (scores[nth], -nth))
    loss = _MARGIN - scores[wanted] + scores[rival]
    length = sum(value * value for value in each.values())
    if loss <= 0 or length == 0:
        return
    by = min(_STEP, loss / (2 * length))
    for piece, value in each.items():
        weights[piece][wanted] += by * value
        weights[piece][rival] -= by * value
        late[piece][wanted] += step * by * value
        late[piece][rival] -= step * by * value


def _packed(
    categories: tuple[str, ...],
    weights: Mapping[str, Row],
    rarity: Mapping[str, float],
    secret: bytes,
    issues: int,
    now: datetime,
) -> Learned:
    rows = sorted((piece_id(secret, piece), piece) for piece in rarity)
    return Learned(
        categories=categories,
        topics={topic: tuple(weights[_TOPIC + topic]) for topic in topics()},
        pieces=array("Q", (number for number, _ in rows)),
        rarity=array("f", (rarity[piece] for _, piece in rows)),
        weights=array("f", (value for _, piece in rows for value in weights[piece])),
        issues=issues,
        learned_at=now,
    )
