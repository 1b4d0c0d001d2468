"""Which issues nearby may share a cause? Several on one topic in a month, in the village or else its station. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import Final

from services.suggestions.matters import Matter, Said
from services.suggestions.topics import topics

LEAST: Final = 3
"""So many issues, this one counted, are worth a look."""
WITHIN: Final = timedelta(days=30)
MOST_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class CommonCause:
    """Issues on one topic; `cause`: the key they are linked by already, or one that could be given."""

    topic: str
    others: tuple[Matter, ...]
    count: int  # this one included
    village_only: bool
    cause: str
    is_linked: bool
    reason: Said


def common_causes(matter: Matter, others: Sequence[Matter]) -> list[CommonCause]:
    """By topic, those with most issues first."""
    near = [other for other in others if abs(other.at - matter.at) <= WITHIN]
    found = chain.from_iterable(_of_topic(topic, matter, near) for topic in matter.topics)
    return sorted(found, key=lambda it: (-it.count, it.topic))


def _of_topic(topic: str, matter: Matter, near: Sequence[Matter]) -> Iterable[CommonCause]:
    alike = [other for other in near if topic in other.topics]
    here = [other for other in alike if other.village == matter.village]
    village_only = len(here) + 1 >= LEAST
    members = here if village_only else alike
    if len(members) + 1 < LEAST:
        return
    linked = next((it.issue.cause for it in members if it.issue and it.issue.cause), None)
    count = len(members) + 1
    said = _said(topic, count, village_only)
    named = tuple(members[:MOST_NAMED])
    yield CommonCause(topic, named, count, village_only, linked or _key(topic, matter), linked is not None, said)


def _said(topic: str, count: int, village_only: bool) -> Said:
    about = topics()[topic]
    where = Said("本村（社区）", "this village") if village_only else Said("本站各村（社区）", "the station's villages")
    return Said(
        f"{where.zh} {WITHIN.days} 天内有 {count} 件涉及{about.zh}",
        f"{count} issues on {about.en} in {where.en} within {WITHIN.days} days",
    )


def _key(topic: str, matter: Matter) -> str:
    """Under which they could be linked: a stable key that says topic, village and month."""
    return f"{topic}-{matter.village.lower()}-{matter.at:%Y-%m}"
