"""Progress reported or missed, works completed, accepted or done again (L10)."""

from typing import ClassVar

from domain.issue.commands.base import HANDLERS_OF_CASES, LEADERS, PROCESS_ONLY, IssueCommand, Percent, Photos
from domain.values import Moment, Text, Yuan


class ReportProgress(IssueCommand):
    """形象进度月报 (L10)."""

    ROLES: ClassVar = HANDLERS_OF_CASES
    percent: Percent
    spent: Yuan
    note: Text | None = None
    photos: Photos = ()


class RecordMissedReport(IssueCommand):
    """月报缺报 (L10)."""

    ROLES: ClassVar = PROCESS_ONLY
    due_at: Moment


class CompleteWorks(IssueCommand):
    """完工."""

    ROLES: ClassVar = HANDLERS_OF_CASES
    summary: Text
    spent: Yuan
    photos: Photos = ()


class AcceptWorks(IssueCommand):
    """验收, by someone who did not do the work (L10)."""

    ROLES: ClassVar = HANDLERS_OF_CASES | LEADERS
    findings: Text


class OrderRework(IssueCommand):
    """返工."""

    ROLES: ClassVar = HANDLERS_OF_CASES | LEADERS
    reasons: Text
