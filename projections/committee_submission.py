"""What was submitted to the committee, who signed it, what did the committee say? 提请党委会研究解决问题表 (F4, CX5)

One row per issue with all its submissions: one that was returned stays in the form of its month. Words are sealed.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg

from domain.events import DomainEvent
from domain.issue import events as e
from domain.issue.words import Outcome
from projections.pages import Asked, page_of
from projections.per_issue import PerIssue
from projections.progress import BETWEEN_DEPARTMENTS, department_entered
from projections.projection import Recorded


@dataclass(slots=True)
class CommitteeRow:
    """One issue. `submissions`: a JSON list, oldest first; its members are those of `CommitteeLine`."""

    issue_id: UUID
    village: str
    department: str | None = None
    concerns: str | None = None
    submissions: str = "[]"


def _logged(event: e.IssueLogged, _: Recorded) -> CommitteeRow:
    return CommitteeRow(event.originator_id, event.village, concerns=event.concerns)


def _prepared(event: e.SubmissionPrepared) -> dict[str, Any]:
    return {
        "at": event.occurred_at,
        "prepared_by": event.actor.user,
        "current_state": event.current_state,
        "proposed_solution": event.proposed_solution,
        "budget": event.total_budget,
        "asked": event.subsidy_asked,
        "expected": event.expected_completion,
        "urgency": event.urgency,
        "deferred": 0,
    }


def _signed(it: dict[str, Any], event: e.SubmissionSigned) -> None:
    it |= {"signed_by": event.actor.user, "signed_at": event.occurred_at}


def _sent_back(it: dict[str, Any], event: e.SubmissionSentBack) -> None:
    it |= {"sent_back_by": event.actor.user, "sent_back_at": event.occurred_at, "faults": event.reasons}


def _decided(outcome: Outcome) -> Callable[[dict[str, Any], Any], None]:
    def change(it: dict[str, Any], event: Any) -> None:
        it |= {"outcome": outcome, "decided_at": event.occurred_at}
        it |= {"reasons": getattr(event, "reasons", None), "subsidy": getattr(event, "subsidy", None)}
        it["deferred"] += outcome is Outcome.DEFERRED

    return change


_CHANGES: Final[Mapping[type[DomainEvent], Callable[[dict[str, Any], Any], None]]] = {
    e.SubmissionSigned: _signed,
    e.SubmissionSentBack: _sent_back,
    e.SubmissionApproved: _decided(Outcome.APPROVED),
    e.SubmissionDeferred: _decided(Outcome.DEFERRED),
    e.SubmissionReturned: _decided(Outcome.RETURNED),
    e.SubmissionReferredUp: _decided(Outcome.REFERRED_UP),
    e.SubmissionDeclined: _decided(Outcome.DECLINED),
}
"""What happens to the last submission."""


def _taken_in(row: CommitteeRow, event: Any, _: Recorded) -> None:
    known = json.loads(row.submissions)
    if isinstance(event, e.SubmissionPrepared):
        known.append(_prepared(event))
    else:
        _CHANGES[type(event)](known[-1], event)
    row.submissions = json.dumps(known, ensure_ascii=False, default=str)


def _moved(row: CommitteeRow, event: Any, _: Recorded) -> None:
    row.department = department_entered(event)


_OF_SUBMISSIONS: Final[frozenset[type[DomainEvent]]] = frozenset({e.SubmissionPrepared, *_CHANGES})
_DDL: Final = """
create table if not exists committee_submission (
  issue_id uuid primary key, village text not null, department text, concerns text, submissions text not null
);
"""
_INDEXES: Final = """
create index if not exists committee_submission_made on committee_submission (village) where submissions <> '[]';
"""
COMMITTEE_SUBMISSION: Final = PerIssue(
    name="committee_submission",
    question="What was submitted to the committee, who signed it, what did the committee say? 提请党委会研究解决问题表",
    ddl=_DDL,
    indexes=_INDEXES,
    row=CommitteeRow,
    follows=e.ISSUE_EVENTS,
    begins={e.IssueLogged: _logged},
    changes={**dict.fromkeys(_OF_SUBMISSIONS, _taken_in), **dict.fromkeys(BETWEEN_DEPARTMENTS, _moved)},
    passes_over=e.ISSUE_EVENTS - {e.IssueLogged} - _OF_SUBMISSIONS - BETWEEN_DEPARTMENTS,
)


# -- asking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CommitteeLine:
    """One submission. Amounts in yuan; `outcome` None: the committee has not decided, or it never got there."""

    at: datetime  # when it was prepared
    key: str
    number: str
    village: str
    village_name: str | None
    current_state: str | None
    proposed_solution: str | None
    budget: Decimal
    asked: Decimal
    expected: date
    urgency: str
    prepared_by: str
    signed_by: str | None
    signed_at: datetime | None
    sent_back_by: str | None
    sent_back_at: datetime | None
    faults: str | None
    outcome: str | None
    decided_at: datetime | None
    subsidy: Decimal | None
    reasons: str | None
    deferred: int


COMMITTEE_WORDS: Final = ("current_state", "proposed_solution", "faults", "reasons")
_SUBMITTED: Final[LiteralString] = """
select it.at, number || '/' || lpad(nth::text, 4, '0') as key, number, row.village, place.name as village_name,
  it.current_state, it.proposed_solution, it.budget, it.asked, it.expected, it.urgency, it.prepared_by, it.signed_by,
  it.signed_at, it.sent_back_by, it.sent_back_at, it.faults, it.outcome, it.decided_at, it.subsidy, it.reasons,
  it.deferred
from committee_submission as row join issue_ledger using (issue_id)
left join place on place.code = row.village
cross join lateral jsonb_array_elements(row.submissions::jsonb) with ordinality as one (submission, nth)
cross join lateral jsonb_to_record(submission) as it (
  at timestamptz, current_state text, proposed_solution text, budget numeric, asked numeric, expected date,
  urgency text, prepared_by text, signed_by text, signed_at timestamptz, sent_back_by text, sent_back_at timestamptz,
  faults text, outcome text, decided_at timestamptz, subsidy numeric, reasons text, deferred bigint)
where row.submissions <> '[]' and (%(village)s::text is null or row.village = %(village)s)
  and (%(villages)s::text[] is null or row.village = any(%(villages)s))
"""


def committee_submissions(connection: psycopg.Connection, asked: Asked) -> list[CommitteeLine]:
    """The submissions in the order in which they were prepared, by which they are of a month."""
    return page_of(connection, CommitteeLine, _SUBMITTED, asked)
