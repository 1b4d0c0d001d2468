"""What can happen to the plans in force. Past tense, with who and when (`DomainEvent`); names fixed by `TOPIC`."""

from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from domain.events import DomainEvent
from domain.values import Moment


class PlanProposed(DomainEvent):
    """`document` is the whole plan as canonical JSON, so that nobody ever needs its file again; `sha256` in hex."""

    TOPIC: ClassVar[str] = "adoption.plan_proposed"
    plan: str
    document: str
    sha256: str
    starts_on: date
    township: str | None = None


class PlanAdopted(DomainEvent):
    """In force from `since` on; `proposal` is the command that proposed it."""

    TOPIC: ClassVar[str] = "adoption.plan_adopted"
    proposal: UUID
    plan: str
    sha256: str
    since: Moment
    township: str | None = None


class ProposalWithdrawn(DomainEvent):
    TOPIC: ClassVar[str] = "adoption.proposal_withdrawn"
    proposal: UUID
    plan: str
    reasons: str


ADOPTION_EVENTS: Final[frozenset[type[DomainEvent]]] = frozenset({PlanProposed, PlanAdopted, ProposalWithdrawn})
