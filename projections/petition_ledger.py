"""The petition ledger 信访台账 by field 领域: what was asked, who was told when, and what came of it? (F3)

One row per issue, with what the issue ledger does not keep of it; asked for are those that came by a petition's ways.
The field is the category: a closed list that the plan sets (MZ2), each with the department that owns it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg

from domain.deadlines import Deadline
from domain.events import DomainEvent
from domain.issue import events as e
from domain.issue.words import NoticeAbout
from domain.plan_parts import Rule
from projections.issue_ledger import OF_PETITIONS
from projections.pages import Asked, page_of
from projections.per_issue import PerIssue
from projections.progress import BETWEEN_DEPARTMENTS, clock_started, department_entered
from projections.projection import Recorded

_HANDLED_UNTIL: Final = frozenset({Rule.ON_SITE.value, Rule.HANDLING.value})
"""The clocks within which the case itself is to be dealt with; acceptance, reply and the like are steps around it."""


@dataclass(slots=True)
class PetitionRow:
    """One issue, as far as the petition ledger tells more of it than the issue ledger."""

    issue_id: UUID
    village: str
    department: str | None = None
    concerns: str | None = None
    accepted_at: datetime | None = None  # 受理日期
    told_at: datetime | None = None  # 告知日期
    handle_by: datetime | None = None  # 办理期限
    extensions: int = 0  # 延期
    extended_days: int = 0
    opinion: str | None = None  # 办理意见, sealed
    review_asked_at: datetime | None = None  # 复查
    reviewed_at: datetime | None = None
    review_upheld: bool | None = None
    recheck_asked_at: datetime | None = None  # 复核
    rechecked_at: datetime | None = None
    recheck_upheld: bool | None = None
    final_at: datetime | None = None  # 终结


def _logged(event: e.IssueLogged, _: Recorded) -> PetitionRow:
    due = event.deadline.due_at
    return PetitionRow(event.originator_id, event.village, concerns=event.concerns, handle_by=due)


def _taken_on(row: PetitionRow, event: DomainEvent) -> None:
    """Accepted by whom it was sent up to, or dealt with where it arose."""
    row.accepted_at = row.accepted_at or event.occurred_at


def _told(row: PetitionRow, event: e.HouseholdNotified) -> None:
    if event.about is NoticeAbout.ACCEPTANCE:
        row.told_at = event.occurred_at


def _extended(row: PetitionRow, event: e.ExtensionGranted) -> None:
    if event.deadline.rule in _HANDLED_UNTIL:
        row.extensions, row.extended_days = row.extensions + 1, row.extended_days + event.days


def _answered(row: PetitionRow, event: e.ReplyGiven | e.AnswerShared) -> None:
    row.opinion = event.opinion


def _reopened(row: PetitionRow, _: e.IssueReopened) -> None:
    row.opinion = None


def _review_asked(row: PetitionRow, event: e.ReviewRequested) -> None:
    row.review_asked_at, row.reviewed_at, row.review_upheld = event.occurred_at, None, None


def _reviewed(row: PetitionRow, event: e.ReviewDecided) -> None:
    row.reviewed_at, row.review_upheld = event.occurred_at, event.upheld


def _recheck_asked(row: PetitionRow, event: e.RecheckRequested) -> None:
    row.recheck_asked_at, row.rechecked_at, row.recheck_upheld = event.occurred_at, None, None


def _rechecked(row: PetitionRow, event: e.RecheckDecided) -> None:
    row.rechecked_at, row.recheck_upheld = event.occurred_at, event.upheld


def _final(row: PetitionRow, event: e.FiledAsFinal) -> None:
    row.final_at = event.occurred_at


def _nothing(_: PetitionRow, __: Any) -> None:
    """At most its department and its limit change."""


_EXTRAS: Final[Mapping[type[DomainEvent], Callable[[PetitionRow, Any], None]]] = {
    e.IssueAccepted: _taken_on,
    e.IssueFixedOnSite: _taken_on,
    e.IssueResolved: _taken_on,
    e.SubmissionPrepared: _taken_on,
    e.HouseholdNotified: _told,
    e.ExtensionGranted: _extended,
    e.ReplyGiven: _answered,
    e.AnswerShared: _answered,
    e.IssueReopened: _reopened,
    e.ReviewRequested: _review_asked,
    e.ReviewDecided: _reviewed,
    e.RecheckRequested: _recheck_asked,
    e.RecheckDecided: _rechecked,
    e.FiledAsFinal: _final,
}


def _of_handling(event: DomainEvent) -> Deadline | None:
    """The limit that an event sets for dealing with the case; the next holder's own one (改派) is not it."""
    started = None if isinstance(event, e.IssueAssigned) else clock_started(event)
    return started if started is not None and started.rule in _HANDLED_UNTIL else None


def _change(kind: type[DomainEvent]) -> Callable[[PetitionRow, Any, Recorded], None]:
    extra = _EXTRAS.get(kind, _nothing)

    def change(row: PetitionRow, event: Any, _: Recorded) -> None:
        if kind in BETWEEN_DEPARTMENTS:
            row.department = department_entered(event)
        if limit := _of_handling(event):
            row.handle_by = limit.due_at
        extra(row, event)

    return change


_DDL: Final = """
create table if not exists petition_ledger (
  issue_id uuid primary key, village text not null, department text, concerns text, accepted_at timestamptz,
  told_at timestamptz, handle_by timestamptz, extensions bigint not null, extended_days bigint not null, opinion text,
  review_asked_at timestamptz, reviewed_at timestamptz, review_upheld boolean, recheck_asked_at timestamptz,
  rechecked_at timestamptz, recheck_upheld boolean, final_at timestamptz
);
"""
PETITION_LEDGER: Final = PerIssue(
    name="petition_ledger",
    question="What was petitioned in which field, who was told when, and what came of it? 信访台账",
    ddl=_DDL,
    indexes="",
    row=PetitionRow,
    follows=e.ISSUE_EVENTS,
    begins={e.IssueLogged: _logged},
    changes={kind: _change(kind) for kind in e.ISSUE_EVENTS - {e.IssueLogged}},
)


# -- asking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PetitionLine:
    """One petition as the form has it. `category` is its field, by the plan under which it was logged."""

    at: datetime
    key: str
    number: str
    channel: str
    accepted_at: datetime | None
    told_at: datetime | None
    plan: str
    category: str
    summary: str
    unit: str
    handle_by: datetime | None
    extensions: int
    extended_days: int
    opinion: str | None
    replied_at: datetime | None
    review_asked_at: datetime | None
    reviewed_at: datetime | None
    review_upheld: bool | None
    recheck_asked_at: datetime | None
    rechecked_at: datetime | None
    recheck_upheld: bool | None
    rating: str | None
    final_at: datetime | None


PETITION_WORDS: Final = ("summary", "opinion")

_PETITIONS: Final[LiteralString] = (
    """
select logged_at as at, number as key, number, channel, accepted_at, told_at, plan, category,
  coalesce(title, description) as summary, unit, handle_by, petition_ledger.extensions, extended_days, opinion,
  replied_at, review_asked_at, reviewed_at, review_upheld, recheck_asked_at, rechecked_at, recheck_upheld, rating,
  final_at
from petition_ledger join issue_ledger using (issue_id)
where """
    + OF_PETITIONS
    + """
  and (%(village)s::text is null or issue_ledger.village = %(village)s)
  and (%(villages)s::text[] is null or issue_ledger.village = any(%(villages)s))
  and (%(field)s::text is null or category = %(field)s)
"""
)


def petitions(connection: psycopg.Connection, asked: Asked) -> list[PetitionLine]:
    """The petitions by the time of logging; `asked` as of every ledger, and perhaps `field`: only of this one."""
    return page_of(connection, PetitionLine, _PETITIONS, {"field": None, **asked})
