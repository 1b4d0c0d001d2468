"""How is a ledger read? A page at a time, by when each line came about. The ledgers' read models say what a line is."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, LiteralString, TypeVar

import psycopg
from psycopg.rows import class_row

from domain.values import LOCAL_ZONE

Line = TypeVar("Line")
Asked = Mapping[str, Any]
"""`village`, `villages` (of the scope; None: all), the `at` and `key` after which to go on (None: from the beginning),
`limit` (None: all); and perhaps `period`: a year, month or day, 2026-03, of the office's calendar.
"""
WHOLE: Final[Asked] = {"village": None, "at": None, "key": None, "limit": None}
"""All of a ledger, as far as the scope goes."""

_NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)
_FROM: Final[LiteralString] = "select * from ("
_AFTER: Final[LiteralString] = """
) as line
where (%(at)s::timestamptz is null or (at, key) > (%(at)s, %(key)s))
  and (%(since)s::timestamptz is null or at >= %(since)s) and (%(before)s::timestamptz is null or at < %(before)s)
order by at, key limit %(limit)s
"""


def page_of(connection: psycopg.Connection, line: type[Line], statement: LiteralString, asked: Asked) -> list[Line]:
    """The lines that the statement finds, in order; its columns `at` and `key` tell each from all others."""
    since, before = _window(asked.get("period"))
    values = {"villages": None, **asked, "since": since, "before": before}
    with connection.cursor(row_factory=class_row(line)) as cursor:
        return cursor.execute(_FROM + statement + _AFTER, values).fetchall()


def _window(period: str | None) -> tuple[datetime | None, datetime | None]:
    """From when to before when a year, month or day is; nothing lies in one that there is not."""
    if period is None:
        return None, None
    try:
        year, month, day = (int(part) if part else None for part in (*period.split("-"), None, None)[:3])
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return _NEVER, _NEVER
    after = first + timedelta(days=1) if day else _months_later(first, 1 if month else 12)
    return _midnight(first), _midnight(after)


def _months_later(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL_ZONE)
