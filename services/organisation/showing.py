"""How does the organisation stand at a moment? Places, who serves where, deputies and links, as plain values.

For `huiyin organisation show` and `GET /api/v1/organisation`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from domain.organisation.state import Organisation, Place


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
    """The whole of it."""

    version: int
    places: list[Place]
    posts: list[PostLine]
    links: list[LinkLine]


def shown(organisation: Organisation, at: datetime, covers: Callable[[str], bool], place: str | None = None) -> Shown:
    """As of a moment, perhaps only of one place and what is below it. Households only of villages that are covered."""

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
    )


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
