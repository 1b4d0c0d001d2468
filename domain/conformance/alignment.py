"""How does a history fit a lane of the declared process at the least cost? What is missing, what is too many?

The cheapest way is found over (event, place), as alignments of process mining do; a history that fits is walked
straight through. Called by ordering.py.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Final

from domain.conformance.declared import STEPS, Moves, Place

_MISSING: Final = 100
_TOO_MANY: Final = 120
"""What was written down is believed a little more than that nothing else happened."""
_MISSING_UNUSUAL: Final = 130
"""A step that few cases take is assumed only where no usual one explains what is missing."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A step that was left out before the event of this index, and the place it would have started from."""

    before: int
    label: str
    place: Place


@dataclass(frozen=True, slots=True)
class TooMany:
    """The event of this index had no place there."""

    index: int
    place: Place


Misfit = Missing | TooMany


def misfits(
    labels: Sequence[str], lane: Mapping[str, Moves], start: Place, never: Collection[str] = ()
) -> tuple[Misfit, ...]:
    """What keeps the history from fitting, in its order. `never`: steps that cannot be missing here."""
    stuck = _walk(labels, lane, start)
    if stuck is None:
        return ()
    return _cheapest(labels, lane, start, never)


def _walk(labels: Sequence[str], lane: Mapping[str, Moves], place: Place) -> int | None:
    """The first index that does not fit."""
    for index, label in enumerate(labels):
        moves = lane.get(label)
        if moves is None:
            continue
        if place not in moves:
            return index
        place = moves[place]
    return None


_Node = tuple[int, Place]
_Came = dict[_Node, tuple[_Node, Misfit | None]]


def _cheapest(
    labels: Sequence[str], lane: Mapping[str, Moves], start: Place, never: Collection[str]
) -> tuple[Misfit, ...]:
    """Dijkstra; of equal ways the one that goes on longest before it errs, so that the answer is always the same."""
    shortcuts = _shortcuts(lane, never)
    begin: _Node = (0, start)
    queue: list[tuple[int, int, int, _Node]] = [(0, 0, 0, begin)]
    costs, came, turn = {begin: 0}, _Came(), 0
    while queue:
        cost, _, _, node = heappop(queue)
        if node[0] == len(labels):
            return _way(came, node)
        if cost > costs[node]:
            continue
        for step_cost, following, misfit in _next(node, labels, lane, shortcuts):
            total = cost + step_cost
            if total < costs.get(following, total + 1):
                turn += 1
                costs[following], came[following] = total, (node, misfit)
                heappush(queue, (total, -following[0], turn, following))
    return ()


def _next(
    node: _Node,
    labels: Sequence[str],
    lane: Mapping[str, Moves],
    shortcuts: Mapping[Place, Sequence[tuple[int, str, Place]]],
) -> list[tuple[int, _Node, Misfit | None]]:
    index, place = node
    moves = lane.get(labels[index])
    if moves is None:
        return [(0, (index + 1, place), None)]
    found: list[tuple[int, _Node, Misfit | None]] = []
    if place in moves:
        found.append((0, (index + 1, moves[place]), None))
    found.append((_TOO_MANY, (index + 1, place), TooMany(index, place)))
    found.extend((cost, (index, to), Missing(index, label, place)) for cost, label, to in shortcuts.get(place, ()))
    return found


def _shortcuts(lane: Mapping[str, Moves], never: Collection[str]) -> dict[Place, list[tuple[int, str, Place]]]:
    """From each place, which steps could have been left out."""
    found: dict[Place, list[tuple[int, str, Place]]] = {}
    for label, moves in lane.items():
        if label in never:
            continue
        cost = _MISSING if STEPS[label].usual else _MISSING_UNUSUAL
        for source, target in moves.items():
            if source is not target:
                found.setdefault(source, []).append((cost, label, target))
    return found


def _way(came: _Came, node: _Node) -> tuple[Misfit, ...]:
    found: list[Misfit] = []
    while node in came:
        node, misfit = came[node]
        if misfit is not None:
            found.append(misfit)
    return tuple(reversed(found))
