"""Withdrawn, merged, split, linked, led, corrected (L13)."""

from typing import ClassVar
from uuid import UUID

from domain.events import DomainEvent
from domain.issue.words import EntryField
from domain.privacy import Personal


class IssueWithdrawn(DomainEvent):
    TOPIC: ClassVar[str] = "issue.withdrawn"
    reasons: Personal


class IssueMerged(DomainEvent):
    TOPIC: ClassVar[str] = "issue.merged"
    into: UUID
    reasons: Personal


class IssueAbsorbed(DomainEvent):
    TOPIC: ClassVar[str] = "issue.absorbed"
    issue_id: UUID


class IssueSplit(DomainEvent):
    TOPIC: ClassVar[str] = "issue.split"
    into: tuple[UUID, ...]
    reasons: Personal


class CommonCauseLinked(DomainEvent):
    TOPIC: ClassVar[str] = "issue.common_cause_linked"
    cause: str


class LeaderAssigned(DomainEvent):
    TOPIC: ClassVar[str] = "issue.leader_assigned"
    leader: str


class EntryCorrected(DomainEvent):
    TOPIC: ClassVar[str] = "issue.entry_corrected"
    field: EntryField
    value: Personal | None = None
    reason: Personal
