"""What was found in spot checks of all kinds, and how far is it put right? 整改台账 (D6, CX11, PC7)

Reads the tables of spot_checks.py. A finding in an issue is shown to whoever may see that issue.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, LiteralString

import psycopg

from projections.pages import Asked, page_of


@dataclass(frozen=True, slots=True)
class RectificationLine:
    """One finding with its rectification; words sealed as the log has them."""

    at: datetime
    key: str
    kind: str
    period: str
    station: str
    station_name: str | None
    item: str | None
    problem: str
    unit: str | None
    unit_name: str | None
    requirement: str | None
    due_at: datetime | None
    standing: str | None
    measures: str | None
    opinion: str | None
    missed: int
    rounds: int


FINDING_WORDS: Final = ("problem", "requirement", "measures", "opinion")
_RECTIFICATIONS: Final[LiteralString] = """
select found_at as at, found.check_id || '/' || lpad(found.finding::text, 6, '0') as key, spot_check.kind, period,
  station, at_station.name as station_name, item, problem, found.unit, of_unit.name as unit_name, requirement,
  found.due_at, standing, found.measures, opinion, found.missed, rounds
from spot_check_finding as found join spot_check using (check_id)
left join issue_ledger on number = item
left join place as at_station on at_station.code = station
left join place as of_unit on of_unit.code = found.unit
where (item is null or number is not null) and (%(village)s::text is null or %(village)s = any(found.villages))
"""


def rectifications(connection: psycopg.Connection, asked: Asked) -> list[RectificationLine]:
    """Every finding that the scope covers, in the order of finding."""
    return page_of(connection, RectificationLine, _RECTIFICATIONS, asked)
