"""Replied, delivered, rated, reviewed, closed, looked back at (L11, L12)."""

from typing import ClassVar
from uuid import UUID

from domain.deadlines import Deadline
from domain.events import DomainEvent
from domain.issue.words import CopyFor, Rating, Tier
from domain.privacy import Personal
from domain.values import Moment, Responsible


class ReplyGiven(DomainEvent):
    TOPIC: ClassVar[str] = "issue.reply_given"
    findings: Personal
    opinion: Personal
    basis: Personal | None = None
    review_until: Moment
    deadline: Deadline
    asks_household: bool


class ReplyDelivered(DomainEvent):
    TOPIC: ClassVar[str] = "issue.reply_delivered"
    copy_for: CopyFor
    method: Personal


class AnswerShared(DomainEvent):
    """The issue into which this one was merged was answered: this household has its answer too."""

    TOPIC: ClassVar[str] = "issue.answer_shared"
    answered_in: UUID
    findings: Personal
    opinion: Personal


class AnswerRated(DomainEvent):
    TOPIC: ClassVar[str] = "issue.answer_rated"
    rating: Rating
    contacted: bool
    remark: Personal | None = None
    deadline: Deadline | None = None  # the time to close; none when the rating reopens the issue


class HouseholdSilent(DomainEvent):
    TOPIC: ClassVar[str] = "issue.household_silent"
    limit: Moment


class IssueReopened(DomainEvent):
    TOPIC: ClassVar[str] = "issue.reopened"
    why: str  # dissatisfied | look_back_failed | review_not_upheld | recheck_not_upheld
    tier: Tier
    responsible: Responsible
    deadline: Deadline


class ReviewRequested(DomainEvent):
    TOPIC: ClassVar[str] = "issue.review_requested"
    grounds: Personal
    deadline: Deadline
    told: tuple[str, ...] | None = None  # whose turn it is, as it stood then


class ReviewDecided(DomainEvent):
    TOPIC: ClassVar[str] = "issue.review_decided"
    upheld: bool
    opinion: Personal
    recheck_until: Moment
    deadline: Deadline | None = None


class RecheckRequested(DomainEvent):
    TOPIC: ClassVar[str] = "issue.recheck_requested"
    grounds: Personal
    deadline: Deadline
    told: tuple[str, ...] | None = None  # whose turn it is, as it stood then


class RecheckDecided(DomainEvent):
    TOPIC: ClassVar[str] = "issue.recheck_decided"
    upheld: bool
    opinion: Personal
    deadline: Deadline | None = None


class IssueClosed(DomainEvent):
    TOPIC: ClassVar[str] = "issue.closed"
    look_back: Deadline | None = None  # none: a record imported from an earlier system, nothing more is owed


class LookBackPassed(DomainEvent):
    TOPIC: ClassVar[str] = "issue.look_back_passed"
    findings: Personal


class LookBackFailed(DomainEvent):
    TOPIC: ClassVar[str] = "issue.look_back_failed"
    findings: Personal
