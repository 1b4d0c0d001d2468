"""What auditors write 督查记录: findings with their answers, and samples drawn. Nothing of it changes anything else.

Words about an issue go under its household's key. `told`: whom it concerns now.
"""

from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from domain.audit.words import FindingOutcome, FindingSubject, SampleKind
from domain.events import DomainEvent
from domain.privacy import Personal
from domain.spot_check.drawing import Head
from domain.values import Moment


class AuditFindingRecorded(DomainEvent):
    """`villages`: those of the unit addressed, and of the issue; `concerns`: of whose conduct it speaks."""

    TOPIC: ClassVar[str] = "audit.finding_recorded"
    about: FindingSubject
    number: str | None = None
    village: str | None = None
    household: str | None = None
    position: int | None = None
    ledger: str | None = None
    fund_id: UUID | None = None
    concerns: str | None = None
    sample_id: UUID | None = None
    unit: str
    villages: tuple[str, ...] = ()
    problem: Personal
    answer_by: Moment
    told: tuple[str, ...] = ()


class AuditFindingAnswered(DomainEvent):
    TOPIC: ClassVar[str] = "audit.finding_answered"
    answer: Personal
    late: bool = False
    told: tuple[str, ...] = ()


class AuditAnswerAccepted(DomainEvent):
    TOPIC: ClassVar[str] = "audit.answer_accepted"
    opinion: Personal
    told: tuple[str, ...] = ()


class AuditFindingInsisted(DomainEvent):
    """`round`: the how-manieth answer is awaited now."""

    TOPIC: ClassVar[str] = "audit.finding_insisted"
    opinion: Personal
    answer_by: Moment
    round: int
    told: tuple[str, ...] = ()


class AuditFindingClosed(DomainEvent):
    TOPIC: ClassVar[str] = "audit.finding_closed"
    outcome: FindingOutcome
    summary: Personal
    told: tuple[str, ...] = ()


class AuditSampleAsked(DomainEvent):
    """The criteria, fixed. Once it is sealed this event is the head of the draw: it gives the seed."""

    TOPIC: ClassVar[str] = "audit.sample_asked"
    number: int
    kind: SampleKind
    village: str | None = None
    since: date | None = None
    until: date | None = None


class AuditSampleDrawn(DomainEvent):
    """The draw, with all that it takes to do it again."""

    TOPIC: ClassVar[str] = "audit.sample_drawn"
    head: Head
    head_hash: str
    seed: str
    counted: int
    digest: str
    items: tuple[str, ...]


AUDIT_EVENTS: Final[frozenset[type[DomainEvent]]] = frozenset(
    {
        AuditFindingRecorded, AuditFindingAnswered, AuditAnswerAccepted, AuditFindingInsisted, AuditFindingClosed,
        AuditSampleAsked, AuditSampleDrawn,
    }
)  # fmt: skip
