"""On which days did anything happen, or become known, in the issues of a scope? The stops of a slider over a ledger."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, LiteralString

import psycopg
from psycopg.rows import class_row

_DAYS: Final[LiteralString] = """
select (moment at time zone 'Asia/Shanghai')::date as day, count(*) as events, count(distinct issue_id) as issues
from (
  select issue_id, case when %(recorded)s then recorded_at else occurred_at end as moment from issue_history
  where %(village)s::text is null or village = %(village)s
) as told
group by day order by day desc limit %(limit)s
"""


Axis = Literal["occurred", "recorded"]
"""By what happened, or by what was recorded."""


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """A day of the office's calendar: how many events fell on it, of how many issues."""

    day: date
    events: int
    issues: int


def ledger_days(connection: psycopg.Connection, axis: Axis, village: str | None, limit: int) -> list[LedgerDay]:
    """The last days on which there was anything, the latest first."""
    values = {"recorded": axis == "recorded", "village": village, "limit": limit}
    with connection.cursor(row_factory=class_row(LedgerDay)) as cursor:
        return cursor.execute(_DAYS, values).fetchall()
