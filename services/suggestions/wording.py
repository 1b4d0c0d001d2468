"""How alike are two texts? Pairs of neighbouring Chinese characters and whole Latin words, counted once each. Pure.

The measure is symmetric on purpose: one word is unlike every report, so that nobody searches words by it.
"""

import re
import unicodedata
from collections.abc import Iterator, Set
from typing import Final

LEAST_PARTS: Final = 4
"""A text of fewer parts is compared with nothing: it says too little, and would be a search."""
_RUN: Final = re.compile(r"[\u3400-\u9fff]+|[a-z]+")


def normal(text: str) -> str:
    """The text as it is compared: wide and narrow forms alike, small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def parts(text: str, sizes: tuple[int, ...] = (2,)) -> Iterator[str]:
    """Neighbouring Chinese characters, `sizes` at a time, and Latin words; numbers and marks are passed over."""
    for run in _RUN.findall(normal(text)):
        if run[0] <= "z":
            yield run
            continue
        for size in sizes:
            yield from (run[start : start + size] for start in range(len(run) - size + 1))


def wording(text: str | None) -> frozenset[str]:
    """What a text is compared by."""
    return frozenset(parts(text or ""))


def likeness(one: Set[str], other: Set[str]) -> float:
    """The share of wording that two texts have in common (Dice), 0 to 1; 0 if either says too little."""
    if min(len(one), len(other)) < LEAST_PARTS:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))


def same_place(one: str | None, other: str | None) -> bool:
    """Whether two places are written alike."""
    if not one or not other:
        return False
    first, second = wording(one), wording(other)
    if not first or not second:
        return normal(one).strip() == normal(other).strip()
    return 2 * len(first & second) / (len(first) + len(second)) >= _SAME_PLACE


_SAME_PLACE: Final = 0.7
