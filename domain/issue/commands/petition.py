"""What the petition regulations ask beside the rest: the household is told (XF1)."""

from domain.issue.commands.base import IssueCommand
from domain.issue.words import NoticeAbout
from domain.values import Line, Moment, Text


class NotifyHousehold(IssueCommand):
    """告知: that it was received, how and by whom it is handled; or that it takes longer, and why (XF1)."""

    about: NoticeAbout
    content: Text
    method: Line


class RemindOfNotice(IssueCommand):
    """提醒告知: the day draws near by which the household has to be told (XF1)."""

    due_at: Moment


class RecordMissedNotice(IssueCommand):
    """逾期未告知: that day is over, and the household was not told (XF1)."""

    due_at: Moment
