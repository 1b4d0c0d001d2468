"""Reminded, missed, supervised, extended, paused, counted anew (L3, L4)."""

from typing import ClassVar

from domain.deadlines import Deadline
from domain.events import DomainEvent
from domain.pausing import PauseReason
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


class PromiseMissed(DomainEvent):
    TOPIC: ClassVar[str] = "issue.promise_missed"
    rule: str
    due_at: Moment
    holder: Responsible


class SupervisionNoticeSent(DomainEvent):
    TOPIC: ClassVar[str] = "issue.supervision_notice_sent"
    rule: str
    notice: int
    to_unit: str
    next_notice_at: Moment | None = None
    told: tuple[str, ...] | None = None  # the head of that unit


class ExtensionRequested(DomainEvent):
    TOPIC: ClassVar[str] = "issue.extension_requested"
    days: int
    reason: Personal
    told: tuple[str, ...] | None = None  # whose turn it is, as it stood then


class ExtensionGranted(DomainEvent):
    TOPIC: ClassVar[str] = "issue.extension_granted"
    days: int
    deadline: Deadline
    promise: Deadline | None = None


class ExtensionRefused(DomainEvent):
    TOPIC: ClassVar[str] = "issue.extension_refused"
    reasons: Personal


class ClockPaused(DomainEvent):
    """`deadline`: as it will be if the clock stands still until `until`, when it goes on by itself."""

    TOPIC: ClassVar[str] = "issue.clock_paused"
    rule: str
    reason: PauseReason
    note: Personal
    until: Moment
    deadline: Deadline
    promise: Deadline | None = None


class ClockResumed(DomainEvent):
    TOPIC: ClassVar[str] = "issue.clock_resumed"
    rule: str
    note: Personal | None = None
    deadline: Deadline
    promise: Deadline | None = None


class DeadlineRedated(DomainEvent):
    """Counted anew by another holiday table; `was`: the limit before. `notice`: the table's own name.

    `telling`: until when the household is to be told, beside it.
    """

    TOPIC: ClassVar[str] = "issue.deadline_redated"
    rule: str
    was: Moment
    deadline: Deadline
    promise_was: Moment | None = None
    promise: Deadline | None = None
    notice: str
    calendar: int
    telling_was: Moment | None = None
    telling: Deadline | None = None
