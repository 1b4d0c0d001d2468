"""The project register as the form 专项经费补贴项目进度登记表 (Appendix 2, CX14): columns, and how they are filled."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.issue.words import Stage, Urgency
from domain.values import LOCAL_ZONE
from projections.fund_register import ProjectLine
from projections.labels import label


def _day(moment: datetime | None) -> str:
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d") if moment else ""


def _yuan(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _payments(line: ProjectLine) -> str:
    return f"{line.tranches} 次，{_yuan(line.paid)} 元" + (f"\n{line.payments}" if line.payments else "")


def _done(line: ProjectLine) -> str:
    return _day(line.completed_at) or (f"预计 {line.expected}" if line.expected else "")


def _remarks(line: ProjectLine) -> str:
    said = (
        f"缺报 {line.missed_reports} 次" if line.missed_reports else "",
        f"此前项目 {line.earlier} 个" if line.earlier else "",
        label(Stage(line.stage)).zh,
    )
    return "；".join(filter(None, said))


PROJECT_COLUMNS: Final[dict[str, Callable[[ProjectLine], str]]] = {
    "项目名称": lambda line: f"{line.number} {line.title or ''}".strip(),
    "村(社区)": lambda line: line.village_name or line.village,
    "批准会议及日期": lambda line: _day(line.approved_at),
    "紧急程度": lambda line: label(Urgency(line.urgency)).zh,
    "预算": lambda line: _yuan(line.budget),
    "批准补贴": lambda line: _yuan(line.approved),
    "已拨付(次数、金额、日期)": _payments,
    "已支出": lambda line: _yuan(line.spent),
    "开工日期": lambda line: _day(line.started_at),
    "形象进度(%)": lambda line: str(line.percent),
    "预计/实际完工": _done,
    "验收": lambda line: _day(line.accepted_at),
    "结余退回": lambda line: _yuan(line.returned),
    "备注": _remarks,
}
"""After 序号, which counts the lines of one copy of the form."""


def project_row(line: ProjectLine) -> list[str]:
    """The cells of one line, in the columns' order."""
    return [cell(line) for cell in PROJECT_COLUMNS.values()]
