"""One stream as an object-centric log tells it: its events, the objects that they touch, and how these change.

Pure; a stream at a time, in its own order. Events before the extent are followed for how things stood, and not told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from domain.events import DomainEvent
from domain.fund import events as f
from domain.issue.evolve import evolve
from domain.issue.state import Issue
from domain.meeting import events as m
from domain.values import Role
from projections.projection import Recorded
from services.audit.exporting.extent import Extent
from services.audit.exporting.naming import Naming
from services.audit.exporting.relations import touched
from services.audit.exporting.vocabulary import OBJECTS, Value, plain_value, values_of


class Relation(NamedTuple):
    """Something is related to an object, by this qualifier."""

    object: str
    qualifier: str


class ObjectValue(NamedTuple):
    """What an object's attribute became; at None: what it is from the beginning."""

    object: str
    at: datetime | None
    name: str
    value: Value


@dataclass(slots=True)
class ToldEvent:
    """An event. `objects`: id -> type, of everything it touches; `links`: (object, other object, qualifier)."""

    recorded: Recorded
    kind: str
    told: bool
    attributes: dict[str, Value]
    relations: list[Relation] = field(default_factory=list)
    objects: dict[str, str] = field(default_factory=dict)
    values: list[ObjectValue] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)


MEETING_STATES: Final[dict[type[DomainEvent], str]] = {
    m.AgendaDrawn: "agenda",
    m.MeetingOpened: "open",
    m.MeetingFailed: "failed",
    m.MeetingClosed: "closed",
    m.MeetingHeld: "closed",
    m.MinutesConfirmed: "confirmed",
}
_FUND_STATES: Final[dict[type[DomainEvent], str]] = {
    f.BudgetSet: "open",
    f.FundCarriedOver: "open",
    f.FiscalYearClosed: "closed",
}
_ROUND_STATES: Final[dict[type[DomainEvent], str]] = {
    f.RoundProposed: "proposed",
    f.RoundOverdue: "overdue",
    f.RoundConfirmed: "confirmed",
    f.RoundWithdrawn: "withdrawn",
}


class Telling:
    """Tells one stream after the other."""

    def __init__(self, naming: Naming, extent: Extent) -> None:
        self._naming = naming
        self._extent = extent

    def stream(self, kind: str, history: Iterable[Recorded]) -> Iterator[ToldEvent]:
        """The events of a stream (issue, meeting or fund) that count."""
        issue: Issue | None = None
        known: dict[str, dict[str, Value]] = {}
        for recorded in history:
            event = recorded.event
            issue = evolve(issue, event) if kind == "issue" else None
            if issue is not None and self._extent.village not in (None, issue.village):
                return
            if self._extent.counts(event):
                yield self._told(kind, recorded, issue, known)

    def _told(
        self, kind: str, recorded: Recorded, issue: Issue | None, known: dict[str, dict[str, Value]]
    ) -> ToldEvent:
        event = recorded.event
        told = ToldEvent(recorded, event.TOPIC, self._extent.told(event), _attributes(recorded))
        own = f"{kind}:{event.originator_id}"
        _relate(told, own, kind, kind)
        self._name_people(told, issue)
        for it in touched(event, people=self._naming.people):
            object_id = f"{it.kind}:{it.name}"
            _relate(told, object_id, it.kind, it.qualifier)
            told.values.extend(_first_known(it.kind, object_id, it.name))
            told.links.extend(_links(own, object_id, it.kind, it.qualifier))
        for object_id, present in _present(own, event, issue):
            told.values.extend(_changes(object_id, present, known.setdefault(object_id, {}), event.occurred_at))
        return told

    def _name_people(self, told: ToldEvent, issue: Issue | None) -> None:
        event = told.recorded.event
        if issue is not None and issue.household is not None:
            household = f"household:{self._naming.household(issue.village, issue.household)}"
            _relate(told, household, "household", "household")
            told.values.append(ObjectValue(household, None, "village", issue.village))
            told.links.append((f"issue:{event.originator_id}", household, "reported by"))
        if event.actor.role is not Role.HOUSEHOLD:
            name, place = self._naming.handler(event.actor, event.occurred_at)
            handler = f"handler:{name}"
            _relate(told, handler, "handler", "actor")
            if self._naming.people:
                told.values.append(ObjectValue(handler, None, "account", event.actor.user))
            else:
                told.values.append(ObjectValue(handler, None, "role", event.actor.role.value))
                told.values.append(ObjectValue(handler, None, "place", place))


def _attributes(recorded: Recorded) -> dict[str, Value]:
    event = recorded.event
    return {
        "position": recorded.position,
        "version": event.originator_version,
        "recorded_at": recorded.recorded_at,
        "actor_role": event.actor.role.value,
        **dict(values_of(event)),
    }


def _relate(told: ToldEvent, object_id: str, kind: str, qualifier: str) -> None:
    told.objects[object_id] = kind
    told.relations.append(Relation(object_id, qualifier))


def _first_known(kind: str, object_id: str, name: str) -> Iterator[ObjectValue]:
    """What is known of an object by its name alone, wherever it is met."""
    given = {"document": "sha256", "unit": "code", "handler": "account"}.get(kind)
    if given is not None:
        yield ObjectValue(object_id, None, given, name)


def _links(own: str, object_id: str, kind: str, qualifier: str) -> Iterator[tuple[str, str, str]]:
    """Objects that belong together whatever happens next."""
    if kind == "document":
        yield object_id, own, "evidence of"
    elif kind == "funding_round":
        yield object_id, own, "round of"
    elif qualifier in ("fund_id", "split_from", "into", "predecessor"):
        yield own, object_id, qualifier.removesuffix("_id")


def _present(own: str, event: DomainEvent, issue: Issue | None) -> Iterator[tuple[str, dict[str, Value | None]]]:
    """How the stream's own objects stand after the event; what an event does not say stays as it was."""
    if issue is not None:
        yield own, _of_issue(issue)
        return
    said = dict(values_of(event))
    if own.startswith("meeting:"):
        yield own, {**_among("meeting", said), "state": MEETING_STATES.get(type(event))}
        return
    yield own, {**_among("fund", said), "state": _FUND_STATES.get(type(event))}
    state = _ROUND_STATES.get(type(event))
    if state is not None:
        round_id = f"funding_round:{event.originator_id}:{said['round']}"
        yield round_id, {**_among("funding_round", said), "state": state}


def _among(kind: str, said: dict[str, Value]) -> dict[str, Value | None]:
    return {name: value for name, value in said.items() if name in OBJECTS[kind]}


def _of_issue(issue: Issue) -> dict[str, Value | None]:
    told: dict[str, Value | None] = {
        "unit": issue.responsible.unit,
        "due_at": issue.deadline.due_at if issue.deadline else None,
    }
    for name in _AS_THEY_ARE:
        value: Any = getattr(issue, name)
        told[name] = None if value is None else plain_value(value)
    return told


_LOSE: Final = frozenset({"department", "rating"})
_AS_THEY_ARE: Final = tuple(OBJECTS["issue"].keys() - {"unit", "due_at"})


def _changes(
    object_id: str, present: dict[str, Value | None], known: dict[str, Value], at: datetime
) -> Iterator[ObjectValue]:
    """What is not as it was. At its first event an object has what it has from the beginning.

    A text that is not there, or is gone, is an empty one; a limit that is gone stays as the last that ran: the format
    has no none, and readers take the first value that they find for the one from the beginning.
    """
    first = not known
    for name, given in sorted(present.items()):
        value = "" if given is None and name in _LOSE else given
        if value is not None and known.get(name) != value:
            known[name] = value
            yield ObjectValue(object_id, None if first else at, name, value)
