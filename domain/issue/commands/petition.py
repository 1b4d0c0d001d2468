"""What the petition regulations ask beside the rest: the household is told (XF1)."""

from domain.issue.commands.base import IssueCommand
from domain.issue.words import NoticeAbout
from domain.values import Line, Text


class NotifyHousehold(IssueCommand):
    """告知: that it was received, how and by whom it is handled; or that it takes longer, and why (XF1)."""

    about: NoticeAbout
    content: Text
    method: Line
