"""The dashboard's counts side by side: by village, category, channel, department, tier or stage, or by two; by month.

Of the same lines as the dashboard itself (dashboard_source.py), so that the parts add up to the whole.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, LiteralString

import psycopg
from psycopg.rows import dict_row

from domain.values import LOCAL_ZONE
from projections.dashboard_source import TODAY, When, figures_of, rows_of, source, values_of


class By(StrEnum):
    """What the counts are told by."""

    VILLAGE = "village"
    CATEGORY = "category"
    CHANNEL = "channel"
    DEPARTMENT = "department"
    TIER = "tier"
    STAGE = "stage"


MEASURES: Final = (
    "total", "open", "overdue", "answered", "on_time", "judged", "valid", "contacted", "solved", "satisfied", "mostly",
    "dissatisfied",
)  # fmt: skip
"""The figures told of each part."""
_COLUMN: Final[dict[By, LiteralString]] = {by: by.value for by in By}
_TABLE: Final[LiteralString] = """
with it as ({}) select {} as row, {} as column, {} from it group by 1, 2 order by 1, 2
"""
_MONTHS: Final[LiteralString] = """
select month, figure, sum(issues)::int8 from dashboard_month
where month >= %(first)s and (%(village)s::text is null or village = %(village)s)
  and (%(villages)s::text[] is null or village = any(%(villages)s)) and concerns <> all(%(barred)s)
group by month, figure
"""
_MONTHS_BEFORE: Final[LiteralString] = """
select date_trunc('month', at at time zone 'Asia/Shanghai')::date, figure, count(*)
from {}, lateral (values
  (logged_at, 'logged', true), (closed_at, 'closed', true), (answered_at, 'answered', true),
  (answered_at, 'late', timed and late), (answered_at, 'on_time', timed and not late),
  (answered_at, 'valid', {valid}), (answered_at, 'contacted', {valid} and contacted),
  (answered_at, 'solved', {valid} and solved), (answered_at, 'satisfied', rating = 'satisfied'),
  (answered_at, 'mostly', rating = 'mostly_satisfied')
) as it (at, figure, holds)
where it.at is not null and it.holds and it.at >= %(since)s group by 1, 2
"""
_VALID: Final[LiteralString] = "coalesce(rating in ('satisfied', 'mostly_satisfied', 'dissatisfied'), false)"
HAPPENED: Final = (
    "logged", "answered", "closed", "on_time", "late", "valid", "contacted", "solved", "satisfied", "mostly",
)  # fmt: skip
"""What is told of a month; all but `logged` and `closed` of what was first answered in it."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Which issues are counted: as `dashboard` takes it."""

    now: datetime
    village: str | None = None
    villages: Collection[str] | None = None
    barred: Collection[str] = ()
    when: When = TODAY

    def values(self) -> dict[str, Any]:
        """What the statements take."""
        return values_of(self.now, self.village, self.villages, self.barred, self.when)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the whole; `column` None: the table has rows only. '' is no department."""

    row: str
    column: str | None
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Month:
    """What happened in a month, by HAPPENED."""

    month: date
    counts: Mapping[str, int]


def table(connection: psycopg.Connection, whose: Whose, rows: By, columns: By | None = None) -> list[Part]:
    """The counts by one thing or two, parts in which nothing is left out."""
    column: LiteralString = "null::text" if columns is None else _COLUMN[columns]
    statement = _TABLE.format(source(whose.when), _COLUMN[rows], column, figures_of(MEASURES))
    with connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(statement, whose.values()).fetchall()
    return [Part(it["row"], it["column"], {name: it[name] for name in MEASURES}) for it in found]


def months(connection: psycopg.Connection, whose: Whose, number: int) -> list[Month]:
    """So many months up to that of `now`, the earliest first; months in which nothing happened too."""
    wanted = _up_to(whose.now, number)
    first = datetime.combine(wanted[0], datetime.min.time(), LOCAL_ZONE)
    values = {**whose.values(), "first": wanted[0], "since": first}
    past = _MONTHS_BEFORE.format(rows_of(whose.when), valid=_VALID) if whose.when.is_past else _MONTHS
    counts: dict[date, dict[str, int]] = {month: dict.fromkeys(HAPPENED, 0) for month in wanted}
    for month, figure, issues in connection.execute(past, values).fetchall():
        if month in counts:
            counts[month][figure] = issues
    return [Month(month, found) for month, found in counts.items()]


def _up_to(now: datetime, number: int) -> list[date]:
    last = now.astimezone(LOCAL_ZONE).date()
    counted = last.year * 12 + last.month - 1
    return [date(nth // 12, nth % 12 + 1, 1) for nth in range(counted - number + 1, counted + 1)]
