"""Planned to be put right, marked as backlog, filed as final (LL5, PC5)."""

from domain.issue.commands.base import IssueCommand
from domain.values import GivenDay, Key, Line, Text, UserId


class PlanRectification(IssueCommand):
    """整改方案 (LL5): measures, unit, person, deadline."""

    measures: Text
    unit: Line
    person: UserId
    due_on: GivenDay


class MarkBacklog(IssueCommand):
    """列为积案 (PC5), in a campaign."""

    campaign: Key


class ProposeFinalFiling(IssueCommand):
    """提请终结备案 (PC5)."""

    grounds: Text


class FileAsFinal(IssueCommand):
    """终结备案, by a leader (PC5): not opened again."""


class RefuseFinalFiling(IssueCommand):
    """不予终结备案."""

    reasons: Text
