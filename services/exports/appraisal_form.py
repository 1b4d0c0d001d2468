"""The appraisal 考核表 and what stands behind it: columns, and how they are filled. Counts and shares, no score."""

from collections.abc import Callable
from typing import Final

from projections.appraisal import Account, Trace
from projections.appraisal_marks import Counted
from projections.three_rates import Rate
from services.exports.cells import day

TITLES: Final = {
    Counted.HANDLED: "办结",
    Counted.ANSWERED: "答复",
    Counted.ON_TIME: "按期答复",
    Counted.BEHIND: "逾期答复",
    Counted.BEHIND_BY_OTHERS: "其中他人逾期",
    Counted.REOPENED: "重新办理",
    Counted.SATISFIED: "满意",
    Counted.MOSTLY: "基本满意",
    Counted.DISSATISFIED: "不满意",
    Counted.CANNOT_SAY: "无法评价",
    Counted.DECLINED: "拒访",
    Counted.BY_OWN_HAND: "其中本人代录",
    Counted.SILENT: "期满未表态",
    Counted.IN_TIME: "环节按期",
    Counted.LATE: "环节超期",
    Counted.TAKEN_OVER: "其中接手时已计时",
    Counted.WAITED: "等候他人超期",
    Counted.PROMISE: "承诺超期",
    Counted.VISIT: "走访",
    Counted.VISITED: "走访",
    Counted.DUTY: "任务",
    Counted.SHORT: "任务缺口",
    Counted.OWED: "应报",
    Counted.MISSED: "缺报",
    Counted.CHECKED: "被查",
    Counted.FINDING: "发现问题",
    Counted.LEDGERS_MISSED: "抽查台账缺报",
    Counted.RECTIFICATION_MISSED: "整改超期",
}


def _share(rate: Rate) -> str:
    value = rate.value
    return f"{'无定义' if value is None else f'{value:.2%}'}（{rate.numerator.normalize():f}/{rate.denominator}）"


def _count(what: Counted) -> Callable[[Account], str]:
    return lambda line: str(line.of(what))


APPRAISAL_COLUMNS: Final[dict[str, Callable[[Account], str]]] = {
    "干部": lambda line: line.officer or "（合计）",
    "单位": lambda line: line.place_name or line.place,
    "满意率": lambda line: _share(line.satisfaction),
    "按期率": lambda line: _share(line.on_time),
    "环节按期率": lambda line: _share(line.clocks_kept),
    **{title: _count(what) for what, title in TITLES.items() if what not in (Counted.VISIT, Counted.VISITED)},
    "走访": lambda line: str(line.of(Counted.VISIT) + line.of(Counted.VISITED)),
}
"""An account has either a place's visits or an officer's."""
TRACE_COLUMNS: Final[dict[str, Callable[[Trace], str]]] = {
    "日期": lambda line: day(line.at),
    "事项": lambda line: TITLES[Counted(line.what)],
    "计数": lambda line: str(line.count) if line.count > 0 else f"冲回 {-line.count}",
    "干部": lambda line: line.officer or "",
    "单位": lambda line: line.place,
    "编号": lambda line: line.reference or "",
    "依据": lambda line: line.rule or "",
    "其中": lambda line: "" if line.whole is None else f"{'无定义' if line.part is None else line.part}/{line.whole}",
    "日志位置": lambda line: str(line.position),
}


def appraisal_row(line: Account) -> list[str]:
    """The cells of one account, in the columns' order."""
    return [cell(line) for cell in APPRAISAL_COLUMNS.values()]


def trace_row(line: Trace) -> list[str]:
    """The cells of one mark, in the columns' order."""
    return [cell(line) for cell in TRACE_COLUMNS.values()]
