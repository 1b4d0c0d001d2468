"""What did each household report, and what came of it? 民情台账 (F2): cases and visits together, each with its place.

Read from the issue ledger and the visit diary; words stay sealed. Only what a case or a visit needs.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, LiteralString

import psycopg

from domain.issue.words import Stage
from domain.liaison.words import Whereabouts
from projections.pages import Asked, page_of

PEOPLE_WORDS: Final = ("said", "measures")
_ENDED: Final = {
    Stage.WITHDRAWN: Whereabouts.WITHDRAWN,
    Stage.MERGED: Whereabouts.JOINED,
    Stage.SPLIT: Whereabouts.PASSED_ON,
}
_PEOPLE: Final[LiteralString] = """
select at, key, village, place.name as village_name, household, numbers, said, person, leader, measures, stage,
  due_at, missed, answered_at, reply_wanted
from (
  (select logged_at as at, 'issue/' || number as key, village, household, number as numbers, description as said,
    person, leader, measures, stage, due_at, missed, replied_at as answered_at, true as reply_wanted
  from issue_ledger
  where household is not null and (%(village)s::text is null or village = %(village)s)
    and (%(villages)s::text[] is null or village = any(%(villages)s))
    and (%(since)s::timestamptz is null or logged_at >= %(since)s)
    and (%(before)s::timestamptz is null or logged_at < %(before)s)
    and (%(at)s::timestamptz is null or logged_at >= %(at)s and (logged_at, 'issue/' || number) > (%(at)s, %(key)s))
  order by logged_at, number limit %(limit)s)
  union all
  (select arrived_at as at, 'visit/' || diary_id || '/' || lpad(entry::text, 6, '0') as key, visit.village, household,
    array_to_string(issues, '、'), said, officers[1], null, done, null, null, 0,
    case when done is not null then arrived_at end, coalesce(reply_wanted, false)
  from visit left join opinion using (diary_id, entry) where household is not null and not struck
    and (%(village)s::text is null or visit.village = %(village)s)
    and (%(villages)s::text[] is null or visit.village = any(%(villages)s))
    and (%(since)s::timestamptz is null or arrived_at >= %(since)s)
    and (%(before)s::timestamptz is null or arrived_at < %(before)s)
    and (%(at)s::timestamptz is null or arrived_at >= %(at)s
      and (arrived_at, 'visit/' || diary_id || '/' || lpad(entry::text, 6, '0')) > (%(at)s, %(key)s))
  order by arrived_at, key limit %(limit)s)
) as told left join place on place.code = village
"""


@dataclass(frozen=True, slots=True)
class PeopleLine:
    """A case or a visit of a household. `stage` None: a visit. `missed`: limits that its case missed so far."""

    at: datetime
    key: str
    village: str
    village_name: str | None
    household: str
    numbers: str
    said: str
    person: str
    leader: str | None
    measures: str | None
    stage: str | None
    due_at: datetime | None
    missed: int
    answered_at: datetime | None
    reply_wanted: bool

    @property
    def whereabouts(self) -> Whereabouts:
        """着落: every item has a place, and what waits for one is seen (LL10)."""
        if self.stage is not None:
            return self._of_case(Stage(self.stage))
        if self.numbers:
            return Whereabouts.PASSED_ON
        if self.answered_at is not None:
            return Whereabouts.ON_THE_SPOT
        return Whereabouts.WAITING if self.reply_wanted else Whereabouts.NOTHING_ASKED

    def _of_case(self, stage: Stage) -> Whereabouts:
        """A merged one has its answer with the other's; until then it has joined that."""
        return Whereabouts.ANSWERED if self.answered_at else _ENDED.get(stage, Whereabouts.IN_HAND)


def people(connection: psycopg.Connection, asked: Asked) -> list[PeopleLine]:
    """What households reported and what came of it, visits among the cases, in order."""
    return page_of(connection, PeopleLine, _PEOPLE, asked)
