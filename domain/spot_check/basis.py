"""Among what is drawn? The stations of a township and their issues as of the head, read off the log alone.

Called for the draw by casework, and again by whoever verifies it (services/spot_checks).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.context import Context
from domain.events import DomainEvent
from domain.issue.events import IssueLogged
from domain.organisation.events import ORGANISATION_EVENTS
from domain.organisation.evolve import fold as fold_organisation
from domain.organisation.state import Organisation
from domain.organisation.words import PlaceKind
from domain.periods import Cycle, Period
from domain.spot_check.drawing import Head, digest_of, drawn, seed_of
from domain.spot_check.events import SpotCheckDrawn

TOPICS: Final = ("organisation.%", "issue.logged", "spot_check.drawn")
"""The events that `basis_of` wants, as SQL's `like` writes them."""


@dataclass(frozen=True, slots=True)
class Basis:
    """A township as of the head: each station's villages and issues, and which station was drawn in which month."""

    head: Head
    township: str
    villages: Mapping[str, tuple[str, ...]]
    issues: Mapping[str, tuple[str, ...]]
    drawn_before: Mapping[str, str]

    def stations(self, month: str, not_again_within_months: int) -> tuple[str, ...]:
        """The candidates: all stations but those drawn in so many months before; all of them if that leaves none."""
        period = month_called(month)
        recent = set()
        for _ in range(not_again_within_months):
            period = period.previous()
            recent.add(self.drawn_before.get(period.name))
        return tuple(sorted(self.villages.keys() - recent)) or tuple(sorted(self.villages))


@dataclass(frozen=True, slots=True)
class Drawing:
    """What came of a draw, and of what: everything that a second one is compared with."""

    seed: str
    station: str
    stations_counted: int
    stations_digest: str
    items: tuple[str, ...]
    items_counted: int
    items_digest: str


def month_called(name: str) -> Period:
    """The month of this name, `2026-03`."""
    return Period(date.fromisoformat(f"{name}-01"), Cycle.MONTH)


def draw_from(basis: Basis, month: str, number: int, not_again_within_months: int) -> Drawing | None:
    """One station, and up to `number` of its issues; None for a township without a station or village."""
    stations = basis.stations(month, not_again_within_months)
    if not stations:
        return None
    seed = seed_of(basis.head, basis.township, month)
    (station,) = drawn(seed, stations, 1)
    candidates = basis.issues[station]
    return Drawing(
        seed=seed,
        station=station,
        stations_counted=len(stations),
        stations_digest=digest_of(stations),
        items=drawn(seed, candidates, number),
        items_counted=len(candidates),
        items_digest=digest_of(candidates),
    )


def stations_of(organisation: Organisation, township: str) -> dict[str, tuple[str, ...]]:
    """The open stations of a township, and its villages that belong to no station: each with its open villages."""
    found = {}
    for place in organisation.places.values():
        is_station = place.kind is PlaceKind.STATION
        stands_alone = place.kind is PlaceKind.VILLAGE and not organisation.within(place.code, PlaceKind.STATION)
        if (is_station or stands_alone) and not place.closed and organisation.township_of(place.code) == township:
            under = {place.code} if stands_alone else organisation.villages_under(place.code)
            found[place.code] = tuple(sorted(code for code in under if not organisation.places[code].closed))
    return found


def in_charge(context: Context, villages: Iterable[str]) -> tuple[str, ...]:
    """Who looks after these villages now, and is told what becomes of their check: each once."""
    known = (context.directory.village(code) for code in villages)
    return tuple(dict.fromkeys(who for it in known if it for who in (it.lead, it.handler) if who))


def basis_of(head: Head, township: str, events: Iterable[DomainEvent]) -> Basis:
    """From the events of TOPICS up to the head, in the log's order.

    Complaints about officials are never drawn: whoever hands in the ledgers may be the one complained of.
    """
    organisation: list[DomainEvent] = []
    numbers: dict[str, list[str]] = {}
    drawn_before: dict[str, str] = {}
    for event in events:
        if isinstance(event, IssueLogged):
            if event.concerns is None and event.number is not None:
                numbers.setdefault(event.village, []).append(event.number)
        elif isinstance(event, SpotCheckDrawn):
            if event.township == township:
                drawn_before[event.period] = event.station
        elif type(event) in ORGANISATION_EVENTS:
            organisation.append(event)
    villages = stations_of(fold_organisation(organisation), township)
    issues = {
        station: tuple(sorted(number for village in under for number in numbers.get(village, ())))
        for station, under in villages.items()
    }
    return Basis(head, township, villages, issues, drawn_before)
