"""Monthly bulletins 月通报: what each said of each station, what is named in it, how far it is (F12, CX10, PC7, MZ6).

A row for each bulletin, each of its lines and each item named. Seen by whoever sees a village of the township: a
bulletin goes to every office of it. Before it is issued only those who work on it see it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from domain.bulletin import events as e
from domain.bulletin.figures import Figures
from projections.pages import WHOLE, Asked, page_of
from projections.per_event import PerEvent
from projections.projection import Recorded
from projections.suppression import SMALLEST
from projections.three_rates import THREE_RATES, Rate

_DDL: Final = """
create table if not exists bulletin (
  bulletin_id uuid primary key, version bigint not null, position bigint not null, place text not null,
  period text not null, villages text[] not null, plan text not null, basis text not null,
  issue_by timestamptz not null, head_position bigint, issued_at timestamptz, issued_by text, late boolean not null,
  overdue boolean not null, corrections bigint not null, reason text
);
create table if not exists bulletin_line (
  bulletin_id uuid not null, nth bigint not null, villages text[] not null, place text not null, owed bigint not null,
  in_time bigint not null, came_late text[] not null, never_came text[] not null, duty_rules text[] not null,
  duty_asked bigint[] not null, duty_done bigint[] not null, new bigint not null, done bigint not null,
  overdue bigint not null, satisfied bigint not null, mostly bigint not null, dissatisfied bigint not null,
  not_counted bigint not null, checks bigint not null, ledgers_missed bigint not null, findings bigint not null,
  rectified bigint not null, unanswered bigint not null,
  primary key (bulletin_id, nth)
);
create table if not exists bulletin_item (
  bulletin_id uuid not null, item bigint not null, villages text[] not null, issue text not null, place text not null,
  unit text not null, handling text not null, post text, proposed boolean not null, cause text, struck boolean not null,
  primary key (bulletin_id, item)
);
"""
_INDEXES: Final = """
create index if not exists bulletin_by_issued on bulletin (issued_at);
create index if not exists bulletin_by_place on bulletin (place, period);
"""
_OPENED: Final = """
insert into bulletin values (%s, %s, %s, %s, %s, %s, %s, %s, %s, null, null, null, false, false, 0, null)
"""
_LINE: Final = """
insert into bulletin_line select %s, %s, villages, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
  %s, %s, %s from bulletin where bulletin_id = %s
"""
_ITEM: Final = """
insert into bulletin_item
select %s, %s, villages, %s, %s, %s, %s, %s, %s, null, false from bulletin where bulletin_id = %s
"""


def _moved(connection: psycopg.Connection, event: e.BulletinEvent, recorded: Recorded) -> None:
    row = (event.originator_version, recorded.position, event.originator_id)
    connection.execute("update bulletin set version = %s, position = %s where bulletin_id = %s", row)


def _opened(connection: psycopg.Connection, event: e.BulletinOpened, recorded: Recorded) -> None:
    where = (event.originator_id, event.originator_version, recorded.position, event.place, event.period)
    connection.execute(_OPENED, (*where, list(event.villages), event.plan, event.basis, event.issue_by))


def _drawn_up(connection: psycopg.Connection, event: e.BulletinDrawnUp, recorded: Recorded) -> None:
    _figures(connection, event.originator_id, event.figures, event.head.position)
    for named in event.proposed:
        _item(connection, event.originator_id, named, proposed=True)
    _moved(connection, event, recorded)


def _figures(connection: psycopg.Connection, bulletin_id: UUID, figures: Figures, position: int) -> None:
    connection.execute("delete from bulletin_line where bulletin_id = %s", (bulletin_id,))
    row = (position, bulletin_id)
    connection.execute("update bulletin set head_position = %s where bulletin_id = %s", row)
    for nth, it in enumerate(figures.places, 1):
        late = [f"{lack.submission}/{lack.owner}" for lack in it.missing if lack.came]
        never = [f"{lack.submission}/{lack.owner}" for lack in it.missing if not lack.came]
        duties = tuple([getattr(duty, name) for duty in it.duties] for name in ("rule", "asked", "done"))
        rated = (it.satisfied, it.mostly, it.dissatisfied, it.not_counted)
        checked = (it.checks, it.ledgers_missed, it.findings, it.rectified, len(it.unanswered))
        counts = (it.owed, it.in_time, late, never, *duties, it.new, it.done, it.overdue, *rated, *checked)
        connection.execute(_LINE, (bulletin_id, nth, it.place, *counts, bulletin_id))


def _item(connection: psycopg.Connection, bulletin_id: UUID, it: e.Named, *, proposed: bool) -> None:
    said = (it.issue, it.place, it.unit, it.handling, it.post, proposed)
    connection.execute(_ITEM, (bulletin_id, it.item, *said, bulletin_id))


def _named(connection: psycopg.Connection, event: e.ItemNamed, recorded: Recorded) -> None:
    _item(connection, event.originator_id, event.named, proposed=False)
    _moved(connection, event, recorded)


def _taken_off(connection: psycopg.Connection, event: e.ItemTakenOff, recorded: Recorded) -> None:
    row = (event.cause, event.originator_id, event.item)
    connection.execute("update bulletin_item set cause = %s where bulletin_id = %s and item = %s", row)
    _moved(connection, event, recorded)


def _issued(connection: psycopg.Connection, event: e.BulletinIssued, recorded: Recorded) -> None:
    connection.execute(
        "update bulletin set issued_at = %s, issued_by = %s, late = %s where bulletin_id = %s",
        (event.occurred_at, event.actor.user, event.late, event.originator_id),
    )
    _moved(connection, event, recorded)


def _overdue(connection: psycopg.Connection, event: e.BulletinOverdue, recorded: Recorded) -> None:
    connection.execute("update bulletin set overdue = true where bulletin_id = %s", (event.originator_id,))
    _moved(connection, event, recorded)


def _corrected(connection: psycopg.Connection, event: e.BulletinCorrected, recorded: Recorded) -> None:
    _figures(connection, event.originator_id, event.figures, event.head.position)
    row = (event.originator_id, list(event.struck))
    connection.execute("update bulletin_item set struck = true where bulletin_id = %s and item = any(%s)", row)
    told = (event.number, event.reason, event.originator_id)
    connection.execute("update bulletin set corrections = %s, reason = %s where bulletin_id = %s", told)
    _moved(connection, event, recorded)


BULLETINS: Final = PerEvent(
    name="bulletins",
    question="What did the bulletin of a month say of each station, and what is named in it? 月通报",
    ddl=_DDL,
    indexes=_INDEXES,
    tables=("bulletin", "bulletin_line", "bulletin_item"),
    follows=e.BULLETIN_EVENTS,
    takes={
        e.BulletinOpened: _opened,
        e.BulletinDrawnUp: _drawn_up,
        e.ItemNamed: _named,
        e.ItemTakenOff: _taken_off,
        e.BulletinIssued: _issued,
        e.BulletinOverdue: _overdue,
        e.BulletinCorrected: _corrected,
    },
)


# -- asking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BulletinLine:
    """What a bulletin says of one station (or, at the township's own code, of its offices), as last corrected.

    `came_late`, `never_came`: `submission/owner`. `named`: `issue/unit/handling/post` of the items that stand.
    `issued_at` None: a draft.
    """

    at: datetime
    key: str
    bulletin_id: UUID
    version: int
    township: str
    township_name: str | None
    period: str
    plan: str
    basis: str
    issue_by: datetime
    issued_at: datetime | None
    issued_by: str | None
    late: bool
    overdue: bool
    corrections: int
    head_position: int | None
    place: str
    place_name: str | None
    owed: int
    in_time: int
    came_late: list[str]
    never_came: list[str]
    duty_rules: list[str]
    duty_asked: list[int]
    duty_done: list[int]
    new: int
    done: int
    issues_overdue: int
    satisfied: int
    mostly: int
    dissatisfied: int
    not_counted: int
    checks: int
    ledgers_missed: int
    findings: int
    rectified: int
    unanswered: int
    named: list[str]

    @property
    def satisfaction(self) -> Rate | None:
        """By the policy of the three rates; None from fewer than five ratings: they could give a household away."""
        valid = self.satisfied + self.mostly + self.dissatisfied
        if valid < SMALLEST:
            return None
        return Rate(Decimal(self.satisfied) + THREE_RATES.mostly_counts * self.mostly, valid)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item: `proposed` by the drawing; `cause`: why it was taken off; `struck` by a correction."""

    bulletin_id: UUID
    item: int
    issue: str
    unit: str
    handling: str
    post: str | None
    proposed: bool
    cause: str | None
    struck: bool


_LINES: Final[LiteralString] = """
select coalesce(issued_at, issue_by) as at, bulletin_id || '/' || lpad(nth::text, 6, '0') as key, bulletin_id, version,
  bulletin.place as township, town.name as township_name, period, plan, basis, issue_by, issued_at, issued_by, late,
  bulletin.overdue, corrections, head_position, line.place, here.name as place_name, owed, in_time, came_late,
  never_came, duty_rules, duty_asked, duty_done, new, done, line.overdue as issues_overdue, satisfied, mostly,
  dissatisfied, not_counted, checks, ledgers_missed, findings, rectified, unanswered,
  array(select concat_ws('/', issue, unit, handling, post) from bulletin_item as item
        where item.bulletin_id = bulletin.bulletin_id and cause is null and not struck
          and case when item.place = any(every.places) then item.place = line.place else line.place = bulletin.place end
        order by item) as named
from bulletin join bulletin_line as line using (bulletin_id)
cross join lateral (
  select array_agg(place) as places from bulletin_line as one where one.bulletin_id = bulletin.bulletin_id
) as every
left join place as town on town.code = bulletin.place
left join place as here on here.code = line.place
where (%(village)s::text is null or %(village)s = any(bulletin.villages))
  and (%(bulletin)s::uuid is null or bulletin_id = %(bulletin)s)
  and (%(township)s::text is null or bulletin.place = %(township)s)
  and (%(of_period)s::text is null or starts_with(period, %(of_period)s))
  and (%(drafts)s or issued_at is not null)
"""
_ITEMS: Final[LiteralString] = """
select bulletin_id, item, issue, unit, handling, post, proposed, cause, struck
from bulletin_item join bulletin using (bulletin_id)
where bulletin_id = any(%(bulletins)s) and (%(drafts)s or (cause is null and issued_at is not null))
order by bulletin_id, item
"""


def bulletins(connection: psycopg.Connection, asked: Asked) -> list[BulletinLine]:
    """The lines of bulletins that were issued, in the order of issue; `period`: how their month begins, `2026`."""
    return _asked(connection, asked)


def bulletin(connection: psycopg.Connection, bulletin_id: UUID) -> list[BulletinLine]:
    """The lines of one, also before it is issued; none before it is drawn up."""
    return _asked(connection, {**WHOLE, "bulletin": bulletin_id, "drafts": True})


def bulletins_of(
    connection: psycopg.Connection, *, township: str | None, period: str | None, drafts: bool
) -> list[BulletinLine]:
    """The lines of a township's bulletins (its code; None: of all); `period`: how their month begins."""
    return _asked(connection, {**WHOLE, "township": township, "period": period, "drafts": drafts})


def _asked(connection: psycopg.Connection, asked: Asked) -> list[BulletinLine]:
    usual = {"bulletin": None, "township": None, "drafts": False}
    values = {**usual, **asked, "of_period": asked.get("period"), "period": None}
    return page_of(connection, BulletinLine, _LINES, values)


def items(connection: psycopg.Connection, bulletin_ids: Iterable[UUID], *, drafts: bool) -> list[ItemLine]:
    """What is named in these; with `drafts` also what was taken off, and what is not issued yet."""
    with connection.cursor(row_factory=class_row(ItemLine)) as cursor:
        return cursor.execute(_ITEMS, {"bulletins": list(bulletin_ids), "drafts": drafts}).fetchall()
