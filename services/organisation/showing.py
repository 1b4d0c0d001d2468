"""How does the organisation stand at a moment? Places, who serves where, deputies and links, as plain values.

For `huiyin organisation show` and `GET /api/v1/organisation`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from domain.casework import Casework
from domain.context import Village
from domain.liaison.commands import card_id_of
from domain.liaison.state import Card, fold
from domain.organisation.state import Organisation, Place
from domain.organisation.words import PlaceKind


@dataclass(frozen=True, slots=True)
class PostLine:
    """Somebody serves somewhere, now or later. `deputy`: who deputises now."""

    officer: str
    role: str
    place: str
    in_charge: bool
    since: datetime
    until: datetime | None
    deputy: str | None
    rank: str | None = None


@dataclass(frozen=True, slots=True)
class LinkLine:
    """Somebody keeps in touch with a village or a household."""

    officer: str
    village: str
    household: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """The whole of it. `cards_to_renew`: villages whose contact card does not name who is in charge any more."""

    version: int
    places: list[Place]
    posts: list[PostLine]
    links: list[LinkLine]
    cards_to_renew: list[str]


def shown(casework: Casework, at: datetime, covers: Callable[[str], bool], place: str | None = None) -> Shown:
    """As of a moment, perhaps only of one place and what is below it. Households, cards only of villages covered."""
    organisation = casework.organisation()

    def meant(code: str) -> bool:
        return place is None or any(it.code == place for it in organisation.upwards(code))

    return Shown(
        version=organisation.version,
        places=[it for it in organisation.places.values() if meant(it.code)],
        posts=[line for line in _posts(organisation, at) if meant(line.place)],
        links=[
            LinkLine(officer, it.village, it.household)
            for officer, links in organisation.links.items()
            for it in links
            if it.period.holds(at) and meant(it.village) and (it.household is None or covers(it.village))
        ],
        cards_to_renew=[
            it.code
            for it in organisation.places.values()
            if it.kind is PlaceKind.VILLAGE and meant(it.code) and covers(it.code)
            if _outdated(casework, organisation.village(it.code, at))
        ],
    )


def _outdated(casework: Casework, village: Village | None) -> bool:
    """CX1: whether the village has a contact card, and somebody in charge of it now is not on it."""
    if village is None or village.closed:
        return False
    card = fold(casework.history(card_id_of(village.code)))
    return isinstance(card, Card) and card.is_outdated(village)


def _posts(organisation: Organisation, at: datetime) -> list[PostLine]:
    deputies = {
        (it.officer, it.role, it.place): it.deputy
        for it in chain.from_iterable(organisation.deputies.values())
        if it.period.holds(at)
    }
    return [
        PostLine(
            it.officer, it.role.value, it.place, it.in_charge, it.period.since, it.period.until,
            deputies.get((it.officer, it.role, it.place)), it.rank,
        )
        for it in chain.from_iterable(organisation.appointments.values())
        if not it.period.is_over(at)
    ]  # fmt: skip
