"""Reminded, missed, supervised, extended, paused, counted anew (L3, L4)."""

from typing import Annotated

from pydantic import Field

from domain.issue.commands.base import Days, IssueCommand
from domain.pausing import PauseReason
from domain.plan_parts import MOST_NOTICES
from domain.values import Line, Moment, Text


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


class PauseClock(IssueCommand):
    """暂停计时: while something is waited for that the office does not decide (L3)."""

    reason: PauseReason
    note: Text


class ResumeClock(IssueCommand):
    """恢复计时."""

    note: Text | None = None


class EndPause(IssueCommand):
    """暂停期满: the clock goes on by itself. `due_at`: when the pause was to end at the latest."""

    due_at: Moment


class RecordMissedPromise(IssueCommand):
    """超过向群众承诺的期限, beside the holder's own clock (L3, L4)."""

    due_at: Moment


class RedateDeadline(IssueCommand):
    """按新的放假安排重新计算期限. `due_at`: the limit that ran; `calendar`: the table's version."""

    due_at: Moment
    calendar: Annotated[int, Field(ge=0)]
    notice: Line
