"""Which tables are in force, which are proposed: folded from the stream. Replays and read paths use the same fold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from domain.events import DomainEvent
from domain.holidays.events import HolidaysAdopted, HolidaysProposed, HolidaysSeeded
from domain.holidays.words import YearTable
from domain.issue.evolve import BrokenHistory
from domain.workdays import HolidayTable


@dataclass(frozen=True, slots=True)
class Proposal:
    """A year's table that waits for another person; `version` names it."""

    version: int
    table: YearTable
    proposed_at: datetime
    by: frozenset[str]


@dataclass(frozen=True, slots=True)
class InForce:
    """A year's table in force since `version` of the stream."""

    version: int
    table: YearTable
    adopted_at: datetime


@dataclass(frozen=True, slots=True)
class Holidays:
    """Every year's table. `changed_at_version` 0: nothing was ever adopted or seeded here."""

    version: int = 0
    changed_at_version: int = 0
    seeded: str | None = None
    years: Mapping[int, InForce] = field(default_factory=dict)
    proposals: Mapping[int, Proposal] = field(default_factory=dict)

    def table(self, base: Mapping[int, YearTable]) -> HolidayTable:
        """All years as one table; until the program's own years were seeded, `base` stands for those not adopted."""
        known = {year: it.table for year, it in self.years.items()}
        return merged({**({} if self.seeded else base), **known}, self.changed_at_version)


def merged(years: Mapping[int, YearTable], version: int = 0) -> HolidayTable:
    """The years as one table; where two notices speak of one day in late December, the later year's counts."""
    days_off, make_up_days = set[date](), set[date]()
    for _, table in sorted(years.items()):
        days_off = days_off.difference(table.make_up_days) | set(table.days_off)
        make_up_days = make_up_days.difference(table.days_off) | set(table.make_up_days)
    return HolidayTable(frozenset(days_off), frozenset(make_up_days), frozenset(years), version)


def fold(history: Iterable[Any], known: Holidays | None = None) -> Holidays:
    """The tables after more, or all, of their history."""
    after = known or Holidays()
    for event in history:
        after = _advance(after, event)
    return after


def _advance(it: Holidays, event: DomainEvent) -> Holidays:
    if event.originator_version != it.version + 1:
        raise BrokenHistory(f"holidays: {event.TOPIC} at {event.originator_version} after {it.version}")
    it = replace(it, version=event.originator_version)
    match event:
        case HolidaysProposed():
            proposal = Proposal(it.version, event.table, event.occurred_at, event.actor.persons)
            return replace(it, proposals={**it.proposals, event.table.year: proposal})
        case HolidaysAdopted():
            left = {year: other for year, other in it.proposals.items() if year != event.table.year}
            return replace(_put(it, [event.table], event), proposals=left)
        case HolidaysSeeded():
            return replace(_put(it, event.tables, event), seeded=event.package)
    raise BrokenHistory(f"holidays: {event.TOPIC}")


def _put(it: Holidays, tables: Iterable[YearTable], event: DomainEvent) -> Holidays:
    new = {table.year: InForce(it.version, table, event.occurred_at) for table in tables}
    return replace(it, years={**it.years, **new}, changed_at_version=it.version)
