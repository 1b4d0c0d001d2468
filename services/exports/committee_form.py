"""What is submitted to the committee as the form 月需提请党委会研究解决问题表 (Appendix 1, CX5)."""

from typing import Final

from domain.issue.words import Outcome, Urgency
from projections.committee_submission import COMMITTEE_WORDS, CommitteeLine, committee_submissions
from projections.labels import label
from services.exports.cells import Cell, day, said, village, yuan
from services.exports.form import Form


def _signed(line: CommitteeLine) -> str:
    """驻点组长审核: who signed it when, or sent it back and why."""
    if line.signed_by:
        return f"{line.signed_by} {day(line.signed_at)} 审签"
    if line.sent_back_by:
        return f"{line.sent_back_by} {day(line.sent_back_at)} 退回：{line.faults or ''}"
    return "待审签"


def _opinion(line: CommitteeLine) -> str:
    """党委会意见: the decision with its day, the subsidy or the reasons."""
    if line.outcome is None:
        return ""
    said_then = f"{label(Outcome(line.outcome)).zh} {day(line.decided_at)}"
    money = f"，补贴 {yuan(line.subsidy)} 元" if line.subsidy else ""
    return said_then + money + (f"：{line.reasons}" if line.reasons else "")


def _remarks(line: CommitteeLine) -> str:
    parts = (line.number, label(Urgency(line.urgency)).zh, f"缓议 {line.deferred} 次" if line.deferred else "")
    return "；".join(filter(None, parts))


_COLUMNS: Final[dict[str, Cell]] = {
    "村(社区)": village,
    "问题现状": said("current_state"),
    "驻点团队意见(预解决方案)": said("proposed_solution"),
    "项目预算总额(元)": lambda line: yuan(line.budget),
    "申请补贴金额(元)": lambda line: yuan(line.asked),
    "预计完成时间": lambda line: str(line.expected),
    "提请日期": lambda line: day(line.at),
    "驻点组长审核": _signed,
    "党委会意见": _opinion,
    "备注": _remarks,
}
COMMITTEE: Final = Form(
    "月需提请党委会研究解决问题表", _COLUMNS, committee_submissions, words=COMMITTEE_WORDS, officers=("signed_by",)
)
