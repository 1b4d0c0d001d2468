"""Progress reported or missed, works completed, accepted or done again (L10)."""

from domain.issue.commands.base import IssueCommand, Percent, Photos
from domain.values import Moment, Text, Yuan


class ReportProgress(IssueCommand):
    """形象进度月报 (L10)."""

    percent: Percent
    spent: Yuan
    note: Text | None = None
    photos: Photos = ()


class RecordMissedReport(IssueCommand):
    """月报缺报 (L10)."""

    due_at: Moment


class CompleteWorks(IssueCommand):
    """完工."""

    summary: Text
    spent: Yuan
    photos: Photos = ()


class AcceptWorks(IssueCommand):
    """验收, by someone who did not do the work (L10)."""

    findings: Text


class OrderRework(IssueCommand):
    """返工."""

    reasons: Text
