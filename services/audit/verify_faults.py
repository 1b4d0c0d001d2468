"""What can be wrong with a log, and how is it said? A fault names its record; `verify_words.py` has the sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from projections.log_reader import SealedEvent

_TOLD: Final = 20
"""So many of a kind of check are named; all are counted."""
_KEPT: Final = 400


class Where(NamedTuple):
    """Of which record a fault speaks; what is not known, or does not apply, is None."""

    position: int | None = None
    stream: UUID | None = None
    version: int | None = None
    topic: str | None = None
    recorded_at: datetime | None = None
    number: str | None = None


NOWHERE: Final = Where()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it must be. `kind` is a key of verify_words.KINDS; `detail` holds no word of a case."""

    kind: str
    where: Where = NOWHERE
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What one check found: `count` faults, the first of them named; or why it was not made (`skipped`: zh, en).

    `looked_at`: of how many things it can say so.
    """

    check: str
    faults: tuple[Fault, ...] = ()
    count: int = 0
    looked_at: int = 0
    skipped: tuple[str, str] | None = None


class Faults:
    """Collects what a check finds: all are counted, the first in the log's order are kept."""

    def __init__(self) -> None:
        self.count = 0
        self._kept: list[Fault] = []

    def add(self, kind: str, where: Where = NOWHERE, detail: str = "") -> None:
        """One more."""
        self.count += 1
        self._kept.append(Fault(kind, where, detail))
        if len(self._kept) > _KEPT:
            self._kept = self._first()

    def found(self, check: str, looked_at: int) -> Found:
        """What came of it."""
        return Found(check, tuple(self._first()), self.count, looked_at)

    def _first(self) -> list[Fault]:
        return sorted(self._kept, key=_order)[:_TOLD]


def where(event: SealedEvent) -> Where:
    """The record as it was read."""
    return Where(event.position, event.originator_id, event.originator_version, event.topic, event.recorded_at)


def faulty(found: Iterable[Found]) -> bool:
    """Whether any check found a fault."""
    return any(each.count for each in found)


def _order(fault: Fault) -> tuple[bool, int]:
    """Whatever names no position comes after what does."""
    position = fault.where.position
    return position is None, position or 0
