"""What is spoken of more often than in the period before? Counted by topics; no count under five is told. Pure.

A topic rises where it is at least half as often again as before. What was under five before counts as four.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.periods import Period
from projections.suppression import SMALLEST
from services.suggestions.matters import Said
from services.suggestions.topics import topics

_MORE: Final = 1.5
_FEWER: Final = Said(f"上期不足 {SMALLEST} 件", f"fewer than {SMALLEST} before")
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spoken:
    """The topics of one issue, and where it was reported."""

    village: str
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class HotTopic:
    """A topic with its count, and the count before (None: under five)."""

    topic: str
    count: int
    before: int | None
    rises: bool
    said: Said


@dataclass(frozen=True, slots=True)
class HotTopics:
    """Of a period, all villages together and each by itself. `whole`: nothing was left out for being too much."""

    everywhere: list[HotTopic]
    by_village: dict[str, list[HotTopic]]
    whole: bool = True


def compared_periods(period: Period, now: datetime) -> tuple[tuple[datetime, datetime], tuple[datetime, datetime]]:
    """The period, and the one before it: of a running period both for as many whole days."""
    earlier = period.previous()
    if now >= period.ends_at:
        return (period.starts_at, period.ends_at), (earlier.starts_at, earlier.ends_at)
    days = (now - period.starts_at) // _DAY + 1
    length = min(days * _DAY, earlier.ends_at - earlier.starts_at)
    return (period.starts_at, period.starts_at + days * _DAY), (earlier.starts_at, earlier.starts_at + length)


def hot_topics(now: Sequence[Spoken], before: Sequence[Spoken], *, whole: bool = True) -> HotTopics:
    """Everywhere and by village, those that rise most first; villages without a topic that may be told are left out."""
    villages = sorted({it.village for it in now})
    each = {village: _of(_in(village, now), _in(village, before)) for village in villages}
    return HotTopics(_of(now, before), {village: found for village, found in each.items() if found}, whole)


def _in(village: str, spoken: Iterable[Spoken]) -> list[Spoken]:
    return [it for it in spoken if it.village == village]


def _of(now: Iterable[Spoken], before: Iterable[Spoken]) -> list[HotTopic]:
    counts, earlier = _counted(now), _counted(before)
    found = [_topic(key, count, earlier[key]) for key, count in counts.items() if count >= SMALLEST]
    return sorted(found, key=lambda it: (not it.rises, -_growth(it), -it.count, it.topic))


def _counted(spoken: Iterable[Spoken]) -> Counter[str]:
    return Counter(topic for it in spoken for topic in it.topics)


def _topic(key: str, count: int, earlier: int) -> HotTopic:
    before = earlier if earlier >= SMALLEST else None
    about = topics()[key]
    than = _FEWER if before is None else Said(f"上期 {before} 件", f"{before} before")
    said = Said(f"{about.zh}：{count} 件，{than.zh}", f"{about.en}: {count}, {than.en}")
    return HotTopic(key, count, before, count >= _MORE * _known(before), said)


def _known(before: int | None) -> int:
    """What may be known of the count before: order and rising must not tell more."""
    return SMALLEST - 1 if before is None else before


def _growth(it: HotTopic) -> float:
    return it.count / _known(it.before)
