"""A clock explains itself, in Chinese or English: rule, article, plan, day by day, what moved it, what would follow.

Called by services/clocks.py for the command line and the API, and for the household's page.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from domain.counting import local_time
from domain.deadlines import Deadline, count_of
from domain.explanation import Language, explain
from domain.issue.clock_lives import Change, ClockLife, Verdict, Whose
from domain.pausing import PauseReason
from domain.plan import Plan
from domain.plan_parts import Rule
from domain.workdays import HolidayTable, Unit

Words = Mapping[Language, str]

RULES: Final[Mapping[str, Words]] = {
    Rule.ON_SITE: {"zh": "现场办理", "en": "on-site window"},
    Rule.ACCEPTANCE: {"zh": "受理", "en": "acceptance"},
    Rule.HANDLING: {"zh": "办理", "en": "handling"},
    Rule.SIGNING: {"zh": "审签", "en": "signing"},
    Rule.DECISION: {"zh": "会议研究", "en": "decision"},
    Rule.COUNTY: {"zh": "报县答复", "en": "the county's answer"},
    Rule.FUNDING: {"zh": "拨付", "en": "funding"},
    Rule.COMPLETION: {"zh": "完工", "en": "completion"},
    Rule.INSPECTION: {"zh": "验收", "en": "inspection"},
    Rule.REPLY: {"zh": "答复", "en": "reply"},
    Rule.FEEDBACK: {"zh": "群众评价", "en": "the household's rating"},
    Rule.CLOSING: {"zh": "销号", "en": "closing"},
    Rule.LOOK_BACK: {"zh": "回头看", "en": "look-back"},
    Rule.REVIEW: {"zh": "复查", "en": "review"},
    Rule.RECHECK: {"zh": "复核", "en": "re-check"},
    Rule.NOTICE: {"zh": "书面告知", "en": "written notice"},
    Rule.OBJECTION: {"zh": "异议", "en": "objection"},
}
UNITS: Final[Mapping[Unit, Words]] = {
    Unit.NATURAL: {"zh": "个自然日", "en": "natural days"},
    Unit.WORKING: {"zh": "个工作日", "en": "working days"},
    Unit.HOURS: {"zh": "小时", "en": "hours"},
}
_WHOSE: Final[Mapping[Whose, Words]] = {
    Whose.STAGE: {"zh": "环节期限", "en": "clock of the stage"},
    Whose.HOLDER: {"zh": "承办人期限（改派后）", "en": "the next holder's own clock"},
    Whose.HOUSEHOLD: {"zh": "对群众的期限", "en": "the household's clock"},
    Whose.NOTICE: {"zh": "告知群众的期限", "en": "until when the household is told"},
}
_VERDICTS: Final[Mapping[Verdict, Words]] = {
    Verdict.RUNNING: {"zh": "计时中", "en": "running"},
    Verdict.PAUSED: {"zh": "暂停中", "en": "paused"},
    Verdict.MET: {"zh": "按期", "en": "met"},
    Verdict.MISSED: {"zh": "超期", "en": "missed"},
    Verdict.PASSED_ON: {"zh": "转出，由接收单位重新起算", "en": "passed on; whoever has it now has their own"},
    Verdict.TAKEN_OVER: {"zh": "改派，转为对群众的期限", "en": "handed over; it stays as the household's"},
}
REASONS: Final[Mapping[str, Words]] = {
    PauseReason.HEARING: {"zh": "听证", "en": "a hearing"},
    PauseReason.HOUSEHOLD: {"zh": "待群众补充材料", "en": "the household has to add something"},
    PauseReason.THIRD_PARTY: {"zh": "第三方鉴定", "en": "a third party's report"},
}
_MOVES: Final[Mapping[Change, Words]] = {
    Change.EXTENDED: {"zh": "延期 {by} 日", "en": "{by} more days granted"},
    Change.PAUSED: {"zh": "暂停（{by}），若到期才恢复", "en": "paused ({by}); if it goes on only when that is over"},
    Change.RESUMED: {"zh": "恢复计时", "en": "the clock went on"},
    Change.REDATED: {"zh": "按{by}重新计算", "en": "counted anew by {by}"},
}
_HEAD: Final[Words] = {
    "zh": "【{rule}】{whose}，{verdict}；{amount} {unit}，依据 {basis}，方案 {plan}，责任人 {person}",
    "en": "[{rule}] {whose}, {verdict}; {amount} {unit}, by {basis} of plan {plan}; {person} answers for it",
}
_PROMISED: Final[Words] = {
    "zh": "由承办人承诺的日期：{due}，不随放假安排变动",
    "en": "A date that a person promised: {due}; no holiday table moves it",
}
_BOUNDS: Final[Words] = {
    "zh": "暂定：最早 {earliest}，最迟 {latest}；最迟日期之前不记超期",
    "en": "Provisional: {earliest} at the earliest, {latest} at the latest; it is not missed before that",
}
_KEPT: Final[Words] = {
    "zh": "实际期限 {due}：期限已告知，不因后来的安排提前到已过的日期，延期、改派也不使其缩短",
    "en": "The limit is {due}: it was told, and nothing that came later moves it into what is past",
}
_FOLLOWS: Final[Mapping[str, tuple[Rule, ...]]] = {
    Rule.ON_SITE: (Rule.REPLY, Rule.FEEDBACK, Rule.CLOSING, Rule.LOOK_BACK),
    Rule.ACCEPTANCE: (Rule.HANDLING, Rule.REPLY, Rule.FEEDBACK),
    Rule.HANDLING: (Rule.REPLY, Rule.FEEDBACK, Rule.CLOSING, Rule.LOOK_BACK),
    Rule.SIGNING: (Rule.DECISION,),
    Rule.DECISION: (Rule.FUNDING, Rule.COMPLETION, Rule.INSPECTION, Rule.REPLY),
    Rule.COUNTY: (Rule.REPLY, Rule.FEEDBACK),
    Rule.FUNDING: (Rule.COMPLETION, Rule.INSPECTION, Rule.REPLY),
    Rule.COMPLETION: (Rule.INSPECTION, Rule.REPLY, Rule.FEEDBACK),
    Rule.INSPECTION: (Rule.REPLY, Rule.FEEDBACK),
    Rule.REPLY: (Rule.FEEDBACK, Rule.CLOSING, Rule.LOOK_BACK),
    Rule.FEEDBACK: (Rule.CLOSING, Rule.LOOK_BACK),
    Rule.CLOSING: (Rule.LOOK_BACK,),
}
_MAY_BE_REVIEWED: Final = frozenset({Rule.REPLY, Rule.FEEDBACK, Rule.CLOSING, Rule.LOOK_BACK})
_NEXT: Final[Words] = {"zh": "其后：{steps}", "en": "Then: {steps}"}
_STEP: Final[Words] = {"zh": "{rule} {amount} {unit}（{basis}）", "en": "{rule} within {amount} {unit} ({basis})"}
_REVIEW: Final[Words] = {
    "zh": "群众可在收到答复后 {days} 日内申请复查，{review}；对复查不服，{days} 日内申请复核，{recheck}",
    "en": "The household may ask for a review within {days} days of the reply: {review}; then, within {days} days, "
    "for a re-check: {recheck}",
}


def told(life: ClockLife, plan: Plan, holidays: HolidayTable, language: Language) -> list[str]:
    """The clock in lines. `holidays`: the table that it was counted by; `plan`: for what an old event does not say."""
    return [*_told(life, plan, holidays, language)]


def chain(rule: str, plan: Plan, language: Language) -> list[str]:
    """What would follow if this is done in time, under the plan in force; empty where nothing does."""
    lines = []
    if steps := _FOLLOWS.get(Rule(rule), ()):
        lines.append(_NEXT[language].format(steps=" → ".join(_step(step, plan, language) for step in steps)))
    if Rule(rule) in _MAY_BE_REVIEWED:
        review, recheck = (_step(step, plan, language) for step in (Rule.REVIEW, Rule.RECHECK))
        days = plan.feedback.review_within_days
        lines.append(_REVIEW[language].format(days=days, review=review, recheck=recheck))
    return lines


def moment(at: datetime) -> str:
    """On the office's own clock, to the minute."""
    return local_time(at).strftime("%Y-%m-%d %H:%M")


def _step(rule: Rule, plan: Plan, language: Language) -> str:
    clock = plan.clock(rule)
    named = {"rule": RULES[rule][language], "unit": UNITS[clock.unit][language], "basis": clock.article or clock.basis}
    return _STEP[language].format(amount=clock.amount, **named)


def _told(life: ClockLife, plan: Plan, holidays: HolidayTable, language: Language) -> Iterator[str]:
    deadline = life.deadline
    yield _HEAD[language].format(
        rule=RULES[deadline.rule][language],
        whose=_WHOSE[life.whose][language],
        verdict=_VERDICTS[life.verdict][language],
        amount=deadline.amount,
        unit=UNITS[deadline.unit][language],
        basis=" ".join(filter(None, (deadline.basis or plan.clock(deadline.rule).basis, deadline.article))),
        plan=deadline.plan,
        person=life.holder.person,
    )
    for it in life.moves:
        by = it.by or ""
        if it.change is Change.PAUSED:
            by = REASONS[by][language]
        what = _MOVES[it.change][language].format(by=by)
        yield f"{moment(it.at)} {what}: {moment(it.was)} → {moment(it.due_at)}"
    yield from day_by_day(deadline, plan, holidays, language)


def day_by_day(deadline: Deadline, plan: Plan, holidays: HolidayTable, language: Language) -> Iterator[str]:
    """How the date comes about, a line a day; for a promised date, that it was promised."""
    if deadline.promised:
        yield _PROMISED[language].format(due=moment(deadline.due_at))
        return
    counted = count_of(deadline, plan, holidays)
    yield from explain(counted, language)
    if counted.due_at != local_time(deadline.due_at):
        yield _KEPT[language].format(due=moment(deadline.due_at))
    if deadline.earliest is not None and deadline.latest is not None:
        yield _BOUNDS[language].format(earliest=moment(deadline.earliest), latest=moment(deadline.latest))
