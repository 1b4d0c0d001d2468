"""How long does half of the answered wait for their first reply? Exact, and without reading every row of a million.

Whole days are counted already (dashboard_cells.py); only within the day in which the middle lies the rows are looked
at. Used by dashboard.py alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, LiteralString

import psycopg

from projections.dashboard_source import SEEN, When, rows_of

INDEX: Final = """
create index if not exists dashboard_by_reply_time on dashboard ((answered_at - logged_at))
  where answered_at is not null;
"""
_DAYS: Final[LiteralString] = """
select days, sum(issues)::int8 from dashboard_reply where {seen} group by days having sum(issues) > 0 order by days
"""
_WITHIN_DAY: Final[LiteralString] = """
select (extract(epoch from answered_at - logged_at) / 86400)::float8 from dashboard
where answered_at is not null and answered_at - logged_at >= make_interval(days => %(day)s)
  and answered_at - logged_at < make_interval(days => %(day)s + 1) and {seen}
order by answered_at - logged_at offset %(before)s limit 1
"""
_BEFORE: Final[LiteralString] = """
select percentile_cont(0.5) within group (order by (extract(epoch from answered_at - logged_at) / 86400)::float8)
from {rows} where answered_at is not null
"""
Days = Sequence[tuple[int, int]]
"""Day -> how many were answered within it, earliest first."""


def median_days(connection: psycopg.Connection, values: Mapping[str, Any], when: When) -> float | None:
    """The middle time in days of 24 hours, the mean of the middle two; None if nothing was answered."""
    if when.is_past:
        row = connection.execute(_BEFORE.format(rows=rows_of(when)), values).fetchone()
        return row[0] if row else None
    days = connection.execute(_DAYS.format(seen=SEEN), values).fetchall()
    answered = sum(issues for _, issues in days)
    if not answered:
        return None
    middle = {(answered - 1) // 2, answered // 2}
    times = [_nth(connection, values, days, nth) for nth in middle]
    return sum(times) / len(times)


def _nth(connection: psycopg.Connection, values: Mapping[str, Any], days: Days, nth: int) -> float:
    """The time of the issue that comes `nth` (from 0) when all are put in order."""
    for day, issues in days:
        if nth < issues:
            asked = {**values, "day": day, "before": nth}
            row = connection.execute(_WITHIN_DAY.format(seen=SEEN), asked).fetchone()
            return float(row[0]) if row else float(day)  # the counts are a moment ahead of the row
        nth -= issues
    raise AssertionError("beyond the last")
