"""Changed verdicts as lines of a table and as JSON: the same for the command line and the API."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from domain.counting import local_time
from domain.explaining import RULES
from domain.meeting.words import MeetingKind
from domain.what_if.totals import Total, Totals
from domain.what_if.words import Changed, IssueChanges, Judged, Question, Side
from projections.labels import label


class By(StrEnum):
    """By what the table is put together."""

    ISSUE = "issue"
    VILLAGE = "village"
    OFFICER = "officer"


QUESTIONS: Final[Mapping[Question, str]] = {
    Question.LIMIT: "期限 limit",
    Question.REMINDER: "提醒 reminder",
    Question.SUPERVISION: "督办 supervision notices",
    Question.ESCALATION: "超期自动上报 escalated by itself",
    Question.SILENCE: "群众未评价即办结 closed in silence",
    Question.EXTENSION: "延期 extension",
    Question.PAUSE: "暂停 pause",
    Question.REOPENING: "不满意重新办理 reopened when dissatisfied",
    Question.REVIEW: "可申请复查、复核至 review may be asked for until",
    Question.TABLING: "列入会议 tabled at",
    Question.OBJECTION: "异议 objection",
    Question.PROGRESS: "进度缺报 progress reports missed",
    Question.RECTIFICATION: "整改方案 rectification plan first",
    Question.CLOSING: "销号前送达 copies before the strike-off",
    Question.FINAL_FILING: "终结备案 filed as final",
    Question.PAYMENT: "拨付进度 payment as far as the works stand",
    Question.QUORUM: "法定人数 quorum",
    Question.VOTE: "表决 vote",
    Question.RANKING: "经费排序 ranking of the round",
}
JUDGED: Final[Mapping[Judged, str]] = {
    Judged.KEPT: "按期 kept",
    Judged.MISSED: "超期 missed",
    Judged.OPEN: "期限内 open",
    Judged.PASSED_ON: "已转出 passed on",
    Judged.UNTOLD: "无从判断 cannot be told",
    Judged.NOT_ASKED: "未要求 not asked for",
    Judged.YES: "是 yes",
    Judged.NO: "否 no",
}
COLUMNS: Final = (
    "编号 number", "村 village", "责任人 officer", "事项 question", "环节 of", "自 since", "原结论 recorded",
    "另案结论 other", "原期限 recorded limit", "另案期限 other limit", "较晚（日） days later", "原规定 recorded rule",
    "另案规定 other rule",
)  # fmt: skip
TOTAL_COLUMNS: Final = (
    "对象 of", "件数 issues", "结论改变 verdicts", "超期→按期 missed to kept", "按期→超期 kept to missed",
    "较晚 later", "共晚（日） days later", "较早 earlier", "共早（日） days earlier", "无从判断 cannot be told",
)  # fmt: skip


def rows(found: IssueChanges) -> list[list[str]]:
    """A line for each changed verdict of an issue, under COLUMNS."""
    return [[found.number, found.village, *_cells(it)] for it in found.changes]


def _cells(it: Changed) -> list[str]:
    return [
        it.person,
        QUESTIONS[it.question],
        rule_name(it.rule),
        _minute(it.at),
        _answer(it.recorded),
        _answer(it.other),
        _minute(it.recorded.due_at),
        _minute(it.other.due_at),
        "" if it.days is None else str(it.days),
        _rule(it.recorded),
        _rule(it.other),
    ]


def total_row(name: str, it: Total) -> list[str]:
    """One line under TOTAL_COLUMNS."""
    numbers = (it.issues, it.changes, it.missed_to_kept, it.kept_to_missed)
    moved = (it.later, it.days_later, it.earlier, it.days_earlier)
    return [name, *map(str, (*numbers, *moved, it.untold))]


def total_rows(totals: Totals, by: By) -> list[list[str]]:
    """All together, then each village or officer by name."""
    each = totals.villages if by is By.VILLAGE else totals.officers
    return [total_row("全部 all", totals.all), *(total_row(name, it) for name, it in sorted(each.items()))]


def rule_name(rule: str) -> str:
    """A clock or a meeting in both languages; what is neither, as it is."""
    if (words := RULES.get(rule)) is not None:
        return f"{words['zh']} {words['en']}"
    if rule in set(MeetingKind):
        named = label(MeetingKind(rule))
        return f"{named.zh} {named.en}"
    return rule


def _answer(side: Side) -> str:
    number = "" if side.count is None else f" {side.count}"
    return JUDGED[side.judged] + number + ("" if side.amount is None else f" {side.amount:.2f}")


def _rule(side: Side) -> str:
    return ": ".join(filter(None, (side.plan, side.terms)))


def _minute(at: datetime | None) -> str:
    return "" if at is None else f"{local_time(at):%Y-%m-%d %H:%M}"


# -- for programs ---------------------------------------------------------------------------------------------------


def as_members(found: IssueChanges) -> dict[str, Any]:
    """An issue with its changed verdicts."""
    return {"number": found.number, "village": found.village, "changes": [_changed(it) for it in found.changes]}


def _changed(it: Changed) -> dict[str, Any]:
    return {
        "question": it.question,
        "rule": it.rule,
        "at": it.at,
        "unit": it.unit,
        "person": it.person,
        "recorded": _side(it.recorded),
        "other": _side(it.other),
        "days": it.days,
    }


def _side(side: Side) -> dict[str, Any]:
    return {each.name: getattr(side, each.name) for each in fields(side)}


def totals_members(totals: Totals) -> dict[str, Any]:
    """How many were looked at, and the sums of all, of each village, of each officer."""
    return {
        "replayed": totals.replayed,
        "events": totals.events,
        "all": _total(totals.all),
        "villages": [{"village": name, **_total(it)} for name, it in sorted(totals.villages.items())],
        "officers": [{"person": name, **_total(it)} for name, it in sorted(totals.officers.items())],
    }


def _total(it: Total) -> dict[str, Any]:
    numbers = {each.name: getattr(it, each.name) for each in fields(it) if each.name != "questions"}
    return {**numbers, "questions": {question.value: count for question, count in sorted(it.questions.items())}}
