"""Progress reported or missed, works completed, accepted or done again (L10)."""

from decimal import Decimal
from typing import ClassVar

from domain.deadlines import Deadline
from domain.events import DomainEvent
from domain.privacy import Personal
from domain.values import Moment


class ProgressReported(DomainEvent):
    TOPIC: ClassVar[str] = "issue.progress_reported"
    percent: int
    spent: Decimal
    note: Personal | None = None
    photos: tuple[str, ...] = ()
    progress_due_at: Moment


class ProgressReportMissed(DomainEvent):
    TOPIC: ClassVar[str] = "issue.progress_report_missed"
    due_at: Moment
    progress_due_at: Moment


class WorksCompleted(DomainEvent):
    TOPIC: ClassVar[str] = "issue.works_completed"
    summary: Personal
    spent: Decimal
    photos: tuple[str, ...] = ()
    deadline: Deadline
    told: tuple[str, ...] | None = None  # whose turn it is, as it stood then


class WorksAccepted(DomainEvent):
    TOPIC: ClassVar[str] = "issue.works_accepted"
    findings: Personal
    deadline: Deadline


class ReworkOrdered(DomainEvent):
    TOPIC: ClassVar[str] = "issue.rework_ordered"
    reasons: Personal
    deadline: Deadline
    progress_due_at: Moment
