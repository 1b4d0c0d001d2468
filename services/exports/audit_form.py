"""Auditors' findings as a form 督查发现台账: what was found, who answered, what came of it."""

from typing import Final

from domain.audit.words import FindingOutcome, FindingStanding, FindingSubject
from projections.audit_findings import FINDING_WORDS, AuditFindingLine, audit_findings
from projections.labels import label
from services.exports.cells import Cell, day, said
from services.exports.form import Form


def _subject(line: AuditFindingLine) -> str:
    """What it is about, and where to find it."""
    at = None if line.at_position is None else f"日志位置 {line.at_position}"
    named = (line.number, at, line.ledger, line.concerns)
    return " ".join((label(FindingSubject(line.about)).zh, *(it for it in named if it)))


def _standing(line: AuditFindingLine) -> str:
    again = f"（第 {line.rounds} 次答复）" if line.rounds > 1 else ""
    outcome = f"：{label(FindingOutcome(line.outcome)).zh}" if line.outcome else ""
    return f"{label(FindingStanding(line.standing)).zh}{outcome}{again}"


_COLUMNS: Final[dict[str, Cell]] = {
    "发现日期": lambda line: day(line.at),
    "对象": _subject,
    "发现问题": said("problem"),
    "督查人": said("auditor"),
    "答复单位": lambda line: line.unit_name or line.unit,
    "答复期限": lambda line: day(line.answer_by),
    "答复日期": lambda line: day(line.answered_at),
    "答复": said("answer"),
    "督查意见": said("opinion"),
    "现状": _standing,
    "逾期答复(次)": lambda line: str(line.late or ""),
    "办结日期": lambda line: day(line.closed_at),
    "办结说明": said("summary"),
}
AUDIT_FINDINGS: Final = Form("督查发现台账", _COLUMNS, audit_findings, words=FINDING_WORDS)
