"""What can happen to an organisation. Past tense, with who and when (`DomainEvent`); names fixed by `TOPIC`.

Periods run from `since` until just before `until`; without `until` they go on.
"""

from typing import ClassVar, Final

from domain.events import DomainEvent
from domain.organisation.words import PlaceKind, Rank
from domain.values import Moment, Role


class PlaceRegistered(DomainEvent):
    TOPIC: ClassVar[str] = "organisation.place_registered"
    place: str
    kind: PlaceKind
    name: str
    parent: str | None = None


class PlaceRenamed(DomainEvent):
    TOPIC: ClassVar[str] = "organisation.place_renamed"
    place: str
    name: str


class PlaceMoved(DomainEvent):
    TOPIC: ClassVar[str] = "organisation.place_moved"
    place: str
    parent: str


class PlaceClosed(DomainEvent):
    TOPIC: ClassVar[str] = "organisation.place_closed"
    place: str


class OfficerAppointed(DomainEvent):
    TOPIC: ClassVar[str] = "organisation.officer_appointed"
    officer: str
    role: Role
    place: str
    in_charge: bool = False
    since: Moment
    until: Moment | None = None
    rank: Rank | None = None


class AppointmentEnded(DomainEvent):
    TOPIC: ClassVar[str] = "organisation.appointment_ended"
    officer: str
    role: Role
    place: str
    since: Moment  # which of several: the one that began then
    until: Moment


class OfficerLinked(DomainEvent):
    TOPIC: ClassVar[str] = "organisation.officer_linked"
    officer: str
    village: str
    household: str | None = None


class OfficerUnlinked(DomainEvent):
    TOPIC: ClassVar[str] = "organisation.officer_unlinked"
    officer: str
    village: str
    household: str | None = None


class DeputyNamed(DomainEvent):
    TOPIC: ClassVar[str] = "organisation.deputy_named"
    officer: str
    role: Role
    place: str
    deputy: str
    since: Moment
    until: Moment


class DeputyWithdrawn(DomainEvent):
    TOPIC: ClassVar[str] = "organisation.deputy_withdrawn"
    officer: str
    role: Role
    place: str
    deputy: str
    since: Moment  # which of several: the one that began then
    until: Moment


ORGANISATION_EVENTS: Final[frozenset[type[DomainEvent]]] = frozenset(
    {
        PlaceRegistered, PlaceRenamed, PlaceMoved, PlaceClosed, OfficerAppointed, AppointmentEnded, OfficerLinked,
        OfficerUnlinked, DeputyNamed, DeputyWithdrawn,
    }
)  # fmt: skip
