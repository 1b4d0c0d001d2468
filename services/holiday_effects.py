"""Whose limits does a holiday table move? To look before it is in force, and after.

Asked by the API and by `huiyin holidays affected`; redating.py has them moved. Nothing here knows Temporal.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from itertools import islice
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg

from domain.casework import Casework
from domain.errors import NotFound, Unavailable
from domain.holidays.commands import HOLIDAYS_ID
from domain.holidays.moving import Moved, first_day_touched, moved_by, with_table
from domain.holidays.state import fold
from domain.plan import Plan
from projections.issue_history import redated_by
from services.holidays import official_years

_CLOCKS: Final[LiteralString] = """
select issue_id from issue_ledger
where due_at is not null and due_at >= %(first)s and (%(after)s::uuid is null or issue_id > %(after)s)
order by issue_id limit %(limit)s
"""


def clocks_from(connection: psycopg.Connection, first: date, after: UUID | None, limit: int) -> Iterator[UUID]:
    """Issues within the connection's scope whose limit ends on that day or later, in order."""
    values = {"first": first, "after": after, "limit": limit}
    return (issue_id for (issue_id,) in connection.execute(_CLOCKS, values))


def touched_by(casework: Casework, calendar: int) -> date | None:
    """The first day that the table of this version changed. Raises Unavailable if the log has no such version."""
    history = list(casework.history(HOLIDAYS_ID))
    if len(history) < calendar:
        raise Unavailable
    before, after = (fold(history[:length]).table(official_years()) for length in (calendar - 1, calendar))
    return first_day_touched(before, after)


def affected(
    casework: Casework,
    connection: psycopg.Connection,
    year: int,
    plan: Plan,
    now: datetime,
    *,
    after: UUID | None = None,
    limit: int = 1000,
) -> dict[str, Any]:
    """Whose limits a year's table moves: as it would, if it is proposed only; as it did, once it is in force.

    Within the connection's scope; `items` of at most `limit` issues, `next`: after which the following ones come.
    Raises NotFound for a year nobody proposed.
    """
    holidays = casework.holidays()
    proposal, in_force = holidays.proposals.get(year), holidays.years.get(year)
    if proposal is not None:
        table = with_table(holidays, proposal.table, official_years())
        first = first_day_touched(holidays.table(official_years()), table)
        moving = _preview(casework, connection, first, after, lambda issue: moved_by(issue, plan, table, now))
        found, notice = [(it.issue_id, _told(it)) for it in islice(moving, limit + 1)], proposal.table.notice
    elif in_force is not None:
        found, notice = redated_by(connection, in_force.version, after, limit + 1), in_force.table.notice
    elif year in official_years():
        found, notice = [], official_years()[year].notice
    else:
        raise NotFound
    following = str(found[limit - 1][0]) if len(found) > limit else None
    items = [it for _, it in found[:limit]]
    return {"year": year, "notice": notice, "in_force": proposal is None, "items": items, "next": following}


def _told(moved: Moved) -> dict[str, Any]:
    """As `redated_by` tells it once it is done."""
    fields = {name: value for name, value in asdict(moved).items() if name != "issue_id"}
    return {name: it.isoformat() if isinstance(it, datetime) else it for name, it in fields.items()}


def _preview(
    casework: Casework,
    connection: psycopg.Connection,
    first: date | None,
    after: UUID | None,
    moved: Callable[[Any], Moved | None],
) -> Iterator[Moved]:
    while first is not None and (ids := list(clocks_from(connection, first, after, 200))):
        for issue_id in ids:
            issue = casework.issue(issue_id)
            if issue is not None and (found := moved(issue)) is not None:
                yield found
        after = ids[-1]
