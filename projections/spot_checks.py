"""Spot checks 抽查: which stations were checked when, what was handed in, found and put right (D6, CX11; for F12).

A row for each check, and one for each finding; words stay sealed. Seen by whoever sees one of the villages checked;
a finding in an issue, by whoever sees that one's village.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from domain.spot_check import events as e
from domain.spot_check.words import CheckKind, Standing
from projections.pages import Asked, page_of
from projections.per_event import PerEvent
from projections.projection import Recorded

_DDL: Final = """
create table if not exists spot_check (
  check_id uuid primary key, version bigint not null, position bigint not null, township text not null,
  kind text not null, period text not null, villages text[] not null, stations text[] not null, plan text not null,
  basis text not null, begun_at timestamptz not null, drawn_at timestamptz, head_position bigint, head_hash text,
  seed text, items text[] not null, items_counted bigint not null, hand_in_by timestamptz, handed_in bigint not null,
  handed_in_late boolean not null, missed text[], findings bigint not null, closed_at timestamptz
);
create table if not exists spot_check_finding (
  check_id uuid not null, finding bigint not null, villages text[] not null, station text not null, item text,
  problem text not null, found_at timestamptz not null, unit text, requirement text, due_at timestamptz, standing text,
  measures text, opinion text, missed bigint not null, rounds bigint not null,
  primary key (check_id, finding)
);
"""
_INDEXES: Final = """
create index if not exists spot_check_by_township on spot_check (township, begun_at);
"""
_BEGIN: Final = """
insert into spot_check values (
  %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, null, null, null, null, '{}', 0, null, 0, false, null, 0, null)
"""
_DRAWN: Final = """
update spot_check set villages = %s, stations = %s, drawn_at = %s, head_position = %s, head_hash = %s, seed = %s,
  items = %s, items_counted = %s, hand_in_by = %s
where check_id = %s
"""
_HANDED_IN: Final = """
update spot_check set handed_in = handed_in + %s, handed_in_late = handed_in_late or %s where check_id = %s
"""
_FOUND: Final = """
insert into spot_check_finding (check_id, finding, villages, station, item, problem, found_at, missed, rounds)
select check_id, %s, coalesce(%s, villages), %s, %s, %s, %s, 0, 0 from spot_check where check_id = %s
"""


def _moved(connection: psycopg.Connection, event: e.SpotCheckEvent, recorded: Recorded) -> None:
    connection.execute(
        "update spot_check set version = %s, position = %s where check_id = %s",
        (event.originator_version, recorded.position, event.originator_id),
    )


def _begin(
    connection: psycopg.Connection, event: e.SpotCheckAnnounced | e.InspectionRecorded, recorded: Recorded
) -> None:
    stations = list(event.stations) if isinstance(event, e.InspectionRecorded) else []
    kind = event.kind if isinstance(event, e.InspectionRecorded) else CheckKind.MONTHLY
    where = (event.originator_id, event.originator_version, recorded.position, event.township, kind, event.period)
    connection.execute(_BEGIN, (*where, list(event.villages), stations, event.plan, event.basis, event.occurred_at))


def _drawn(connection: psycopg.Connection, event: e.SpotCheckDrawn, recorded: Recorded) -> None:
    place = (list(event.villages), [event.station], event.occurred_at)
    head = (event.head.position, event.head_hash, event.seed)
    row = (*place, *head, list(event.items), event.items_counted, event.hand_in_by, event.originator_id)
    connection.execute(_DRAWN, row)
    _moved(connection, event, recorded)


def _handed_in(connection: psycopg.Connection, event: e.LedgersHandedIn, recorded: Recorded) -> None:
    connection.execute(_HANDED_IN, (len(event.items), event.late, event.originator_id))
    _moved(connection, event, recorded)


def _missed(connection: psycopg.Connection, event: e.HandInMissed, recorded: Recorded) -> None:
    row = (list(event.missing), event.originator_id)
    connection.execute("update spot_check set missed = %s where check_id = %s", row)
    _moved(connection, event, recorded)


def _found(connection: psycopg.Connection, event: e.FindingRecorded, recorded: Recorded) -> None:
    villages = [event.village] if event.village else None
    row = (event.finding, villages, event.station, event.item, event.problem, event.occurred_at, event.originator_id)
    connection.execute(_FOUND, row)
    connection.execute("update spot_check set findings = %s where check_id = %s", (event.finding, event.originator_id))
    _moved(connection, event, recorded)


_ORDERED: Final = """
update spot_check_finding set unit = %s, requirement = %s, due_at = %s, standing = 'ordered', rounds = 1
where check_id = %s and finding = %s
"""
_REPORTED: Final = """
update spot_check_finding set measures = %s, standing = 'reported' where check_id = %s and finding = %s
"""
_OVERDUE: Final = "update spot_check_finding set missed = missed + 1 where check_id = %s and finding = %s"


def _ordered(connection: psycopg.Connection, event: e.RectificationOrdered, recorded: Recorded) -> None:
    said = (event.unit, event.requirement, event.due_at)
    connection.execute(_ORDERED, (*said, event.originator_id, event.finding))
    _moved(connection, event, recorded)


def _reported(connection: psycopg.Connection, event: e.RectificationReported, recorded: Recorded) -> None:
    connection.execute(_REPORTED, (event.measures, event.originator_id, event.finding))
    _moved(connection, event, recorded)


def _overdue(connection: psycopg.Connection, event: e.RectificationMissed, recorded: Recorded) -> None:
    connection.execute(_OVERDUE, (event.originator_id, event.finding))
    _moved(connection, event, recorded)


def _rechecked(connection: psycopg.Connection, event: e.RectificationRechecked, recorded: Recorded) -> None:
    standing = Standing.ACCEPTED if event.accepted else Standing.ORDERED
    connection.execute(
        "update spot_check_finding set opinion = %s, standing = %s, due_at = coalesce(%s, due_at),"
        " rounds = rounds + %s where check_id = %s and finding = %s",
        (event.opinion, standing, event.due_at, int(not event.accepted), event.originator_id, event.finding),
    )
    _moved(connection, event, recorded)


def _closed(connection: psycopg.Connection, event: e.SpotCheckClosed, recorded: Recorded) -> None:
    row = (event.occurred_at, event.originator_id)
    connection.execute("update spot_check set closed_at = %s where check_id = %s", row)
    _moved(connection, event, recorded)


SPOT_CHECKS: Final = PerEvent(
    name="spot_checks",
    question="Which stations were checked when, and what was handed in, found and put right? 抽查",
    ddl=_DDL,
    indexes=_INDEXES,
    tables=("spot_check", "spot_check_finding"),
    follows=e.SPOT_CHECK_EVENTS,
    takes={
        e.SpotCheckAnnounced: _begin,
        e.InspectionRecorded: _begin,
        e.SpotCheckDrawn: _drawn,
        e.LedgersHandedIn: _handed_in,
        e.HandInReminded: _moved,
        e.HandInMissed: _missed,
        e.FindingRecorded: _found,
        e.RectificationOrdered: _ordered,
        e.RectificationReported: _reported,
        e.RectificationMissed: _overdue,
        e.RectificationRechecked: _rechecked,
        e.SpotCheckClosed: _closed,
    },
)


# -- asking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check as people read it. `outstanding`: findings that still have to be put right; `missed` None: nothing.

    Of the issues drawn and of those that were missed, the line names those that the reader's scope covers.
    """

    at: datetime
    key: str
    check_id: UUID
    version: int
    township: str
    township_name: str | None
    kind: str
    period: str
    stations: list[str]
    station_names: list[str]
    plan: str
    basis: str
    begun_at: datetime
    drawn_at: datetime | None
    head_position: int | None
    head_hash: str | None
    seed: str | None
    items: list[str]
    items_counted: int
    hand_in_by: datetime | None
    handed_in: int
    handed_in_late: bool
    missed: list[str] | None
    findings: int
    outstanding: int
    overdue: int
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding with its rectification; words sealed as the log has them."""

    finding: int
    station: str
    item: str | None
    problem: str
    found_at: datetime
    unit: str | None
    requirement: str | None
    due_at: datetime | None
    standing: str | None
    measures: str | None
    opinion: str | None
    missed: int
    rounds: int


_CHECKS: Final[LiteralString] = """
select begun_at as at, check_id::text as key, check_id, version, township, town.name as township_name, spot_check.kind,
  period, stations,
  array(select coalesce(place.name, code) from unnest(stations) with ordinality as one (code, nth)
        left join place using (code) order by nth) as station_names,
  plan, basis, begun_at, drawn_at, head_position, head_hash, seed,
  array(select number from unnest(items) with ordinality as drawn (number, nth)
        join issue_ledger using (number) order by nth) as items,
  items_counted, hand_in_by, handed_in, handed_in_late,
  case when missed is not null then array(select number from unnest(missed) with ordinality as owed (number, nth)
        join issue_ledger using (number) order by nth) end as missed,
  findings, open.outstanding, open.overdue, closed_at
from spot_check
left join place as town on town.code = township
cross join lateral (
  select count(*) filter (where standing <> 'accepted') as outstanding, coalesce(sum(missed), 0)::bigint as overdue
  from spot_check_finding as finding where finding.check_id = spot_check.check_id
) as open
where (%(township)s::text is null or township = %(township)s)
  and (%(village)s::text is null or %(village)s = any(villages))
  and (%(of_period)s::text is null or starts_with(period, %(of_period)s))
"""
_FINDINGS: Final[LiteralString] = """
select finding, station, item, problem, found_at, unit, requirement, due_at, standing, measures, opinion, missed, rounds
from spot_check_finding where check_id = %s order by finding
"""
_OF_YEAR: Final[LiteralString] = """
select kind, count(*) from spot_check where township = %s and starts_with(period, %s) group by kind
"""


def checks(connection: psycopg.Connection, asked: Asked) -> list[CheckLine]:
    """The checks in the order in which they began, perhaps of one `township`; `period`: how the checks' own begins."""
    values = {"township": None, **asked, "of_period": asked.get("period"), "period": None}
    return page_of(connection, CheckLine, _CHECKS, values)


def findings(connection: psycopg.Connection, check_id: UUID) -> list[FindingLine]:
    """What was found in a check."""
    with connection.cursor(row_factory=class_row(FindingLine)) as cursor:
        return cursor.execute(_FINDINGS, (check_id,)).fetchall()


def made_in_year(connection: psycopg.Connection, township: str, year: int) -> dict[CheckKind, int]:
    """How many checks of each kind a township had in a year: to be held against what the plan asks for (CX11)."""
    counted: dict[str, int] = dict(connection.execute(_OF_YEAR, (township, f"{year}-")).fetchall())
    return {kind: counted.get(kind.value, 0) for kind in CheckKind}
