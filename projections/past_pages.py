"""Which issues were there at another time, a page at a time? Found by their spells, told by the log.

For the list of issues as of a moment: what a figure of the dashboard of that moment counted.
"""

from dataclasses import asdict
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg

from projections.dashboard_source import VALID_AT, When, values_of
from projections.issue_ledger import (
    ISSUE_LEDGER,
    Counted,
    Cursor,
    LedgerFilter,
    LedgerLine,
    Sort,
    counted_in,
    counted_values,
)
from projections.past import rows_at

_SPELLS: Final[LiteralString] = """
select issue_id from issue_spell join (select issue_id, number from issue_number) as numbered using (issue_id)
where {} order by {} limit %(limit)s
"""
_COUNT: Final[LiteralString] = "select count(*) from issue_spell where {}"
_CONDITIONS: Final[dict[str, LiteralString]] = {
    "village": "issue_spell.village = %(village)s",
    "villages": "issue_spell.village = any(%(villages)s)",
    "stage": "stage = %(stage)s",
    "category": "category = %(category)s",
    "channel": "channel = %(channel)s",
    "tier": "tier = %(tier)s",
    "department": "department = %(department)s",
    "departments": "department = any(%(departments)s)",
    "no_department": "department is null",
    "rating": "rating = %(rating)s",
    "logged_from": "logged_at >= %(logged_from)s",
    "logged_before": "logged_at < %(logged_before)s",
}
NOT_THEN: Final = ("unit", "person", "overdue_at", "open_only", "numbers", "words")
"""Filters that are not known of another time; what is open or overdue tells `counted`."""
_ORDERS: Final[dict[Sort, tuple[LiteralString, LiteralString]]] = {
    Sort.OLDEST: ("(logged_at, number) > (%(after_time)s, %(after_number)s)", "logged_at, number"),
    Sort.NEWEST: ("(logged_at, number) < (%(after_time)s, %(after_number)s)", "logged_at desc, number desc"),
    Sort.NUMBER: ("number > %(after_number)s", "number"),
}


def found_at(
    connection: psycopg.Connection, wanted: LedgerFilter, when: When, *, after: Cursor | None, limit: int, sort: Sort
) -> list[UUID]:
    """The issues that fitted then, as far as the scope covers them, in order. `sort`: any but by due time."""
    where, values = _where(wanted, when)
    beyond, order = _ORDERS[sort]
    if after is not None:
        where, values["after_time"], values["after_number"] = f"{where} and {beyond}", *after
    found = connection.execute(_SPELLS.format(where, order), {**values, "limit": limit}).fetchall()
    return [issue_id for (issue_id,) in found]


def count_at(connection: psycopg.Connection, wanted: LedgerFilter, when: When) -> int:
    """How many fitted then."""
    where, values = _where(wanted, when)
    row = connection.execute(_COUNT.format(where), values).fetchone()
    return int(row[0]) if row else 0


def told_at(connection: psycopg.Connection, issue_id: UUID, when: When) -> LedgerLine | None:
    """Its line as it was then, from the log."""
    for row in rows_at(connection, ISSUE_LEDGER, as_of=when.as_of, known_at=when.known_at, issue_id=issue_id):
        return LedgerLine(**asdict(row))
    return None


def _where(wanted: LedgerFilter, when: When) -> tuple[LiteralString, dict[str, Any]]:
    counted = wanted.counted or Counted(when.moment)
    given = {name: getattr(wanted, name) for name in _CONDITIONS}
    values = {**values_of(counted.at, None, None, sorted(wanted.barred), when), **given, **counted_values(counted)}
    for name in ("villages", "departments"):
        values[name] = None if given[name] is None else sorted(given[name])
    conditions: list[LiteralString] = [it for name, it in _CONDITIONS.items() if given[name] not in (None, False)]
    barred: LiteralString = "(concerns is null or concerns <> all(%(barred)s))"
    return " and ".join((VALID_AT, barred, counted_in(counted), *conditions)), values
