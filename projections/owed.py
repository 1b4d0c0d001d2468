"""Which cases wait for this person, and which for anybody in their role; which papers, duties and meetings?

No table of its own: the ledger's and others', by indexes, the most urgent first. What exactly is owed in a case tells
the log (domain/what_next.py); whose cases are seen says the scope.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from domain.events import decode
from domain.issue.evolve import fold
from domain.issue.state import Issue
from domain.issue.words import Stage
from projections.row_security import ADDRESSEES

_OWN: Final[LiteralString] = """
select issue_id from issue_ledger
where person = any(%(persons)s) and due_at is not null and stage = any(%(stages)s) order by due_at limit %(limit)s
"""
_SHARED: Final[LiteralString] = """
select issue_id from issue_ledger
where stage = any(%(stages)s) and due_at is not null and (%(villages)s::text[] is null or village = any(%(villages)s))
order by due_at limit %(limit)s
"""
_TOLD_PEOPLE: Final[LiteralString] = """
select issue_id from {addressees} cross join lateral (
  select issue_id, position from inbox
  where addressee = person and kind = any(%(kinds)s) and issue_id is not null
  order by position desc limit %(limit)s) as told
order by position desc limit %(limit)s
"""
_TOLD: Final = _TOLD_PEOPLE.format(addressees=ADDRESSEES)
_VISIBLE: Final[LiteralString] = "select issue_id from issue_ledger where issue_id = any(%s)"
_EVENTS: Final[LiteralString] = """
select topic, originator_id, originator_version, state from ledger_events where originator_id = any(%s)
order by originator_id, originator_version
"""


def own(connection: psycopg.Connection, persons: Collection[str], stages: Collection[Stage], limit: int) -> list[UUID]:
    """The cases for which one of these persons answers, at one of these stages, the soonest due first."""
    asked = {"persons": sorted(persons), "stages": sorted(stages), "limit": limit}
    return [issue_id for (issue_id,) in connection.execute(_OWN, asked).fetchall()]


def shared(
    connection: psycopg.Connection, villages: Collection[str] | None, stages: Collection[Stage], limit: int
) -> list[UUID]:
    """The cases of these villages (None: of all) at one of these stages, the soonest due first."""
    asked = {
        "villages": None if villages is None else sorted(villages), "stages": sorted(stages), "limit": limit,
    }  # fmt: skip
    return [issue_id for (issue_id,) in connection.execute(_SHARED, asked).fetchall()]


def told_of(connection: psycopg.Connection, kinds: Collection[str], limit: int) -> list[UUID]:
    """The cases of which the scope's person was last told something of these kinds."""
    found = connection.execute(_TOLD, {"kinds": sorted(kinds), "limit": limit}).fetchall()
    return [issue_id for (issue_id,) in found]


def visible(connection: psycopg.Connection, issue_ids: Collection[UUID]) -> list[UUID]:
    """Those of them that the scope covers."""
    return [issue_id for (issue_id,) in connection.execute(_VISIBLE, (list(issue_ids),)).fetchall()]


def issues(connection: psycopg.Connection, issue_ids: Collection[UUID]) -> Iterator[Issue]:
    """These cases as they stand by the log, read at once."""
    rows = connection.execute(_EVENTS, (list(issue_ids),)).fetchall()
    for _, history in groupby((decode(*row) for row in rows), key=attrgetter("originator_id")):
        issue = fold(history)
        if issue is not None:
            yield issue


# -- beside cases ---------------------------------------------------------------------------------------------------

_SOON: Final = timedelta(days=45)
_LATE: Final = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class PaperOwed:
    """Something to be handed in or signed."""

    place: str
    period: str
    submission: str
    owner: str
    basis: str
    due_at: datetime
    standing: str
    missed: bool
    fault: str | None


@dataclass(frozen=True, slots=True)
class DutyShort:
    """A duty of a period that goes on, short when it was last counted; officer None: of the place together."""

    place: str
    period: str
    rule: str
    basis: str
    measure: str | None
    officer: str | None
    quota: int
    done: int | None
    shortfall: int
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingAhead:
    """A meeting that is called, or sits."""

    meeting_id: UUID
    version: int
    kind: str
    phase: str
    place: str | None
    period: str | None
    cut_off: datetime | None
    meet_by: datetime | None
    items: int


_PAPERS: Final[LiteralString] = """
select place, period, submission, owner, basis, due_at, standing, missed, fault from submission_owed
where owner = any(%(owners)s) and standing = any(%(standings)s) and due_at > %(after)s and due_at < %(before)s
order by due_at, submission limit 50
"""
_DUTIES: Final[LiteralString] = """
select place, period, rule, basis, measure, nullif(officer, '') as officer, quota, done, shortfall, counted_at
from duty_tally
where not closed and shortfall > 0 and (officer = any(%(persons)s) or officer = '' and place = any(%(places)s))
order by counted_at desc, rule limit 50
"""
_MEETINGS: Final[LiteralString] = """
select meeting_id, version, kind, phase, place, period, cut_off, meet_by, items from meeting_register
where phase in ('drawn', 'open') and kind = any(%(kinds)s)
  and (%(townships)s::text[] is null or township = any(%(townships)s))
  and (%(places)s::text[] is null or place = any(%(places)s))
order by coalesce(meet_by, cut_off), meeting_id limit 20
"""


def papers(
    connection: psycopg.Connection, owners: Collection[str], standings: Collection[str], now: datetime
) -> list[PaperOwed]:
    """What these owe by now or soon, and is not in; with what was missed lately."""
    asked = {"owners": sorted(owners), "standings": sorted(standings), "after": now - _LATE, "before": now + _SOON}
    with connection.cursor(row_factory=class_row(PaperOwed)) as cursor:
        return cursor.execute(_PAPERS, asked).fetchall()


def duties(connection: psycopg.Connection, persons: Collection[str], places: Collection[str]) -> list[DutyShort]:
    """What is short of these persons' and places' duties in periods that go on."""
    with connection.cursor(row_factory=class_row(DutyShort)) as cursor:
        return cursor.execute(_DUTIES, {"persons": sorted(persons), "places": sorted(places)}).fetchall()


def meetings(
    connection: psycopg.Connection,
    townships: Collection[str] | None,
    kinds: Collection[str],
    places: Collection[str] | None,
) -> list[MeetingAhead]:
    """The meetings of these kinds that are called or sit, of these townships and places (None: of all)."""
    asked = {
        "townships": None if townships is None else sorted(townships),
        "places": None if places is None else sorted(places),
        "kinds": sorted(kinds),
    }
    with connection.cursor(row_factory=class_row(MeetingAhead)) as cursor:
        return cursor.execute(_MEETINGS, asked).fetchall()
