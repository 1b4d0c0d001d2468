"""Which steps of a history are missing, which are out of order? Against every lane of the declared process."""

from collections import Counter
from collections.abc import Iterator, Sequence
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


def out_of_order(history: History) -> tuple[list[Deviation], int]:
    """What is missing or out of order, and how many steps were left out."""
    found: list[Deviation] = []
    skipped = 0
    never = _NEVER[history.logged is not None and history.logged.household is not None]
    for lane, start in zip(LANES, BEGINNINGS, strict=True):
        for deviation in _told(history, misfits(history.labels, lane, start, never)):
            skipped += deviation.kind is Kind.SKIPPED
            found.append(deviation)
    return found, skipped


def _told(history: History, wrong: Sequence[Misfit]) -> Iterator[Deviation]:
    """A step that is missing in one place and stands in another was not left out: it came at the wrong time."""
    lacking = Counter(base_of(it.label) for it in wrong if isinstance(it, Missing))
    moved: Counter[str] = Counter()
    for it in wrong:
        if isinstance(it, TooMany):
            name = base_of(history.labels[it.index])
            elsewhere = lacking[name] > moved[name]
            moved[name] += elsewhere
            yield _misplaced(history, it, elsewhere=elsewhere)
    for it in wrong:
        if isinstance(it, Missing):
            name = base_of(it.label)
            if moved[name]:
                moved[name] -= 1
            else:
                yield _left_out(history, it)


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
