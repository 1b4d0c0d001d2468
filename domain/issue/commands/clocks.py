"""Reminded, missed, supervised, extended (L4)."""

from typing import Annotated

from pydantic import Field

from domain.issue.commands.base import Days, IssueCommand
from domain.plan_parts import MOST_NOTICES
from domain.values import Moment, Text


class RemindHolder(IssueCommand):
    """催办提醒 (L4)."""

    due_at: Moment


class RecordMissedDeadline(IssueCommand):
    """超期 (L4)."""

    due_at: Moment


class SendSupervisionNotice(IssueCommand):
    """督办 (L4)."""

    notice: Annotated[int, Field(ge=1, le=MOST_NOTICES)]


class RequestExtension(IssueCommand):
    """申请延期 (L4)."""

    days: Days
    reason: Text


class GrantExtension(IssueCommand):
    """批准延期, by another person (L4)."""


class RefuseExtension(IssueCommand):
    """不予延期."""

    reasons: Text
