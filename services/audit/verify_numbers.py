"""Are numbers without gaps in each village and year, and those that the records say? (L1)"""

from collections.abc import Sequence
from typing import Final, LiteralString
from uuid import UUID

import psycopg

from domain.issue.events import IssueLogged
from domain.values import LOCAL_ZONE
from services.audit.verify_faults import Faults, Where, where
from services.audit.verify_streams import Told

_AT_ONCE: Final = 1000
_NUMBERS: Final[LiteralString] = """
select issue_id, number, village, year, number = issue_number_text(village, year, serial)
from issue_number where issue_id = any(%s)
"""
_GAPS: Final[LiteralString] = """
select village, year, array(
  select nth from generate_series(1, max(serial)) as nth
  where not exists (
    select from issue_number as there
    where (there.village, there.year, there.serial) = (given.village, given.year, nth)
  ) limit 5
)
from issue_number as given group by village, year having count(*) <> max(serial) order by village, year
"""
_COUNTERS: Final[LiteralString] = """
select village, year, last, highest
from village_counter full join (
  select village, year, max(serial) as highest from issue_number group by village, year
) as given using (village, year)
where coalesce(last, 0) <> coalesce(highest, 0) order by village, year
"""
_OF_NOTHING: Final[LiteralString] = """
select number, issue_id from issue_number
where not exists (
  select from ledger_events where originator_id = issue_id and originator_version = 1 and topic = 'issue.logged'
) order by number
"""


class Numbers:
    """Takes streams; `end` when there are no more."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.faults = Faults()
        self.issues = 0
        self._connection = connection
        self._waiting: dict[UUID, Told] = {}

    def take_stream(self, stream: Sequence[Told]) -> None:
        """One stream."""
        if isinstance(stream[0].event, IssueLogged):
            self._waiting[stream[0].sealed.originator_id] = stream[0]
        if len(self._waiting) >= _AT_ONCE:
            self._compare()

    def end(self) -> None:
        """What is left, and what only all numbers together show."""
        self._compare()
        for village, year, missing in self._connection.execute(_GAPS):
            self.faults.add("number-gap", detail=f"{village}-{year}: {', '.join(map(str, missing))}")
        for village, year, last, highest in self._connection.execute(_COUNTERS):
            self.faults.add("counter-differs", detail=f"{village}-{year}: {last} / {highest}")
        for number, issue_id in self._connection.execute(_OF_NOTHING):
            self.faults.add("number-of-nothing", Where(stream=issue_id, number=number))

    def _compare(self) -> None:
        self.issues += len(self._waiting)
        rows = self._connection.execute(_NUMBERS, (list(self._waiting),)).fetchall()
        known = {issue_id: rest for issue_id, *rest in rows}
        for issue_id, (sealed, event) in self._waiting.items():
            assert isinstance(event, IssueLogged)  # noqa: S101  (take_stream keeps nothing else)
            told = [event.number, event.village, event.occurred_at.astimezone(LOCAL_ZONE).year, True]
            if issue_id not in known:
                self.faults.add("number-missing", where(sealed))
            elif known[issue_id] != told:
                self.faults.add("number-differs", where(sealed), f"{known[issue_id][0]} / {event.number}")
        self._waiting = {}
