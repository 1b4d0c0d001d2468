"""Appraisal 考核: what did this officer, station or department answer for in this period? (D8, LL11, PC8)

Two tables: each thing that was put to somebody's account (appraisal_marks.py), and what has to be known of an issue to
tell whose the next one is (appraisal_cases.py). Figures are sums of marks up to a position of the log, so that what was
once told can be told again; nobody keeps a score by hand, and every figure can be taken apart into its marks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final, LiteralString, NamedTuple

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from domain.duty.events import DUTY_EVENTS
from domain.issue.events import ISSUE_EVENTS, IssueLogged
from domain.spot_check.events import SPOT_CHECK_EVENTS
from domain.submission.events import SUBMISSION_EVENTS
from domain.visit.events import VISIT_EVENTS
from projections import appraisal_duties as duties
from projections.appraisal_cases import CHANGES, PASSED_OVER, AppraisalCase, logged
from projections.appraisal_marks import MARK_DDL, Counted, write
from projections.per_event import PerEvent
from projections.per_issue import PerIssue
from projections.projection import Recorded
from projections.three_rates import THREE_RATES, Rate

_CASE_DDL: Final = """
create table if not exists appraisal_case (
  issue_id uuid primary key, number text not null, village text not null, stage text not null, unit text not null,
  person text not null, department text, concerns text, due_at timestamptz, due_rule text, ran_from timestamptz,
  held_from timestamptz, imported_at timestamptz, late boolean not null, late_by text not null, missed_unit text,
  missed_person text, answered_unit text, answered_person text
);
"""
_INDEXES: Final = """
create index if not exists appraisal_mark_by_officer on appraisal_mark (officer, at);
create index if not exists appraisal_mark_by_time on appraisal_mark (at);
create index if not exists appraisal_mark_by_reference on appraisal_mark (stream_id, reference);
"""
_QUESTION: Final = "What did each officer, station and department answer for in a period? 考核 (D8)"

CASES: Final = PerIssue(
    name="appraisal_case",
    question=_QUESTION,
    ddl=_CASE_DDL,
    indexes="",
    row=AppraisalCase,
    follows=ISSUE_EVENTS,
    begins={IssueLogged: logged},
    changes=CHANGES,
    passes_over=PASSED_OVER,
)
DUTIES: Final = PerEvent(
    name="appraisal_mark",
    question=_QUESTION,
    ddl=MARK_DDL,
    indexes=_INDEXES,
    tables=("appraisal_mark",),
    follows=VISIT_EVENTS | DUTY_EVENTS | SUBMISSION_EVENTS | SPOT_CHECK_EVENTS,
    takes=duties.TAKES,
    passes_over=duties.PASSED_OVER,
)


@dataclass(frozen=True)
class Appraisal:
    """The projection: issues by their rows, everything else event by event."""

    name: str = "appraisal"
    question: str = _QUESTION
    ddl: str = _CASE_DDL + MARK_DDL
    indexes: str = _INDEXES
    tables: tuple[str, ...] = ("appraisal_case", "appraisal_mark")

    def apply(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> None:
        """As Projection.apply."""
        cases = CASES.taken_in(connection, batch)
        write(connection, (mark for case in cases for mark in case.made))
        DUTIES.apply(connection, batch)


APPRAISAL: Final = Appraisal()


# -- asking ---------------------------------------------------------------------------------------------------------


class By(StrEnum):
    """Whose account."""

    OFFICER = "officer"  # 干部
    STATION = "station"  # 驻点（村、镇、县）
    DEPARTMENT = "department"  # 归口部门


class Asked(NamedTuple):
    """From `first` up to, but without, `after`; `up_to`: of what the log held up to this position (None: now).

    `officer`, `place`, `village`: only theirs.
    """

    by: By
    first: datetime
    after: datetime
    up_to: int | None = None
    officer: str | None = None
    place: str | None = None
    village: str | None = None


@dataclass(frozen=True)
class Account:
    """What one of them answers for. `officer` None: a place's. `place`: where they acted; a code, or `county`."""

    officer: str | None
    place: str
    place_name: str | None
    counts: Mapping[str, int] = field(default_factory=dict)

    def of(self, what: Counted) -> int:
        """How many; 0 if there are none."""
        return self.counts.get(what, 0)

    @cached_property
    def satisfaction(self) -> Rate:
        """满意率 as the three rates have it: of the ratings that say something; undefined without any."""
        valid = sum(map(self.of, (Counted.SATISFIED, Counted.MOSTLY, Counted.DISSATISFIED)))
        content = self.of(Counted.SATISFIED) + THREE_RATES.mostly_counts * self.of(Counted.MOSTLY)
        return Rate(content, valid)

    @cached_property
    def on_time(self) -> Rate:
        """按期率: answers in whose case no step had run over its time."""
        kept = self.of(Counted.ON_TIME)
        return Rate(Decimal(kept), kept + self.of(Counted.BEHIND))

    @cached_property
    def clocks_kept(self) -> Rate:
        """环节按期率: clocks of their own that they kept."""
        kept = self.of(Counted.IN_TIME)
        return Rate(Decimal(kept), kept + self.of(Counted.LATE))


@dataclass(frozen=True, slots=True)
class Trace:
    """One mark behind a figure: which event of the log put it there, about what."""

    at: datetime
    key: str
    position: int
    what: str
    count: int
    officer: str | None
    place: str
    reference: str | None
    rule: str | None
    part: int | None
    whole: int | None


# A village's station is the one that it has now, for the log of cases names villages only.
_MARKS: Final[LiteralString] = """
with tree as (
  select below.code, coalesce(station.code, below.code) as station,
    case below.kind when 'township' then below.code else coalesce(station.parent, below.parent) end as township
  from place as below left join place as station on station.code = below.parent and station.kind = 'station'
),
told as (
  select mark.*, case
    when mark.unit = 'county' then 'county'
    when mark.unit = 'township' then coalesce(tree.township, 'township')
    when mark.unit like 'department:%%' then coalesce(own.code, mark.unit)
    else coalesce(tree.station, mark.place) end as acted_at
  from appraisal_mark as mark
  left join tree on tree.code = mark.place
  left join place as own on own.code = mark.unit || '@' || tree.township
  where mark.at >= %(first)s and mark.at < %(after)s
    and (%(up_to)s::bigint is null or mark.position <= %(up_to)s)
    and (%(village)s::text is null or %(village)s = any(mark.villages))
    and (%(officer)s::text is null or mark.officer = %(officer)s)
    and (%(by)s = 'officer' or mark.what <> 'visited')
),
kept as (
  select * from told
  where (%(place)s::text is null or acted_at = %(place)s)
    and case %(by)s when 'officer' then officer is not null
        when 'department' then acted_at like 'department:%%' else acted_at not like 'department:%%' end
)
"""
_FIGURES: Final = sql.SQL(_MARKS) + sql.SQL("""
select who, acted_at, place.name, jsonb_object_agg(what, counted order by what)
from (
  select case %(by)s when 'officer' then officer end as who, acted_at, what, sum(count)::bigint as counted
  from kept group by 1, 2, 3
) as figure left join place on place.code = acted_at
group by 1, 2, 3 order by 1, 2
""")
_TRACES: Final = sql.SQL(_MARKS) + sql.SQL("""
select * from (
  select at, concat_ws('/', stream_id, lpad(version::text, 9, '0'), lpad(nth::text, 4, '0')) as key, position, what,
    count, officer, acted_at as place, reference, rule, part, whole
  from kept where %(what)s::text is null or what = %(what)s
) as line
where %(at)s::timestamptz is null or (at, key) > (%(at)s, %(key)s)
order by at, key limit %(limit)s
""")


def accounts(connection: psycopg.Connection, asked: Asked) -> list[Account]:
    """What everybody answers for whom the reader may see; an officer once for each place where they acted."""
    rows = connection.execute(_FIGURES, asked._asdict()).fetchall()
    return [Account(who, place, name, _without_nought(counts)) for who, place, name, counts in rows]


def _without_nought(counts: Mapping[str, int]) -> dict[str, int]:
    """What was counted and taken back again is not there."""
    return {what: count for what, count in counts.items() if count}


def traces(
    connection: psycopg.Connection,
    asked: Asked,
    what: Counted | None = None,
    *,
    after: tuple[datetime, str] | tuple[None, None] = (None, None),
    limit: int | None = None,
) -> list[Trace]:
    """The marks behind figures, in the order in which they happened."""
    values = {**asked._asdict(), "what": what, "at": after[0], "key": after[1], "limit": limit}
    with connection.cursor(row_factory=class_row(Trace)) as cursor:
        return cursor.execute(_TRACES, values).fetchall()


def told_up_to(connection: psycopg.Connection) -> int:
    """The position up to which the figures of this moment count; with it they can be told again."""
    row = connection.execute("select position from follower_position where name = 'appraisal'").fetchone()
    return int(row[0]) if row else -1
