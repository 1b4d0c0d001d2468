"""What is counted for whom: one mark for each thing that an event puts to somebody's account.

Used by appraisal.py and what feeds it. Marks are only ever added; what is taken back is a mark that counts less than
nothing, so that the sums up to a position are the same for ever.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Final
from uuid import UUID

import psycopg

from domain.events import DomainEvent
from projections.copying import Columns, copy_rows
from projections.projection import Recorded


class Counted(StrEnum):
    """What a mark counts."""

    HANDLED = "handled"  # 办结
    ANSWERED = "answered"  # 答复
    ON_TIME = "on_time"  # 按期答复: no step of the case had run over its time
    BEHIND = "behind"  # 逾期答复
    BEHIND_BY_OTHERS = "behind_by_others"  # 其中他人逾期: of those, no step of the answerer's own
    REOPENED = "reopened"  # 重新办理: after their answer
    SATISFIED = "satisfied"  # 满意
    MOSTLY = "mostly_satisfied"  # 基本满意
    DISSATISFIED = "dissatisfied"  # 不满意
    CANNOT_SAY = "cannot_say"  # 无法评价
    DECLINED = "declined"  # 拒访
    BY_OWN_HAND = "by_own_hand"  # 其中本人代录的评价: written down by whoever is judged by it
    SILENT = "silent"  # 期满未表态
    IN_TIME = "in_time"  # 期限内完成的环节
    LATE = "late"  # 超期的环节
    TAKEN_OVER = "taken_over"  # 其中接手时已在计时: others had let part of it run
    WAITED = "waited"  # 等候他人而超期: for a second person, the committee, money
    PROMISE = "promise"  # 超过向群众承诺的期限
    VISIT = "visit"  # 走访, a place's
    VISITED = "visited"  # 走访, an officer's
    DUTY = "duty"  # 任务
    SHORT = "short"  # 有缺口的任务
    OWED = "owed"  # 应报
    MISSED = "missed"  # 缺报
    CHECKED = "checked"  # 被查
    FINDING = "finding"  # 发现问题
    LEDGERS_MISSED = "ledgers_missed"  # 抽查台账缺报
    RECTIFICATION_MISSED = "rectification_missed"  # 整改超期


@dataclass(slots=True)
class Mark:
    """`at`: by which its period is found. `unit` as the event names it; `place`: a village, station or township.

    `reference`: an issue's number, an entry of a diary, a period, who owed it. `rule`: which clock, duty, paper.
    Of a duty `part` was done of `whole`; of a clock others let `part` hours of `whole` run.
    """

    stream_id: UUID
    version: int
    nth: int
    position: int
    at: datetime
    what: Counted
    count: int = 1
    officer: str | None = None
    unit: str | None = None
    place: str | None = None
    villages: list[str] = field(default_factory=list)
    department: str | None = None
    concerns: str | None = None
    reference: str | None = None
    rule: str | None = None
    part: int | None = None
    whole: int | None = None


TABLE: Final = "appraisal_mark"
COLUMNS: Final[Columns] = {
    "stream_id": "uuid", "version": "int8", "nth": "int8", "position": "int8", "at": "timestamptz", "what": "text",
    "count": "int8", "officer": "text", "unit": "text", "place": "text", "villages": "text[]", "department": "text",
    "concerns": "text", "reference": "text", "rule": "text", "part": "int8", "whole": "int8",
}  # fmt: skip
_VALUES: Final = attrgetter(*COLUMNS)
MARK_DDL: Final = """
create table if not exists appraisal_mark (
  stream_id uuid not null, version bigint not null, nth bigint not null, position bigint not null,
  at timestamptz not null, what text not null, count bigint not null, officer text, unit text, place text,
  villages text[] not null, department text, concerns text, reference text, rule text, part bigint, whole bigint,
  primary key (stream_id, version, nth)
);
"""


def first_of(event: DomainEvent, recorded: Recorded) -> tuple[UUID, int, int]:
    """Stream, version and position of an event's marks."""
    return event.originator_id, event.originator_version, recorded.position


def write(connection: psycopg.Connection, marks: Iterable[Mark]) -> None:
    """Adds the marks, in the caller's transaction."""
    if rows := [_VALUES(mark) for mark in marks]:
        copy_rows(connection, TABLE, COLUMNS, rows)
