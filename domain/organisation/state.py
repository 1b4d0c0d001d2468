"""Who is who, where, and when: what an organisation remembers, and the questions that others ask of it.

Decisions ask it through casework, the directory and the accounts through services. Moments come in; no clock is read.
"""

from collections.abc import Collection, Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Self

from domain.context import Village
from domain.organisation.words import RANK, PlaceKind, Rank
from domain.values import Role


@dataclass(frozen=True, slots=True)
class Term:
    """From `since` until just before `until`; None: it goes on."""

    since: datetime
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether this moment lies in it."""
        return self.since <= at and not self.is_over(at)

    def is_over(self, at: datetime) -> bool:
        """Whether it has ended by this moment."""
        return self.until is not None and self.until <= at

    def meets(self, other: "Term") -> bool:
        """Whether some moment lies in both."""
        begins = max(self.since, other.since)
        return not self.is_over(begins) and not other.is_over(begins)


@dataclass(frozen=True, slots=True)
class Place:
    """A county, township, station, village or department. `earlier`: names that it had before."""

    code: str
    kind: PlaceKind
    name: str
    parent: str | None = None
    earlier: tuple[str, ...] = ()
    closed: bool = False

    @property
    def unit(self) -> str:
        """As issues name it: a township's own department is called like every other township's."""
        return self.code.partition("@")[0]


@dataclass(frozen=True, slots=True)
class Appointment:
    """Somebody serves in a role at a place for a period."""

    officer: str
    role: Role
    place: str
    in_charge: bool
    period: Term
    rank: Rank | None = None


@dataclass(frozen=True, slots=True)
class Deputyship:
    """Somebody acts in an officer's post for a period."""

    officer: str
    role: Role
    place: str
    deputy: str
    period: Term


@dataclass(frozen=True, slots=True)
class Link:
    """An officer keeps in touch with a village, or with one household of it."""

    village: str
    household: str | None
    period: Term


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody may act as: their own appointment, or that of the officer for whom they deputise."""

    role: Role
    place: str
    on_behalf_of: str | None = None

    def __str__(self) -> str:
        return f"{self.role.value}@{self.place}"


@dataclass(slots=True)
class Organisation:
    """All places and people. Never change one in place: `evolve` returns the next."""

    version: int = 0
    places: dict[str, Place] = field(default_factory=dict)
    appointments: dict[str, tuple[Appointment, ...]] = field(default_factory=dict)  # by place
    deputies: dict[str, tuple[Deputyship, ...]] = field(default_factory=dict)  # by place
    links: dict[str, tuple[Link, ...]] = field(default_factory=dict)  # by officer

    def twin(self) -> Self:
        """A copy that can be changed without this one."""
        other = copy(self)
        other.places, other.appointments = dict(self.places), dict(self.appointments)
        other.deputies, other.links = dict(self.deputies), dict(self.links)
        return other

    # -- places -------------------------------------------------------------------------------------------------

    def place(self, code: str) -> Place | None:
        """The place with this code, or None."""
        return self.places.get(code)

    def upwards(self, code: str) -> Iterator[Place]:
        """The place, what it belongs to, what that belongs to, and so on."""
        place = self.places.get(code)
        while place is not None:
            yield place
            place = self.places.get(place.parent) if place.parent else None

    def within(self, code: str, kind: PlaceKind) -> Place | None:
        """The place of this kind that it is, or belongs to."""
        return next((place for place in self.upwards(code) if place.kind is kind), None)

    def township_of(self, village: str) -> str | None:
        """The code of the township to which a village belongs."""
        township = self.within(village, PlaceKind.TOWNSHIP)
        return township.code if township else None

    def villages_under(self, code: str) -> frozenset[str]:
        """The villages of a place, closed ones too; a department's are those of the office that it belongs to."""
        place = self.places.get(code)
        if place is not None and place.kind is PlaceKind.DEPARTMENT:
            code = place.parent or code
        villages = (village for village in self.places.values() if village.kind is PlaceKind.VILLAGE)
        return frozenset(it.code for it in villages if any(above.code == code for above in self.upwards(it.code)))

    def covers_all(self, code: str) -> bool:
        """Whether every village there is, or ever will be, belongs to this place or a department's office."""
        place = self.places.get(code)
        if place is not None and place.kind is PlaceKind.DEPARTMENT:
            code = place.parent or code
        return not any(it.parent is None and it.code != code for it in self.places.values()) and code in self.places

    def townships_of(self, code: str) -> frozenset[str]:
        """The names, present and earlier, of the township in which a place lies, or of those that lie in it."""
        place = self.places.get(code)
        if place is not None and place.kind is PlaceKind.DEPARTMENT:
            code = place.parent or code
        own = self.within(code, PlaceKind.TOWNSHIP)
        every = [own] if own else [it for it in self.places.values() if it.kind is PlaceKind.TOWNSHIP]
        reached = (it for it in every if own or any(above.code == code for above in self.upwards(it.code)))
        return frozenset(name for it in reached for name in (it.name, *it.earlier))

    def open_townships(self) -> frozenset[str]:
        """The names of the townships that there are now."""
        return frozenset(it.name for it in self.places.values() if it.kind is PlaceKind.TOWNSHIP and not it.closed)

    def names_of_township(self, name: str) -> frozenset[str]:
        """Every name, present and earlier, of the township that has or had this one; the name itself if none has."""
        townships = (it for it in self.places.values() if it.kind is PlaceKind.TOWNSHIP)
        found = next((it for it in townships if name in (it.name, *it.earlier)), None)
        return frozenset({name, *((found.name, *found.earlier) if found else ())})

    # -- posts --------------------------------------------------------------------------------------------------

    def posts_of(self, user: str, at: datetime) -> tuple[Post, ...]:
        """What somebody may act as at this moment: their own posts in the order of appointment, then deputyships."""
        own = (
            (it.period.since, Post(it.role, it.place))
            for it in chain.from_iterable(self.appointments.values())
            if it.officer == user and it.period.holds(at)
        )
        acting = (
            Post(it.role, it.place, it.officer)
            for it in chain.from_iterable(self.deputies.values())
            if it.deputy == user and it.period.holds(at) and self.appointment(it.officer, it.role, it.place, at)
        )
        return (*(post for _, post in sorted(own, key=lambda pair: pair[0])), *acting)

    def serving(self, roles: Collection[Role], place: str, at: datetime) -> frozenset[str]:
        """Who holds such a post at a place; where nobody does, at what it belongs to, each role by itself."""
        found = set[str]()
        for role in roles:
            levels = (
                {it.officer for it in self.appointments.get(above.code, ()) if it.role is role and it.period.holds(at)}
                for above in self.upwards(place)
            )
            found |= next((officers for officers in levels if officers), set())
        return frozenset(found)

    def appointment(self, officer: str, role: Role, place: str, at: datetime) -> Appointment | None:
        """The appointment by which somebody holds this post at this moment, or None."""
        found = (it for it in self.appointments.get(place, ()) if (it.officer, it.role) == (officer, role))
        return next((it for it in found if it.period.holds(at)), None)

    def in_charge(self, role: Role, place: str, at: datetime) -> str | None:
        """Who is in charge of this role at this place."""
        found = (it for it in self.appointments.get(place, ()) if it.role is role and it.in_charge)
        return next((it.officer for it in found if it.period.holds(at)), None)

    def superiors_of(self, user: str, at: datetime) -> frozenset[str]:
        """Everybody above, in any of their posts, up to the top; and for whom they deputise."""
        posts = self.posts_of(user, at)
        above = chain.from_iterable(self._above(user, post, at) for post in posts)
        return frozenset({*above, *(post.on_behalf_of for post in posts if post.on_behalf_of)} - {user})

    def _above(self, user: str, post: Post, at: datetime) -> Iterator[str]:
        """Who is in charge, above this post in its own place and over everybody in the places above."""
        rank = RANK.get(post.role)
        if rank is None:
            return
        mine = self.appointment(post.on_behalf_of or user, post.role, post.place, at)
        for place in self.upwards(post.place):
            least = rank if place.code == post.place else RANK[Role.CASE_HANDLER]
            for officer, role in self._in_charge_at(place.code, at):
                leads_me = place.code == post.place and role is post.role and not (mine and mine.in_charge)
                if RANK.get(role, 0) > least or leads_me:
                    yield officer

    def _in_charge_at(self, place: str, at: datetime) -> Iterator[tuple[str, Role]]:
        """Who is in charge at a place, of which role; their deputies too."""
        for it in self.appointments.get(place, ()):
            if it.in_charge and it.period.holds(at):
                yield it.officer, it.role
        for acting in self.deputies.get(place, ()):
            if acting.period.holds(at) and self.in_charge(acting.role, place, at) == acting.officer:
                yield acting.deputy, acting.role

    def committee_of(self, township: str, at: datetime) -> tuple[str, ...]:
        """The committee of the township of this name, or else of what it belongs to; whoever is in charge first."""
        own = next((it for it in self.places.values() if it.kind is PlaceKind.TOWNSHIP and it.name == township), None)
        for place in self.upwards(own.code) if own else ():
            sitting = [
                it
                for it in self.appointments.get(place.code, ())
                if it.role is Role.COMMITTEE_MEMBER and it.period.holds(at)
            ]
            if sitting:
                return tuple(it.officer for it in sorted(sitting, key=lambda it: (not it.in_charge, it.officer)))
        return ()

    # -- who answers for what -----------------------------------------------------------------------------------

    def village(self, code: str, at: datetime) -> Village | None:
        """A village with who looks after it: in the village itself, else from its station, else from its township."""
        place = self.places.get(code)
        if place is None or place.kind is not PlaceKind.VILLAGE:
            return None
        township = self.within(code, PlaceKind.TOWNSHIP)
        return Village(
            code=code,
            name=place.name,
            township=township.name if township else "",
            earlier_townships=township.earlier if township else (),
            handler=self._nearest(Role.CASE_HANDLER, code, at),
            lead=self._nearest(Role.STATION_LEAD, code, at),
            closed=place.closed,
        )

    def _nearest(self, role: Role, village: str, at: datetime) -> str | None:
        below_county = (it for it in self.upwards(village) if it.kind is not PlaceKind.COUNTY)
        return next((who for it in below_county if (who := self.in_charge(role, it.code, at))), None)

    def head_of(self, unit: str, village: str | None, at: datetime) -> str | None:
        """Who answers for `township`, `county` or `department:<key>`, of this village where there are several."""
        if unit.startswith("department:"):
            township = self.township_of(village) if village else None
            own = self.in_charge(Role.DEPARTMENT, f"{unit}@{township}", at) if township else None
            return own or self.in_charge(Role.DEPARTMENT, unit, at)
        place = self._office(PlaceKind(unit), village) if unit in ("township", "county") else None
        if place is None:
            return None
        return self.in_charge(Role.STATION_LEAD, place, at) or self.in_charge(Role.COMMITTEE_MEMBER, place, at)

    def _office(self, kind: PlaceKind, village: str | None) -> str | None:
        """The village's own township or county; where it has none, or none is named, the only one there is."""
        found = self.within(village, kind) if village else None
        if found is not None:
            return found.code
        every = [place.code for place in self.places.values() if place.kind is kind and not place.closed]
        return every[0] if len(every) == 1 else None

    def linked_villages(self, user: str, at: datetime) -> frozenset[str]:
        """The villages with which, or with a household of which, somebody keeps in touch."""
        return frozenset(link.village for link in self.links.get(user, ()) if link.period.holds(at))
