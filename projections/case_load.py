"""Who has how much? Open cases by the person who answers for them, how many are late, and how many are due soon.

Counted from the issue ledger's table when it is asked; within the asker's scope.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, LiteralString

import psycopg
from psycopg.rows import class_row

from domain.issue.words import OPEN_STAGES

SOON: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Load:
    """One person's. `soon`: due within three days; `oldest`: since when the oldest of them is logged."""

    person: str
    open: int
    overdue: int
    soon: int
    oldest: datetime


_LOADS: Final[LiteralString] = """
select person, count(*) as open, count(*) filter (where due_at < %(now)s) as overdue,
  count(*) filter (where due_at >= %(now)s and due_at < %(soon)s) as soon, min(logged_at) as oldest
from issue_ledger
where stage = any(%(stages)s) and (%(villages)s::text[] is null or village = any(%(villages)s))
group by person order by overdue desc, open desc, person
limit 500
"""


def loads(connection: psycopg.Connection, villages: Collection[str] | None, now: datetime) -> list[Load]:
    """The heaviest first. `villages`: of these alone."""
    within = None if villages is None else sorted(villages)
    values = {"now": now, "soon": now + SOON, "stages": sorted(OPEN_STAGES), "villages": within}
    with connection.cursor(row_factory=class_row(Load)) as cursor:
        return cursor.execute(_LOADS, values).fetchall()
