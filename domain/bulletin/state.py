"""What a bulletin remembers: its rules, its figures, what is named in it and by whom, whether it was issued."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from domain.bulletin import events as e
from domain.bulletin.words import Cause
from domain.events import DomainEvent


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `by`: who named it, nobody where the drawing proposed it; `struck`: by a correction."""

    named: e.Named
    by: frozenset[str] = frozenset()
    taken_off: Cause | None = None
    struck: bool = False

    @property
    def stands(self) -> bool:
        """Whether it is named."""
        return self.taken_off is None and not self.struck


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One bulletin. `hands`: who named or took off something; `figures` of the last correction, if there is one."""

    bulletin_id: UUID
    version: int
    opened: e.BulletinOpened
    drawn: e.BulletinDrawnUp | None = None
    items: Mapping[int, Item] = field(default_factory=dict)
    hands: frozenset[str] = frozenset()
    overdue: bool = False
    issued: e.BulletinIssued | None = None
    corrections: tuple[e.BulletinCorrected, ...] = ()

    @property
    def standing(self) -> tuple[Item, ...]:
        """The items that are named, in order."""
        return tuple(item for item in self.items.values() if item.stands)


def fold(history: Iterable[DomainEvent]) -> Bulletin | None:
    """The bulletin, or None if there is none, or this is the history of something else."""
    state: Bulletin | None = None
    for event in history:
        if isinstance(event, e.BulletinOpened):
            state = Bulletin(event.originator_id, event.originator_version, event)
        elif state is None:
            return None
        else:
            state = replace(_after(state, event), version=event.originator_version)
    return state


def _after(state: Bulletin, event: DomainEvent) -> Bulletin:
    match event:
        case e.BulletinDrawnUp():
            return replace(state, drawn=event, items={it.item: Item(it) for it in event.proposed})
        case e.ItemNamed():
            item = Item(event.named, by=event.actor.persons)
            named = {**state.items, event.named.item: item}
            return replace(state, items=named, hands=state.hands | event.actor.persons)
        case e.ItemTakenOff():
            off = replace(state.items[event.item], taken_off=event.cause)
            return replace(state, items={**state.items, event.item: off}, hands=state.hands | event.actor.persons)
        case e.BulletinOverdue():
            return replace(state, overdue=True)
        case e.BulletinIssued():
            return replace(state, issued=event)
        case e.BulletinCorrected():
            struck = {number: replace(state.items[number], struck=True) for number in event.struck}
            return replace(state, items={**state.items, **struck}, corrections=(*state.corrections, event))
    return state
