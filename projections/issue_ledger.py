"""The issue ledger 问题台账(整改销号): where does each issue stand, who owns it, until when, and what came of it? (F1)

One row per issue, under its id. `page`, `entry` and `entries` answer the API, the command line and the exports.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, LiteralString

import psycopg
from psycopg.rows import class_row

from domain.issue.events import ISSUE_EVENTS, IssueLogged
from domain.issue.words import OPEN_STAGES, Stage
from projections.issue_ledger_fold import CHANGES, LedgerRow, logged
from projections.per_issue import PerIssue

_DDL: Final = """
create table if not exists issue_ledger (
  issue_id uuid primary key, number text not null, version bigint not null, position bigint not null,
  recorded_at timestamptz not null, changed_at timestamptz not null, logged_at timestamptz not null,
  village text not null, channel text not null, household text, category text not null, title text,
  description text not null, place text, source text, plan text not null,
  stage text not null, tier text not null, unit text not null, person text not null, department text, leader text,
  cause text, measures text, due_at timestamptz, due_rule text, due_amount bigint, due_unit text,
  due_provisional boolean, missed bigint not null, notices bigint not null, extensions bigint not null,
  percent bigint, completed_at timestamptz, replied_at timestamptz, first_replied_at timestamptz, rating text,
  closed_at timestamptz, reopenings bigint not null, merged_into uuid, split_from uuid, remark text,
  concerns text
);
"""
_INDEXES: Final = """
create unique index if not exists issue_ledger_by_number on issue_ledger (number);
create index if not exists issue_ledger_by_time on issue_ledger (logged_at, number);
create index if not exists issue_ledger_by_village on issue_ledger (village, logged_at, number);
create index if not exists issue_ledger_by_due on issue_ledger (due_at) where due_at is not null;
"""

ISSUE_LEDGER: Final = PerIssue(
    name="issue_ledger",
    question="Where does each issue stand, who owns it, until when, and what came of it? 问题台账",
    ddl=_DDL,
    indexes=_INDEXES,
    row=LedgerRow,
    follows=ISSUE_EVENTS,
    begins={IssueLogged: logged},
    changes=CHANGES,
)


# -- asking ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class LedgerLine(LedgerRow):
    """A row as people read it: with the village's name, and the number of the issue into which it was merged."""

    village_name: str | None = None
    merged_into_number: str | None = None


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which rows are meant; None: no matter. `overdue_at`: open, and due before that moment.

    `villages`: of one of these. `departments`: with one of these now; with none given, no row is.
    `barred`: no complaint about one of these.
    """

    village: str | None = None
    villages: tuple[str, ...] | None = None
    stage: Stage | None = None
    category: str | None = None
    channel: str | None = None
    unit: str | None = None
    departments: tuple[str, ...] | None = None
    barred: frozenset[str] = frozenset()
    overdue_at: datetime | None = None
    open_only: bool = False


Cursor = tuple[datetime, str]
"""Where a page ended: `logged_at` and `number` of its last line."""

EVERYTHING: Final = LedgerFilter()
_SELECT: Final[LiteralString] = """
select ledger.*, place.name as village_name, target.number as merged_into_number
from issue_ledger ledger
left join place on place.code = ledger.village
left join issue_ledger target on target.issue_id = ledger.merged_into
"""
_CONDITIONS: Final[dict[str, LiteralString]] = {
    "village": "ledger.village = %(village)s",
    "villages": "ledger.village = any(%(villages)s)",
    "stage": "ledger.stage = %(stage)s",
    "category": "ledger.category = %(category)s",
    "channel": "ledger.channel = %(channel)s",
    "unit": "ledger.unit = %(unit)s",
    "departments": "ledger.department = any(%(departments)s)",
    "barred": "(ledger.concerns is null or ledger.concerns <> all(%(barred)s))",
    "overdue_at": "ledger.due_at < %(overdue_at)s and ledger.stage = any(%(open_stages)s)",
    "open_only": "ledger.stage = any(%(open_stages)s)",
}


def entry(connection: psycopg.Connection, number: str) -> LedgerLine | None:
    """The line of one issue, or None."""
    with connection.cursor(row_factory=class_row(LedgerLine)) as cursor:
        return cursor.execute(_SELECT + "where ledger.number = %s", (number,)).fetchone()


def page(
    connection: psycopg.Connection,
    wanted: LedgerFilter = EVERYTHING,
    *,
    after: Cursor | None = None,
    limit: int = 50,
    newest_first: bool = False,
) -> list[LedgerLine]:
    """At most `limit` lines in the order of logging, from where the page before ended; fewer when there are no more."""
    query, values = _query(wanted, after, newest_first)
    with connection.cursor(row_factory=class_row(LedgerLine)) as cursor:
        return cursor.execute(query + " limit %(limit)s", {**values, "limit": limit}).fetchall()


def entries(connection: psycopg.Connection, wanted: LedgerFilter = EVERYTHING) -> Iterator[LedgerLine]:
    """All lines in the order of logging, a thousand at a time, as of one moment: for exports of any length."""
    query, values = _query(wanted, None, newest_first=False)
    with (
        connection.transaction(),
        connection.cursor("issue_ledger_entries", row_factory=class_row(LedgerLine)) as cursor,
    ):
        cursor.itersize = 1000
        yield from cursor.execute(query, values)


def _query(wanted: LedgerFilter, after: Cursor | None, newest_first: bool) -> tuple[LiteralString, dict[str, Any]]:
    values: dict[str, Any] = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
    values["open_stages"] = sorted(OPEN_STAGES)
    for name in ("villages", "departments"):
        values[name] = None if values[name] is None else list(values[name])
    values["barred"] = sorted(wanted.barred) or None
    conditions = [condition for name, condition in _CONDITIONS.items() if values[name] not in (None, False)]
    if after is not None:
        values["after_time"], values["after_number"] = after
        beyond: LiteralString = "<" if newest_first else ">"
        conditions.append(f"(ledger.logged_at, ledger.number) {beyond} (%(after_time)s, %(after_number)s)")
    order: LiteralString = "desc" if newest_first else "asc"
    where: LiteralString = "where " + " and ".join(conditions) if conditions else ""
    return f"{_SELECT}{where} order by ledger.logged_at {order}, ledger.number {order}", values
