"""Auditors' findings 督查发现台账: what was found in what, who has to answer until when, and what came of it.

A row for each finding, words sealed, kept from those of whose conduct it speaks; and one for each sample 抽样 drawn.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, LiteralString
from uuid import UUID

import psycopg

from domain.audit import events as e
from domain.audit.words import FindingStanding
from domain.events import DomainEvent
from projections.pages import Asked, page_of
from projections.per_event import PerEvent
from projections.projection import Recorded

_DDL: Final = """
create table if not exists audit_finding (
  finding_id uuid primary key, version bigint not null, position bigint not null, villages text[] not null,
  concerns text, about text not null, number text, at_position bigint, ledger text, fund_id uuid, sample_id uuid,
  unit text not null, told text[] not null, auditor text not null, problem text not null, found_at timestamptz not null,
  answer_by timestamptz not null, standing text not null, rounds bigint not null, answer text,
  answered_at timestamptz, late bigint not null, opinion text, outcome text, summary text, closed_at timestamptz
);
create table if not exists audit_sample (
  sample_id uuid primary key, version bigint not null, position bigint not null, village text, auditor text not null,
  asked_at timestamptz not null, kind text not null, wanted bigint not null, since date, until date,
  drawn_at timestamptz, head_position bigint, seed text, counted bigint, items text[] not null
);
"""
_INDEXES: Final = """
create index if not exists audit_finding_by_day on audit_finding (found_at);
"""
_FOUND: Final = """
insert into audit_finding values (
  %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 1, null, null, 0, null, null, null, null)
"""
_ASKED: Final = """
insert into audit_sample values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, null, null, null, null, '{}')
"""
_MOVED: Final = "update audit_finding set version = %s, position = %s, standing = %s"
_OF: Final = " where finding_id = %s"


def _found(connection: psycopg.Connection, event: e.AuditFindingRecorded, recorded: Recorded) -> None:
    key = (event.originator_id, event.originator_version, recorded.position, list(event.villages), event.concerns)
    about = (event.about, event.number, event.position, event.ledger, event.fund_id, event.sample_id)
    who = (event.unit, list(event.told), event.actor.user)
    said = (event.problem, event.occurred_at, event.answer_by, FindingStanding.AWAITED)
    connection.execute(_FOUND, (*key, *about, *who, *said))


def _answered(connection: psycopg.Connection, event: e.AuditFindingAnswered, recorded: Recorded) -> None:
    said = (event.answer, event.occurred_at, int(event.late))
    values = (*_at(event, recorded, FindingStanding.ANSWERED), *said, _key(event))
    connection.execute(_MOVED + ", answer = %s, answered_at = %s, late = late + %s" + _OF, values)


def _accepted(connection: psycopg.Connection, event: e.AuditAnswerAccepted, recorded: Recorded) -> None:
    values = (*_at(event, recorded, FindingStanding.ACCEPTED), event.opinion, _key(event))
    connection.execute(_MOVED + ", opinion = %s" + _OF, values)


def _insisted(connection: psycopg.Connection, event: e.AuditFindingInsisted, recorded: Recorded) -> None:
    said = (event.opinion, event.answer_by, event.round, list(event.told))
    connection.execute(
        _MOVED + ", opinion = %s, answer_by = %s, rounds = %s, told = %s" + _OF,
        (*_at(event, recorded, FindingStanding.AWAITED), *said, _key(event)),
    )


def _closed(connection: psycopg.Connection, event: e.AuditFindingClosed, recorded: Recorded) -> None:
    said = (event.outcome, event.summary, event.occurred_at)
    connection.execute(
        _MOVED + ", outcome = %s, summary = %s, closed_at = %s" + _OF,
        (*_at(event, recorded, FindingStanding.CLOSED), *said, _key(event)),
    )


def _at(event: DomainEvent, recorded: Recorded, standing: FindingStanding) -> tuple[int, int, FindingStanding]:
    return event.originator_version, recorded.position, standing


def _key(event: DomainEvent) -> UUID:
    return event.originator_id


def _asked(connection: psycopg.Connection, event: e.AuditSampleAsked, recorded: Recorded) -> None:
    key = (event.originator_id, event.originator_version, recorded.position, event.village, event.actor.user)
    said = (event.occurred_at, event.kind, event.number, event.since, event.until)
    connection.execute(_ASKED, (*key, *said))


def _drawn(connection: psycopg.Connection, event: e.AuditSampleDrawn, recorded: Recorded) -> None:
    connection.execute(
        "update audit_sample set version = %s, position = %s, drawn_at = %s, head_position = %s, seed = %s,"
        " counted = %s, items = %s where sample_id = %s",
        (
            event.originator_version, recorded.position, event.occurred_at, event.head.position, event.seed,
            event.counted, list(event.items), event.originator_id,
        ),
    )  # fmt: skip


AUDIT_FINDINGS: Final = PerEvent(
    name="audit_findings",
    question="What did auditors find, who has to answer until when, and what came of it? 督查发现",
    ddl=_DDL,
    indexes=_INDEXES,
    tables=("audit_finding", "audit_sample"),
    follows=e.AUDIT_EVENTS,
    takes={
        e.AuditFindingRecorded: _found,
        e.AuditFindingAnswered: _answered,
        e.AuditAnswerAccepted: _accepted,
        e.AuditFindingInsisted: _insisted,
        e.AuditFindingClosed: _closed,
        e.AuditSampleAsked: _asked,
        e.AuditSampleDrawn: _drawn,
    },
)


# -- asking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AuditFindingLine:
    """One finding; words sealed as the log has them. `late`: how many answers came after their day."""

    at: datetime
    key: str
    finding_id: UUID
    version: int
    about: str
    number: str | None
    at_position: int | None
    ledger: str | None
    fund_id: UUID | None
    concerns: str | None
    sample_id: UUID | None
    unit: str
    unit_name: str | None
    auditor: str
    problem: str
    answer_by: datetime
    standing: str
    rounds: int
    answer: str | None
    answered_at: datetime | None
    late: int
    opinion: str | None
    outcome: str | None
    summary: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One sample; `drawn_at` None: asked for only."""

    at: datetime
    key: str
    sample_id: UUID
    version: int
    auditor: str
    kind: str
    wanted: int
    village: str | None
    since: date | None
    until: date | None
    drawn_at: datetime | None
    head_position: int | None
    seed: str | None
    counted: int | None
    items: list[str]


FINDING_WORDS: Final = ("problem", "answer", "opinion", "summary")
_FINDINGS: Final[LiteralString] = """
select found_at as at, finding_id::text as key, finding_id, version, about, number, at_position, ledger, fund_id,
  concerns, sample_id, unit, place.name as unit_name, auditor, problem, answer_by, standing, rounds, answer,
  answered_at, late, opinion, outcome, summary, closed_at
from audit_finding left join place on place.code = unit
where (%(village)s::text is null or %(village)s = any(villages))
  and (%(people)s::text[] is null or told && %(people)s::text[] or unit = %(unit)s)
  and (%(standing)s::text is null or standing = %(standing)s)
"""
_SAMPLES: Final[LiteralString] = """
select asked_at as at, sample_id::text as key, sample_id, version, auditor, kind, wanted, village, since, until,
  drawn_at, head_position, seed, counted, items
from audit_sample where (%(village)s::text is null or village = %(village)s)
"""


def audit_findings(connection: psycopg.Connection, asked: Asked) -> list[AuditFindingLine]:
    """Findings in their order; perhaps those told to some of `people` or of their `unit`, or at a `standing`."""
    values = {"people": None, "unit": None, "standing": None, **asked}
    return page_of(connection, AuditFindingLine, _FINDINGS, values)


def samples(connection: psycopg.Connection, asked: Asked) -> list[SampleLine]:
    """Samples in their order."""
    return page_of(connection, SampleLine, _SAMPLES, asked)
