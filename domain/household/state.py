"""What a household's entry remembers: what decisions need, and no word that only its key opens."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.events import DomainEvent
from domain.household import events as e
from domain.household.words import HouseholdField, WelfareReason


@dataclass(frozen=True, slots=True)
class Erasure:
    """Proposed by somebody; once confirmed, `erase_at` is the end of the waiting period."""

    proposed_by: frozenset[str]
    erase_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Household:
    """One household. `erased_up_to`: the last generation of its keys that an erasure destroyed."""

    household_id: UUID
    version: int
    village: str
    household: str
    registered_at: datetime
    known: frozenset[HouseholdField] = frozenset()
    consents: frozenset[WelfareReason] = frozenset()
    objection_open: bool = False
    erasure: Erasure | None = None
    is_erased: bool = False
    erased_up_to: int = 0


def fold(history: Iterable[DomainEvent]) -> Household | None:
    """The household, or None if it was never registered, or this is the history of something else."""
    household: Household | None = None
    for event in history:
        if isinstance(event, e.HouseholdRegistered):
            household = _registered(household, event)
        elif household is None:
            return None
        else:
            change = _APPLY[type(event)]
            household = replace(household, version=event.originator_version, **change(household, event))
    return household


def _registered(before: Household | None, event: e.HouseholdRegistered) -> Household:
    return Household(
        household_id=event.originator_id,
        version=event.originator_version,
        village=event.village,
        household=event.household,
        registered_at=event.occurred_at if before is None else before.registered_at,
        known=frozenset(field for field in HouseholdField if getattr(event, field) is not None),
        erased_up_to=before.erased_up_to if before else 0,
    )


def _corrected(household: Household, event: e.HouseholdCorrected) -> dict[str, Any]:
    without = household.known - {event.field}
    return {"known": without if event.value is None else without | {event.field}}


def _answered(household: Household, event: e.ObjectionAnswered) -> dict[str, Any]:
    return {"objection_open": False, "consents": frozenset() if event.upheld else household.consents}


def _confirmed(household: Household, event: e.ErasureConfirmed) -> dict[str, Any]:
    proposed_by = household.erasure.proposed_by if household.erasure else event.actor.persons
    return {"erasure": Erasure(proposed_by, event.erase_at)}


def _erased(household: Household, event: e.HouseholdErased) -> dict[str, Any]:
    gone: dict[str, Any] = {"known": frozenset(), "consents": frozenset(), "objection_open": False, "erasure": None}
    return {**gone, "is_erased": True, "erased_up_to": max(household.erased_up_to, event.generation)}


_APPLY: dict[type[DomainEvent], Callable[[Household, Any], dict[str, Any]]] = {
    e.HouseholdCorrected: _corrected,
    e.PriorityConsentRecorded: lambda it, event: {"consents": it.consents | {event.reason}},
    e.PriorityConsentWithdrawn: lambda it, event: {"consents": it.consents - {event.reason}},
    e.ProcessingObjected: lambda _, __: {"objection_open": True},
    e.ObjectionAnswered: _answered,
    e.CopyRequested: lambda _, __: {},
    e.ErasureProposed: lambda _, event: {"erasure": Erasure(event.actor.persons)},
    e.ErasureConfirmed: _confirmed,
    e.ErasureCancelled: lambda _, __: {"erasure": None},
    e.HouseholdErased: _erased,
}
