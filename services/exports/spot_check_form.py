"""Spot checks as forms: the register 抽查台账, which names no household, and what was found and put right."""

from typing import Final

from domain.spot_check.words import CheckKind, Standing
from projections.labels import label
from projections.rectifications import FINDING_WORDS, RectificationLine, rectifications
from projections.spot_checks import checks
from services.exports.cells import Cell, day, said
from services.exports.form import Form

_COLUMNS: Final[dict[str, Cell]] = {
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
_STANDING: Final = {Standing.ORDERED: "待整改", Standing.REPORTED: "待复核", Standing.ACCEPTED: "复核合格"}


def _standing(line: RectificationLine) -> str:
    """With how often it was sent back to be done again."""
    if line.standing is None:
        return "未下达整改"
    again = f"（第 {line.rounds} 次）" if line.rounds > 1 else ""
    return f"{_STANDING[Standing(line.standing)]}{again}"


_FOUND_COLUMNS: Final[dict[str, Cell]] = {
    "方式": lambda line: label(CheckKind(line.kind)).zh,
    "月份(日期)": lambda line: line.period,
    "被查驻点": lambda line: line.station_name or line.station,
    "事项编号": said("item"),
    "发现日期": lambda line: day(line.at),
    "发现问题": said("problem"),
    "责任单位": lambda line: line.unit_name or line.unit or "",
    "整改要求": said("requirement"),
    "整改期限": lambda line: day(line.due_at),
    "整改措施": said("measures"),
    "复核意见": said("opinion"),
    "整改情况": _standing,
    "超期(次)": lambda line: str(line.missed or ""),
}
SPOT_CHECKS: Final = Form("抽查台账", _COLUMNS, checks)
FINDINGS: Final = Form("抽查问题整改台账", _FOUND_COLUMNS, rectifications, words=FINDING_WORDS)
