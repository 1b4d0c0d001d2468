"""Minutes 会议记录 (F15) and the register of meetings: their columns in order, and how a meeting fills them.

Points and reasons come sealed, as the log holds them: whoever shows them opens them first, for whoever may see.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from domain.events import DomainEvent
from domain.meeting import events as e
from domain.meeting.words import Ending, FailedBecause, MeetingKind, Phase
from projections.labels import label
from projections.meeting_register import MeetingRow
from services.exports.cells import day

MINUTES_COLUMNS: Final = ("议题", "回避", "讨论要点", "表决", "决定", "理由", "责任人", "时限")
MEETING_COLUMNS: Final = (
    "会议号", "会议", "乡镇", "单位", "期次", "时间", "主持", "应到", "实到", "请假", "缺席", "议题", "已决定",
    "已分办", "转下次", "自行了结", "状态", "纪要确认",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the minutes with its words as they stand in the log."""

    line: e.MinutesItem
    points: tuple[str, ...]
    reasons: str | None

    def row(self, words: Mapping[str, str | None]) -> list[str]:
        """The cells; `words`: sealed text -> what this reader sees of it."""
        line, who = self.line, self.line.responsible
        votes = f"同意 {line.in_favour}、反对 {line.against}、弃权 {line.abstaining}" if line.in_favour else ""
        points = "\n".join(words.get(it) or it for it in self.points)
        reasons = (words.get(self.reasons) or self.reasons) if self.reasons else ""
        person = f"{who.unit} {who.person}" if who else ""
        return [line.number, "、".join(line.recused), points, votes, _decision(line), reasons, person, day(line.due_at)]


def _decision(line: e.MinutesItem) -> str:
    if line.ending is Ending.DECIDED and line.outcome is not None:
        return label(line.outcome).zh
    if line.ending is Ending.DISPOSED and line.disposition is not None:
        return label(line.disposition).zh
    return label(line.ending).zh


def items_of(meeting: Sequence[DomainEvent], decisions: Mapping[UUID, DomainEvent]) -> list[Item]:
    """The items of the minutes; `decisions`: by issue, the event that holds what was decided. Empty before closing."""
    minutes = next((it for it in meeting if isinstance(it, e.MinutesDrawn)), None)
    points = [it for it in meeting if isinstance(it, e.PointRecorded)]
    return [
        Item(
            line,
            tuple(it.point for it in points if it.issue_id == line.issue_id),
            getattr(decisions.get(line.issue_id), "reasons", None),
        )
        for line in (minutes.items if minutes else ())
    ]


def decisions_of(
    meeting: Iterable[DomainEvent], history: Callable[[UUID], Iterable[DomainEvent]]
) -> dict[UUID, DomainEvent]:
    """By issue, the event of its own that holds what was decided; `history`: the events of a stream."""
    return {
        it.issue_id: next(event for event in history(it.issue_id) if event.originator_version == it.issue_version)
        for it in meeting
        if isinstance(it, e.ItemDecided)
    }


def sealed_in(items: Iterable[Item]) -> set[str]:
    """The texts of these items, as the log holds them."""
    return {text for item in items for text in (*item.points, item.reasons) if text}


def title_of(meeting: Iterable[DomainEvent]) -> str:
    """What stands above the minutes: of which place, which kind of meeting, which turn."""
    for event in meeting:
        if isinstance(event, e.AgendaDrawn):
            return f"{event.township}{label(event.kind).zh}{event.period}会议记录"
    return "会议记录"


def head_of(meeting: Iterable[DomainEvent]) -> list[tuple[str, str]]:
    """What stands above the items: time, place, chair, who was there; below a last week, the month's sums."""
    lines: list[tuple[str, str]] = []
    for event in meeting:
        if isinstance(event, e.AgendaDrawn):
            lines += [("会议", f"{label(event.kind).zh} {event.period}"), ("地点", event.place or event.township)]
        elif isinstance(event, e.MeetingHeld):
            lines += [("时间", day(event.occurred_at, "%Y-%m-%d %H:%M")), ("主持", event.chair)]
            lines += [("实到(签到)", _listed(event.present)), ("缺席", _listed(event.absent))]
        elif isinstance(event, e.MinutesDrawn):
            lines += [("时间", day(event.held_at, "%Y-%m-%d %H:%M")), ("主持", event.chair)]
            lines += [("实到(签到)", _listed(event.present)), ("请假", _listed(event.excused))]
            lines += [("缺席", _listed(event.absent))]
            lines += [("本月小结", _summed(event.summary))] if event.summary else []
        elif isinstance(event, e.MeetingFailed):
            lines += [("流会", f"{label(event.because).zh}，议题 {len(event.carried_over)} 件列入下次会议")]
        elif isinstance(event, e.MinutesOverdue):
            lines += [("纪要逾期未确认", day(event.confirm_by))]
        elif isinstance(event, e.MinutesConfirmed):
            lines += [("纪要确认", event.actor.user)]
    return lines


def _listed(members: Sequence[str]) -> str:
    return f"{len(members)} 人：{'、'.join(members)}" if members else "无"


def _summed(summary: e.MonthSummary) -> str:
    sums = "，".join(f"{name} {count}" for name, count in summary.by_disposition.items())
    return f"{summary.month} 例会 {summary.meetings} 次，未开 {summary.failed} 次，议题 {summary.items} 件次；{sums}"


def meeting_row(row: MeetingRow) -> list[str]:
    """One line of the register."""
    state = label(Phase(row.phase)).zh
    why = f"（{label(FailedBecause(row.failed_because)).zh}）" if row.failed_because else ""
    return [
        str(row.meeting_id), label(MeetingKind(row.kind)).zh, row.township, row.place or "", row.period or "",
        day(row.held_at or row.cut_off, "%Y-%m-%d %H:%M"), row.chair or "", str(row.members), row.present or "",
        row.excused or "", row.absent or "", str(row.items), str(row.decided), str(row.disposed),
        str(row.carried_over), str(row.lapsed), state + why, _confirmation(row),
    ]  # fmt: skip


def _confirmation(row: MeetingRow) -> str:
    late = "逾期" if row.minutes_overdue else ""
    return f"{row.confirmed_by}（{late}）" if row.confirmed_by and late else row.confirmed_by or (late and "逾期未确认")
