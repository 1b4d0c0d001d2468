"""Duties and what was done of them: quota, done and shortfall of each officer and station; presence day by day.

Until a period is closed its rows are those of the reminder; closed, they stay for good (D2, D3).
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Final, LiteralString

import psycopg
from psycopg.rows import dict_row

from domain.duty import events as e
from projections.pages import Asked, page_of
from projections.per_event import PerEvent
from projections.projection import Recorded

_DDL: Final = """
create table if not exists duty_tally (
  period_id uuid not null, rule text not null, officer text not null, place text not null, period text not null,
  villages text[] not null, counted_at timestamptz not null, closed boolean not null, basis text not null,
  measure text, quota bigint not null, done bigint, part bigint, whole bigint, shortfall bigint not null,
  late bigint not null, after_closing bigint not null,
  primary key (period_id, rule, officer)
);
create table if not exists duty_day (
  period_id uuid not null, rule text not null, day date not null, place text not null, villages text[] not null,
  due text[] not null, present text[] not null, absent text[] not null, issues text[] not null,
  missed boolean not null,
  primary key (period_id, rule, day)
);
"""
_INDEXES: Final = """
create index if not exists duty_tally_by_place on duty_tally (place, period);
create index if not exists duty_day_by_place on duty_day (place, day);
"""
_TALLY: Final = "insert into duty_tally values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_DAY: Final = "insert into duty_day values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


def _reminded(connection: psycopg.Connection, event: e.DutiesReminded, _: Recorded) -> None:
    _write(connection, event, event.villages, event.occurred_at, event.missing, closed=False)


def _closed(connection: psycopg.Connection, event: e.DutyPeriodClosed, _: Recorded) -> None:
    connection.execute("delete from duty_tally where period_id = %s", (event.originator_id,))
    _write(connection, event, event.villages, event.counted_to, event.tallies, closed=True)
    for it in event.days:
        lists = (list(it.due), list(it.present), list(it.absent), list(it.issues))
        where = (event.originator_id, it.rule, it.day, event.place, list(event.villages))
        connection.execute(_DAY, (*where, *lists, it.missed))


def _write(
    connection: psycopg.Connection,
    event: e.DutyEvent,
    villages: Iterable[str],
    at: datetime,
    tallies: Iterable[e.Tally],
    *,
    closed: bool,
) -> None:
    for it in tallies:
        where = (event.originator_id, it.rule, it.officer or "", event.place, event.period, list(villages), at, closed)
        counted = (it.basis, it.measure, it.quota, it.done, it.part, it.of, it.shortfall, it.late, it.after_closing)
        connection.execute(_TALLY, (*where, *counted))


VISIT_COVERAGE: Final = PerEvent(
    name="visit_coverage",
    question="What was asked of officers and stations in each period, what was done, what is short? 走访完成情况",
    ddl=_DDL,
    indexes=_INDEXES,
    tables=("duty_tally", "duty_day"),
    follows=e.DUTY_EVENTS,
    takes={e.DutiesReminded: _reminded, e.DutyPeriodClosed: _closed},
    passes_over=frozenset({e.RotaSet, e.DutyPeriodOpened}),
)


# -- asking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One duty of an officer (None: of the place together) in a period. `closed` False: as of the reminder."""

    at: datetime
    key: str
    place: str
    place_name: str | None
    period: str
    rule: str
    basis: str
    measure: str | None
    officer: str | None
    quota: int
    done: int | None
    part: int | None
    whole: int | None
    shortfall: int
    late: int
    after_closing: int
    closed: bool


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """A service day, or a day of the rota: who was due, who was there, what was raised."""

    at: datetime
    key: str
    place: str
    place_name: str | None
    day: date
    rule: str
    due: list[str]
    present: list[str]
    absent: list[str]
    issues: list[str]
    missed: bool


_COLUMNS: Final = tuple(field.name for field in fields(CoverageLine))
_COVERAGE: Final[LiteralString] = """
select counted_at as at, period_id || '/' || rule || '/' || officer as key, place, place.name as place_name, period,
  rule, basis, measure, nullif(officer, '') as officer, quota, done, part, whole, shortfall, late, after_closing,
  duty_tally.closed
from duty_tally left join place on place.code = duty_tally.place
where %(village)s::text is null or %(village)s = any(villages)
"""
_NEWEST: Final[LiteralString] = """
select * from (
  select it.*, max(at) over (partition by rule, place) as newest from ({}) as it where at <= %(until)s
) as it where at = newest order by rule, place, officer nulls first
"""
_ATTENDANCE: Final[LiteralString] = """
select day::timestamp at time zone 'Asia/Shanghai' as at, period_id || '/' || rule as key, place,
  place.name as place_name, day, rule, due, present, absent, issues, missed
from duty_day left join place on place.code = duty_day.place
where %(village)s::text is null or %(village)s = any(villages)
"""


def coverage(connection: psycopg.Connection, asked: Asked) -> list[CoverageLine]:
    """Duties by the time up to which they were counted."""
    return page_of(connection, CoverageLine, _COVERAGE, asked)


def newest_coverage(connection: psycopg.Connection, village: str | None, until: datetime) -> list[CoverageLine]:
    """Each duty of each place as it was counted last, at `until` or before; `village` None: everywhere in scope."""
    with connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(_NEWEST.format(_COVERAGE), {"village": village, "until": until}).fetchall()
    return [CoverageLine(**{name: it[name] for name in _COLUMNS}) for it in found]


def attendance(connection: psycopg.Connection, asked: Asked) -> list[AttendanceLine]:
    """Service days and days of the rota, in order."""
    return page_of(connection, AttendanceLine, _ATTENDANCE, asked)
