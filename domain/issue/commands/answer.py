"""Replied, delivered, rated, reviewed, closed, looked back at (L11, L12)."""

from typing import ClassVar

from domain.issue.commands.base import HANDLERS_OF_CASES, LEADERS, PROCESS_ONLY, IssueCommand
from domain.issue.words import CopyFor, Rating
from domain.values import Line, Role, Text


class GiveReply(IssueCommand):
    """书面答复, in four copies (L11)."""

    ROLES: ClassVar = HANDLERS_OF_CASES
    findings: Text
    opinion: Text
    basis: Text | None = None


class DeliverReply(IssueCommand):
    """送达一联 (L11)."""

    ROLES: ClassVar = HANDLERS_OF_CASES
    copy_for: CopyFor
    method: Line


class RateAnswer(IssueCommand):
    """群众评价 (L11)."""

    ROLES: ClassVar = HANDLERS_OF_CASES | {Role.HOUSEHOLD}
    rating: Rating
    contacted: bool = True
    remark: Text | None = None


class CloseSilently(IssueCommand):
    """评价期满未表态, close (L11)."""

    ROLES: ClassVar = PROCESS_ONLY


class RequestReview(IssueCommand):
    """申请复查 (L11)."""

    ROLES: ClassVar = HANDLERS_OF_CASES | {Role.HOUSEHOLD}
    grounds: Text


class DecideReview(IssueCommand):
    """复查意见."""

    ROLES: ClassVar = LEADERS
    upheld: bool
    opinion: Text


class RequestRecheck(IssueCommand):
    """申请复核 (L11)."""

    ROLES: ClassVar = HANDLERS_OF_CASES | {Role.HOUSEHOLD}
    grounds: Text


class DecideRecheck(IssueCommand):
    """复核意见: the last word."""

    ROLES: ClassVar = LEADERS
    upheld: bool
    opinion: Text


class CloseIssue(IssueCommand):
    """销号 (L12)."""

    ROLES: ClassVar = HANDLERS_OF_CASES | LEADERS
    waive_look_back: bool = False


class RecordLookBack(IssueCommand):
    """回头看, by a different officer (L12)."""

    ROLES: ClassVar = HANDLERS_OF_CASES | LEADERS | {Role.AUDITOR}
    holds: bool
    findings: Text
