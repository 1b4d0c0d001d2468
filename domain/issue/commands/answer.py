"""Replied, delivered, rated, reviewed, closed, looked back at (L11, L12)."""

from domain.issue.commands.base import IssueCommand
from domain.issue.words import CopyFor, Rating
from domain.values import Line, Text


class GiveReply(IssueCommand):
    """书面答复, in four copies (L11)."""

    findings: Text
    opinion: Text
    basis: Text | None = None


class DeliverReply(IssueCommand):
    """送达一联 (L11)."""

    copy_for: CopyFor
    method: Line


class RateAnswer(IssueCommand):
    """群众评价 (L11)."""

    rating: Rating
    contacted: bool = True
    remark: Text | None = None


class CloseSilently(IssueCommand):
    """评价期满未表态, close (L11)."""


class RequestReview(IssueCommand):
    """申请复查 (L11)."""

    grounds: Text


class DecideReview(IssueCommand):
    """复查意见."""

    upheld: bool
    opinion: Text


class RequestRecheck(IssueCommand):
    """申请复核 (L11)."""

    grounds: Text


class DecideRecheck(IssueCommand):
    """复核意见: the last word."""

    upheld: bool
    opinion: Text


class CloseIssue(IssueCommand):
    """销号 (L12)."""

    waive_look_back: bool = False


class RecordLookBack(IssueCommand):
    """回头看, by a different officer (L12)."""

    holds: bool
    findings: Text
