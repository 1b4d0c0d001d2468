"""What duties are counted from: visits, links, registers and posts, as known by a moment. Pure once loaded.

`Loaded` is read off the log by casework (`needs`); `Facts` is that at one moment, and is all that counting.py sees.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from domain.context import Log
from domain.duty.commands import DutyCommand, duties_id_of
from domain.duty.policy import CountedAt
from domain.duty.registers import CaseLed, Registers
from domain.duty.state import fold
from domain.events import DomainEvent
from domain.household.words import WelfareReason
from domain.liaison.commands import register_id_of
from domain.liaison.events import RegisterEvent
from domain.liaison.state import Priority, Register, Solved
from domain.liaison.state import fold as fold_register
from domain.organisation.state import Organisation, Place
from domain.organisation.words import PlaceKind, Rank
from domain.periods import Cycle, Period
from domain.visit.commands import diary_id_of
from domain.visit.events import DiaryEvent
from domain.visit.state import Visit, known_by
from domain.visit.words import month_of

Streams = Mapping[str, tuple[DomainEvent, ...]]
_FIELD: Final = frozenset({PlaceKind.STATION, PlaceKind.VILLAGE})


@dataclass(frozen=True, slots=True)
class Loaded:
    """As the log holds it now: diaries and registers by village, consents by village and household."""

    organisation: Organisation
    villages: tuple[str, ...]
    diaries: Streams
    registers: Streams
    consents: Mapping[tuple[str, str], frozenset[WelfareReason]]
    closed_before: datetime | None = None  # up to when the period before was counted, if it was


@dataclass(frozen=True)
class Facts:
    """A place's period as known by a moment. `visits`: also those of the period before."""

    period: Period
    place: str
    at: CountedAt | None
    villages: tuple[str, ...]
    organisation: Organisation
    visits: tuple[Visit, ...]
    priority: tuple[tuple[str, Priority], ...]  # with the village; those that still agree
    solved: tuple[tuple[str, Solved], ...]
    registers: Registers
    known_by: datetime

    @cached_property
    def within(self) -> tuple[Visit, ...]:
        """The visits of the period itself."""
        return tuple(visit for visit in self.visits if visit.day in self.period)

    @cached_property
    def cases_led(self) -> tuple[CaseLed, ...]:
        """The cases that are led by somebody."""
        return self.registers.cases_led(self.villages)

    @cached_property
    def full_inspections(self) -> int:
        """How many of the place, a township, were made in the period and recorded in time."""
        return self.registers.full_inspections(self.place, self.period, self.known_by)

    def households(self, village: str) -> frozenset[str]:
        """The households that a village's register knows."""
        return self.registers.households(village)

    def officers(self, ranks: Iterable[Rank]) -> tuple[str, ...]:
        """Officers of these ranks who serve at the place or in it, or are linked to it, at some time of the period."""
        wanted = frozenset(ranks)
        ranked = {
            it.officer: it
            for posts in self.organisation.appointments.values()
            for it in posts
            if it.rank in wanted and _meets(it.period.since, it.period.until, self.period)
        }
        here = {officer for officer, it in ranked.items() if self._covers(it.place)}
        return tuple(sorted(here | {officer for officer in ranked if self.links(officer)}))

    def links(self, officer: str) -> tuple[tuple[str, str | None], ...]:
        """The villages and households of this place to which somebody is linked in the period."""
        found = (
            (it.village, it.household)
            for it in self.organisation.links.get(officer, ())
            if it.village in self.villages and _meets(it.period.since, it.period.until, self.period)
        )
        return tuple(dict.fromkeys(found))

    def _covers(self, place: str) -> bool:
        return any(it.code == self.place for it in self.organisation.upwards(place))


def _meets(since: datetime, until: datetime | None, period: Period) -> bool:
    return since < period.ends_at and (until is None or until > period.starts_at)


def load(command: DutyCommand, log: Log) -> Loaded:
    """Whatever a period of this place may be counted from, that of the period before with it."""
    organisation = log.organisation()
    villages = tuple(sorted(organisation.villages_under(command.place)))
    months, years = _months(command.period), {command.first.year}
    registers = {it: _read(log, [register_id_of(it, year) for year in years]) for it in villages}
    return Loaded(
        organisation=organisation,
        villages=villages,
        diaries={it: _read(log, [diary_id_of(it, month) for month in months]) for it in villages},
        registers=registers,
        consents={
            (village, household): _consents(log, village, household)
            for village, events in registers.items()
            for household in _register(events).priority
        },
        closed_before=_closed_before(command, log),
    )


def _closed_before(command: DutyCommand, log: Log) -> datetime | None:
    before = fold(log.history(duties_id_of(command.place, command.period.previous().name)))
    return before.closes_at if before is not None and before.closed else None


def facts_by(loaded: Loaded, command: DutyCommand, registers: Registers, moment: datetime) -> Facts:
    """What was known by this moment: what was entered later does not count."""
    entered = {
        village: _register(it for it in events if isinstance(it, RegisterEvent) and it.entered_at <= moment)
        for village, events in loaded.registers.items()
    }
    return Facts(
        period=command.period,
        place=command.place,
        at=counted_at(loaded.organisation, command.place),
        villages=loaded.villages,
        organisation=loaded.organisation,
        visits=tuple(visit for events in loaded.diaries.values() for visit in _known(events, moment)),
        priority=tuple(
            (village, listed)
            for village, register in entered.items()
            for listed in register.priority.values()
            if listed.reason in loaded.consents.get((village, listed.household), ())
        ),
        solved=tuple((village, it) for village, register in entered.items() for it in register.solved),
        registers=registers,
        known_by=moment,
    )


def places_of(organisation: Organisation, at: CountedAt) -> tuple[Place, ...]:
    """The places at which something is counted; a village of no station stands for one."""
    kept = (place for place in organisation.places.values() if not place.closed)
    if at is CountedAt.TOWNSHIP:
        return tuple(place for place in kept if place.kind is PlaceKind.TOWNSHIP)
    return tuple(it for it in kept if it.kind in _FIELD and counted_at(organisation, it.code) is CountedAt.STATION)


def counted_at(organisation: Organisation, code: str) -> CountedAt | None:
    """As what a place counts; None: its duties are counted elsewhere."""
    place = organisation.place(code)
    if place is None:
        return None
    above = organisation.place(place.parent) if place.parent else None
    if place.kind is PlaceKind.TOWNSHIP:
        return CountedAt.TOWNSHIP
    in_station = above is not None and above.kind is PlaceKind.STATION
    return CountedAt.STATION if place.kind in _FIELD and not in_station else None


def _months(period: Period) -> list[str]:
    first: date = period.previous().first
    month = Period.containing(first, Cycle.MONTH)
    found = []
    while month.first < period.after:
        found.append(month_of(month.first))
        month = month.next()
    return found


def _read(log: Log, streams: Iterable[UUID]) -> tuple[DomainEvent, ...]:
    return tuple(event for stream in streams for event in log.history(stream))


def _register(events: Iterable[DomainEvent]) -> Register:
    state = fold_register(events)
    return state if isinstance(state, Register) else Register(UUID(int=0))


def _known(events: Iterable[DomainEvent], moment: datetime) -> tuple[Visit, ...]:
    """Diary by diary: entries are numbered within theirs."""
    diaries: dict[UUID, list[DiaryEvent]] = {}
    for event in events:
        if isinstance(event, DiaryEvent):
            diaries.setdefault(event.originator_id, []).append(event)
    return tuple(visit for diary in diaries.values() for visit in known_by(diary, moment))


def _consents(log: Log, village: str, household: str) -> frozenset[WelfareReason]:
    known = log.household(village, household)
    return known.consents if known is not None else frozenset()
