"""The ledgers of visits, petitions and duties as the office's forms (F3, F6 to F10, coverage, attendance)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from domain.duty.policy import Measure
from domain.household.words import WelfareReason
from domain.issue.words import Channel, Rating, Stage
from domain.liaison.words import Book
from domain.submission.state import Standing
from domain.visit.words import HazardLevel, VisitKind, local_day, month_of
from projections import liaison, people, petition_ledger, submissions, visit_coverage, visits
from projections.labels import label
from services.exports.cells import Cell, day, said, village, yes
from services.exports.form import Form


def _time(moment: datetime | None) -> str:
    return day(moment, "%H:%M")


def _place(line: Any) -> str:
    return str(line.place_name or line.place)


def _done(line: visit_coverage.CoverageLine) -> str:
    if line.whole is None:
        return "" if line.done is None else str(line.done)
    share = "无定义" if line.done is None else f"{line.done}%"
    return f"{share}（{line.part}/{line.whole}）"


def _what(line: visit_coverage.CoverageLine) -> str:
    return label(Measure(line.measure)).zh if line.measure else "到场次数"


_VISITS: Final[dict[str, Cell]] = {
    "日期": lambda line: day(line.at),
    "村(社区)": village,
    "类别": lambda line: label(VisitKind(line.kind)).zh,
    "走访人": lambda line: "、".join(line.officers),
    "户号": lambda line: line.household or line.place or "",
    "到场时间": lambda line: "—".join(filter(None, (_time(line.at), _time(line.left_at)))),
    "谈话要点": said("said"),
    "当场办理": said("done"),
    "登记问题编号": lambda line: "、".join(line.issues),
    "下次约定": lambda line: str(line.next_visit or ""),
    "意见反馈表": lambda line: "已收" if line.form else "",
    "补录": lambda line: f"{day(line.recorded_at)} 补录" if line.late else "",
}


def _entry(line: Any) -> dict[str, Any]:
    return {"village": line.village, "month": month_of(local_day(line.at)), "entry": line.entry}


_OPINIONS: Final[dict[str, Cell]] = {
    "日期": lambda line: day(line.at),
    "村组": village,
    "户号": lambda line: line.household or "",
    "增加收入": said("income"),
    "城乡建设": said("construction"),
    "社会保障": said("social_security"),
    "教育医疗": said("education_health"),
    "环境保护": said("environment"),
    "文化生活": said("culture"),
    "困难救助": said("hardship"),
    "社会治安": said("public_safety"),
    "干部作风": said("conduct"),
    "建议": said("suggestion"),
    "是否要求答复": lambda line: "是" if line.reply_wanted else "否",
    "答复方式": said("reply_by"),
    "收集人": lambda line: line.collector,
}
_PRIORITY: Final[dict[str, Cell]] = {
    "年度": lambda line: str(line.year),
    "户号": lambda line: line.household,
    "村组": village,
    "走访事由": lambda line: label(WelfareReason(line.reason)).zh,
    "同意记录": lambda line: "已登记" if line.agrees else "已撤回",
    "计划次数": lambda line: str(line.planned),
    "已走访(日期、人)": lambda line: "\n".join(line.visits),
    "发现问题编号": lambda line: "、".join(line.issues),
    "完成情况": lambda line: "完成" if line.done else f"{len(line.visits)}/{line.planned}",
}
_PROMISES: Final[dict[str, Cell]] = {
    "承诺日期": lambda line: day(line.at),
    "村(社区)": village,
    "户号": lambda line: line.household,
    "帮扶措施": said("measure"),
    "承诺人": lambda line: line.officer,
    "完成时限": lambda line: str(line.due_on),
    "兑现日期": lambda line: day(line.done_at),
    "结果": said("result"),
    "兑现情况": lambda line: {True: "按时兑现", False: "逾期兑现", None: "未兑现"}[line.on_time],
}
_BOOKS: Final[dict[str, Cell]] = {
    "账别": lambda line: label(Book(line.book)).zh,
    "日期": lambda line: day(line.at),
    "村(社区)": village,
    "事项": said("matter"),
    "责任人": lambda line: line.officer,
    "措施": said("measures"),
    "结果": said("result"),
    "报送月份": lambda line: day(line.at)[:7],
}
_HAZARDS: Final[dict[str, Cell]] = {
    "编号": lambda line: line.number,
    "发现日期": lambda line: day(line.at),
    "地点": lambda line: f"{village(line)} {line.place or ''}".strip(),
    "类别": lambda line: line.category,
    "内容": said("description"),
    "等级": lambda line: label(HazardLevel(line.level)).zh,
    "分包领导": said("leader"),
    "责任单位": lambda line: line.unit,
    "责任人": lambda line: line.person,
    "化解方案": said("measures"),
    "时限": lambda line: day(line.due_at),
    "要求": said("requirement"),
    "销号": lambda line: day(line.closed_at),
}


def _decided(asked: datetime | None, decided: datetime | None, upheld: bool | None) -> str:
    """复查、复核: asked for, and what was decided."""
    if asked is None:
        return ""
    return f"{day(decided)} {'维持' if upheld else '不予维持'}" if decided else f"{day(asked)} 申请"


_PETITIONS: Final[dict[str, Cell]] = {
    "编号": lambda line: line.number,
    "信访形式": lambda line: label(Channel(line.channel)).zh,
    "受理日期": lambda line: day(line.accepted_at),
    "告知日期": lambda line: day(line.told_at),
    "领域": lambda line: line.category,
    "诉求摘要": said("summary"),
    "责任单位": lambda line: line.unit,
    "办理期限": lambda line: day(line.handle_by),
    "延期": lambda line: f"{line.extensions} 次，共 {line.extended_days} 天" if line.extensions else "",
    "办理意见": said("opinion"),
    "答复日期": lambda line: day(line.replied_at),
    "复查": lambda line: _decided(line.review_asked_at, line.reviewed_at, line.review_upheld),
    "复核": lambda line: _decided(line.recheck_asked_at, line.rechecked_at, line.recheck_upheld),
    "评价": lambda line: label(Rating(line.rating)).zh if line.rating else "",
    "终结": lambda line: day(line.final_at),
}
_CARDS: Final[dict[str, Cell]] = {
    "村(社区)": village,
    "户号": lambda line: line.household,
    "已领版次": lambda line: str(line.edition or ""),
    "发放日期": lambda line: day(line.delivered_at),
    "最新版次": lambda line: str(line.latest),
    "应换发": lambda line: yes(line.due),
}
_PEOPLE: Final[dict[str, Cell]] = {
    "日期": lambda line: day(line.at),
    "村(社区)": village,
    "户号": lambda line: line.household,
    "编号": lambda line: line.numbers,
    "事项、谈话要点": said("said"),
    "责任人": lambda line: line.person,
    "包案领导": said("leader"),
    "办理措施": said("measures"),
    "办理进度": lambda line: label(Stage(line.stage)).zh if line.stage else "走访",
    "办理时限": lambda line: day(line.due_at),
    "超期次数": lambda line: str(line.missed or ""),
    "答复日期": lambda line: day(line.answered_at),
    "着落": lambda line: label(line.whereabouts).zh,
}
_COVERAGE: Final[dict[str, Cell]] = {
    "单位": _place,
    "周期": lambda line: line.period,
    "任务": lambda line: line.rule,
    "统计": _what,
    "依据": lambda line: line.basis,
    "干部": lambda line: line.officer or "（合计）",
    "应完成": lambda line: f"{line.quota}%" if line.whole is not None else str(line.quota),
    "已完成": _done,
    "缺口": lambda line: str(line.shortfall or ""),
    "其中补录": lambda line: str(line.late or ""),
    "上期截账后补录": lambda line: str(line.after_closing or ""),
    "状态": lambda line: "已截账" if line.closed else "提醒",
}
_ATTENDANCE: Final[dict[str, Cell]] = {
    "单位": _place,
    "日期": lambda line: str(line.day),
    "名目": lambda line: line.rule,
    "应到": lambda line: "、".join(line.due),
    "实到": lambda line: "、".join(line.present),
    "缺席": lambda line: "、".join(line.absent),
    "收集问题": lambda line: str(len(line.issues) or ""),
    "无人到场": lambda line: yes(line.missed),
}
_STANDING: Final = {Standing.OWED: "待报", Standing.TO_SIGN: "待审签", Standing.IN: "已报"}


def _handed_in(line: submissions.SubmissionLine) -> str:
    marks = [word for word, said in (("缺报", line.missed), ("迟报", line.late), ("退回", line.fault)) if said]
    return "、".join((_STANDING[Standing(line.standing)], *marks))


_SUBMISSIONS: Final[dict[str, Cell]] = {
    "单位": _place,
    "周期": lambda line: line.period,
    "事项": lambda line: line.submission,
    "依据": lambda line: line.basis,
    "报送人(单位)": lambda line: line.owner,
    "截止": lambda line: day(line.at - timedelta(seconds=1)),
    "状态": _handed_in,
    "报送时间": lambda line: day(line.handed_in_at),
    "经手人": lambda line: line.handed_in_by or "",
    "审签": lambda line: line.signed_by or "",
    "文件": lambda line: line.paper or "",
}
DUTY_FORMS: Final[Mapping[str, Form]] = {
    "visits": Form("民情日记", _VISITS, visits.visits, visits.VISIT_WORDS, officers=("officers",), ref=_entry),
    "opinions": Form("意见反馈表", _OPINIONS, visits.opinions, visits.OPINION_WORDS, officers=("collector",)),
    "priority": Form("重点走访登记册", _PRIORITY, liaison.priority),
    "promises": Form("帮扶承诺台账", _PROMISES, liaison.promises, liaison.PROMISE_WORDS, officers=("officer",)),
    "books": Form("四本账", _BOOKS, liaison.books, liaison.BOOK_WORDS, officers=("officer",)),
    "people": Form("民情台账", _PEOPLE, people.people, people.PEOPLE_WORDS, officers=("person",)),
    "hazards": Form(
        "矛盾隐患台账", _HAZARDS, visits.hazards, visits.HAZARD_WORDS, True, officers=("person",), units=("unit",)
    ),
    "petitions": Form(
        "信访台账", _PETITIONS, petition_ledger.petitions, petition_ledger.PETITION_WORDS, True, units=("unit",)
    ),
    "cards": Form("便民联系卡发放", _CARDS, liaison.cards),
    "coverage": Form("走访完成情况", _COVERAGE, visit_coverage.coverage, officers=("officer",)),
    "attendance": Form(
        "服务日、轮值出勤", _ATTENDANCE, visit_coverage.attendance, officers=("due", "present", "absent")
    ),
    "submissions": Form(
        "报送台账", _SUBMISSIONS, submissions.submissions, officers=("owner", "handed_in_by", "signed_by")
    ),
}
"""By the name of the ledger."""
