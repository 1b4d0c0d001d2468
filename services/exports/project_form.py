"""The project register as the form 专项经费补贴项目进度登记表 (Appendix 2, CX14): columns, and how they are filled."""

from typing import Final

from domain.issue.words import Stage, Urgency
from domain.meeting.words import MeetingKind
from projections.fund_register import ProjectLine, projects
from projections.labels import label
from services.exports.cells import Cell, day, village, yuan
from services.exports.form import Form


def _payments(line: ProjectLine) -> str:
    return f"{line.tranches} 次，{yuan(line.paid)} 元" + (f"\n{line.payments}" if line.payments else "")


def _done(line: ProjectLine) -> str:
    return day(line.completed_at) or (f"预计 {line.expected}" if line.expected else "")


def _remarks(line: ProjectLine) -> str:
    said = (
        f"缺报 {line.missed_reports} 次" if line.missed_reports else "",
        f"此前项目 {line.earlier} 个" if line.earlier else "",
        label(Stage(line.stage)).zh,
    )
    return "；".join(filter(None, said))


_COLUMNS: Final[dict[str, Cell]] = {
    "项目名称": lambda line: f"{line.number} {line.title or ''}".strip(),
    "村(社区)": village,
    "批准会议及日期": lambda line: f"{label(MeetingKind.COMMITTEE).zh} {day(line.approved_at)}",
    "紧急程度": lambda line: label(Urgency(line.urgency)).zh,
    "预算": lambda line: yuan(line.budget),
    "批准补贴": lambda line: yuan(line.approved),
    "已拨付(次数、金额、日期)": _payments,
    "已支出": lambda line: yuan(line.spent),
    "开工日期": lambda line: day(line.started_at),
    "形象进度(%)": lambda line: str(line.percent),
    "预计/实际完工": _done,
    "验收": lambda line: day(line.accepted_at),
    "结余退回": lambda line: yuan(line.returned),
    "备注": _remarks,
}
PROJECTS: Final = Form("专项经费补贴项目进度登记表", _COLUMNS, projects, words=("title",))
