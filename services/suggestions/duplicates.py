"""Which issues may be the same matter? By village, wording, place and household; with the reason. Pure.

The thresholds were set on real messages: docs/decisions/0032-suggestions.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from domain.issue.words import OPEN_STAGES
from services.suggestions.matters import Matter, Said, joined
from services.suggestions.topics import topics
from services.suggestions.wording import likeness, same_place

ALONE: Final = 0.40
"""So much of the wording in common is reason enough by itself."""
TOGETHER: Final = 0.20
"""So much is, with the same place or the same household."""
MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An issue that may be the same matter."""

    other: Matter
    alike: float
    reason: Said


def duplicates(matter: Matter, others: Iterable[Matter]) -> list[Duplicate]:
    """At most five, the likeliest first."""
    found = [each for other in others if other.village == matter.village and (each := _duplicate(matter, other))]
    return sorted(found, key=_order)[:MOST]


def _duplicate(matter: Matter, other: Matter) -> Duplicate | None:
    alike = likeness(matter.words, other.words)
    at_place = same_place(matter.place, other.place)
    of_household = matter.household is not None and matter.household == other.household
    topic = next((key for key in matter.topics if key in other.topics), None)
    near = at_place or of_household
    if alike < ALONE and not (near and (alike >= TOGETHER or topic is not None)):
        return None
    said = [_PLACE] * at_place + [_HOUSEHOLD] * of_household
    if alike >= TOGETHER:
        said.append(Said(f"文字有 {alike:.0%} 相同", f"{alike:.0%} of the wording"))
    elif topic is not None:
        about = topics()[topic]
        said.append(Said(f"都涉及{about.zh}", f"both about {about.en}"))
    return Duplicate(other, alike, joined(said))


_PLACE: Final = Said("地点相同", "the same place")
_HOUSEHOLD: Final = Said("同一户", "the same household")


def _order(found: Duplicate) -> tuple[bool, float, float]:
    """Open ones first, then by likeness, then the newest."""
    return found.other.stage not in OPEN_STAGES, -found.alike, -found.other.at.timestamp()
