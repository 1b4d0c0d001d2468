"""The visit diary 民情日记: who came to whom, what was said, what came of it; with opinion forms and hazards (F7, F8).

Rows per entry of a diary; words stay sealed. Struck visits stay in the table and are shown nowhere.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, LiteralString

import psycopg

from domain.visit import events as e
from domain.visit.words import OPINION_CATEGORIES
from projections.pages import Asked, page_of
from projections.per_event import PerEvent
from projections.projection import Recorded

_DDL: Final = """
create table if not exists visit (
  diary_id uuid not null, entry bigint not null, position bigint not null, village text not null, kind text not null,
  household text, place text, officers text[] not null, arrived_at timestamptz not null, left_at timestamptz,
  entered_at timestamptz not null, recorded_at timestamptz not null, late boolean not null, said text not null,
  done text, issues text[] not null, next_visit date, priority text, struck boolean not null,
  primary key (diary_id, entry)
);
create table if not exists opinion (
  diary_id uuid not null, entry bigint not null, village text not null, concerns text,
  collected_at timestamptz not null, collector text not null, income text, construction text, social_security text,
  education_health text, environment text, culture text, hardship text, public_safety text, conduct text,
  suggestion text, reply_wanted boolean not null, reply_by text,
  primary key (diary_id, entry)
);
create table if not exists hazard (
  diary_id uuid not null, number text not null, entry bigint not null, village text not null,
  found_at timestamptz not null, level text not null, requirement text not null,
  primary key (diary_id, number)
);
"""
_INDEXES: Final = """
create index if not exists visit_by_village on visit (village, arrived_at);
create index if not exists visit_by_time on visit (arrived_at);
create index if not exists visit_by_household on visit (village, household, arrived_at);
create index if not exists hazard_by_number on hazard (number);
"""
_VISIT: Final = """
insert into visit values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, false)
"""
_CORRECT: Final = """
update visit set said = coalesce(%s, said), done = coalesce(%s, done), left_at = coalesce(%s, left_at),
  next_visit = coalesce(%s, next_visit), issues = coalesce(%s, issues)
where diary_id = %s and entry = %s
"""
_OPINION: Final = """
insert into opinion values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def _recorded(connection: psycopg.Connection, event: e.VisitRecorded, recorded: Recorded) -> None:
    row = (
        event.originator_id, event.entry, recorded.position, event.village, event.kind.value, event.household,
        event.place, list(event.officers), event.occurred_at, event.left_at, event.entered_at, recorded.recorded_at,
        event.late, event.said, event.done, list(event.issues), event.next_visit, event.priority,
    )  # fmt: skip
    connection.execute(_VISIT, row)


def _corrected(connection: psycopg.Connection, event: e.VisitCorrected, _: Recorded) -> None:
    issues = None if event.issues is None else list(event.issues)
    changed = (event.said, event.done, event.left_at, event.next_visit, issues)
    connection.execute(_CORRECT, (*changed, event.originator_id, event.entry))


def _struck(connection: psycopg.Connection, event: e.VisitStruck, _: Recorded) -> None:
    key = (event.originator_id, event.entry)
    connection.execute("update visit set struck = true where diary_id = %s and entry = %s", key)


def _opinions(connection: psycopg.Connection, event: e.OpinionsCollected, _: Recorded) -> None:
    said = [getattr(event, name) for name in (*OPINION_CATEGORIES, "suggestion")]
    where = (event.originator_id, event.entry, event.village, event.concerns, event.occurred_at, event.actor.user)
    connection.execute(_OPINION, (*where, *said, event.reply_wanted, event.reply_by))


def _hazard(connection: psycopg.Connection, event: e.HazardRegistered, _: Recorded) -> None:
    row = (event.originator_id, event.issue, event.entry, event.village, event.occurred_at, event.level)
    connection.execute("insert into hazard values (%s, %s, %s, %s, %s, %s, %s)", (*row, event.requirement))


VISITS: Final = PerEvent(
    name="visits",
    question="Who visited whom, when, and what came of it? 民情日记 (F7), 意见反馈表 (F8), 隐患 (F10)",
    ddl=_DDL,
    indexes=_INDEXES,
    tables=("visit", "opinion", "hazard"),
    follows=e.VISIT_EVENTS,
    takes={
        e.VisitRecorded: _recorded,
        e.VisitCorrected: _corrected,
        e.VisitStruck: _struck,
        e.OpinionsCollected: _opinions,
        e.HazardRegistered: _hazard,
    },
)


# -- asking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit. `key` tells entries of one moment apart; `form`: it brought back an opinion form."""

    at: datetime
    key: str
    entry: int
    village: str
    village_name: str | None
    kind: str
    household: str | None
    place: str | None
    officers: list[str]
    left_at: datetime | None
    recorded_at: datetime
    late: bool
    said: str
    done: str | None
    issues: list[str]
    next_visit: date | None
    priority: str | None
    form: bool


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """One opinion form, with the village and household it came from."""

    at: datetime
    key: str
    village: str
    village_name: str | None
    household: str | None
    collector: str
    income: str | None
    construction: str | None
    social_security: str | None
    education_health: str | None
    environment: str | None
    culture: str | None
    hardship: str | None
    public_safety: str | None
    conduct: str | None
    suggestion: str | None
    reply_wanted: bool
    reply_by: str | None
    concerns: str | None


@dataclass(frozen=True, slots=True)
class HazardLine:
    """A hazard that was found: the issue that it is, with its level and what is required."""

    at: datetime
    key: str
    number: str
    village: str
    village_name: str | None
    place: str | None
    plan: str
    category: str
    description: str
    level: str
    leader: str | None
    unit: str
    person: str
    measures: str | None
    due_at: datetime | None
    requirement: str
    closed_at: datetime | None


HAZARD_WORDS: Final = ("place", "description", "measures", "requirement")
VISIT_WORDS: Final = ("said", "done")
OPINION_WORDS: Final = (*OPINION_CATEGORIES, "suggestion", "reply_by")

_VISITS: Final[LiteralString] = """
select arrived_at as at, diary_id || '/' || lpad(entry::text, 6, '0') as key, entry, visit.village,
  place.name as village_name, visit.kind, household, visit.place, officers, left_at, recorded_at, late, said, done,
  issues, next_visit, priority, opinion.entry is not null as form
from visit left join opinion using (diary_id, entry) left join place on place.code = visit.village
where not struck and (%(village)s::text is null or visit.village = %(village)s)
"""
_OPINIONS: Final[LiteralString] = """
select collected_at as at, diary_id || '/' || lpad(entry::text, 6, '0') as key, opinion.village,
  place.name as village_name, household, collector, income, construction, social_security, education_health,
  environment, culture, hardship, public_safety, conduct, suggestion, reply_wanted, reply_by, concerns
from opinion join visit using (diary_id, entry) left join place on place.code = opinion.village
where not struck and (%(village)s::text is null or opinion.village = %(village)s)
"""
_HAZARDS: Final[LiteralString] = """
select found_at as at, number as key, number, issue_ledger.village, place.name as village_name, issue_ledger.place,
  plan, category, description, hazard.level, leader, unit, person, measures, due_at, requirement, closed_at
from hazard join issue_ledger using (number) left join place on place.code = issue_ledger.village
where %(village)s::text is null or issue_ledger.village = %(village)s
"""


def visits(connection: psycopg.Connection, asked: Asked) -> list[VisitLine]:
    """The visits that stand, by the time of arrival."""
    return page_of(connection, VisitLine, _VISITS, asked)


def visits_to(connection: psycopg.Connection, village: str, household: str) -> list[VisitLine]:
    """Every visit to one household, by the time of arrival."""
    every = visits(connection, {"village": village, "at": None, "key": None, "limit": None})
    return [line for line in every if line.household == household]


def opinions(connection: psycopg.Connection, asked: Asked) -> list[OpinionLine]:
    """The opinion forms, in the order of their collection."""
    return page_of(connection, OpinionLine, _OPINIONS, asked)


def hazards(connection: psycopg.Connection, asked: Asked) -> list[HazardLine]:
    """The hazards, in the order in which they were found."""
    return page_of(connection, HazardLine, _HAZARDS, asked)
