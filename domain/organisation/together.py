"""Many changes of the organisation at once: all of them or none. Called by imports and by what sets an office up."""

from collections.abc import Sequence

from eventsourcing.persistence import InterfaceError, OperationalError

from domain import errors
from domain.casework import Casework
from domain.commands import Command
from domain.events import DomainEvent
from domain.organisation.commands import OrganisationCommand
from domain.organisation.decide import decide
from domain.organisation.evolve import fold
from domain.store import CommandAlreadyRecorded, VersionConflict


def reorganise(casework: Casework, commands: Sequence[OrganisationCommand]) -> int:
    """Records these changes in one transaction, but for those made before; returns how many were new.

    Raises Refusal, Unavailable. At most 5,000.
    """
    lost_race: Exception | None = None
    for _ in casework.attempts():
        try:
            return _try(casework, commands)
        except (CommandAlreadyRecorded, VersionConflict, OperationalError, InterfaceError) as failure:
            lost_race = failure
    raise errors.Unavailable from lost_race


def _try(casework: Casework, commands: Sequence[OrganisationCommand]) -> int:
    known = casework.store.known_commands([command.command_id for command in commands])
    if any(known.get(command.command_id, digest := casework.digest_of(command)) != digest for command in commands):
        raise errors.CommandReused
    organisation = casework.organisation()
    decisions: list[tuple[Command, tuple[DomainEvent, ...]]] = []
    for command in commands:
        if command.command_id not in known:
            events = decide(organisation, command, casework.context(command))
            organisation = fold(events, organisation)
            decisions.append((command, events))
    if decisions:
        casework.record(decisions)
    return len(decisions)
