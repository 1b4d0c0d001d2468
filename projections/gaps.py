"""Which notification ids below the highest seen are still missing, and from when on is each known to be dead?

The sealer's memory. Pure: ids and transaction ids come in as numbers, nothing here asks a database.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Gap(NamedTuple):
    """The ids first..last, none of them seen yet. Whoever drew them had a transaction id below `bound`."""

    first: int
    last: int
    bound: int


def gaps_between(above: int, ids: Sequence[int]) -> list[tuple[int, int]]:
    """The (first, last) ranges missing from `ids`, ascending, which follow the id `above`."""
    missing = []
    for seen in ids:
        if seen > above + 1:
            missing.append((above + 1, seen - 1))
        above = seen
    return missing


class Gaps:
    """The open gaps, ascending. Ranges, because one failed import leaves hundreds of ids and a restart thirty-two."""

    def __init__(self) -> None:
        self._gaps: list[Gap] = []

    def __len__(self) -> int:
        return len(self._gaps)

    @property
    def lowest(self) -> int | None:
        """The lowest missing id, or None."""
        return self._gaps[0].first if self._gaps else None

    @property
    def ranges(self) -> tuple[list[int], list[int]]:
        """All first and all last ids, in the same order."""
        return [gap.first for gap in self._gaps], [gap.last for gap in self._gaps]

    def open(self, ranges: Sequence[tuple[int, int]], bound: int) -> None:
        """Remember ranges above all known ones; `bound` is a transaction id assigned after they were seen missing."""
        self._gaps += [Gap(first, last, bound) for first, last in ranges]

    def settle(self, appeared: Sequence[int], oldest_running: int) -> None:
        """Take out the ids that one snapshot shows, then whatever can no longer appear.

        `appeared`: the missing ids visible in the snapshot, ascending. `oldest_running`: the same snapshot's xmin;
        below it every transaction has ended, so a gap with a lower bound that the snapshot does not show never comes.
        """
        if appeared:
            self._gaps = [left for gap in self._gaps for left in _without(gap, appeared)]
        self._gaps = [gap for gap in self._gaps if gap.bound >= oldest_running]


def _without(gap: Gap, appeared: Sequence[int]) -> list[Gap]:
    """What is left of a gap once some ids have appeared."""
    inside = [it for it in appeared if gap.first <= it <= gap.last]
    left = gaps_between(gap.first - 1, [*inside, gap.last + 1])
    return [Gap(first, last, gap.bound) for first, last in left]
