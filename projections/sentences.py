"""What to tell a person of each event: one sentence per topic, in Chinese and in English, filled in from the event.

Used by issue_history.py. A part in [brackets] is left out when a field that it names is empty.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from domain.issue.words import Channel, CopyFor, CountyOutcome, EntryField, NoticeAbout, Rating, Tier, Urgency
from domain.values import LOCAL_ZONE
from projections.labels import LABELS, Label

SENTENCES: Final[dict[str, Label]] = {
    "issue.logged": Label(
        "登记：{title|description}（{channel}）[，责任人 {owner}][，{due} 前办理]",
        "Logged by {channel}: {title|description}[; {owner} answers for it][, due {due}]",
    ),
    "issue.fixed_on_site": Label("现场办理：{measures}", "Fixed on site: {measures}"),
    "issue.escalated": Label(
        "上报{tier}[，转 {department}][，原因：{reason}][，{due} 前受理]",
        "Escalated to the {tier}[, to {department}][: {reason}][; to be accepted by {due}]",
    ),
    "issue.accepted": Label("受理，责任人 {owner}，{due} 前办结", "Accepted; {owner} answers for it, due {due}"),
    "issue.escalation_returned": Label("退回{tier}：{reasons}", "Returned to the {tier}: {reasons}"),
    "issue.assigned": Label("改派 {owner}[，{due} 前办理]", "Assigned to {owner}[, due {due}]"),
    "issue.resolved": Label("办结：{measures}", "Resolved: {measures}"),
    "issue.submission_prepared": Label(
        "提请党委会研究：{proposed_solution}（预算 {total_budget} 元，申请补贴 {subsidy_asked} 元，{urgency}）",
        "Submitted to the committee: {proposed_solution} "
        "(budget {total_budget} yuan, subsidy asked {subsidy_asked} yuan, {urgency})",
    ),
    "issue.submission_signed": Label("审签通过，{table} 列入议题", "Signed; to be tabled on {table}"),
    "issue.submission_sent_back": Label("审签退回：{reasons}", "Sent back by the signer: {reasons}"),
    "issue.submission_tabled": Label("列入党委会议题[，{due} 前决定]", "Tabled[; to be decided by {due}]"),
    "issue.submission_approved": Label("党委会同意，补贴 {subsidy} 元", "Approved with a subsidy of {subsidy} yuan"),
    "issue.submission_deferred": Label("党委会缓议：{reasons}", "Deferred: {reasons}"),
    "issue.submission_returned": Label("党委会退回补充：{reasons}", "Returned for more information: {reasons}"),
    "issue.submission_referred_up": Label("党委会决定上报县级", "Referred to the county"),
    "issue.submission_declined": Label("党委会不予同意：{reasons}", "Declined: {reasons}"),
    "issue.county_answered": Label("县级答复（{outcome}）：{answer}", "The county answered ({outcome}): {answer}"),
    "issue.funding_granted": Label("安排补贴 {amount} 元[：{reasons}]", "Granted {amount} yuan[: {reasons}]"),
    "issue.tranche_paid": Label(
        "第 {tranche} 次拨付 {amount} 元[；先于在前项目：{exception_reasons}]",
        "Payment {tranche}: {amount} yuan[; before an earlier project: {exception_reasons}]",
    ),
    "issue.unspent_returned": Label("结余退回 {amount} 元", "Returned {amount} yuan unspent"),
    "issue.grant_cancelled": Label(
        "取消未拨付的补贴 {amount} 元：{reasons}", "Cancelled {amount} yuan that were not paid: {reasons}"
    ),
    "issue.progress_reported": Label(
        "形象进度 {percent}%，已支出 {spent} 元[：{note}]", "{percent} % done, {spent} yuan spent[: {note}]"
    ),
    "issue.progress_report_missed": Label("月报缺报", "The progress report is missing"),
    "issue.works_completed": Label("完工，支出 {spent} 元：{summary}", "Works done for {spent} yuan: {summary}"),
    "issue.works_accepted": Label("验收合格：{findings}", "Works accepted: {findings}"),
    "issue.rework_ordered": Label("返工：{reasons}", "To be done again: {reasons}"),
    "issue.reply_given": Label(
        "书面答复：{opinion}[（依据：{basis}）]", "Replied in writing: {opinion}[ (on the basis of {basis})]"
    ),
    "issue.reply_delivered": Label("送达{copy_for}（{method}）", "The {copy_for} was delivered ({method})"),
    "issue.answer_shared": Label(
        "随所并之件一并答复：{opinion}", "Answered with the issue it was merged into: {opinion}"
    ),
    "issue.answer_rated": Label("群众评价：{rating}[：{remark}]", "The household says: {rating}[: {remark}]"),
    "issue.household_silent": Label("评价期满未表态", "The household kept silent to the end of the time"),
    "issue.reopened": Label("重新办理（{why}），交{tier} {owner}", "Reopened ({why}) for the {tier}, {owner}"),
    "issue.review_requested": Label("申请复查：{grounds}", "A review was asked for: {grounds}"),
    "issue.review_decided": Label("复查意见（{upheld}）：{opinion}", "Review decided ({upheld}): {opinion}"),
    "issue.recheck_requested": Label("申请复核：{grounds}", "A re-check was asked for: {grounds}"),
    "issue.recheck_decided": Label("复核意见（{upheld}）：{opinion}", "Re-check decided ({upheld}): {opinion}"),
    "issue.closed": Label("销号[，{look_back} 前回头看]", "Closed[; to be looked back at by {look_back}]"),
    "issue.look_back_passed": Label("回头看：保持良好。{findings}", "Looked back: it still holds. {findings}"),
    "issue.look_back_failed": Label("回头看：问题反弹。{findings}", "Looked back: it does not hold. {findings}"),
    "issue.deadline_reminded": Label("催办提醒：{when} 到期", "Reminded: due {when}"),
    "issue.deadline_missed": Label("超期：应于 {when} 前办理", "Deadline missed: it was due {when}"),
    "issue.supervision_notice_sent": Label(
        "第 {notice} 次督办，报{to_unit}", "Supervision notice {notice} to {to_unit}"
    ),
    "issue.extension_requested": Label("申请延期 {days} 日：{reason}", "{days} more days asked for: {reason}"),
    "issue.extension_granted": Label("同意延期 {days} 日，至 {due}", "{days} more days granted, until {due}"),
    "issue.extension_refused": Label("不予延期：{reasons}", "No extension: {reasons}"),
    "issue.promise_missed": Label(
        "超过向群众承诺的期限 {when}（责任人 {holder}）", "The date given to the household, {when}, passed ({holder})"
    ),
    "issue.notice_reminded": Label(
        "提醒：应于 {when} 前书面告知群众", "Reminded: the household is to be told until {when}"
    ),
    "issue.notice_missed": Label(
        "应于 {when} 前书面告知群众，逾期未告知（责任人 {holder}）",
        "The household was to be told until {when}, and was not ({holder})",
    ),
    "issue.clock_paused": Label(
        "暂停计时（{reason}），最迟 {until} 恢复：{note}", "Clock paused ({reason}) until {until} at the latest: {note}"
    ),
    "issue.clock_resumed": Label("恢复计时，至 {due}[：{note}]", "The clock goes on, until {due}[: {note}]"),
    "issue.deadline_redated": Label(
        "按{notice}重新计算期限，由 {was} 至 {due}", "Counted anew by {notice}: from {was} to {due}"
    ),
    "issue.rectification_planned": Label(
        "整改方案：{measures}（{unit}，{person}，{due_on} 前）",
        "To be put right by {unit}, {person}, until {due_on}: {measures}",
    ),
    "issue.backlog_marked": Label("列为积案（{campaign}）", "A backlog case of {campaign}"),
    "issue.final_filing_proposed": Label("提请终结备案：{grounds}", "Proposed to be filed as final: {grounds}"),
    "issue.filed_as_final": Label("终结备案（{basis}），不再重新办理", "Filed as final ({basis}), not opened again"),
    "issue.final_filing_refused": Label("不予终结备案：{reasons}", "Not filed as final: {reasons}"),
    "issue.withdrawn": Label("撤回：{reasons}", "Withdrawn: {reasons}"),
    "issue.merged": Label("并入另一件：{reasons}", "Merged into another issue: {reasons}"),
    "issue.absorbed": Label("并入一件相同问题", "A duplicate was merged into this issue"),
    "issue.split": Label("分为数件办理：{reasons}", "Split into several issues: {reasons}"),
    "issue.common_cause_linked": Label("列入共性问题 {cause}", "Linked to the common cause {cause}"),
    "issue.leader_assigned": Label("{leader} 领导包案", "{leader} leads the case"),
    "issue.household_notified": Label("{about}（{method}）：{content}", "{about} ({method}): {content}"),
    "issue.entry_corrected": Label(
        "更正{field}[为“{value}”]：{reason}", "Corrected the {field}[ to “{value}”]: {reason}"
    ),
}
"""By topic. `{a|b}` is the first of the two that is given."""

_LISTS: Final[dict[str, type[StrEnum]]] = {
    "tier": Tier,
    "channel": Channel,
    "copy_for": CopyFor,
    "about": NoticeAbout,
    "outcome": CountyOutcome,
    "rating": Rating,
    "urgency": Urgency,
    "field": EntryField,
}
"""Fields whose words have labels."""
_WORDS: Final[dict[object, Label]] = {
    True: Label("维持", "upheld"),
    False: Label("不予维持", "not upheld"),
    "dissatisfied": Label("群众不满意", "the household is dissatisfied"),
    "look_back_failed": Label("回头看不合格", "it did not hold"),
    "review_not_upheld": Label("复查不予维持", "not upheld in review"),
    "recheck_not_upheld": Label("复核不予维持", "not upheld in the re-check"),
    "township": Label("镇", "the township"),
    "county": Label("县", "the county"),
    "hearing": Label("听证", "a hearing"),
    "household": Label("待群众补充材料", "the household has to add something"),
    "third_party": Label("第三方鉴定", "a third party's report"),
}
_WORDED: Final = frozenset({"upheld", "why", "to_unit", "reason"})
_OPTIONAL: Final = re.compile(r"\[([^\[\]]*)\]")
_FIELD: Final = re.compile(r"\{([^{}]*)\}")
_ZH, _EN = 0, 1


def sentence(topic: str, details: Mapping[str, Any]) -> Label:
    """What to tell a person of an event with these fields (as JSON). Raises KeyError for a topic without a sentence."""
    template = SENTENCES[topic]
    return Label(_filled(template.zh, details, _ZH), _filled(template.en, details, _EN))


def _filled(template: str, details: Mapping[str, Any], language: int) -> str:
    def optional(part: re.Match[str]) -> str:
        texts = [_text(name, details, language) for name in _FIELD.findall(part[1])]
        return part[1] if all(texts) else ""

    return _FIELD.sub(lambda field: _text(field[1], details, language), _OPTIONAL.sub(optional, template))


def _text(name: str, details: Mapping[str, Any], language: int) -> str:
    """One field in words; empty if it is not given."""
    if "|" in name:
        first, second = name.split("|")
        return _text(first, details, language) or _text(second, details, language)
    if name in _DERIVED:
        path, form = _DERIVED[name]
        value: Any = details
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        return "" if value is None else form(value)
    value = details.get(name)
    if value is None:
        return ""
    if name in _LISTS:
        return LABELS[_LISTS[name]][_LISTS[name](value)][language]
    return _WORDS[value][language] if name in _WORDED and value in _WORDS else str(value)


def _moment(text: str) -> str:
    """A moment on the office's own clock, to the minute."""
    return datetime.fromisoformat(text).astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")


_DERIVED: Final[dict[str, tuple[tuple[str, ...], Callable[[str], str]]]] = {
    "due": (("deadline", "due_at"), _moment),
    "look_back": (("look_back", "due_at"), _moment),
    "when": (("due_at",), _moment),
    "until": (("until",), _moment),
    "was": (("was",), _moment),
    "holder": (("holder", "person"), str),
    "table": (("table_at",), _moment),
    "owner": (("responsible", "person"), str),
}
"""Placeholders that stand for something deeper in the event: where, and how it is written."""
