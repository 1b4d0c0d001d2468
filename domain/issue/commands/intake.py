"""Logged, fixed on site, escalated, accepted, assigned, resolved (L1, L2, L3, L5)."""

from uuid import UUID

from domain.commands import Command
from domain.issue.commands.base import (
    IssueCommand,
    Photos,
    issue_id_of,
)
from domain.issue.words import Channel
from domain.values import GivenMoment, HouseholdId, IssueNumber, Key, Line, Moment, Text, UserId, VillageCode


class LogIssue(Command):
    """登记 (L1)."""

    channel: Channel
    village: VillageCode
    category: Key
    title: Line | None = None
    description: Text
    place: Line | None = None
    photos: Photos = ()
    household: HouseholdId | None = None
    promised_by: GivenMoment | None = None
    source: Line | None = None
    concerns: UserId | None = None  # 被反映人: whatever the category, for a complaint may come with anything
    repeats: IssueNumber | None = None  # 重复信访: the earlier issue of the same facts, as the handler knows

    @property
    def issue_id(self) -> UUID:
        """Where this issue's events go."""
        return issue_id_of(self.command_id)

    @property
    def stream_id(self) -> UUID:
        return self.issue_id


class FixOnSite(IssueCommand):
    """现场办理 (L2). `before`, `evidence`: photos of how it was, and of how it is now."""

    measures: Text
    before: Photos = ()
    evidence: Photos = ()


class EscalateIssue(IssueCommand):
    """上报镇, or referral to the department that owns the category (L5)."""

    reason: Text
    department: Key | None = None


class AcceptIssue(IssueCommand):
    """受理."""

    person: UserId


class ReturnEscalation(IssueCommand):
    """异议退回: not within our remit, with reasons."""

    reasons: Text


class AssignIssue(IssueCommand):
    """改派责任人 (L3)."""

    person: UserId


class ResolveIssue(IssueCommand):
    """办结, without committee and money."""

    measures: Text
    evidence: Photos = ()


class EscalateOverdue(IssueCommand):
    """超期自动上报 (L4)."""

    due_at: Moment
