"""How does each form lie on paper? What its title is called with unit and period, how wide each column, who signs.

Columns and rows are the forms' own (form.py, issue_form.py and their like). Called by whoever copies a ledger.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.exports.appraisal_form import APPRAISAL_COLUMNS, TRACE_COLUMNS
from services.exports.forms import FORMS
from services.exports.issue_form import COLUMNS as ISSUE_COLUMNS
from services.exports.minutes_form import MEETING_COLUMNS
from services.exports.paper import SIGNATURES, Occasion, Paper, heading_of, period_in_words

COUNT: Final = "序号"
"""The first column of each: it counts the lines of one copy of the form."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A form on paper. `title`: may name `{unit}` and `{period}`; `wide`: A4 on its side."""

    title: str
    columns: tuple[str, ...]
    wide: bool = True
    signatures: tuple[str, ...] = SIGNATURES
    notes: tuple[str, ...] = ()


_LONG: Final = 14
_USUAL: Final = 6
_WIDTHS: Final[Mapping[int, Sequence[str]]] = {
    3: ("序号", "等级", "层级", "年度", "应报", "已报", "缺报", "应到", "缺口", "已支出", "验收", "终结", "销号"),
    4: ("领域", "评价", "复查", "复核", "延期", "类别", "账别", "名目", "状态", "满意率", "备注"),
    7: ("编号", "登记日期", "日期", "受理日期", "办结日期", "答复日期", "销号日期", "发现日期", "提请日期"),
    8: ("登记问题编号", "发现问题编号", "办理时限(含依据)", "责任单位", "驻点组长审核", "已拨付(次数、金额、日期)",
        "已走访(日期、人)", "救济途径(复查期限)", "签收", "被查驻点", "走访完成率", "抽查情况", "项目名称", "实到",
        "文件", "依据"),
    _LONG: ("问题内容", "问题现状", "驻点团队意见(预解决方案)", "党委会意见", "整改措施", "诉求摘要", "办理意见",
            "内容", "谈话要点", "当场办理", "帮扶措施", "事项、谈话要点", "办理措施", "反映事项", "调查情况",
            "处理意见", "事项", "措施", "结果", "化解方案", "要求",
            "发现问题", "整改要求", "复核意见", "缺报事项", "点名事项"),
}  # fmt: skip
"""Columns by how many characters they get; all others get _USUAL."""
_OF: Final = {name: width for width, names in _WIDTHS.items() for name in names}

_TITLES: Final[Mapping[str, str]] = {
    "issues": "{unit}{period}问题台账（整改销号）",
    "meetings": "{unit}{period}会议台账",
    "appraisal": "{unit}{period}考核表",
    "committee": "{unit}{period}需提请党委会研究解决问题表",
    "projects": "{unit}{period}直联工作专项经费补贴项目进度登记表",
    "priority": "{unit}{period}直联重点走访登记册",
    "hazards": "{unit}{period}矛盾隐患排查化解台账",
    "bulletins": "{unit}{period}月通报汇总表",
    "summaries": "{unit}{period}工作总结（问题与矛盾隐患）",
}
_SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "committee": ("填表人", "驻点组长（分管领导）审核", "日期"),
    "projects": ("填表人", "财政所审核", "日期"),
    "bulletins": ("编制", "签发", "日期"),
    "replies": ("经办人", "审核人", "日期"),
}
_NOTES: Final[Mapping[str, tuple[str, ...]]] = {
    "committee": (
        "本表于每月30日前报送，逾期报送的列入再下一次党委会。",
        "申请补贴金额不得超过项目预算总额；党委会意见依会议纪要填写。",
    ),
    "projects": ("已拨付、已支出依财政所记录；形象进度依每月进度报告。",),
    "priority": ("走访事由仅限福利需要（高龄、残疾、困难、独居等），经本人或其监护人同意后登记。",),
    "hazards": ("逐件登记、逐件落实、逐件销号。",),
    "coverage": ("完成率无应完成数的，记“无定义”，不记为零。",),
    "summaries": ("办结、答复、评价为期内首次答复的问题；超期含期末已到期而未办的。",),
    "bulletins": ("有效评价不足五件的，不列满意率。",),
    "appraisal": ("各项数字由系统日志自动统计，可逐笔核对。",),
}


def _layout(name: str, title: str, columns: Sequence[str]) -> Layout:
    return Layout(
        title=_TITLES.get(name, "{unit}{period}" + title),
        columns=(COUNT, *columns),
        signatures=_SIGNATURES.get(name, SIGNATURES),
        notes=_NOTES.get(name, ()),
    )


LAYOUTS: Final[Mapping[str, Layout]] = {
    "issues": _layout("issues", "问题台账", tuple(ISSUE_COLUMNS)),
    "meetings": _layout("meetings", "会议台账", MEETING_COLUMNS),
    "appraisal": _layout("appraisal", "考核表", tuple(APPRAISAL_COLUMNS)),
    "appraisal-marks": _layout("appraisal-marks", "考核明细", tuple(TRACE_COLUMNS)),
    **{name: _layout(name, form.title, tuple(form.columns)) for name, form in FORMS.items()},
}
"""By the name of the ledger."""


def paper_of(name: str, occasion: Occasion) -> Paper:
    """One copy of a ledger's form, without its rows. Raises KeyError for a ledger that there is not."""
    layout = LAYOUTS[name]
    return Paper(
        name=name,
        title=layout.title.format(unit=occasion.unit, period=period_in_words(occasion.period)),
        heading=heading_of(occasion),
        columns=layout.columns,
        widths=tuple(_OF.get(column, _USUAL) for column in layout.columns),
        wide=layout.wide,
        signatures=layout.signatures,
        notes=layout.notes,
    )
