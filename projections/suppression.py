"""Which counts may be published? None under five, and none from which such a one could be computed.

No total is published, so that a small count has nothing to be taken away from; docs/decisions/0012-public-doors.md says
why that is enough. Pure; used by notice_board.py.
"""

from collections.abc import Mapping
from typing import Final

SMALLEST: Final = 5
_LARGEST_HIDDEN: Final = SMALLEST - 1


def large_enough(counts: Mapping[str, int]) -> dict[str, int]:
    """The counts that are shown."""
    return {key: count for key, count in counts.items() if count >= SMALLEST}


def beside(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """What may be shown of a second way to part the same whole, beside the first; nothing if the two together tell.

    Both have one unknown sum: what each leaves open of it must leave every hidden count of the other open.
    """
    shown_one, shown_other = large_enough(one), large_enough(other)
    hidden_one, hidden_other = len(one) - len(shown_one), len(other) - len(shown_other)
    ahead = sum(shown_one.values()) - sum(shown_other.values())
    # What is hidden on each side lies between these; what is hidden of `other` is `ahead` more than that of `one`.
    least = max(0, -ahead)
    most = min(_LARGEST_HIDDEN * hidden_one, _LARGEST_HIDDEN * hidden_other - ahead)
    is_open = _open(hidden_one, least, most) and _open(hidden_other, least + ahead, most + ahead)
    return shown_other if is_open else {}


def _open(hidden: int, least: int, most: int) -> bool:
    """Whether one of so many counts from 0 to 4 can still be several things when their sum lies between these."""
    smallest = max(0, least - _LARGEST_HIDDEN * (hidden - 1))
    return hidden == 0 or smallest < min(_LARGEST_HIDDEN, most)


def part(count: int, *wholes: int | None) -> int | None:
    """A count out of each of the published `wholes`; None if it, or what it leaves of one of them, is small."""
    left = [whole - count for whole in wholes if whole is not None]
    return count if count >= SMALLEST and all(rest == 0 or rest >= SMALLEST for rest in left) else None
