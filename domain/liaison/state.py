"""What a village's liaison register of a year, and its contact card, remember: no word that only a key opens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from domain.context import Village
from domain.events import DomainEvent
from domain.household.words import WelfareReason
from domain.liaison import events as e


@dataclass(frozen=True, slots=True)
class Priority:
    """A household on the priority register, and how often it is to be visited in the year."""

    household: str
    reason: WelfareReason
    planned: int


@dataclass(frozen=True, slots=True)
class Promise:
    """A help measure: due when, by whom; `kept`: whether it was done, and then on time or not."""

    officer: str
    due_on: date
    kept: bool | None = None


@dataclass(frozen=True, slots=True)
class Solved:
    """A real difficulty that was solved for a household, or (None) for the village."""

    household: str | None
    officer: str
    shown_by: str


@dataclass(frozen=True, slots=True)
class Register:
    """One village's year. `helped`: households with a help plan that goes on; `promises` by household and number."""

    register_id: UUID
    version: int = 0
    priority: Mapping[str, Priority] = field(default_factory=dict)
    helped: frozenset[str] = frozenset()
    promises: Mapping[tuple[str, int], Promise] = field(default_factory=dict)
    solved: tuple[Solved, ...] = ()
    booked: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """A village's contact card. `holders`: the edition that each household has."""

    card_id: UUID
    version: int
    edition: int
    officials: tuple[e.OnCard, ...]
    holders: Mapping[str, int] = field(default_factory=dict)

    def is_outdated(self, village: Village) -> bool:
        """Whether people have changed: somebody in charge of the village is not on it."""
        return not {it for it in (village.handler, village.lead) if it} <= {it.officer for it in self.officials}


def fold(history: Iterable[DomainEvent]) -> Register | Card | None:
    """The register, or the card, or None if nothing was entered, or this is the history of something else."""
    state: Register | Card | None = None
    for event in history:
        if isinstance(event, e.ContactCardIssued):
            holders = state.holders if isinstance(state, Card) else {}
            state = Card(event.originator_id, event.originator_version, event.edition, event.officials, holders)
        elif isinstance(event, e.CardsDelivered) and isinstance(state, Card):
            held = {**state.holders, **dict.fromkeys(event.households, event.edition)}
            state = replace(state, version=event.originator_version, holders=held)
        elif isinstance(event, e.RegisterEvent):
            before = state if isinstance(state, Register) else Register(event.originator_id)
            state = replace(before, version=event.originator_version, **_change(before, event))
        else:
            return None
    return state


def _change(register: Register, event: e.RegisterEvent) -> dict[str, Any]:
    match event:
        case e.PriorityHouseholdListed():
            listed = Priority(event.household, event.reason, event.planned)
            return {"priority": {**register.priority, event.household: listed}}
        case e.PriorityHouseholdStruck():
            rest = {name: entry for name, entry in register.priority.items() if name != event.household}
            return {"priority": rest}
        case e.HelpPlanAgreed():
            return {"helped": register.helped | {event.household}}
        case e.HelpPlanEnded():
            return {"helped": register.helped - {event.household}}
        case e.MeasurePromised():
            promise = Promise(event.officer, event.due_on)
            return {"promises": {**register.promises, (event.household, event.number): promise}}
        case e.MeasureDone():
            key = (event.household, event.number)
            return {"promises": {**register.promises, key: replace(register.promises[key], kept=event.on_time)}}
        case e.DifficultySolved():
            return {"solved": (*register.solved, _solved(event))}
        case e.BookEntered():
            return {"booked": register.booked + 1}
    return {}


def _solved(event: e.DifficultySolved) -> Solved:
    return Solved(event.household, event.officer, event.issue or f"{event.month}/{event.entry}")
