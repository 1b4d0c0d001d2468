"""What is remembered of what a place owes for a period: who handed in what, what was missed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.events import DomainEvent
from domain.submission import events as e

Which = tuple[str, str]
"""(submission, owner)"""


class Standing(StrEnum):
    """Where one thing owed stands."""

    OWED = "owed"  # 待报
    TO_SIGN = "to_sign"  # 待审签
    IN = "in"  # 已报


@dataclass(frozen=True, slots=True)
class Item:
    """One thing owed. `missed`: not in when it was due, for good; `in_time`: in then, and returned only later."""

    owed: e.Owed
    standing: Standing = Standing.OWED
    missed: bool = False
    in_time: bool = False
    brought_by: frozenset[str] = frozenset()
    signed_by: frozenset[str] = frozenset()

    def missing_at(self, moment: datetime) -> bool:
        """Due by then, not in, and not told of yet."""
        return self.owed.due_at <= moment and self.standing is not Standing.IN and not (self.missed or self.in_time)


@dataclass(frozen=True, slots=True)
class SubmissionPeriod:
    """What one place owes for one period."""

    period_id: UUID
    version: int
    villages: tuple[str, ...]
    items: Mapping[Which, Item]
    reminded: frozenset[datetime] = field(default_factory=frozenset)

    @property
    def moments(self) -> tuple[datetime, ...]:
        """When the process looks after it: at each reminder and each due time."""
        every = (moment for it in self.items.values() for moment in (it.owed.remind_at, it.owed.due_at))
        return tuple(sorted({moment for moment in every if moment is not None}))


def fold(history: Iterable[DomainEvent]) -> SubmissionPeriod | None:
    """The period, or None if nothing is listed, or this is the history of something else."""
    state: SubmissionPeriod | None = None
    for event in history:
        if isinstance(event, e.SubmissionsOpened):
            items = {(it.submission, it.owner): Item(it) for it in event.owed}
            state = SubmissionPeriod(event.originator_id, event.originator_version, event.villages, items)
        elif state is None:
            return None
        else:
            state = replace(_after(state, event), version=event.originator_version)
    return state


def _after(state: SubmissionPeriod, event: DomainEvent) -> SubmissionPeriod:
    match event:
        case e.SubmissionsReminded():
            return replace(state, reminded=state.reminded | {event.occurred_at})
        case e.SubmissionMissed():
            return _changed(state, event, missed=True)
        case e.SubmissionHandedIn():
            standing = Standing.IN if event.complete else Standing.TO_SIGN
            persons = event.actor.persons
            return _changed(state, event, standing=standing, brought_by=persons, signed_by=frozenset())
        case e.HandInSigned():
            return _changed(state, event, standing=Standing.IN, signed_by=event.actor.persons)
        case e.SubmissionReturned():
            item = state.items[event.submission, event.owner]
            was_in = item.standing is Standing.IN and not item.missed and event.occurred_at >= item.owed.due_at
            return _changed(state, event, standing=Standing.OWED, in_time=was_in or item.in_time)
    return state


def _changed(
    state: SubmissionPeriod,
    event: e.SubmissionMissed | e.SubmissionHandedIn | e.HandInSigned | e.SubmissionReturned,
    **changes: object,
) -> SubmissionPeriod:
    which = event.submission, event.owner
    item = replace(state.items[which], **changes)  # type: ignore[arg-type]
    return replace(state, items={**state.items, which: item})
