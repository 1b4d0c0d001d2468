"""How is a ledger read? A page at a time, by when each line came about. The ledgers' read models say what a line is."""

from collections.abc import Mapping
from typing import Any, Final, LiteralString, TypeVar

import psycopg
from psycopg.rows import class_row

Line = TypeVar("Line")
Asked = Mapping[str, Any]
"""`village` (None: all), the `at` and `key` after which to go on (None: from the beginning), `limit` (None: all); and
perhaps `period`: a year, month or day, 2026-03, of the office's calendar.
"""
WHOLE: Final[Asked] = {"village": None, "at": None, "key": None, "limit": None}
"""All of a ledger, as far as the scope goes."""

_FROM: Final[LiteralString] = "select * from ("
_AFTER: Final[LiteralString] = """
) as line
where (%(at)s::timestamptz is null or (at, key) > (%(at)s, %(key)s))
  and (%(period)s::text is null
    or starts_with(to_char(at at time zone 'Asia/Shanghai', 'YYYY-MM-DD'), %(period)s))
order by at, key limit %(limit)s
"""


def page_of(connection: psycopg.Connection, line: type[Line], statement: LiteralString, asked: Asked) -> list[Line]:
    """The lines that the statement finds, in order; its columns `at` and `key` tell each from all others."""
    with connection.cursor(row_factory=class_row(line)) as cursor:
        return cursor.execute(_FROM + statement + _AFTER, {"period": None, **asked}).fetchall()
