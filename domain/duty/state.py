"""What the duties of a place in a period remember."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.duty import events as e
from domain.events import DomainEvent


@dataclass(frozen=True, slots=True)
class DutyPeriod:
    """`remind_at`, `closes_at`: as set when it was opened."""

    period_id: UUID
    version: int = 0
    turns: tuple[e.Turn, ...] = ()
    remind_at: datetime | None = None
    closes_at: datetime | None = None
    reminded: bool = False
    closed: bool = False


def fold(history: Iterable[DomainEvent]) -> DutyPeriod | None:
    """The period, or None if nothing happened, or this is the history of something else."""
    state: DutyPeriod | None = None
    for event in history:
        if not isinstance(event, e.DutyEvent):
            return None
        state = replace(_after(state or DutyPeriod(event.originator_id), event), version=event.originator_version)
    return state


def _after(state: DutyPeriod, event: e.DutyEvent) -> DutyPeriod:
    match event:
        case e.RotaSet():
            return replace(state, turns=event.turns)
        case e.DutyPeriodOpened():
            return replace(state, remind_at=event.remind_at, closes_at=event.closes_at)
        case e.DutiesReminded():
            return replace(state, reminded=True)
        case e.DutyPeriodClosed():
            return replace(state, closed=True)
    return state
