"""A whole organisation from a spreadsheet: every fault at once, or all of it in one transaction; twice changes nothing.

Called by `huiyin organisation import`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final

from domain.casework import Casework
from domain.context import Context
from domain.errors import Refusal
from domain.organisation import commands as c
from domain.organisation.decide import decide
from domain.organisation.evolve import fold
from domain.organisation.state import Organisation
from domain.organisation.together import reorganise
from domain.values import Actor
from services.organisation.spreadsheet import Fault, Line, read_sheet

_TOLD_EVERY: Final = 200  # lines
Progress = Callable[[int, int], None]
"""Told how many lines of how many were looked at."""


@dataclass(slots=True)
class ReadIn:
    """What a file amounts to: lines that bring something new, lines that are so already, and what is wrong."""

    new: list[Line] = field(default_factory=list)
    already: int = 0
    faults: list[Fault] = field(default_factory=list)


def look_through(casework: Casework, path: Path, actor: Actor, now: datetime, progress: Progress) -> ReadIn:
    """Reads and judges every line; writes nothing. Raises SheetUnreadable."""
    lines, faults = read_sheet(path, actor, now)
    found, organisation = ReadIn(faults=list(faults)), casework.organisation()
    for nth, line in enumerate(lines, 1):
        if is_so(organisation, line.command, now):
            found.already += 1
        else:
            organisation = _judged(organisation, line, casework.context(line.command), found)
        if nth % _TOLD_EVERY == 0:
            progress(nth, len(lines))
    found.faults.sort(key=lambda fault: fault.line)
    return found


def write_in(casework: Casework, found: ReadIn) -> int:
    """Records what is new, all or nothing; returns how many changes. Raises Refusal, Unavailable."""
    return reorganise(casework, [line.command for line in found.new])


def _judged(organisation: Organisation, line: Line, context: Context, found: ReadIn) -> Organisation:
    try:
        events = decide(organisation, line.command, context)
    except Refusal as refusal:
        found.faults.append(Fault(line.number, None, refusal.zh, refusal.en))
        return organisation
    found.new.append(line)
    return fold(events, organisation)


def is_so(organisation: Organisation, command: c.OrganisationCommand, now: datetime) -> bool:
    """Whether what a line says is so already."""
    match command:
        case c.RegisterPlace():
            place = organisation.place(command.place)
            told = (command.kind, command.name, command.parent)
            return place is not None and not place.closed and (place.kind, place.name, place.parent) == told
        case c.AppointOfficer():
            held = (it for it in organisation.appointments.get(command.place, ()) if not it.period.is_over(now))
            return any(
                (it.officer, it.role, it.in_charge, it.rank, it.period.until)
                == (command.officer, command.role, command.in_charge, command.rank, command.until)
                and command.since in (None, it.period.since)
                for it in held
            )
        case c.NameDeputy():
            acting = chain.from_iterable(organisation.deputies.values())
            return any(
                (it.officer, it.role, it.place, it.deputy, it.period.until)
                == (command.officer, command.role, command.place, command.deputy, command.until)
                for it in acting
            )
        case c.LinkOfficer():
            links = (it for it in organisation.links.get(command.officer, ()) if it.period.holds(now))
            return any((it.village, it.household) == (command.village, command.household) for it in links)
    return False
