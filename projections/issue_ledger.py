"""The issue ledger 问题台账(整改销号): where does each issue stand, who owns it, until when, and what came of it? (F1)

One row per issue, under its id. `page`, `entry` and `entries` answer the API, the command line and the exports.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, LiteralString

import psycopg
from psycopg.rows import class_row

from domain.issue.events import ISSUE_EVENTS, IssueLogged
from domain.issue.words import OPEN_STAGES, Stage
from domain.values import SEALED
from projections.figures import FACTS, FIGURES, of_figures
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
OF_PETITIONS: Final[LiteralString] = "channel in ('hotline', 'online', 'petition', 'reception_day')"
"""Which issues came as petitions (domain/issue/words.py: PETITION_CHANNELS), word for word as their index has it."""
_INDEXES: Final = (
    """
create unique index if not exists issue_ledger_by_number on issue_ledger (number);
create index if not exists issue_ledger_by_time on issue_ledger (logged_at, number);
create index if not exists issue_ledger_by_village on issue_ledger (village, logged_at, number);
create index if not exists issue_ledger_by_due on issue_ledger (due_at, number) where due_at is not null;
create index if not exists issue_ledger_by_village_due on issue_ledger (village, due_at) where due_at is not null;
create index if not exists issue_ledger_by_person on issue_ledger (person, due_at);
create index if not exists issue_ledger_by_stage on issue_ledger (stage, logged_at, number);
create index if not exists issue_ledger_by_department on issue_ledger (department, logged_at, number)
  where department is not null;
create index if not exists issue_ledger_by_rating on issue_ledger (rating, logged_at, number) where rating is not null;
create index if not exists issue_ledger_of_petitions on issue_ledger (logged_at, number) where """
    + OF_PETITIONS
    + """;
create index if not exists issue_ledger_of_no_household on issue_ledger (logged_at, number) where household is null;
"""
)

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
class Counted:
    """Counted in a figure of the dashboard (figures.py) at a moment; `age`: of this class of days since logging.

    `answered`, `closed`: first answered, or struck off, in this period: from, and no longer at.
    """

    at: datetime
    figure: str = "total"
    age: int | None = None
    answered: tuple[datetime, datetime] | None = None
    closed: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which rows are meant; None: no matter. `overdue_at`: open, and due before that moment.

    `villages`: of one of these. `departments`: with one of these now; with none given, no row is.
    `barred`: no complaint about one of these. `numbers`: one of these. `from` is in a period, `before` no longer.
    `words`: among the newest `SEARCHED` that fit otherwise, of cases without a household whose words hold these.
    """

    village: str | None = None
    villages: tuple[str, ...] | None = None
    stage: Stage | None = None
    category: str | None = None
    channel: str | None = None
    tier: str | None = None
    unit: str | None = None
    department: str | None = None
    departments: tuple[str, ...] | None = None
    person: str | None = None
    rating: str | None = None
    barred: frozenset[str] = frozenset()
    logged_from: datetime | None = None
    logged_before: datetime | None = None
    overdue_at: datetime | None = None
    open_only: bool = False
    numbers: tuple[str, ...] | None = None
    words: str | None = None
    no_department: bool = False
    counted: Counted | None = None


class Sort(StrEnum):
    """In which order lines come; `due`: those that have a time until when, the soonest first."""

    OLDEST = "oldest"
    NEWEST = "newest"
    DUE = "due"
    NUMBER = "number"


Cursor = tuple[datetime, str]
"""Where a page ended: `logged_at` (sorted by it, `due_at`) and `number` of its last line."""

SEARCHED: Final = 20_000
"""How many cases are looked through for words."""
MOST_COUNTED: Final = 10_000
EVERYTHING: Final = LedgerFilter()
_LINES: Final[LiteralString] = """
select ledger.*, place.name as village_name, target.number as merged_into_number
from {} ledger
left join place on place.code = ledger.village
left join issue_ledger target on target.issue_id = ledger.merged_into
"""
_SELECT: Final[LiteralString] = _LINES.format("issue_ledger")
_COUNT: Final[LiteralString] = "select count(*) from (select from {} ledger {} limit %(limit)s) as line"
_NEWEST: Final[LiteralString] = """(
  select * from issue_ledger ledger {} order by ledger.logged_at desc, ledger.number desc limit %(searched)s)"""
_HOLDS: Final[LiteralString] = """not starts_with(ledger.description, %(sealed)s)
  and strpos(lower(concat_ws(' ', ledger.title, ledger.description, ledger.place)), lower(%(words)s)) > 0"""
_CONDITIONS: Final[dict[str, LiteralString]] = {
    "village": "ledger.village = %(village)s",
    "villages": "ledger.village = any(%(villages)s)",
    "stage": "ledger.stage = %(stage)s",
    "category": "ledger.category = %(category)s",
    "channel": "ledger.channel = %(channel)s",
    "tier": "ledger.tier = %(tier)s",
    "unit": "ledger.unit = %(unit)s",
    "department": "ledger.department = %(department)s",
    "departments": "ledger.department = any(%(departments)s)",
    "person": "ledger.person = %(person)s",
    "rating": "ledger.rating = %(rating)s",
    "barred": "(ledger.concerns is null or ledger.concerns <> all(%(barred)s))",
    "logged_from": "ledger.logged_at >= %(logged_from)s",
    "logged_before": "ledger.logged_at < %(logged_before)s",
    "overdue_at": "ledger.due_at < %(overdue_at)s and ledger.stage = any(%(open_stages)s)",
    "open_only": "ledger.stage = any(%(open_stages)s)",
    "numbers": "ledger.number = any(%(numbers)s)",
    "no_department": "ledger.department is null",
    "words": "ledger.household is null",
}
_COUNTED: Final[LiteralString] = "exists (select from dashboard where dashboard.issue_id = ledger.issue_id and {})"
_IN_FIGURE: Final[LiteralString] = "(select ({}) and (%(age)s::int is null or age = %(age)s) from (select {}) as it)"
_IN_PERIOD: Final[LiteralString] = "{0}_at >= %({0}_from)s and {0}_at < %({0}_before)s"
_ORDERS: Final[dict[Sort, tuple[LiteralString, LiteralString]]] = {
    Sort.OLDEST: (
        "(ledger.logged_at, ledger.number) > (%(after_time)s, %(after_number)s)",
        "ledger.logged_at, ledger.number",
    ),
    Sort.NEWEST: (
        "(ledger.logged_at, ledger.number) < (%(after_time)s, %(after_number)s)",
        "ledger.logged_at desc, ledger.number desc",
    ),
    Sort.DUE: (
        "(ledger.due_at, ledger.number) > (%(after_time)s, %(after_number)s)",
        "ledger.due_at, ledger.number",
    ),
    Sort.NUMBER: ("ledger.number > %(after_number)s", "ledger.number"),
}
"""What lies beyond a cursor, and the order; each has its index."""


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
    sort: Sort = Sort.OLDEST,
) -> list[LedgerLine]:
    """At most `limit` lines in this order, from where the page before ended; fewer when there are no more."""
    query, values = _query(wanted, after, sort)
    with connection.cursor(row_factory=class_row(LedgerLine)) as cursor:
        return cursor.execute(query + " limit %(limit)s", {**values, "limit": limit}).fetchall()


def cursor_of(line: LedgerLine, sort: Sort = Sort.OLDEST) -> Cursor:
    """Where a page that ends with this line ends, in this order."""
    return (line.due_at or line.logged_at) if sort is Sort.DUE else line.logged_at, line.number


def count(connection: psycopg.Connection, wanted: LedgerFilter, sort: Sort = Sort.OLDEST) -> int:
    """How many lines there are on all pages; MOST_COUNTED + 1: more than that, and nobody counts them."""
    source, where, values = _source(wanted, sort)
    counted = _COUNT.format(source, _where(where))
    row = connection.execute(counted, {**values, "limit": MOST_COUNTED + 1}).fetchone()
    return int(row[0]) if row else 0


def entries(connection: psycopg.Connection, wanted: LedgerFilter = EVERYTHING) -> Iterator[LedgerLine]:
    """All lines in the order of logging, a thousand at a time, as of one moment: for exports of any length."""
    query, values = _query(wanted, None, Sort.OLDEST)
    with (
        connection.transaction(),
        connection.cursor("issue_ledger_entries", row_factory=class_row(LedgerLine)) as cursor,
    ):
        cursor.itersize = 1000
        yield from cursor.execute(query, values)


def _query(wanted: LedgerFilter, after: Cursor | None, sort: Sort) -> tuple[LiteralString, dict[str, Any]]:
    beyond, order = _ORDERS[sort]
    source, where, values = _source(wanted, sort)
    if after is not None:
        values["after_time"], values["after_number"] = after
        where = (*where, beyond)
    return f"{_LINES.format(source)}{_where(where)} order by {order}", values


def _source(wanted: LedgerFilter, sort: Sort) -> tuple[LiteralString, tuple[LiteralString, ...], dict[str, Any]]:
    """Where the lines come from, and which of them are meant: words are looked for in some lines only."""
    values = _values(wanted)
    where = tuple(condition for name, condition in _CONDITIONS.items() if values[name] not in (None, False))
    if wanted.counted is not None:
        where = (*where, _COUNTED.format(counted_in(wanted.counted)))
    if sort is Sort.DUE:
        where = (*where, "ledger.due_at is not null")
    if wanted.words is None:
        return "issue_ledger", where, values
    return _NEWEST.format(_where(where)), (_HOLDS,), values


def _values(wanted: LedgerFilter) -> dict[str, Any]:
    values: dict[str, Any] = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
    if wanted.counted is not None:
        values |= counted_values(wanted.counted)
    values |= {"open_stages": sorted(OPEN_STAGES), "searched": SEARCHED, "sealed": SEALED}
    for name in ("villages", "departments", "numbers"):
        values[name] = None if values[name] is None else list(values[name])
    values["barred"] = sorted(wanted.barred) or None
    return values


def counted_in(counted: Counted) -> LiteralString:
    """The condition on a row of `dashboard` or `issue_spell`."""
    conditions = [_IN_FIGURE.format(FIGURES[counted.figure], FACTS)]
    periods = ("answered", "closed")
    conditions += [_IN_PERIOD.format(name) for name in periods if getattr(counted, name) is not None]
    return " and ".join(conditions)


def counted_values(counted: Counted) -> dict[str, Any]:
    """What that condition takes."""
    values = {**of_figures(counted.at), "age": counted.age}
    for name in ("answered", "closed"):
        values[f"{name}_from"], values[f"{name}_before"] = getattr(counted, name) or (None, None)
    return values


def _where(conditions: tuple[LiteralString, ...]) -> LiteralString:
    return "where " + " and ".join(conditions) if conditions else ""
