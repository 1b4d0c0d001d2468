"""What was handed in, late, or missed 缺报, by whom and for which period? A row for each thing owed (D5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, LiteralString

import psycopg

from domain.submission import events as e
from domain.submission.state import Standing
from projections.pages import Asked, page_of
from projections.per_event import PerEvent
from projections.projection import Recorded

_DDL: Final = """
create table if not exists submission_owed (
  period_id uuid not null, submission text not null, owner text not null, place text not null, period text not null,
  villages text[] not null, owed_by text not null, basis text not null, plan text not null,
  due_at timestamptz not null, standing text not null, handed_in_at timestamptz, handed_in_by text, paper text,
  digest text, signed_by text, missed boolean not null, late boolean not null, fault text,
  primary key (period_id, submission, owner)
);
"""
_INDEXES: Final = """
create index if not exists submission_owed_by_due on submission_owed (due_at);
"""
_OWED: Final = """
insert into submission_owed values (
  %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, null, null, null, null, null, false, false, null)
"""
_HANDED_IN: Final = """
update submission_owed set standing = %s, handed_in_at = %s, handed_in_by = %s, paper = %s, digest = %s, late = %s,
  signed_by = null, fault = null
where period_id = %s and submission = %s and owner = %s
"""
_SIGNED: Final = """
update submission_owed set standing = %s, handed_in_at = %s, signed_by = %s, late = %s
where period_id = %s and submission = %s and owner = %s
"""
_MISSED: Final = "update submission_owed set missed = true where period_id = %s and submission = %s and owner = %s"
_RETURNED: Final = """
update submission_owed set standing = %s, fault = %s where period_id = %s and submission = %s and owner = %s
"""


def _opened(connection: psycopg.Connection, event: e.SubmissionsOpened, _: Recorded) -> None:
    for it in event.owed:
        where = (event.originator_id, it.submission, it.owner, event.place, event.period, list(event.villages))
        connection.execute(_OWED, (*where, it.by, it.basis, event.plan, it.due_at, Standing.OWED))


def _handed_in(connection: psycopg.Connection, event: e.SubmissionHandedIn, recorded: Recorded) -> None:
    standing = Standing.IN if event.complete else Standing.TO_SIGN
    paper = (event.paper.name, event.paper.digest) if event.paper else (None, None)
    by = (standing, recorded.recorded_at, event.actor.user, *paper, event.late and event.complete)
    connection.execute(_HANDED_IN, (*by, event.originator_id, event.submission, event.owner))


def _signed(connection: psycopg.Connection, event: e.HandInSigned, recorded: Recorded) -> None:
    by = (Standing.IN, recorded.recorded_at, event.actor.user, event.late)
    connection.execute(_SIGNED, (*by, event.originator_id, event.submission, event.owner))


def _missed(connection: psycopg.Connection, event: e.SubmissionMissed, _: Recorded) -> None:
    connection.execute(_MISSED, (event.originator_id, event.submission, event.owner))


def _returned(connection: psycopg.Connection, event: e.SubmissionReturned, _: Recorded) -> None:
    connection.execute(_RETURNED, (Standing.OWED, event.fault, event.originator_id, event.submission, event.owner))


SUBMISSIONS: Final = PerEvent(
    name="submissions",
    question="What was handed in, late, or missed, by whom and for which period? 报送、缺报 (for F12)",
    ddl=_DDL,
    indexes=_INDEXES,
    tables=("submission_owed",),
    follows=e.SUBMISSION_EVENTS,
    takes={
        e.SubmissionsOpened: _opened,
        e.SubmissionHandedIn: _handed_in,
        e.HandInSigned: _signed,
        e.SubmissionMissed: _missed,
        e.SubmissionReturned: _returned,
    },
    passes_over=frozenset({e.SubmissionsReminded}),
)


# -- asking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SubmissionLine:
    """One thing owed. `at`: from when on it is late; `missed`: not in by then, for good, even if it came late."""

    at: datetime
    key: str
    place: str
    place_name: str | None
    period: str
    submission: str
    owner: str
    basis: str
    standing: str
    handed_in_at: datetime | None
    handed_in_by: str | None
    paper: str | None
    digest: str | None
    signed_by: str | None
    missed: bool
    late: bool
    fault: str | None


_SUBMISSIONS: Final[LiteralString] = """
select due_at as at, period_id || '/' || submission || '/' || owner as key, place, place.name as place_name, period,
  submission, owner, basis, standing, handed_in_at, handed_in_by, paper, digest, signed_by, missed, late, fault
from submission_owed left join place on place.code = submission_owed.place
where %(village)s::text is null or %(village)s = any(villages)
"""


def submissions(connection: psycopg.Connection, asked: Asked) -> list[SubmissionLine]:
    """What is owed by when it is due."""
    return page_of(connection, SubmissionLine, _SUBMISSIONS, asked)
