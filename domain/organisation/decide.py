"""What each command to the organisation does: the table at the foot. Pure.

Called by casework. The guards stand in rules.py.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from domain.commands import stamp
from domain.context import Context
from domain.events import DomainEvent
from domain.issue import rules as general
from domain.organisation import commands as c
from domain.organisation import events as e
from domain.organisation import rules
from domain.organisation.state import Appointment, Deputyship, Organisation, Place, Term

Decision = Callable[[Organisation, Any, Context], DomainEvent]


def decide(organisation: Organisation, command: c.OrganisationCommand, context: Context) -> tuple[DomainEvent, ...]:
    """The event that `command` causes. Raises a Refusal; then nothing happened."""
    general.role_may(command)
    general.happened_by(context.now, command.occurred_at)
    return (DECISIONS[type(command)](organisation, command, context),)


def _next(organisation: Organisation, command: c.OrganisationCommand) -> dict[str, Any]:
    return stamp(c.ORGANISATION_ID, organisation.version + 1, command)


def register(organisation: Organisation, command: c.RegisterPlace, _: Context) -> DomainEvent:
    """A place comes into being, under what it belongs to."""
    rules.code_fits(command.place, command.kind, command.parent)
    rules.code_is_free(organisation, command.place)
    rules.belongs_there(organisation, command.kind, command.parent)
    rules.name_is_free(organisation, Place(command.place, command.kind, command.name, command.parent))
    return e.PlaceRegistered(
        **_next(organisation, command),
        place=command.place,
        kind=command.kind,
        name=command.name,
        parent=command.parent,
    )


def rename(organisation: Organisation, command: c.RenamePlace, _: Context) -> DomainEvent:
    """Another name; the code, and with it everything recorded, stays."""
    place = rules.open_place(organisation, command.place)
    rules.really_changed(place.name, command.name)
    rules.name_is_free(organisation, replace(place, name=command.name))
    return e.PlaceRenamed(**_next(organisation, command), place=command.place, name=command.name)


def move(organisation: Organisation, command: c.MovePlace, _: Context) -> DomainEvent:
    """It belongs elsewhere from now on, with everything in it."""
    place = rules.open_place(organisation, command.place)
    rules.really_changed(place.parent, command.parent)
    rules.code_fits(place.code, place.kind, command.parent)
    rules.belongs_there(organisation, place.kind, command.parent)
    rules.name_is_free(organisation, replace(place, parent=command.parent))
    return e.PlaceMoved(**_next(organisation, command), place=command.place, parent=command.parent)


def close(organisation: Organisation, command: c.ClosePlace, context: Context) -> DomainEvent:
    """Nothing new begins there; what was recorded stays, and its issues are carried on by the place above."""
    rules.open_place(organisation, command.place)
    rules.nothing_left(organisation, command.place, context.now)
    return e.PlaceClosed(**_next(organisation, command), place=command.place)


def appoint(organisation: Organisation, command: c.AppointOfficer, _: Context) -> DomainEvent:
    """Somebody serves in a role at a place, for a period or until it is ended."""
    rules.not_for_oneself(command.actor, command.officer)
    rules.post_exists(rules.open_place(organisation, command.place), command.role)
    period = Term(command.since or command.occurred_at, command.until)
    rules.real_period(period)
    new = Appointment(command.officer, command.role, command.place, command.in_charge, period)
    rules.not_appointed(organisation, new)
    rules.one_in_charge(organisation, new)
    return e.OfficerAppointed(
        **_next(organisation, command),
        officer=command.officer,
        role=command.role,
        place=command.place,
        in_charge=command.in_charge,
        since=period.since,
        until=period.until,
        rank=command.rank,
    )


def end(organisation: Organisation, command: c.EndAppointment, _: Context) -> DomainEvent:
    """It ends now, or on a day to come; one that has not begun never does."""
    until = command.until or command.occurred_at
    held = rules.appointed(organisation, command.officer, command.role, command.place, command.occurred_at)
    rules.ends_earlier(held.period, until, command.occurred_at)
    return e.AppointmentEnded(
        **_next(organisation, command),
        officer=command.officer,
        role=command.role,
        place=command.place,
        since=held.period.since,
        until=max(until, held.period.since),
    )


def link(organisation: Organisation, command: c.LinkOfficer, _: Context) -> DomainEvent:
    """联村、联户."""
    rules.is_village(organisation, command.village)
    rules.not_linked(organisation, command.officer, command.village, command.household)
    return e.OfficerLinked(
        **_next(organisation, command),
        officer=command.officer,
        village=command.village,
        household=command.household,
    )


def unlink(organisation: Organisation, command: c.UnlinkOfficer, _: Context) -> DomainEvent:
    """The link ends."""
    rules.linked(organisation, command.officer, command.village, command.household)
    return e.OfficerUnlinked(
        **_next(organisation, command),
        officer=command.officer,
        village=command.village,
        household=command.household,
    )


def name_deputy(organisation: Organisation, command: c.NameDeputy, _: Context) -> DomainEvent:
    """Somebody acts in the officer's stead, for a period that has an end."""
    rules.not_for_oneself(command.actor, command.deputy)
    rules.another_deputises(command.officer, command.deputy)
    period = Term(command.since or command.occurred_at, command.until)
    rules.real_period(period)
    held = rules.appointed(organisation, command.officer, command.role, command.place, period.since)
    rules.held_throughout(held, period)
    rules.one_deputy(organisation, Deputyship(command.officer, command.role, command.place, command.deputy, period))
    return e.DeputyNamed(
        **_next(organisation, command),
        officer=command.officer,
        role=command.role,
        place=command.place,
        deputy=command.deputy,
        since=period.since,
        until=command.until,
    )


def withdraw_deputy(organisation: Organisation, command: c.WithdrawDeputy, _: Context) -> DomainEvent:
    """The officer is back, or somebody else is to act."""
    acting = rules.deputises(
        organisation, command.officer, command.role, command.place, command.deputy, command.occurred_at
    )
    return e.DeputyWithdrawn(
        **_next(organisation, command),
        officer=command.officer,
        role=command.role,
        place=command.place,
        deputy=command.deputy,
        since=acting.period.since,
        until=max(command.occurred_at, acting.period.since),
    )


DECISIONS: dict[type[c.OrganisationCommand], Decision] = {
    c.RegisterPlace: register,
    c.RenamePlace: rename,
    c.MovePlace: move,
    c.ClosePlace: close,
    c.AppointOfficer: appoint,
    c.EndAppointment: end,
    c.LinkOfficer: link,
    c.UnlinkOfficer: unlink,
    c.NameDeputy: name_deputy,
    c.WithdrawDeputy: withdraw_deputy,
}
