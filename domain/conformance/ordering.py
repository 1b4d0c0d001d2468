"""Which steps of a history are missing, which are out of order? Against every lane of the declared process."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from domain.conformance.alignment import Misfit, Missing, TooMany, misfits
from domain.conformance.declared import STEPS, Place
from domain.conformance.deviations import Deviation, Kind
from domain.conformance.history import History
from domain.conformance.labels import base_of
from domain.conformance.lanes import BEGINNINGS, LANES

_NEVER: Final = {
    True: frozenset({"reply_given:nobody_asked", "closed:of_an_earlier_system"}),
    False: frozenset({"reply_given", "closed:of_an_earlier_system"}),
}
"""By whether there is a household: which steps nobody can have left out."""
_ENDS: Final = frozenset({Place.SETTLED, Place.WITHDRAWN, Place.MERGED, Place.SPLIT})


@dataclass(frozen=True, slots=True)
class Order:
    """What is missing or out of order; how many steps were left out; the events at which the history does not fit."""

    deviations: tuple[Deviation, ...]
    skipped: int
    disturbed: frozenset[int]


def order_of(history: History) -> Order:
    """Every lane's misfits, told."""
    never = _NEVER[history.logged is not None and history.logged.household is not None]
    found: list[Deviation] = []
    disturbed: set[int] = set()
    for lane, start in zip(LANES, BEGINNINGS, strict=True):
        wrong = misfits(history.labels, lane, start, never)
        disturbed |= {it.before if isinstance(it, Missing) else it.index for it in wrong}
        found += _told(history, wrong)
    return Order(tuple(found), sum(it.kind is Kind.SKIPPED for it in found), frozenset(disturbed))


def _told(history: History, wrong: Sequence[Misfit]) -> Iterator[Deviation]:
    """A step that is missing in one place and stands in another was not left out: it came at the wrong time."""
    lacking = [it for it in wrong if isinstance(it, Missing)]
    for it in wrong:
        if isinstance(it, TooMany):
            meant = next((each for each in lacking if _stands_for(history.labels[it.index], each)), None)
            if meant is not None:
                lacking.remove(meant)
            yield _misplaced(history, it, elsewhere=meant is not None)
    yield from (_left_out(history, it) for it in lacking)


def _stands_for(label: str, missing: Missing) -> bool:
    """It is that step, or would have led from there to the same place."""
    led_to = STEPS[missing.label].moves.get(missing.place)
    return base_of(label) == base_of(missing.label) or STEPS[label].moves.get(missing.place) is led_to


def _misplaced(history: History, it: TooMany, *, elsewhere: bool) -> Deviation:
    step = STEPS[history.labels[it.index]]
    if it.place in _ENDS:
        zh, en = f"“{step.zh}”发生在事项了结之后。", f"{step.en} came after the issue had ended."
    elif elsewhere:
        zh, en = f"“{step.zh}”的先后不对。", f"{step.en} came at the wrong time among the others."
    else:
        zh, en = f"此时不应有“{step.zh}”。", f"{step.en} had no place there."
    return Deviation(Kind.WRONG_ORDER, (history.number,), (history.at(it.index),), zh, _sentence(en))


def _left_out(history: History, it: Missing) -> Deviation:
    step, following = STEPS[it.label], STEPS[history.labels[it.before]]
    zh = f"“{following.zh}”之前应有“{step.zh}”，没有记录。"
    en = f"before {following.en}, {step.en} should have come, and did not."
    return Deviation(Kind.SKIPPED, (history.number,), (history.at(it.before),), zh, _sentence(en))


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
