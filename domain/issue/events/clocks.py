"""Reminded, missed, supervised, extended (L4)."""

from typing import ClassVar

from domain.deadlines import Deadline
from domain.events import DomainEvent
from domain.privacy import Personal
from domain.values import Moment, Responsible


class DeadlineReminded(DomainEvent):
    TOPIC: ClassVar[str] = "issue.deadline_reminded"
    rule: str
    due_at: Moment


class DeadlineMissed(DomainEvent):
    TOPIC: ClassVar[str] = "issue.deadline_missed"
    rule: str
    due_at: Moment
    holder: Responsible


class SupervisionNoticeSent(DomainEvent):
    TOPIC: ClassVar[str] = "issue.supervision_notice_sent"
    rule: str
    notice: int
    to_unit: str
    next_notice_at: Moment | None = None


class ExtensionRequested(DomainEvent):
    TOPIC: ClassVar[str] = "issue.extension_requested"
    days: int
    reason: Personal


class ExtensionGranted(DomainEvent):
    TOPIC: ClassVar[str] = "issue.extension_granted"
    days: int
    deadline: Deadline


class ExtensionRefused(DomainEvent):
    TOPIC: ClassVar[str] = "issue.extension_refused"
    reasons: Personal
