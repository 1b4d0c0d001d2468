"""What a plan asks, as two tables for officials in Chinese: its time limits, and its calendar of the year.

For `huiyin plan tables` and docs/plans/; a test holds the pages to the plans that come along.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from domain.appraisal.policy import Appraisal
from domain.bulletin.policy import Bulletins
from domain.duty.policy import Duties, Measure, Quota, ServiceDay, Weekday
from domain.fund.policy import Funding
from domain.fund.words import Rest
from domain.meeting.policy import Meetings, MonthlyMeeting
from domain.organisation.words import Rank
from domain.pausing import PauseReason
from domain.periods import Cycle
from domain.plan import Plan
from domain.plan_parts import Clock, Rule
from domain.spot_check.policy import SpotChecks
from domain.submission.policy import DueIn, OwedBy, Submission
from domain.workdays import Unit

Row = tuple[str, ...]

_STEPS: Final[Mapping[Rule, str]] = {
    Rule.ON_SITE: "现场办理（登记起）",
    Rule.NOTICE: "书面告知受理情况（收到起）",
    Rule.OBJECTION: "非本单位职责，提出异议（收到起）",
    Rule.ACCEPTANCE: "受理（上报、转办起）",
    Rule.HANDLING: "办理（受理起）",
    Rule.SIGNING: "审签（提请起）",
    Rule.DECISION: "会议研究（列入议题起）",
    Rule.COUNTY: "报县答复",
    Rule.FUNDING: "落实经费（会议同意起）",
    Rule.COMPLETION: "实施（首次拨付起）",
    Rule.INSPECTION: "验收（完工起）",
    Rule.REPLY: "书面答复（办结起）",
    Rule.FEEDBACK: "群众评价（答复起）",
    Rule.CLOSING: "销号（评价起）",
    Rule.LOOK_BACK: "回头看（销号起）",
    Rule.REVIEW: "复查（申请起）",
    Rule.RECHECK: "复核（申请起）",
}
_UNITS: Final[Mapping[Unit, str]] = {Unit.NATURAL: "日", Unit.WORKING: "个工作日", Unit.HOURS: "小时"}
_WEEKDAYS: Final = "一二三四五六日"
_CYCLES: Final[Mapping[Cycle, str]] = {
    Cycle.WEEK: "每周",
    Cycle.MONTH: "每月",
    Cycle.QUARTER: "每季度",
    Cycle.HALF_YEAR: "每半年",
    Cycle.YEAR: "每年",
}
_RANKS: Final[Mapping[Rank, str]] = {
    Rank.COUNTY: "县级领导",
    Rank.COUNTY_UNIT: "县直部门",
    Rank.SECRETARY: "书记",
    Rank.HEAD: "主要负责人",
    Rank.MEMBER: "班子成员",
    Rank.DEPUTY_SECTION: "副科级干部",
    Rank.SECTION_HEAD: "股室负责人",
    Rank.GENERAL: "一般干部",
    Rank.VILLAGE_SECRETARY: "村书记",
}
_MEASURES: Final[Mapping[Measure, str]] = {
    Measure.VISITS: "走访不少于 {least} 次",
    Measure.DAYS: "到村不少于 {least} 天",
    Measure.HOUSEHOLDS: "走访不少于 {least} 户",
    Measure.LINKS: "结对不少于 {least} 户",
    Measure.LINKED_SHARE: "走访结对户不少于 {least}%",
    Measure.VILLAGE_SHARE: "走访全村农户不少于 {least}%",
    Measure.PRIORITY_SHARE: "走访重点户不少于 {least}%",
    Measure.DIFFICULTIES: "每户（村）解决实际困难不少于 {least} 件",
    Measure.CASES_SHARE: "带案走访不少于包案数的 {least}%",
    Measure.INSPECTIONS: "全面检查不少于 {least} 次",
}
_PAUSES: Final[Mapping[PauseReason, str]] = {
    PauseReason.HEARING: "听证",
    PauseReason.HOUSEHOLD: "待群众补充材料",
    PauseReason.THIRD_PARTY: "第三方鉴定、评估",
}
_DUE_IN: Final[Mapping[DueIn, str]] = {
    DueIn.FIRST_MONTH: "首月",
    DueIn.LAST_MONTH: "末月",
    DueIn.NEXT_MONTH: "期后次月",
}
_OWED_BY: Final[Mapping[OwedBy, str]] = {
    OwedBy.STATION: "各驻点",
    OwedBy.VILLAGE: "各村",
    OwedBy.OFFICER: "每名干部",
    OwedBy.DEPARTMENT: "各部门",
    OwedBy.TOWNSHIP: "镇",
}
_REST: Final[Mapping[Rest, str]] = {Rest.LAPSES: "收回财政", Rest.MOVES: "结转下年"}


def plan_tables(plan: Plan) -> str:
    """Both tables as Markdown."""
    heads = ("环节", "期限", "遇休息日顺延", "提前提醒", "超期自动上报", "可暂停", "依据")
    limits = _table(heads, _limits(plan))
    return f"### 期限表\n\n{limits}\n\n### 全年日历\n\n{_table(('何时', '做什么', '依据'), calendar(plan))}\n"


def _table(head: Row, rows: Iterable[Row]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ("---",) * len(head), *rows))


def _limits(plan: Plan) -> Iterator[Row]:
    for rule, name in _STEPS.items():
        if rule in plan.clocks:
            yield _limit(name, plan.clocks[rule])


def _limit(name: str, clock: Clock) -> Row:
    unit = _UNITS[clock.unit]
    remind = f"{clock.remind_before} {unit}" if clock.remind_before else "–"
    escalate = f"再过 {clock.escalate_after} {unit}" if clock.escalate_after else "–"
    basis = f"{clock.article}（{clock.basis}）" if clock.article else clock.basis
    pauses = "、".join(_PAUSES[reason] for reason in clock.pauses) or "–"
    return (name, f"{clock.amount} {unit}", "是" if clock.roll else "–", remind, escalate, pauses, basis)


def calendar(plan: Plan) -> Iterator[Row]:
    """When, what, by which row: what comes by the calendar, from the most frequent to the rarest."""
    if plan.duties:
        yield from _service_days(plan.duties)
    yield from _meetings(plan)
    if plan.spot_checks:
        yield from _spot_checks(plan.spot_checks)
    if plan.bulletin:
        yield from _bulletin(plan.bulletin)
    yield (f"每 {plan.works.progress_every_days} 日", "在建项目报进度（完成比例、支出、照片）", "L10")
    if plan.duties:
        yield from (_quota(it) for it in plan.duties.quotas.values())
    yield from (_submission(it) for it in plan.submissions.values())
    if plan.appraisal:
        yield _appraisal(plan.appraisal)
    if plan.funding:
        yield from _funding(plan.funding)
    if plan.ending and plan.ending.campaign:
        ends = plan.ending.campaign
        yield (f"每年 {ends.month} 月 {ends.day} 日", "集中行动结束，此前销号的自此逐件回头看", ends.basis)


def _appraisal(asked: Appraisal) -> Row:
    ranked = f"考核：有效评价满 {asked.least_ratings} 件的按满意率、按期率排名；超期、缺口、缺报逐项列明"
    return (_CYCLES[asked.per], ranked, asked.basis)


def _submission(asked: Submission) -> Row:
    signed = "，须审签" if asked.signed else ""
    month = "次月" if asked.per is Cycle.MONTH and asked.due_in is DueIn.NEXT_MONTH else _DUE_IN[asked.due_in]
    day = f"{'' if asked.per is Cycle.MONTH and asked.due_in is not DueIn.NEXT_MONTH else month} {asked.due_day} 日前"
    when = f"{_CYCLES[asked.per]}{day}"
    return (when, f"报送{asked.title.zh}（{_OWED_BY[asked.by]}{signed}）", asked.basis)


def _service_days(duties: Duties) -> Iterator[Row]:
    if duties.rota:
        weekly = "、".join(_RANKS[rank] for rank in duties.rota.weekly)
        yield ("每个工作日", f"接访轮值{f'；{weekly}每周至少一次' if weekly else ''}", duties.rota.basis)
    for day in duties.service_days.values():
        yield (_days_of(day), f"{day.title.zh}{_of_ranks(day.who)}", day.basis)


def _days_of(day: ServiceDay) -> str:
    named = "、".join(f"星期{_WEEKDAYS[list(Weekday).index(it)]}" for it in day.weekdays)
    weekly = "每天" if set(day.weekdays) == set(Weekday) else f"每周{named}" if named else ""
    monthly = f"每月 {'、'.join(map(str, day.days))} 日" if day.days else ""
    when = "；".join(filter(None, (weekly, monthly)))
    return f"{when}（休息日除外）" if day.working_days_only else when


def _of_ranks(ranks: Iterable[Rank]) -> str:
    named = "、".join(_RANKS[rank] for rank in ranks)
    return f"（{named}）" if named else ""


def _meetings(plan: Plan) -> Iterator[Row]:
    meetings, committee = plan.meetings or Meetings(), plan.committee
    if meetings.weekly:
        yield (f"每周星期{_WEEKDAYS[meetings.weekly.weekday - 1]}", "驻点周例会", meetings.weekly.basis)
    size = f"成员 {committee.members} 人，法定人数 {committee.quorum} 人"
    basis = meetings.committee.basis if meetings.committee else plan.clocks[Rule.DECISION].basis
    yield (f"每月 {committee.cut_off_day} 日", f"提请会议研究截止（{size}）", basis)
    if meetings.committee:
        yield (f"截止后 {meetings.committee.meet_within_days} 日内", "会议研究，逐件作出决定", basis)
    if meetings.monthly:
        yield (_month_day(meetings.monthly), "月汇报（调度）会", meetings.monthly.basis)
    if meetings.talk_day:
        yield (_month_day(meetings.talk_day), "村民说事分析分办会（各村）", meetings.talk_day.basis)
    if meetings.minutes:
        yield (f"散会后 {meetings.minutes.confirm_within_days} 日内", "确认会议纪要", meetings.minutes.basis)


def _month_day(meeting: MonthlyMeeting) -> str:
    return f"每月 {meeting.day} 日"


def _spot_checks(checks: SpotChecks) -> Iterator[Row]:
    drawn = f"随机抽查一个驻点，抽 {checks.items} 件，{checks.hand_in_days} 日内交台账"
    yield (f"每月 {checks.draw_day} 日", drawn, checks.basis)
    if checks.rounds_weekday:
        yield (f"每周星期{_WEEKDAYS[checks.rounds_weekday - 1]}", "不打招呼巡查", checks.basis)
    if checks.full_inspections_a_year:
        yield ("每年", f"全面检查不少于 {checks.full_inspections_a_year} 次", checks.basis)


def _bulletin(bulletin: Bulletins) -> Iterator[Row]:
    yield (f"次月 {bulletin.draw_up_day} 日", "自动编制月通报（列缺报，提出点名事项）", bulletin.basis)
    yield (f"次月 {bulletin.issue_day} 日前", "委员会审定并印发月通报", bulletin.basis)


def _quota(quota: Quota) -> Row:
    months = "、".join(str(month) for month in quota.months)
    when = _CYCLES[quota.per] + (f"（{months} 月）" if months else "")
    who = "排班干部" if quota.on_rota else "、".join(_RANKS[rank] for rank in quota.who)
    return (when, f"{who or '每个驻点'}：{_MEASURES[quota.measure].format(least=quota.least)}", quota.basis)


def _funding(funding: Funding) -> Iterator[Row]:
    months = "、".join(str(month) for month in funding.rounds.months)
    confirmed = f"安排经费（{funding.rounds.confirm_within_days} 日内由会议确认）"
    yield (f"{months} 月的 {funding.rounds.day} 日", confirmed, funding.basis)
    year_end = funding.year_end
    yield (f"次年 {year_end.month} 月 {year_end.day} 日", f"年终结账，余额{_REST[year_end.rest]}", funding.basis)
