"""What of a file is in the log already? Between the passes: rows never seen, rows done, rows that go on, rows changed.

Called by services/importing/run.py. Only looks: one query for a thousand rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final
from uuid import UUID

from domain.casework import Casework
from domain.context import Context
from domain.errors import HuiyinError
from domain.office import Office
from services.importing.checking import decide_all
from services.importing.commands import Commands, command_ids, commands_of
from services.importing.entries import Entry
from services.importing.words import BadRow

_AT_ONCE: Final = 1_000


@dataclass(slots=True)
class Recognised:
    """Good rows by what is left to do, each list in the order of time."""

    fresh: list[Entry] = field(default_factory=list)
    done: list[Entry] = field(default_factory=list)
    resumed: list[tuple[Entry, Commands]] = field(default_factory=list)
    """Logged by an earlier run, answered in the file since; with the commands still to send."""
    bad: list[BadRow] = field(default_factory=list)


def recognise(entries: Sequence[Entry], system: str, casework: Casework, office: Office) -> Recognised:
    """Sorts the entries by what the log knows of them. Raises OperationalError, InterfaceError if it cannot be read."""
    recognised = Recognised()
    for some in _in_portions(entries):
        wanted = [command_id for entry in some for command_id in command_ids(system, entry)]
        known = casework.store.known_commands(wanted)
        for entry in some:
            _sort_in(entry, system, known, casework, office, recognised)
    return recognised


def _in_portions(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    remaining = iter(entries)
    while some := list(islice(remaining, _AT_ONCE)):
        yield some


def _sort_in(
    entry: Entry, system: str, known: Mapping[UUID, bytes], casework: Casework, office: Office, into: Recognised
) -> None:
    if not any(command_id in known for command_id in command_ids(system, entry)):
        into.fresh.append(entry)
        return
    commands = commands_of(system, entry)
    if any(known.get(command.command_id, digest := office.digest_of(command)) != digest for command in commands):
        into.bad.append(BadRow.of(entry.line, None, "differs-from-imported"))
        return
    left = tuple(command for command in commands if command.command_id not in known)
    if not left:
        into.done.append(entry)
        return
    try:
        issue = casework.issue(commands[0].stream_id)
        decide_all(issue, left, Context(office.clock(), office.plan, office.holidays, office.directory))
    except HuiyinError as refusal:
        into.bad.append(BadRow.refused(entry.line, refusal))
    else:
        into.resumed.append((entry, left))
