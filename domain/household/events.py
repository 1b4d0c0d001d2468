"""What can happen to a household's entry in the register. Its words are sealed under its own key."""

from datetime import date
from typing import ClassVar, Final

from domain.events import DomainEvent
from domain.household.words import ErasureReason, HouseholdField, SpokenBy, WelfareReason
from domain.privacy import Personal
from domain.values import Moment


class HouseholdRegistered(DomainEvent):
    TOPIC: ClassVar[str] = "household.registered"
    village: str
    household: str
    name: Personal | None = None
    phone: Personal | None = None
    address: Personal | None = None


class HouseholdCorrected(DomainEvent):
    TOPIC: ClassVar[str] = "household.corrected"
    field: HouseholdField
    value: Personal | None = None


class PriorityConsentRecorded(DomainEvent):
    TOPIC: ClassVar[str] = "household.priority_consent_recorded"
    reason: WelfareReason
    given_by: SpokenBy
    given_on: date


class PriorityConsentWithdrawn(DomainEvent):
    TOPIC: ClassVar[str] = "household.priority_consent_withdrawn"
    reason: WelfareReason


class ProcessingObjected(DomainEvent):
    TOPIC: ClassVar[str] = "household.processing_objected"
    request: Personal
    spoken_by: SpokenBy


class ObjectionAnswered(DomainEvent):
    TOPIC: ClassVar[str] = "household.objection_answered"
    upheld: bool
    answer: Personal


class CopyRequested(DomainEvent):
    TOPIC: ClassVar[str] = "household.copy_requested"
    spoken_by: SpokenBy


class ErasureProposed(DomainEvent):
    TOPIC: ClassVar[str] = "household.erasure_proposed"
    reason: ErasureReason


class ErasureConfirmed(DomainEvent):
    TOPIC: ClassVar[str] = "household.erasure_confirmed"
    erase_at: Moment  # the end of the waiting period


class ErasureCancelled(DomainEvent):
    TOPIC: ClassVar[str] = "household.erasure_cancelled"
    reasons: Personal


class HouseholdErased(DomainEvent):
    """Its keys up to `generation` are destroyed: what was said under them can be read by nobody any more."""

    TOPIC: ClassVar[str] = "household.erased"
    generation: int


HOUSEHOLD_EVENTS: Final[frozenset[type[DomainEvent]]] = frozenset(
    {
        HouseholdRegistered, HouseholdCorrected, PriorityConsentRecorded, PriorityConsentWithdrawn,
        ProcessingObjected, ObjectionAnswered, CopyRequested, ErasureProposed, ErasureConfirmed, ErasureCancelled,
        HouseholdErased,
    }
)  # fmt: skip
