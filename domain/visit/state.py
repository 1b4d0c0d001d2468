"""What a village's diary of one month remembers: what decisions and counts need, and none of the words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from domain.events import DomainEvent
from domain.household.words import WelfareReason
from domain.visit import events as e
from domain.visit.words import VisitKind, local_day


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit. `entered_at`: when it was written down; `hazards`: issues registered from it."""

    entry: int
    village: str
    kind: VisitKind
    household: str | None
    place: str | None
    officers: tuple[str, ...]
    arrived_at: datetime
    left_at: datetime | None
    issues: tuple[str, ...]
    priority: WelfareReason | None
    entered_at: datetime
    late: bool = False
    has_form: bool = False
    hazards: frozenset[str] = frozenset()
    struck: bool = False

    @property
    def day(self) -> date:
        """On the office's calendar."""
        return local_day(self.arrived_at)


@dataclass(frozen=True, slots=True)
class Diary:
    """One village's visits of one month, by their numbers, struck ones too."""

    diary_id: UUID
    version: int
    visits: Mapping[int, Visit] = field(default_factory=dict)

    @property
    def standing(self) -> tuple[Visit, ...]:
        """Those that were not struck, in the order of entry."""
        return tuple(visit for visit in self.visits.values() if not visit.struck)


def fold(history: Iterable[DomainEvent]) -> Diary | None:
    """The diary, or None if nothing was entered, or this is the history of something else."""
    visits: dict[int, Visit] = {}
    last: e.DiaryEvent | None = None
    for event in history:
        if not isinstance(event, e.DiaryEvent):
            return None
        _take(visits, event)
        last = event
    return Diary(last.originator_id, last.originator_version, visits) if last else None


def known_by(history: Iterable[e.DiaryEvent], moment: datetime) -> tuple[Visit, ...]:
    """The visits that stand by what had been entered by this moment: a later correction changes nothing of it."""
    visits: dict[int, Visit] = {}
    for event in history:
        # Clocks of two processes may differ by moments: what changes an entry never counts without the entry.
        if event.entered_at <= moment and (isinstance(event, e.VisitRecorded) or event.entry in visits):
            _take(visits, event)
    return tuple(visit for visit in visits.values() if not visit.struck)


def _take(visits: dict[int, Visit], event: e.DiaryEvent) -> None:
    match event:
        case e.VisitRecorded():
            visits[event.entry] = _visit(event)
        case e.VisitCorrected():
            visits[event.entry] = _corrected(visits[event.entry], event)
        case e.VisitStruck():
            visits[event.entry] = replace(visits[event.entry], struck=True)
        case e.OpinionsCollected():
            visits[event.entry] = replace(visits[event.entry], has_form=True)
        case e.HazardRegistered():
            visit = visits[event.entry]
            visits[event.entry] = replace(visit, hazards=visit.hazards | {event.issue})


def _visit(event: e.VisitRecorded) -> Visit:
    return Visit(
        entry=event.entry,
        village=event.village,
        kind=event.kind,
        household=event.household,
        place=event.place,
        officers=event.officers,
        arrived_at=event.occurred_at,
        left_at=event.left_at,
        issues=event.issues,
        priority=event.priority,
        entered_at=event.entered_at,
        late=event.late,
    )


def _corrected(visit: Visit, event: e.VisitCorrected) -> Visit:
    return replace(
        visit,
        left_at=visit.left_at if event.left_at is None else event.left_at,
        issues=visit.issues if event.issues is None else event.issues,
    )
