"""The inbox 待办与消息: what should this person know or do, and since when? One row per person and event.

Rows name an issue, never a household; sentences are made when they are read. Who is told what: inbox_tellings.py.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Final, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from domain.events import DomainEvent
from domain.issue import events as i
from domain.meeting.events import AgendaDrawn, ItemDisposed
from domain.values import Actor
from projections.copying import columns_of, copy_rows
from projections.inbox_sentences import SENTENCES
from projections.inbox_tellings import SILENT, TELLINGS, Matter
from projections.projection import Recorded, UnknownEvent
from projections.row_security import ADDRESSEES

_DDL: Final = """
create table if not exists inbox (
  addressee text not null, position bigint not null, kind text not null, stream_id uuid not null, issue_id uuid,
  place text, since timestamptz not null, due_at timestamptz, concerns text,
  primary key (addressee, position)
);
create table if not exists inbox_matter (
  stream_id uuid primary key, concerns text, holder text, before text, leader text, sent_up text,
  proposed text, asked text, place text, meet_by timestamptz, quiet boolean not null
);
"""
_INDEXES: Final = """
create index if not exists inbox_of_extensions on inbox (addressee, position) where kind = 'extension_asked';
"""


@dataclass(slots=True)
class InboxRow:
    """One event that concerns one person. `issue_id`: for the number; `place`: whose meeting or which post."""

    addressee: str
    position: int
    kind: str
    stream_id: UUID
    issue_id: UUID | None
    place: str | None
    since: datetime
    due_at: datetime | None
    concerns: str | None


@dataclass(slots=True)
class Notice:
    """A row as it is shown. `position`: where in the log; the higher, the newer."""

    addressee: str
    position: int
    kind: str
    number: str | None
    place: str | None
    since: datetime
    due_at: datetime | None

    @property
    def zh(self) -> str:
        """What to tell them."""
        return SENTENCES[self.kind].zh

    @property
    def en(self) -> str:
        """The same in English."""
        return SENTENCES[self.kind].en


_ROW_COLUMNS: Final = columns_of(InboxRow)
_MATTER_COLUMNS: Final = columns_of(Matter)
_WAKES: Final = (i.IssueReopened, i.ReviewRequested, i.RecheckRequested)
"""With these an old record becomes somebody's work."""
_KNOWN: Final[LiteralString] = """
select stream_id, concerns, holder, before, leader, sent_up, proposed, asked, place, meet_by, quiet
from inbox_matter where stream_id = any(%s)
"""
_FORGET: Final[LiteralString] = "delete from inbox_matter where stream_id = any(%s)"


class Inbox:
    """The projection: adds rows, and keeps of each stream what its next event needs."""

    name: Final = "inbox"
    question: Final = "What should this person know or do, and since when? 待办与消息"
    ddl: Final = _DDL
    indexes: Final = _INDEXES
    tables: Final = ("inbox", "inbox_matter")

    def apply(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> None:
        """As Projection.apply: one read, one delete and two COPYs for the whole batch."""
        told = [it for it in batch if type(it.event) not in SILENT or type(it.event) in _REMEMBERED]
        if not told:
            return
        begun = {it.event.originator_id for it in told if it.event.originator_version == 1}
        others = list({it.event.originator_id for it in told} - begun)
        found = connection.execute(_KNOWN, (others,)).fetchall() if others else []
        matters = {row[0]: Matter(*row) for row in found}
        rows = list(told_by(told, matters))
        if found:
            connection.execute(_FORGET, ([row[0] for row in found],))
        copy_rows(connection, "inbox_matter", _MATTER_COLUMNS, map(attrgetter(*_MATTER_COLUMNS), matters.values()))
        copy_rows(connection, "inbox", _ROW_COLUMNS, map(attrgetter(*_ROW_COLUMNS), rows))


_REMEMBERED: Final = frozenset({AgendaDrawn})


def told_by(batch: Iterable[Recorded], matters: dict[UUID, Matter]) -> Iterator[InboxRow]:
    """The rows of these events; `matters` are brought up to date."""
    for recorded in batch:
        event = recorded.event
        matter = matters.get(event.originator_id)
        if matter is None:
            matter = matters[event.originator_id] = Matter(event.originator_id)
        _remember(matter, event)
        yield from () if matter.quiet else _rows(recorded, matter)


def _remember(matter: Matter, event: DomainEvent) -> None:
    """What later events need to know; the event's own people are known before it is told."""
    match event:
        case i.IssueLogged():
            matter.concerns, matter.quiet = event.concerns, event.source is not None
        case i.LeaderAssigned():
            matter.leader = event.leader
        case i.IssueEscalated():
            matter.sent_up = None if event.overdue else _joined(event.actor)
        case i.SubmissionPrepared():
            matter.proposed = _joined(event.actor)
        case i.ExtensionRequested():
            matter.asked = _joined(event.actor)
        case AgendaDrawn():
            matter.place, matter.meet_by = event.place or event.township, event.meet_by
    responsible = event.responsible if _hands_over(type(event)) else None  # type: ignore[attr-defined]
    if responsible is not None:
        matter.before, matter.holder = matter.holder, responsible.person
    matter.quiet = matter.quiet and not isinstance(event, _WAKES)


@cache  # asking an event for a field that it does not have costs more than all else here
def _hands_over(kind: type[DomainEvent]) -> bool:
    return "responsible" in kind.model_fields and kind is not ItemDisposed


def _joined(actor: Actor) -> str:
    return ",".join(sorted(actor.persons))


def _rows(recorded: Recorded, matter: Matter) -> Iterator[InboxRow]:
    """One for each person concerned, but who did it themselves; never to the official complained of."""
    event = recorded.event
    tellings = TELLINGS.get(type(event))
    if tellings is None:
        if type(event) in SILENT:
            return
        raise UnknownEvent(f"inbox: {event.TOPIC} names people, and nobody said who is told")
    done = {*event.actor.persons, matter.concerns, None}
    for telling in tellings:
        for person in telling.who(event, matter):
            if person is None or person in done:
                continue
            done.add(person)
            yield InboxRow(
                addressee=person,
                position=recorded.position,
                kind=telling.kind,
                stream_id=event.originator_id,
                issue_id=event.originator_id if type(event) in i.ISSUE_EVENTS else getattr(event, "issue_id", None),
                place=matter.place or getattr(event, "place", None),
                since=event.occurred_at,
                due_at=telling.due(event, matter),
                concerns=matter.concerns,
            )


INBOX: Final = Inbox()


# -- asking ---------------------------------------------------------------------------------------------------------

_OF_PEOPLE: Final[LiteralString] = """
select addressee, position, kind, number, place, since, due_at
from {addressees} cross join lateral (
  select * from inbox where addressee = person and position > %(after)s
    and (%(before)s::bigint is null or position < %(before)s)
  order by position desc limit %(limit)s) as told
left join issue_number using (issue_id)
order by position desc, addressee limit %(limit)s
"""
_COUNT_OF_PEOPLE: Final[LiteralString] = """
select count(*), coalesce(max(position), -1) from (
  select position from {addressees} cross join lateral (
    select position from inbox where addressee = person and position > %s order by position desc limit 1000) as told
  order by position desc limit 1000) as told
"""
_PAGE: Final = _OF_PEOPLE.format(addressees=ADDRESSEES)
_UNREAD: Final = _COUNT_OF_PEOPLE.format(addressees=ADDRESSEES)


def page(
    connection: psycopg.Connection, *, before: int | None = None, after: int = -1, limit: int = 50
) -> list[Notice]:
    """What the reader of this scope was told, newest first: below the position `before`, above `after`."""
    with connection.cursor(row_factory=class_row(Notice)) as cursor:
        return cursor.execute(_PAGE, {"before": before, "after": after, "limit": limit}).fetchall()


def unread(connection: psycopg.Connection, read_until: int) -> tuple[int, int]:
    """How many rows are newer than `read_until` (at most 1,000 are counted), and the newest's position, else -1."""
    row = connection.execute(_UNREAD, (read_until,)).fetchone() or (0, -1)
    return int(row[0]), int(row[1])
