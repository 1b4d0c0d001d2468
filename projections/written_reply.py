"""What was the household told in writing, and who has which of the four copies? 书面回复（一式四份） (F11, MZ5, L11)

One row per issue with all its replies, for a reopened issue is replied to again. Words are sealed.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg

from domain.events import DomainEvent
from domain.issue import events as e
from domain.issue.words import CopyFor
from projections.pages import Asked, page_of
from projections.per_issue import PerIssue
from projections.progress import BETWEEN_DEPARTMENTS, OWNED_ANEW, department_entered
from projections.projection import Recorded


@dataclass(slots=True)
class ReplyRow:
    """One issue. `replies`: a JSON list, oldest first, each with its copies; `unit`: who answers for the issue now."""

    issue_id: UUID
    village: str
    unit: str
    department: str | None = None
    concerns: str | None = None
    replies: str = "[]"


def _logged(event: e.IssueLogged, _: Recorded) -> ReplyRow:
    return ReplyRow(event.originator_id, event.village, event.responsible.unit, concerns=event.concerns)


def _replied(row: ReplyRow, event: e.ReplyGiven | e.AnswerShared) -> dict[str, Any]:
    return {
        "at": event.occurred_at,
        "by": event.actor.user,
        "unit": row.unit,
        "findings": event.findings,
        "opinion": event.opinion,
        "basis": getattr(event, "basis", None),
        "review_until": getattr(event, "review_until", None),
        "copies": {},
    }


def _taken_in(row: ReplyRow, event: Any) -> None:
    replies = json.loads(row.replies)
    if not isinstance(event, e.ReplyDelivered):
        replies.append(_replied(row, event))
    elif replies:
        replies[-1]["copies"][event.copy_for] = {"at": event.occurred_at, "by": event.actor.user, "how": event.method}
    row.replies = json.dumps(replies, ensure_ascii=False, default=str)


def _nothing(_: ReplyRow, __: Any) -> None:
    """At most its department and who answers for it change."""


_REPLIES: Final[Mapping[type[DomainEvent], Callable[[ReplyRow, Any], None]]] = dict.fromkeys(
    (e.ReplyGiven, e.AnswerShared, e.ReplyDelivered), _taken_in
)
_TAKEN: Final = (OWNED_ANEW | BETWEEN_DEPARTMENTS | _REPLIES.keys()) - {e.IssueLogged}


def _change(kind: type[DomainEvent]) -> Callable[[ReplyRow, Any, Recorded], None]:
    extra = _REPLIES.get(kind, _nothing)

    def change(row: ReplyRow, event: Any, _: Recorded) -> None:
        if kind in BETWEEN_DEPARTMENTS:
            row.department = department_entered(event)
        if kind in OWNED_ANEW:
            row.unit = event.responsible.unit
        extra(row, event)

    return change


_DDL: Final = """
create table if not exists written_reply (
  issue_id uuid primary key, village text not null, unit text not null, department text, concerns text,
  replies text not null
);
"""
WRITTEN_REPLY: Final = PerIssue(
    name="written_reply",
    question="What was the household told in writing, and who has which of the four copies? 书面回复",
    ddl=_DDL,
    indexes="",
    row=ReplyRow,
    follows=e.ISSUE_EVENTS,
    begins={e.IssueLogged: _logged},
    changes={kind: _change(kind) for kind in _TAKEN},
    passes_over=e.ISSUE_EVENTS - {e.IssueLogged} - _TAKEN,
)


# -- asking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CopyLine:
    """One copy of one reply. `delivered_at` None: it has not been handed over yet."""

    at: datetime  # when the reply was given
    key: str
    number: str
    village: str
    village_name: str | None
    copy_for: str
    matter: str
    findings: str
    opinion: str
    basis: str | None
    review_until: datetime | None
    unit: str
    replied_by: str
    delivered_at: datetime | None
    delivered_by: str | None
    how: str | None


REPLY_WORDS: Final = ("matter", "findings", "opinion", "basis", "how")
# Which replies come next tells the history, by its index of replies: a county has a million of them, four copies each.
# With ties, for replies given at one moment are told apart by number only, and all of them have to be looked at.
_COPIES: Final[LiteralString] = """
select given.occurred_at as at, number || '/' || lpad(one.nth::text, 4, '0') || '/' || place_in_set as key, number,
  row.village, place.name as village_name, copy_for, issue_ledger.description as matter, it.findings, it.opinion,
  it.basis, it.review_until, it.unit, it.by as replied_by,
  (it.copies -> copy_for ->> 'at')::timestamptz as delivered_at,
  it.copies -> copy_for ->> 'by' as delivered_by, it.copies -> copy_for ->> 'how' as how
from (
  select issue_id, version, occurred_at from issue_history
  where topic in ('issue.reply_given', 'issue.answer_shared') and occurred_at = %(at)s
  union all
  (select issue_id, version, occurred_at from issue_history
  where topic in ('issue.reply_given', 'issue.answer_shared')
    and (%(at)s::timestamptz is null or occurred_at > %(at)s)
    and (%(since)s::timestamptz is null or occurred_at >= %(since)s)
    and (%(before)s::timestamptz is null or occurred_at < %(before)s)
    and (%(village)s::text is null or village = %(village)s)
    and (%(villages)s::text[] is null or village = any(%(villages)s))
    and (%(number)s::text is null or issue_id = (select issue_id from issue_number where number = %(number)s))
  order by occurred_at fetch first (coalesce(%(limit)s::bigint, 9223372036854775807)) rows with ties)
) as given join written_reply as row using (issue_id) join issue_ledger using (issue_id)
cross join lateral (
  select count(*) as nth from issue_history as earlier where earlier.issue_id = given.issue_id
    and topic in ('issue.reply_given', 'issue.answer_shared') and earlier.version <= given.version) as counted
left join place on place.code = row.village
cross join lateral jsonb_array_elements(row.replies::jsonb) with ordinality as one (reply, nth)
cross join lateral jsonb_to_record(reply) as it (
  by text, unit text, findings text, opinion text, basis text, review_until timestamptz, copies jsonb)
cross join unnest(%(copies)s::text[]) with ordinality as of_set (copy_for, place_in_set)
where one.nth = counted.nth and (%(village)s::text is null or row.village = %(village)s)
  and (%(number)s::text is null or number = %(number)s)
"""
_SET: Final = [CopyFor.HOUSEHOLD.value, CopyFor.UNIT.value, CopyFor.VILLAGE.value, CopyFor.OFFICE.value]
"""The four in the form's order."""


def copies(connection: psycopg.Connection, asked: Asked) -> list[CopyLine]:
    """The four copies of each reply, in the order in which replies were given; perhaps of one issue's `number`."""
    return page_of(connection, CopyLine, _COPIES, {"number": None, **asked, "copies": _SET})
