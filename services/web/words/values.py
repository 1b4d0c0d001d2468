"""How a value of a closed list is called, given as its text: the API sends texts."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, Final

from domain.household.words import SpokenBy
from domain.pausing import PauseReason
from domain.periods import Cycle
from domain.submission.commands import Fault
from projections.labels import LABELS, Label, label
from services.web.language import Pair


def label_of(value: StrEnum | str, kind: str = "") -> Pair | Label:
    """The word for a value; `kind`: the name of its list, where several lists have such a value."""
    if isinstance(value, StrEnum) and type(value) in LABELS:
        return label(value)
    found = _words()
    return found.get((kind, str(value))) or found.get(("", str(value))) or Pair(str(value), str(value))


_ON_FORMS: Final[Mapping[type[StrEnum], Mapping[str, Label]]] = {
    PauseReason: {
        PauseReason.HEARING: Label("听证", "hearing"),
        PauseReason.HOUSEHOLD: Label("待群众补充材料", "papers to come from the household"),
        PauseReason.THIRD_PARTY: Label("第三方鉴定、评估", "an expert's opinion"),
    },
    SpokenBy: {
        SpokenBy.ITSELF: Label("本人", "the household itself"),
        SpokenBy.GUARDIAN: Label("监护人", "a guardian"),
        SpokenBy.REPRESENTATIVE: Label("受托人", "a representative"),
    },
    Cycle: {
        Cycle.WEEK: Label("周", "week"),
        Cycle.MONTH: Label("月", "month"),
        Cycle.QUARTER: Label("季度", "quarter"),
        Cycle.HALF_YEAR: Label("半年", "half-year"),
        Cycle.YEAR: Label("年", "year"),
    },
    Fault: {
        Fault.INCOMPLETE: Label("不全", "incomplete"),
        Fault.UNTRUE: Label("不实", "untrue"),
        Fault.UNREADABLE: Label("不清", "unreadable"),
        Fault.WRONG_PERIOD: Label("非本期", "of another period"),
    },
}
"""Values that only a form asks for: no ledger shows them."""


@cache
def _words() -> dict[tuple[str, str], Label]:
    words: dict[tuple[str, str], Label] = {}
    lists: list[tuple[type[StrEnum], Mapping[Any, Label]]] = [*LABELS.items(), *_ON_FORMS.items()]
    for kind, values in lists:
        for value, called in values.items():
            words[kind.__name__, str(value)] = called
            words.setdefault(("", str(value)), called)
    return words
