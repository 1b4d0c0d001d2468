"""What a spot check remembers: its rules, what was drawn and handed in, findings and how each is put right."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain.events import DomainEvent
from domain.spot_check import events as e
from domain.spot_check.words import CheckKind, Standing

Changes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rectification:
    """整改 of one finding. `missed`: nothing was reported by `due_at`; words are sealed as the log has them."""

    unit: str
    requirement: str
    due_at: datetime
    standing: Standing = Standing.ORDERED
    reported_by: frozenset[str] = frozenset()
    measures: str | None = None
    opinion: str | None = None
    missed: bool = False
    rounds: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """One finding."""

    number: int
    station: str
    item: str | None
    village: str | None
    household: str | None
    problem: str
    rectification: Rectification | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still has to be put right."""
        return self.rectification is not None and self.rectification.standing is not Standing.ACCEPTED


@dataclass(frozen=True, slots=True)
class Check:
    """One spot check, inspection or round. `stations`: those checked; a monthly one has none before it is drawn."""

    check_id: UUID
    version: int
    township: str
    kind: CheckKind
    period: str
    plan: str
    villages: tuple[str, ...]
    stations: tuple[str, ...] = ()
    announced: e.SpotCheckAnnounced | None = None
    drawn: e.SpotCheckDrawn | None = None
    handed_in: tuple[str, ...] = ()
    ledgers_came: bool = False
    reminded: bool = False
    hand_in_missed: bool = False
    findings: Mapping[int, Found] = field(default_factory=dict)
    closed: bool = False

    @property
    def places(self) -> frozenset[str]:
        """The stations checked, with their villages."""
        return frozenset((*self.stations, *self.villages))

    @property
    def missing(self) -> tuple[str, ...]:
        """Of the issues drawn, those not handed in yet."""
        items = self.drawn.items if self.drawn else ()
        return tuple(item for item in items if item not in self.handed_in)

    @property
    def all_in(self) -> bool:
        """Whether everything asked for was handed in; of an inspection nothing is."""
        return self.drawn is None or (self.ledgers_came and not self.missing)

    @property
    def open_findings(self) -> tuple[Found, ...]:
        """Those with a rectification that was not accepted yet."""
        return tuple(found for found in self.findings.values() if found.is_open)


def fold(history: Iterable[DomainEvent]) -> Check | None:
    """The check, or None if there is none, or this is the history of something else."""
    check: Check | None = None
    for event in history:
        if isinstance(event, e.SpotCheckAnnounced | e.InspectionRecorded):
            check = _begun(event)
        elif check is None:
            return None
        else:
            check = replace(check, version=event.originator_version, **_APPLY[type(event)](check, event))
    return check


def _begun(event: e.SpotCheckAnnounced | e.InspectionRecorded) -> Check:
    check = Check(
        check_id=event.originator_id,
        version=event.originator_version,
        township=event.township,
        kind=CheckKind.MONTHLY,
        period=event.period,
        plan=event.plan,
        villages=event.villages,
    )
    if isinstance(event, e.SpotCheckAnnounced):
        return replace(check, announced=event)
    return replace(check, kind=event.kind, stations=event.stations)


def _handed_in(check: Check, event: e.LedgersHandedIn) -> Changes:
    return {"handed_in": (*check.handed_in, *event.items), "ledgers_came": True}


def _found(check: Check, event: e.FindingRecorded) -> Changes:
    finding = Found(event.finding, event.station, event.item, event.village, event.household, event.problem)
    return {"findings": {**check.findings, event.finding: finding}}


def _ordered(check: Check, event: e.RectificationOrdered) -> Changes:
    ordered = Rectification(event.unit, event.requirement, event.due_at)
    return {
        "findings": {**check.findings, event.finding: replace(check.findings[event.finding], rectification=ordered)}
    }


def _rectified(change: Callable[[Rectification, Any], Changes]) -> Callable[[Check, Any], Changes]:
    def changed(check: Check, event: Any) -> Changes:
        found = check.findings[event.finding]
        if found.rectification is None:
            return {}
        after = replace(found.rectification, **change(found.rectification, event))
        return {"findings": {**check.findings, event.finding: replace(found, rectification=after)}}

    return changed


def _reported(_: Rectification, event: e.RectificationReported) -> Changes:
    return {"standing": Standing.REPORTED, "reported_by": event.actor.persons, "measures": event.measures}


def _rechecked(before: Rectification, event: e.RectificationRechecked) -> Changes:
    if event.accepted or event.due_at is None:
        return {"standing": Standing.ACCEPTED, "opinion": event.opinion}
    again = {"standing": Standing.ORDERED, "due_at": event.due_at, "missed": False, "rounds": before.rounds + 1}
    return {**again, "opinion": event.opinion}


_APPLY: Final[Mapping[type[DomainEvent], Callable[[Check, Any], Changes]]] = {
    e.SpotCheckDrawn: lambda _, event: {"drawn": event, "stations": (event.station,), "villages": event.villages},
    e.LedgersHandedIn: _handed_in,
    e.HandInReminded: lambda _, __: {"reminded": True},
    e.HandInMissed: lambda _, __: {"hand_in_missed": True},
    e.FindingRecorded: _found,
    e.RectificationOrdered: _ordered,
    e.RectificationReported: _rectified(_reported),
    e.RectificationMissed: _rectified(lambda _, __: {"missed": True}),
    e.RectificationRechecked: _rectified(_rechecked),
    e.SpotCheckClosed: lambda _, __: {"closed": True},
}
