"""The register of spot checks 抽查台账: columns, and how they are filled. It names issues, and no household."""

from collections.abc import Callable
from typing import Final

from domain.spot_check.words import CheckKind
from projections.labels import label
from projections.spot_checks import CheckLine
from services.exports.minutes_form import day

SPOT_CHECK_COLUMNS: Final[dict[str, Callable[[CheckLine], str]]] = {
    "乡镇": lambda line: line.township_name or line.township,
    "方式": lambda line: label(CheckKind(line.kind)).zh,
    "月份(日期)": lambda line: line.period,
    "被查驻点": lambda line: "、".join(line.station_names),
    "抽查事项": lambda line: "、".join(line.items),
    "报送期限": lambda line: day(line.hand_in_by),
    "已报送": lambda line: str(line.handed_in) + ("（逾期）" if line.handed_in_late else ""),
    "缺报": lambda line: "" if line.missed is None else "、".join(line.missed) or "全部",
    "发现问题": lambda line: str(line.findings),
    "未整改": lambda line: str(line.outstanding),
    "整改超期(次)": lambda line: str(line.overdue),
    "办结日期": lambda line: day(line.closed_at),
    "抽取种子": lambda line: line.seed or "",
}
"""After 序号, which counts the lines of one copy of the form."""


def spot_check_row(line: CheckLine) -> list[str]:
    """The cells of one line, in the columns' order."""
    return [cell(line) for cell in SPOT_CHECK_COLUMNS.values()]
