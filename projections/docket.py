"""The docket 议题册: what stands on which agenda, how it came there, and what became of it? One row per item.

Words are not here: reasons are in the issue's history, points in the minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from domain.meeting import events as e
from domain.meeting.words import Ending
from domain.streams import elsewhere
from domain.values import LOCAL_ZONE
from projections.projection import Recorded, UnknownEvent

_DDL: Final = """
create table if not exists docket (
  meeting_id uuid not null, issue_id uuid not null, number text not null, village text not null, concerns text,
  department text, -- always null: an agenda does not say with whom a case is, so row security shows none to departments
  source text not null, urgency text, proposal text, in_favour bigint, against bigint, abstaining bigint,
  interests bigint not null, points bigint not null, ending text, outcome text, disposition text, unit text,
  person text, due_at timestamptz, changed_at timestamptz not null, position bigint not null,
  primary key (meeting_id, issue_id)
);
"""
_INDEXES: Final = """
create index if not exists docket_by_issue on docket (issue_id);
create index if not exists docket_by_village on docket (village, changed_at);
"""
_NOTHING_CHANGES: Final = (
    e.MeetingHeld, e.MembersTold, e.MemberSignedIn, e.MemberExcused, e.MeetingOpened, e.ChairReminded,
    e.DecidedTogether, e.MinutesDrawn, e.MinutesReminded, e.MinutesOverdue, e.MinutesConfirmed,
)  # fmt: skip
_ELSEWHERE: Final = elsewhere(e.MEETING_EVENTS)

_ADD: Final[LiteralString] = """
insert into docket (meeting_id, issue_id, number, village, concerns, source, urgency, interests, points, changed_at,
  position)
values (%s, %s, %s, %s, %s, %s, %s, 0, 0, %s, %s)
"""
_INTEREST: Final[LiteralString] = """
update docket set interests = interests + 1, changed_at = %s, position = %s where meeting_id = %s and issue_id = any(%s)
"""
_POINT: Final[LiteralString] = """
update docket set points = points + 1, changed_at = %s, position = %s where meeting_id = %s and issue_id = any(%s)
"""
_VOTES: Final[LiteralString] = """
update docket set proposal = %s, in_favour = %s, against = %s, abstaining = %s, changed_at = %s, position = %s
where meeting_id = %s and issue_id = any(%s)
"""
_ENDED: Final[LiteralString] = """
update docket set ending = %s, outcome = %s, disposition = %s, unit = %s, person = %s, due_at = %s, changed_at = %s,
  position = %s
where meeting_id = %s and issue_id = any(%s)
"""


@dataclass(frozen=True, slots=True)
class DocketLine:
    """One item of one agenda. `ending` None: it still waits. Votes are those of the last count."""

    meeting_id: UUID
    issue_id: UUID
    number: str
    village: str
    source: str
    urgency: str | None
    proposal: str | None
    in_favour: int | None
    against: int | None
    abstaining: int | None
    interests: int
    points: int
    ending: str | None
    outcome: str | None
    disposition: str | None
    unit: str | None
    person: str | None
    due_at: datetime | None
    changed_at: datetime


class Docket:
    """The projection. A meeting has few events, so each is one statement."""

    name: Final = "docket"
    question: Final = "What stands on which agenda, how it came there, and what became of it? 议题册"
    ddl: Final = _DDL
    indexes: Final = _INDEXES
    tables: Final = ("docket",)

    def apply(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> None:
        """As Projection.apply."""
        for recorded in batch:
            if type(recorded.event) not in _ELSEWHERE and not isinstance(recorded.event, _NOTHING_CHANGES):
                _take_in(connection, recorded)


def _take_in(connection: psycopg.Connection, recorded: Recorded) -> None:
    event, position = recorded.event, recorded.position
    meeting, when = event.originator_id, (event.occurred_at, position)
    match event:
        case e.AgendaDrawn(items=items):
            with connection.cursor() as cursor:
                cursor.executemany(_ADD, [_added(meeting, item, when) for item in items])
        case e.ItemAdded(item=item):
            connection.execute(_ADD, _added(meeting, item, when))
        case e.InterestDeclared(issue_id=issue):
            connection.execute(_INTEREST, (*when, meeting, [issue]))
        case e.PointRecorded(issue_id=issue):
            connection.execute(_POINT, (*when, meeting, [issue] if issue else []))
        case e.VotesCounted():
            counts = (len(event.in_favour), len(event.against), len(event.abstaining))
            connection.execute(_VOTES, (event.proposal, *counts, *when, meeting, list(event.items)))
        case _:
            ended, issues = _ending(event)
            connection.execute(_ENDED, (*ended, *when, meeting, issues))


def _added(meeting: UUID, item: e.AgendaItem, when: tuple[datetime, int]) -> tuple[Any, ...]:
    return (meeting, item.issue_id, item.number, item.village, item.concerns, item.source, item.urgency, *when)


def _ending(event: Any) -> tuple[tuple[Any, ...], list[UUID]]:
    """What became of which items: ending, outcome, disposition, unit, person, due."""
    match event:
        case e.ItemDecided(responsible=who):
            return (Ending.DECIDED, event.outcome, None, who.unit, who.person, event.due_at), [event.issue_id]
        case e.ItemDisposed(responsible=who):
            due = _end_of(event.due_on)
            return (Ending.DISPOSED, None, event.disposition, who.unit, who.person, due), [event.issue_id]
        case e.ItemsCarriedOver(items=items):
            return (Ending.CARRIED_OVER, None, None, None, None, None), list(items)
        case e.MeetingFailed(carried_over=items):
            return (Ending.CARRIED_OVER, None, None, None, None, None), list(items)
        case e.MeetingClosed(lapsed=items):
            return (Ending.LAPSED, None, None, None, None, None), list(items)
    raise UnknownEvent(f"docket: {event.TOPIC} is neither taken in nor passed over")


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), LOCAL_ZONE)


DOCKET: Final = Docket()


# -- asking ---------------------------------------------------------------------------------------------------------

_LINES: Final[LiteralString] = """
select meeting_id, issue_id, number, village, source, urgency, proposal, in_favour, against, abstaining, interests,
  points, ending, outcome, disposition, unit, person, due_at, changed_at
from docket where meeting_id = %s order by number
"""


def items_of(connection: psycopg.Connection, meeting_id: UUID) -> list[DocketLine]:
    """The items of a meeting that the scope covers, by number."""
    with connection.cursor(row_factory=class_row(DocketLine)) as cursor:
        return cursor.execute(_LINES, (meeting_id,)).fetchall()
