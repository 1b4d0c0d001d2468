"""How each event changes the organisation: the table at the foot. `evolve` is pure; `fold` reads a whole history.

Called by casework, by the directory and by read models.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.events import DomainEvent
from domain.issue.evolve import BrokenHistory
from domain.organisation import events as e
from domain.organisation.state import Appointment, Deputyship, Link, Organisation, Place, Term
from domain.values import Role


def evolve(organisation: Organisation, event: DomainEvent) -> Organisation:
    """The organisation after `event`. Raises BrokenHistory if the event does not follow."""
    return _advance(organisation.twin(), event)


def fold(history: Iterable[Any], organisation: Organisation | None = None) -> Organisation:
    """The organisation after more, or all, of its history; empty if nothing ever happened."""
    after = organisation.twin() if organisation else Organisation()
    for event in history:
        _advance(after, event)
    return after


def _advance(it: Organisation, event: DomainEvent) -> Organisation:
    change = _APPLY.get(type(event))
    if change is None or event.originator_version != it.version + 1:
        raise BrokenHistory(f"organisation: {event.TOPIC} at {event.originator_version} after {it.version}")
    it.version = event.originator_version
    change(it, event)
    return it


def _registered(it: Organisation, event: e.PlaceRegistered) -> None:
    it.places[event.place] = Place(event.place, event.kind, event.name, event.parent)


def _renamed(it: Organisation, event: e.PlaceRenamed) -> None:
    place = it.places[event.place]
    it.places[event.place] = replace(place, name=event.name, earlier=(*place.earlier, place.name))


def _moved(it: Organisation, event: e.PlaceMoved) -> None:
    it.places[event.place] = replace(it.places[event.place], parent=event.parent)


def _closed(it: Organisation, event: e.PlaceClosed) -> None:
    it.places[event.place] = replace(it.places[event.place], closed=True)


def _appointed(it: Organisation, event: e.OfficerAppointed) -> None:
    period = Term(event.since, event.until)
    new = Appointment(event.officer, event.role, event.place, event.in_charge, period, event.rank)
    it.appointments[event.place] = (*it.appointments.get(event.place, ()), new)


def _ended(it: Organisation, event: e.AppointmentEnded) -> None:
    meant, period = (event.officer, event.role, event.since), Term(event.since, event.until)
    of_place = it.appointments[event.place]
    ended = (replace(one, period=period) if _key(one) == meant else one for one in of_place)
    it.appointments[event.place] = tuple(one for one in ended if not one.period.is_over(one.period.since))


def _key(appointment: Appointment) -> tuple[str, Role, datetime]:
    return appointment.officer, appointment.role, appointment.period.since


def _linked(it: Organisation, event: e.OfficerLinked) -> None:
    new = Link(event.village, event.household, Term(event.occurred_at))
    it.links[event.officer] = (*it.links.get(event.officer, ()), new)


def _unlinked(it: Organisation, event: e.OfficerUnlinked) -> None:
    ended = tuple(
        replace(one, period=Term(one.period.since, event.occurred_at))
        if (one.village, one.household, one.period.until) == (event.village, event.household, None)
        else one
        for one in it.links[event.officer]
    )
    it.links[event.officer] = ended


def _deputy_named(it: Organisation, event: e.DeputyNamed) -> None:
    period = Term(event.since, event.until)
    new = Deputyship(event.officer, event.role, event.place, event.deputy, period)
    it.deputies[event.place] = (*it.deputies.get(event.place, ()), new)


def _deputy_withdrawn(it: Organisation, event: e.DeputyWithdrawn) -> None:
    meant = (event.officer, event.role, event.deputy, event.since)
    period = Term(event.since, event.until)
    of_place = it.deputies[event.place]
    ended = (
        replace(one, period=period) if (one.officer, one.role, one.deputy, one.period.since) == meant else one
        for one in of_place
    )
    it.deputies[event.place] = tuple(one for one in ended if not one.period.is_over(one.period.since))


_APPLY: dict[type[DomainEvent], Callable[[Organisation, Any], None]] = {
    e.PlaceRegistered: _registered,
    e.PlaceRenamed: _renamed,
    e.PlaceMoved: _moved,
    e.PlaceClosed: _closed,
    e.OfficerAppointed: _appointed,
    e.AppointmentEnded: _ended,
    e.OfficerLinked: _linked,
    e.OfficerUnlinked: _unlinked,
    e.DeputyNamed: _deputy_named,
    e.DeputyWithdrawn: _deputy_withdrawn,
}
