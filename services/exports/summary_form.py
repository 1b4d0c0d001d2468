"""The half-yearly and yearly summary of a village as a form 总结 (F16): columns, and how they are filled."""

from typing import Final

from projections.summaries import SummaryLine, summaries
from services.exports.cells import Cell, village
from services.exports.form import Form


def _content(line: SummaryLine) -> str:
    return f"满意 {line.satisfied}、基本满意 {line.mostly}、不满意 {line.dissatisfied}"


_COLUMNS: Final[dict[str, Cell]] = {
    "期间": lambda line: line.period,
    "村(社区)": village,
    "类别": lambda line: line.category,
    "梳理问题": lambda line: str(line.found),
    "其中矛盾隐患": lambda line: str(line.hazards),
    "上期结转": lambda line: str(line.brought),
    "上报": lambda line: str(line.reported),
    "办结": lambda line: str(line.solved),
    "答复": lambda line: str(line.answered),
    "销号": lambda line: str(line.closed),
    "期末未销号": lambda line: str(line.still_open),
    "超期": lambda line: str(line.overdue),
    "群众评价": _content,
    "回头看": lambda line: str(line.looked_back),
}
SUMMARIES: Final = Form("总结", _COLUMNS, summaries, by_category=True)
