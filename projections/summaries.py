"""The half-yearly and yearly summary of each village 总结 (F16, LL8): what was found, reported, handled, settled?

No table of its own: the spells of issues (issue_spells.py), as they stood when the period ended. A line for each
category of each village, and one for all of it. What was entered late counts where it belongs.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, LiteralString

import psycopg
from psycopg.rows import dict_row

from domain.issue.words import OPEN_STAGES, Channel, Stage
from domain.periods import Cycle, Period, period_named
from domain.values import LOCAL_ZONE
from projections.pages import Asked

ALL: Final = "合计"
"""The category of a village's line for everything."""
_FAR: Final = datetime(9999, 1, 1, tzinfo=LOCAL_ZONE)


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """What happened in a village in a period, of one category or of ALL. `at`: the period's end.

    `found` problems were logged, `hazards` of them hidden conflicts found by inspection; `brought` were open when it
    began. `reported`: sent up to a higher level. `overdue`: a step was late, or is due at the period's end and undone.
    """

    at: datetime
    key: str
    village: str
    village_name: str | None
    period: str
    plan: str
    category: str
    found: int
    hazards: int
    brought: int
    reported: int
    solved: int
    answered: int
    closed: int
    still_open: int
    overdue: int
    satisfied: int
    mostly: int
    dissatisfied: int
    looked_back: int


_BEFORE: Final[LiteralString] = "from_at < {0} and (until_at is null or until_at >= {0})"
_STATEMENT: Final[LiteralString] = """
with ended as (
  select spell.*, logged_at >= %(first)s as is_new, stage = any(%(open)s) as is_open,
    exists (select from issue_spell as before where before.issue_id = spell.issue_id
      and {at_first} and before.stage = any(%(open)s)) as was_open,
    exists (select from issue_spell as up where up.issue_id = spell.issue_id and up.from_at >= %(first)s
      and up.from_at < %(after)s and (up.stage = 'escalated' or up.tier <> 'village')) as went_up,
    coalesce(answered_at >= %(first)s, false) as answered_now, coalesce(closed_at >= %(first)s, false) as closed_now,
    from_at >= %(first)s as moved
  from issue_spell as spell
  where {at_last} and village = any(%(villages)s)
)
select ended.village, max(place.name) as village_name, (
    select plan from issue_ledger as ledger where ledger.village = ended.village and logged_at < %(after)s
      and (ended.category is null or ledger.category = ended.category) order by logged_at desc limit 1) as plan,
  coalesce(ended.category, %(all)s) as category,
  count(*) filter (where is_new) as found,
  count(*) filter (where is_new and ended.channel = %(inspection)s) as hazards,
  count(*) filter (where not is_new) as brought, count(*) filter (where went_up) as reported,
  count(*) filter (where answered_now and solved) as solved, count(*) filter (where answered_now) as answered,
  count(*) filter (where closed_now) as closed, count(*) filter (where is_open) as still_open,
  count(*) filter (where timed and (late or is_open and ended.due_at < %(after)s)) as overdue,
  count(*) filter (where answered_now and ended.rating = 'satisfied') as satisfied,
  count(*) filter (where answered_now and ended.rating = 'mostly_satisfied') as mostly,
  count(*) filter (where answered_now and ended.rating = 'dissatisfied') as dissatisfied,
  count(*) filter (where moved and ended.stage = %(settled)s and closed_at is not null) as looked_back
from ended left join place on place.code = ended.village
where is_new or was_open
group by grouping sets ((ended.village), (ended.village, ended.category))
order by ended.category nulls last
"""
_LINES: Final[LiteralString] = _STATEMENT.format(
    at_first=_BEFORE.format("%(first)s"), at_last=_BEFORE.format("%(after)s")
)
# From one village to the next by the index: a county has hundreds of them, and millions of spells.
_VILLAGES: Final[LiteralString] = """
with recursive known as (
  select min(village) as village from issue_spell
  union all
  select (select min(village) from issue_spell where village > known.village) from known where village is not null
) select village from known where village is not null
"""
_LATEST: Final[LiteralString] = """
select max(latest.from_at) from unnest(%(villages)s::text[]) as known (code) cross join lateral (
  select from_at from issue_spell where village = code order by from_at desc limit 1) as latest
"""
_AT_ONCE: Final = 20  # villages


def summaries(connection: psycopg.Connection, asked: Asked) -> list[SummaryLine]:
    """Of one `period`, a year or half of one; without one, of the latest year that has any, and its halves."""
    villages = _villages(connection, asked)
    after = (asked["at"], asked["key"]) if asked["at"] else None
    lines: list[SummaryLine] = []
    for period in _periods(connection, asked.get("period"), villages):
        for some in _some(_left(villages, period, after), _AT_ONCE):
            lines += [line for line in _of(connection, period, some) if after is None or _place(line) > after]
            if asked["limit"] is not None and len(lines) >= asked["limit"]:
                return lines[: asked["limit"]]
    return lines


def _villages(connection: psycopg.Connection, asked: Asked) -> list[str]:
    if asked["village"] is not None:
        return [asked["village"]]
    if asked.get("villages") is not None:
        return sorted(asked["villages"])
    return sorted(village for (village,) in connection.execute(_VILLAGES).fetchall())


def _left(villages: list[str], period: Period, after: tuple[datetime, str] | None) -> list[str]:
    """The villages that come at or after this place of the ledger, which is sorted by period and village."""
    if after is None or (period.ends_at, period.name) > (after[0], after[1].split("/")[0]):
        return villages
    if (period.ends_at, period.name) < (after[0], after[1].split("/")[0]):
        return []
    return [village for village in villages if village >= after[1].split("/")[1]]


def _place(line: SummaryLine) -> tuple[datetime, str]:
    return line.at, line.key


def _periods(connection: psycopg.Connection, named: str | None, villages: list[str]) -> Iterator[Period]:
    """In the order of their ends; the half-year before the year that ends with it."""
    if named is not None:
        period = period_named(named)
        if period.cycle in (Cycle.HALF_YEAR, Cycle.YEAR):
            yield period
        return
    row = connection.execute(_LATEST, {"villages": villages}).fetchone()
    if row is None or row[0] is None:
        return
    year = row[0].astimezone(LOCAL_ZONE).year
    yield from (Period(date(year, month, 1), Cycle.HALF_YEAR) for month in (1, 7))
    yield Period(date(year, 1, 1), Cycle.YEAR)


def _of(connection: psycopg.Connection, period: Period, villages: Sequence[str]) -> list[SummaryLine]:
    """The lines of these villages, in order."""
    values: dict[str, Any] = {
        "first": period.starts_at, "after": period.ends_at, "villages": list(villages),
        "open": sorted(OPEN_STAGES), "all": ALL, "inspection": Channel.HAZARD_INSPECTION, "settled": Stage.SETTLED,
    }  # fmt: skip
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_LINES, values).fetchall()
    told: Counter[str] = Counter()
    lines = []
    for row in rows:
        village = row["village"]
        key = f"{period.name}/{village}/{told[village]:06}"
        told[village] += 1
        lines.append(SummaryLine(at=period.ends_at, key=key, period=period.name, **row))
    return sorted(lines, key=_place)


def _some(values: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """So many at a time (itertools has it from Python 3.12 on)."""
    return (values[first : first + size] for first in range(0, len(values), size))
