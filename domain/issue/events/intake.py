"""Logged, fixed on site, escalated, accepted, assigned, resolved (L1, L2, L3, L5)."""

from typing import ClassVar
from uuid import UUID

from domain.deadlines import Deadline
from domain.events import DomainEvent
from domain.issue.words import Channel, Tier
from domain.privacy import Personal
from domain.values import Responsible


class IssueLogged(DomainEvent):
    TOPIC: ClassVar[str] = "issue.logged"
    number: str | None = None  # allotted by the statement that writes this event, so that no number is lost
    receipt_hash: str
    plan: str
    channel: Channel
    village: str
    category: str
    title: Personal | None = None
    description: Personal
    place: Personal | None = None
    photos: tuple[str, ...] = ()
    household: str | None = None
    source: Personal | None = None
    split_from: UUID | None = None
    concerns: str | None = None  # 被反映人: the account of the official complained of
    repeats: str | None = None  # 重复信访: the earlier issue's number
    responsible: Responsible
    deadline: Deadline
    notice: Deadline | None = None  # 书面告知: until when the household is told, if the plan asks for it


class IssueFixedOnSite(DomainEvent):
    TOPIC: ClassVar[str] = "issue.fixed_on_site"
    measures: Personal
    before: tuple[str, ...] | None = None
    evidence: tuple[str, ...] = ()
    deadline: Deadline


class IssueEscalated(DomainEvent):
    TOPIC: ClassVar[str] = "issue.escalated"
    tier: Tier
    department: str | None = None
    reason: Personal | None = None
    overdue: bool = False  # the process moved it because nobody acted in time
    responsible: Responsible
    deadline: Deadline
    notice: Deadline | None = None  # the office that receives it has its own time to tell the household


class IssueAccepted(DomainEvent):
    TOPIC: ClassVar[str] = "issue.accepted"
    responsible: Responsible
    deadline: Deadline


class EscalationReturned(DomainEvent):
    TOPIC: ClassVar[str] = "issue.escalation_returned"
    reasons: Personal
    tier: Tier
    responsible: Responsible
    deadline: Deadline
    objection: Deadline | None = None  # 异议期限, if the plan has one
    late: bool | None = None  # it came after that limit
    notice: Deadline | None = None  # of the office that has it again, if it had not told the household before


class IssueAssigned(DomainEvent):
    """`deadline`: the next holder's own clock, where the running one left too little; the household's date stays."""

    TOPIC: ClassVar[str] = "issue.assigned"
    responsible: Responsible
    deadline: Deadline | None = None


class IssueResolved(DomainEvent):
    TOPIC: ClassVar[str] = "issue.resolved"
    measures: Personal
    evidence: tuple[str, ...] = ()
    deadline: Deadline
