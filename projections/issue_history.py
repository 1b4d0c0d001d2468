"""An issue's history 办理经过: what happened, who did it, when, and when was it recorded? One line per event.

The sentence of a line is made when it is read (sentences.py), so that better wording needs no rebuild.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from domain.issue.events import ISSUE_EVENTS, IssueLogged
from domain.streams import elsewhere
from projections.copying import copy_rows
from projections.per_issue import BrokenStream
from projections.progress import BETWEEN_DEPARTMENTS, department_entered
from projections.projection import Recorded, UnknownEvent
from projections.sentences import SENTENCES, sentence

_DDL: Final = """
create table if not exists issue_history (
  position bigint not null, issue_id uuid not null, version bigint not null, topic text not null,
  occurred_at timestamptz not null, recorded_at timestamptz not null, actor_user text not null,
  actor_role text not null, command_id uuid not null, causation uuid, details jsonb not null,
  village text not null, concerns text, department text,
  primary key (issue_id, version)
);
"""
_INDEXES: Final = """
create unique index if not exists issue_history_by_position on issue_history (position);
create index if not exists issue_history_of_replies on issue_history (occurred_at)
  where topic in ('issue.reply_given', 'issue.answer_shared');
create index if not exists issue_history_of_replies_there on issue_history (village, occurred_at)
  where topic in ('issue.reply_given', 'issue.answer_shared');
"""
_COLUMNS: Final = {
    "position": "int8",
    "issue_id": "uuid",
    "version": "int8",
    "topic": "text",
    "occurred_at": "timestamptz",
    "recorded_at": "timestamptz",
    "actor_user": "text",
    "actor_role": "text",
    "command_id": "uuid",
    "causation": "uuid",
    "details": "jsonb",
    "village": "text",
    "concerns": "text",
    "department": "text",
}
_ENVELOPE: Final = {"originator_id", "originator_version", "occurred_at", "actor", "command_id", "causation"}
_ELSEWHERE: Final = elsewhere(ISSUE_EVENTS)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event of one issue. `late`: recorded longer after it happened than the plan allows to pass unsaid (L14)."""

    position: int
    number: str
    issue_id: UUID
    version: int
    topic: str
    occurred_at: datetime
    recorded_at: datetime
    actor_user: str
    actor_role: str
    command_id: UUID
    causation: UUID | None
    details: dict[str, Any]
    late: bool
    zh: str
    en: str


class IssueHistory:
    """The projection: it adds lines, and changes of those that stand there only with which department their case is."""

    name: Final = "issue_history"
    question: Final = "What happened to an issue, who did it, when, and when was it recorded? 办理经过"
    ddl: Final = _DDL
    indexes: Final = _INDEXES
    tables: Final = ("issue_history",)

    def apply(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> None:
        """As Projection.apply: one COPY for the whole batch."""
        told = [recorded for recorded in batch if type(recorded.event) not in _ELSEWHERE]
        subjects = _subjects(connection, told)
        lines = (_line(recorded, subjects[recorded.event.originator_id.int]) for recorded in told)
        copy_rows(connection, self.name, _COLUMNS, lines)


Subject = tuple[str, str | None, str | None]
"""An issue's village, the official complained of and the department it is with now: on each line, so that from the line
is seen who may see it."""
_KNOWN: Final[LiteralString] = """
select issue_id, village, concerns, department from issue_history where version = 1 and issue_id = any(%s)
"""
_MOVED: Final[LiteralString] = """
update issue_history as line set department = moved.department
from unnest(%s::uuid[], %s::text[]) as moved (issue_id, department) where line.issue_id = moved.issue_id
"""


def _subjects(connection: psycopg.Connection, told: Sequence[Recorded]) -> dict[int, Subject]:
    """By issue's id as a number (hashing a UUID costs five times as much), as after this batch.

    Lines written before are told where their case is now. Raises BrokenStream.
    """
    begun = (recorded.event for recorded in told if isinstance(recorded.event, IssueLogged))
    subjects: dict[int, Subject] = {event.originator_id.int: (event.village, event.concerns, None) for event in begun}
    departments = {
        it.event.originator_id.int: department_entered(it.event) for it in told if type(it.event) in BETWEEN_DEPARTMENTS
    }
    earlier = {recorded.event.originator_id.int for recorded in told} - subjects.keys()
    if earlier:
        asked = ([UUID(int=number) for number in earlier],)
        known = {row[0].int: row[1:] for row in connection.execute(_KNOWN, asked).fetchall()}
        if not earlier <= known.keys():
            raise BrokenStream("issue_history: an issue whose first event was never taken in")
        subjects |= known
        moved = {issue: to for issue, to in departments.items() if issue in known and known[issue][2] != to}
        if moved:
            connection.execute(_MOVED, ([UUID(int=number) for number in moved], list(moved.values())))
    for issue, department in departments.items():
        subjects[issue] = (*subjects[issue][:2], department)
    return subjects


def _line(recorded: Recorded, subject: Subject) -> tuple[Any, ...]:
    event = recorded.event
    topic, actor = event.TOPIC, event.actor
    if topic not in SENTENCES:
        raise UnknownEvent(f"issue_history: {topic} has no sentence")
    return (
        recorded.position,
        event.originator_id,
        event.originator_version,
        topic,
        event.occurred_at,
        recorded.recorded_at,
        actor.user,
        actor.role,
        event.command_id,
        event.causation,
        event.__pydantic_serializer__.to_json(event, exclude=_ENVELOPE, exclude_none=True),
        *subject,
    )


ISSUE_HISTORY: Final = IssueHistory()


# -- asking ---------------------------------------------------------------------------------------------------------

_LINES: Final[LiteralString] = """
select position, number, issue_history.issue_id, version, topic, occurred_at, recorded_at, actor_user, actor_role,
  command_id, causation, details, recorded_at - occurred_at > %(late_after)s as late
from issue_number join issue_history using (issue_id)
where number = %(number)s and (%(as_of)s::timestamptz is null or occurred_at <= %(as_of)s)
  and (%(known_at)s::timestamptz is null or recorded_at <= %(known_at)s)
order by version
"""


def history(
    connection: psycopg.Connection,
    number: str,
    *,
    late_after: timedelta,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
) -> list[HistoryLine]:
    """The issue's lines in order; empty if there is no such issue (or none of its events has been followed yet).

    `late_after`: the plan's `recording.late_after_days`. `as_of` leaves out what happened later, `known_at` what was
    recorded later.
    """
    values = {"number": number, "late_after": late_after, "as_of": as_of, "known_at": known_at}
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_LINES, values).fetchall()
    return [HistoryLine(**row, **sentence(row["topic"], row["details"])._asdict()) for row in rows]


_REDATED: Final[LiteralString] = """
select issue_id, number, details, ledger.unit, ledger.person
from issue_history join issue_number using (issue_id) join issue_ledger ledger using (issue_id, number)
where topic = 'issue.deadline_redated' and (details ->> 'calendar')::bigint = %(calendar)s
  and (%(after)s::uuid is null or issue_id > %(after)s)
order by issue_id limit %(limit)s
"""


def redated_by(
    connection: psycopg.Connection, calendar: int, after: UUID | None, limit: int
) -> list[tuple[UUID, dict[str, Any]]]:
    """The limits that the holiday table of this version moved, in the order of their issues: from when to when."""
    rows = connection.execute(_REDATED, {"calendar": calendar, "after": after, "limit": limit}).fetchall()
    return [
        (
            issue_id,
            {
                "number": number,
                "unit": unit,
                "person": person,
                "rule": details["rule"],
                "was": details["was"],
                "due_at": details["deadline"]["due_at"],
                "provisional": details["deadline"]["provisional"],
                "promise_was": details.get("promise_was"),
                "promise": (details.get("promise") or {}).get("due_at"),
            },
        )
        for issue_id, number, details, unit, person in rows
    ]
