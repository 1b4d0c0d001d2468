"""How a value of a closed list is called, given as its text: the API sends texts."""

from enum import StrEnum
from functools import cache

from projections.labels import LABELS, Label, label
from services.web.language import Pair


def label_of(value: StrEnum | str, kind: str = "") -> Pair | Label:
    """The word for a value; `kind`: the name of its list, where several lists have such a value."""
    if isinstance(value, StrEnum) and type(value) in LABELS:
        return label(value)
    found = _words()
    return found.get((kind, str(value))) or found.get(("", str(value))) or Pair(str(value), str(value))


@cache
def _words() -> dict[tuple[str, str], Label]:
    words: dict[tuple[str, str], Label] = {}
    for kind, values in LABELS.items():
        for value, called in values.items():
            words[kind.__name__, value.value] = called
            words.setdefault(("", value.value), called)
    return words
