"""How are a million issues counted in an instant? Those that are done are added up as they go, in cells of like ones.

Used by dashboard.py alone. A cell is what distinguishes issues in any figure; a month's line, what happened in it. Sums
of rows that each follow from one stream: in whatever order they are added, they come out the same.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final, LiteralString, NamedTuple

import psycopg

from domain.issue.words import OPEN_STAGES
from domain.values import LOCAL_ZONE
from projections.dashboard_fold import DashboardRow

TABLES: Final = ("dashboard_cell", "dashboard_month", "dashboard_reply")
DDL: Final = """
create table if not exists dashboard_cell (
  village text not null, category text not null, channel text not null, tier text not null, department text not null,
  concerns text not null, stage text not null, timed boolean not null, answered boolean not null, late boolean not null,
  solved boolean not null, asked boolean not null, backlog boolean not null, silent boolean not null,
  rating text not null, contacted boolean not null, slow bigint not null, issues bigint not null,
  primary key (village, category, channel, tier, department, concerns, stage, timed, answered, late, solved, asked,
    backlog, silent, rating, contacted, slow)
) with (fillfactor = 70);
create table if not exists dashboard_month (
  village text not null, department text not null, concerns text not null, month date not null, figure text not null,
  issues bigint not null,
  primary key (village, department, concerns, month, figure)
) with (fillfactor = 70);
create table if not exists dashboard_reply (
  village text not null, department text not null, concerns text not null, days bigint not null, issues bigint not null,
  primary key (village, department, concerns, days)
) with (fillfactor = 70);
"""
INDEXES: Final = """
create index if not exists dashboard_month_by_month on dashboard_month (month);
create index if not exists dashboard_cell_empty on dashboard_cell ((true)) where issues = 0;
create index if not exists dashboard_month_empty on dashboard_month ((true)) where issues = 0;
create index if not exists dashboard_reply_empty on dashboard_reply ((true)) where issues = 0;
"""
NOBODY: Final = "-"
"""Of whom it complains: no account is called so, nor is it the empty name that every scope bars."""
_VALID: Final = frozenset({"satisfied", "mostly_satisfied", "dissatisfied"})


class Cell(NamedTuple):
    """The facts of an issue that is no longer open; '' for none, `concerns` NOBODY."""

    village: str
    category: str
    channel: str
    tier: str
    department: str
    concerns: str
    stage: str
    timed: bool
    answered: bool
    late: bool
    solved: bool
    asked: bool
    backlog: bool
    silent: bool
    rating: str
    contacted: bool
    slow: int


class Happened(NamedTuple):
    """That something happened to an issue in a month, which is told by its first day."""

    village: str
    department: str
    concerns: str
    month: date
    figure: str


class Replied(NamedTuple):
    """That an issue was first answered after so many whole days."""

    village: str
    department: str
    concerns: str
    days: int


Counts = Counter[Cell | Happened | Replied]


def counted(rows: Iterable[DashboardRow]) -> Counts:
    """How often each cell, and each thing in a month, is there among these rows."""
    return Counter(key for row in rows for key in _keys(row))


def _keys(row: DashboardRow) -> Iterator[Cell | Happened | Replied]:
    if row.stage not in OPEN_STAGES:
        yield _cell(row)
    where = (row.village, row.department or "", row.concerns or NOBODY)
    for month, figure in _happened(row):
        yield Happened(*where, month, figure)
    if row.answered_at is not None:
        yield Replied(*where, (row.answered_at - row.logged_at).days)


def _cell(row: DashboardRow) -> Cell:
    return Cell(
        row.village, row.category, row.channel, row.tier, row.department or "", row.concerns or NOBODY, row.stage,
        row.timed, row.answered_at is not None, row.late, row.solved, row.asked, row.backlog, row.silent,
        row.rating or "", bool(row.contacted), _slow(row),
    )  # fmt: skip


def _slow(row: DashboardRow) -> int:
    """0: answered within 15 days or not at all, 1: later, 2: after 60 days; as figures.FACTS says it in SQL."""
    took = row.answered_at - row.logged_at if row.answered_at else timedelta(0)
    return 2 if took > timedelta(days=60) else 1 if took > timedelta(days=15) else 0


def _happened(row: DashboardRow) -> Iterator[tuple[date, str]]:
    """What is told of it by months: the rates by the month in which it was answered first."""
    yield _month(row.logged_at), "logged"
    if row.closed_at is not None:
        yield _month(row.closed_at), "closed"
    if row.answered_at is None:
        return
    at = _month(row.answered_at)
    yield at, "answered"
    if row.timed:
        yield at, "late" if row.late else "on_time"
    if row.rating in _VALID:
        yield at, "valid"
        yield from ((at, name) for name in ("contacted", "solved") if getattr(row, name))
        yield from ((at, name) for name, is_so in _said(row) if is_so)


def _said(row: DashboardRow) -> tuple[tuple[str, bool], ...]:
    return ("satisfied", row.rating == "satisfied"), ("mostly", row.rating == "mostly_satisfied")


def _month(moment: datetime) -> date:
    return moment.astimezone(LOCAL_ZONE).date().replace(day=1)


# -- written --------------------------------------------------------------------------------------------------------

_ADD_CELLS: Final[LiteralString] = """
insert into dashboard_cell as cell select * from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
  %s::text[], %s::text[], %s::bool[], %s::bool[], %s::bool[], %s::bool[], %s::bool[], %s::bool[], %s::bool[],
  %s::text[], %s::bool[], %s::int8[], %s::int8[])
on conflict (village, category, channel, tier, department, concerns, stage, timed, answered, late, solved, asked,
  backlog, silent, rating, contacted, slow)
do update set issues = cell.issues + excluded.issues
"""
_ADD_MONTHS: Final[LiteralString] = """
insert into dashboard_month as line
select * from unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::text[], %s::int8[])
on conflict (village, department, concerns, month, figure) do update set issues = line.issues + excluded.issues
"""
_ADD_REPLIES: Final[LiteralString] = """
insert into dashboard_reply as reply select * from unnest(%s::text[], %s::text[], %s::text[], %s::int8[], %s::int8[])
on conflict (village, department, concerns, days) do update set issues = reply.issues + excluded.issues
"""
_SWEEP: Final[tuple[LiteralString, ...]] = (
    "delete from dashboard_cell where issues = 0",
    "delete from dashboard_month where issues = 0",
    "delete from dashboard_reply where issues = 0",
)


def add_up(connection: psycopg.Connection, before: Counts, after: Counts) -> None:
    """The difference is added, in one order for all who write: several may make the tables anew at once."""
    after.subtract(before)
    changed = {key: issues for key, issues in after.items() if issues}
    for kind, statement in ((Cell, _ADD_CELLS), (Happened, _ADD_MONTHS), (Replied, _ADD_REPLIES)):
        rows = sorted((*key, issues) for key, issues in changed.items() if isinstance(key, kind))
        if rows:
            connection.execute(statement, [list(column) for column in zip(*rows, strict=True)])
    if any(issues < 0 for issues in changed.values()):
        for statement in _SWEEP:
            connection.execute(statement)
