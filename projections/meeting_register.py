"""The register of meetings 会议台账 (F15): which were called, when did they sit, who came, what came of them?

One row per meeting, also of those that failed and of those written down afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from domain.meeting import events as e
from domain.meeting.words import MeetingKind, Phase
from projections.pages import Asked
from projections.per_issue import Change, PerIssue
from projections.projection import Recorded


@dataclass(slots=True)
class MeetingRow:
    """One meeting. Members are listed with commas between."""

    meeting_id: UUID
    version: int
    position: int
    township: str
    kind: str
    phase: str
    quorum: int
    plan: str
    changed_at: datetime
    place: str | None = None
    period: str | None = None
    cut_off: datetime | None = None
    meet_by: datetime | None = None
    held_at: datetime | None = None
    chair: str | None = None
    members: int = 0
    present: str | None = None
    excused: str | None = None
    absent: str | None = None
    items: int = 0
    decided: int = 0
    disposed: int = 0
    carried_over: int = 0
    lapsed: int = 0
    failed_because: str | None = None
    confirm_by: datetime | None = None
    minutes_overdue: bool = False
    confirmed_by: str | None = None


def _begun(event: Any, recorded: Recorded, **fields: Any) -> MeetingRow:
    return MeetingRow(
        meeting_id=event.originator_id,
        version=event.originator_version,
        position=recorded.position,
        township=event.township,
        changed_at=event.occurred_at,
        **fields,
    )


def _held(event: e.MeetingHeld, recorded: Recorded) -> MeetingRow:
    everyone = {"present": ",".join(event.present), "absent": ",".join(event.absent) or None}
    return _begun(
        event, recorded, kind=MeetingKind.COMMITTEE.value, phase=Phase.CLOSED.value, quorum=event.quorum,
        plan=event.plan, held_at=event.occurred_at, chair=event.chair,
        members=len(event.present) + len(event.absent), **everyone,
    )  # fmt: skip


def _drawn(event: e.AgendaDrawn, recorded: Recorded) -> MeetingRow:
    return _begun(
        event, recorded, kind=event.kind.value, phase=Phase.DRAWN.value, quorum=event.rules.quorum,
        plan=event.rules.plan, place=event.place, period=event.period, cut_off=event.cut_off, meet_by=event.meet_by,
        items=len(event.items),
    )  # fmt: skip


def _told(row: MeetingRow, event: e.MembersTold) -> None:
    row.members = len(event.members)


def _one_item_more(row: MeetingRow, _: e.ItemAdded) -> None:
    row.items += 1


def _signed_in(row: MeetingRow, event: e.MemberSignedIn) -> None:
    row.present = _with(row.present, event.member)


def _excused(row: MeetingRow, event: e.MemberExcused) -> None:
    row.excused = _with(row.excused, event.member)


def _with(listed: str | None, member: str) -> str:
    return f"{listed},{member}" if listed else member


def _opened(row: MeetingRow, event: e.MeetingOpened) -> None:
    row.phase, row.held_at, row.chair = Phase.OPEN.value, event.occurred_at, event.chair
    row.absent = ",".join(event.absent) or None


def _failed(row: MeetingRow, event: e.MeetingFailed) -> None:
    row.phase, row.failed_because = Phase.FAILED.value, event.because.value
    row.carried_over = len(event.carried_over)


def _decided(row: MeetingRow, _: e.ItemDecided) -> None:
    row.decided += 1


def _disposed(row: MeetingRow, _: e.ItemDisposed) -> None:
    row.disposed += 1


def _carried_over(row: MeetingRow, event: e.ItemsCarriedOver) -> None:
    row.carried_over = len(event.items)


def _closed(row: MeetingRow, event: e.MeetingClosed) -> None:
    row.phase, row.lapsed = Phase.CLOSED.value, len(event.lapsed)


def _minutes(row: MeetingRow, event: e.MinutesDrawn) -> None:
    row.absent, row.confirm_by = ",".join(event.absent) or None, event.confirm_by


def _overdue(row: MeetingRow, _: e.MinutesOverdue) -> None:
    row.minutes_overdue = True


def _confirmed(row: MeetingRow, event: e.MinutesConfirmed) -> None:
    row.confirmed_by = event.actor.user


def _nothing(row: MeetingRow, event: Any) -> None:
    """That it happened is in the log; nothing of the row but its version changes."""


def _moved(change: Callable[[MeetingRow, Any], None]) -> Change[MeetingRow]:
    def moved(row: MeetingRow, event: Any, recorded: Recorded) -> None:
        row.version, row.position, row.changed_at = event.originator_version, recorded.position, event.occurred_at
        change(row, event)

    return moved


_DDL: Final = """
create table if not exists meeting_register (
  meeting_id uuid primary key, version bigint not null, position bigint not null, township text not null,
  kind text not null, phase text not null, quorum bigint not null, plan text not null, changed_at timestamptz not null,
  place text, period text, cut_off timestamptz, meet_by timestamptz, held_at timestamptz, chair text,
  members bigint not null, present text, excused text, absent text, items bigint not null, decided bigint not null,
  disposed bigint not null, carried_over bigint not null, lapsed bigint not null, failed_because text,
  confirm_by timestamptz, minutes_overdue boolean not null, confirmed_by text
);
"""
_INDEXES: Final = """
create index if not exists meeting_register_by_township on meeting_register (township, cut_off);
create index if not exists meeting_register_by_time
  on meeting_register (coalesce(held_at, cut_off, changed_at), (meeting_id::text));
create index if not exists meeting_register_of_township
  on meeting_register (township, coalesce(held_at, cut_off, changed_at), (meeting_id::text));
create index if not exists meeting_register_ahead
  on meeting_register (coalesce(meet_by, cut_off), meeting_id) where phase in ('drawn', 'open');
"""
_CHANGES: Final[dict[type[Any], Callable[[MeetingRow, Any], None]]] = {
    e.MembersTold: _told,
    e.ItemAdded: _one_item_more,
    e.MemberSignedIn: _signed_in,
    e.MemberExcused: _excused,
    e.MeetingOpened: _opened,
    e.MeetingFailed: _failed,
    e.ChairReminded: _nothing,
    e.InterestDeclared: _nothing,
    e.PointRecorded: _nothing,
    e.VotesCounted: _nothing,
    e.ItemDecided: _decided,
    e.DecidedTogether: _nothing,
    e.ItemDisposed: _disposed,
    e.ItemsCarriedOver: _carried_over,
    e.MeetingClosed: _closed,
    e.MinutesDrawn: _minutes,
    e.MinutesReminded: _nothing,
    e.MinutesOverdue: _overdue,
    e.MinutesConfirmed: _confirmed,
}
MEETING_REGISTER: Final = PerIssue(
    name="meeting_register",
    question="Which meetings were called, when did they sit, who came, what came of them? 会议台账",
    ddl=_DDL,
    indexes=_INDEXES,
    row=MeetingRow,
    follows=e.MEETING_EVENTS,
    begins={e.MeetingHeld: _held, e.AgendaDrawn: _drawn},
    changes={kind: _moved(change) for kind, change in _CHANGES.items()},
    key="meeting_id",
)


# -- asking ---------------------------------------------------------------------------------------------------------

_ALL: Final[LiteralString] = """
select * from meeting_register where %(township)s::text is null or township = %(township)s
order by coalesce(held_at, cut_off), meeting_id
"""


def meetings(connection: psycopg.Connection, township: str | None = None) -> list[MeetingRow]:
    """All meetings, or a township's, the oldest first."""
    with connection.cursor(row_factory=class_row(MeetingRow)) as cursor:
        return cursor.execute(_ALL, {"township": township}).fetchall()


@dataclass(slots=True, kw_only=True)
class MeetingLine(MeetingRow):
    """A row as lists show it. `at`: when it sat, else for when it is called."""

    at: datetime
    key: str  # the meeting's id, as text


_PAGE: Final[LiteralString] = """
select * from (
  select *, coalesce(held_at, cut_off, changed_at) as at, meeting_id::text as key from meeting_register
  where (%(townships)s::text[] is null or township = any(%(townships)s))
    and (%(places)s::text[] is null or place is null or place = any(%(places)s))
    and (%(kind)s::text is null or kind = %(kind)s)
    and (%(over)s::boolean is null or (phase in ('closed', 'failed')) = %(over)s)
) as line
where %(at)s::timestamptz is null or (at, key) < (%(at)s, %(key)s)
order by at desc, key desc limit %(limit)s
"""


def page(connection: psycopg.Connection, asked: Asked) -> list[MeetingLine]:
    """Meetings of `townships` and `places` (None: all), the latest first; of a `kind`, `over` or not, if asked."""
    with connection.cursor(row_factory=class_row(MeetingLine)) as cursor:
        return cursor.execute(_PAGE, asked).fetchall()
