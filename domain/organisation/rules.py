"""The guards of the organisation: each is one sentence, written once. They refuse by raising."""

from datetime import datetime

from domain import errors as general
from domain.organisation import errors
from domain.organisation.state import Appointment, Deputyship, Link, Organisation, Place, Term
from domain.organisation.words import PARENTS, SERVES_AT, PlaceKind
from domain.values import Actor, Role

_DEPARTMENT = "department:"


# -- places ---------------------------------------------------------------------------------------------------------


def known_place(organisation: Organisation, code: str) -> Place:
    """The place is registered."""
    place = organisation.place(code)
    if place is None:
        raise errors.UnknownPlace
    return place


def open_place(organisation: Organisation, code: str) -> Place:
    """The place is registered and not closed."""
    place = known_place(organisation, code)
    if place.closed:
        raise errors.PlaceIsClosed
    return place


def code_is_free(organisation: Organisation, code: str) -> None:
    """A code means one place for ever: issues and events are kept under it."""
    if organisation.place(code) is not None:
        raise errors.CodeTaken


def code_fits(code: str, kind: PlaceKind, parent: str | None) -> None:
    """A department is called by its unit; with a township's code behind it only if it is that township's own."""
    own = code.partition("@")[2]
    if (kind is PlaceKind.DEPARTMENT) != code.startswith(_DEPARTMENT) or own not in ("", parent):
        raise errors.CodeUnfit


def name_is_free(organisation: Organisation, new: Place) -> None:
    """Nothing beside it has that name; and no township ever had another's, for funds and meetings go by it."""
    for place in organisation.places.values():
        if place.kind is PlaceKind.TOWNSHIP is new.kind:
            taken = new.name in (place.name, *place.earlier)
        else:
            taken = (place.name, place.kind, place.parent) == (new.name, new.kind, new.parent) and not place.closed
        if taken and place.code != new.code:
            raise errors.NameTaken


def belongs_there(organisation: Organisation, kind: PlaceKind, parent: str | None) -> None:
    """County, township, station, village, department: each belongs where such places belong, and that is open."""
    if (open_place(organisation, parent).kind if parent else None) not in PARENTS[kind]:
        raise errors.WrongParent


def nothing_left(organisation: Organisation, code: str, at: datetime) -> None:
    """No open place belongs to it, and nobody serves there now or later."""
    below = any(place.parent == code and not place.closed for place in organisation.places.values())
    if below or any(not it.period.is_over(at) for it in organisation.appointments.get(code, ())):
        raise errors.PlaceInUse


def is_village(organisation: Organisation, code: str) -> None:
    """The place is a village, and open."""
    if open_place(organisation, code).kind is not PlaceKind.VILLAGE:
        raise errors.UnknownPlace


# -- posts ----------------------------------------------------------------------------------------------------------


def post_exists(place: Place, role: Role) -> None:
    """Such a place has such a post."""
    if place.kind not in SERVES_AT[role]:
        raise errors.NoSuchPost


def not_for_oneself(actor: Actor, officer: str) -> None:
    """An administrator gives posts to others only: whoever would read cases needs a second administrator."""
    if officer in actor.persons:
        raise errors.NotForOneself


def real_period(period: Term) -> None:
    """A period ends after it begins."""
    if period.until is not None and period.until <= period.since:
        raise errors.PeriodReversed


def not_appointed(organisation: Organisation, new: Appointment) -> None:
    """Nobody holds the same post twice at a time."""
    for it in organisation.appointments.get(new.place, ()):
        if (it.officer, it.role) == (new.officer, new.role) and it.period.meets(new.period):
            raise errors.AlreadyAppointed


def one_in_charge(organisation: Organisation, new: Appointment) -> None:
    """At any time one person at most is in charge of a role at a place: issues go to that one."""
    for it in organisation.appointments.get(new.place, ()):
        if new.in_charge and it.in_charge and it.role is new.role and it.period.meets(new.period):
            raise errors.SomebodyInCharge


def appointed(organisation: Organisation, officer: str, role: Role, place: str, at: datetime) -> Appointment:
    """The officer holds the post at that time, or is to hold it later."""
    known_place(organisation, place)
    found = [
        it
        for it in organisation.appointments.get(place, ())
        if (it.officer, it.role) == (officer, role) and not it.period.is_over(at)
    ]
    if not found:
        raise errors.NotAppointed
    return min(found, key=lambda it: it.period.since)


def ends_earlier(period: Term, until: datetime, at: datetime) -> None:
    """What has an end is not prolonged by ending it; what has begun did not end before."""
    if (period.until is not None and until >= period.until) or (period.holds(at) and until < period.since):
        raise errors.PeriodReversed


# -- deputies and links ---------------------------------------------------------------------------------------------


def another_deputises(officer: str, deputy: str) -> None:
    """Nobody deputises for themselves."""
    if officer == deputy:
        raise errors.OwnDeputy


def held_throughout(held: Appointment, period: Term) -> None:
    """A deputy acts while the officer holds the post, not before and not after."""
    ends_before = held.period.until and period.until and held.period.until < period.until
    if ends_before or not held.period.holds(period.since):
        raise errors.NotAppointed


def one_deputy(organisation: Organisation, new: Deputyship) -> None:
    """At any time one person at most deputises for somebody in a post."""
    for it in organisation.deputies.get(new.place, ()):
        if (it.officer, it.role) == (new.officer, new.role) and it.period.meets(new.period):
            raise errors.AlreadyDeputy


def deputises(
    organisation: Organisation, officer: str, role: Role, place: str, deputy: str, at: datetime
) -> Deputyship:
    """The deputy acts in that post now, or is to act later."""
    for it in organisation.deputies.get(place, ()):
        if (it.officer, it.role, it.deputy) == (officer, role, deputy) and not it.period.is_over(at):
            return it
    raise errors.NotDeputy


def link_of(organisation: Organisation, officer: str, village: str, household: str | None) -> Link | None:
    """The officer's link to this village or household that goes on, or None."""
    links = (it for it in organisation.links.get(officer, ()) if (it.village, it.household) == (village, household))
    return next((it for it in links if it.period.until is None), None)


def not_linked(organisation: Organisation, officer: str, village: str, household: str | None) -> None:
    """Nobody is linked to the same village or household twice."""
    if link_of(organisation, officer, village, household) is not None:
        raise errors.AlreadyLinked


def linked(organisation: Organisation, officer: str, village: str, household: str | None) -> None:
    """The officer is linked to that village or household."""
    if link_of(organisation, officer, village, household) is None:
        raise errors.NotLinked


def really_changed(before: str | None, after: str | None) -> None:
    """A change changes something."""
    if before == after:
        raise general.AlreadySaid
