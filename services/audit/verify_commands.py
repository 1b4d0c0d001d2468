"""Does every record have the command that caused it, and every command what it wrote? (L14)

What a command asked is kept as a keyed digest only: a digest that somebody changed cannot be told here.
"""

from collections.abc import Sequence
from typing import Final, LiteralString
from uuid import UUID

import psycopg

from services.audit.verify_faults import Faults, Where, where
from services.audit.verify_streams import Told
from services.audit.verify_times import STRAY

_AT_ONCE: Final = 2000
_COMMANDS: Final[LiteralString] = """
select command_id, originator_id, version, recorded_at from command_log where command_id = any(%s)
"""
_OF_NOTHING: Final[LiteralString] = """
select originator_id, version, recorded_at from command_log
where not exists (
  select from ledger_events as event
  where event.originator_id = command_log.originator_id and event.originator_version = command_log.version
) order by recorded_at
"""


class Commands:
    """Takes streams; `end` when there are no more."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.faults = Faults()
        self.records = 0
        self._connection = connection
        self._waiting: list[Told] = []

    def take_stream(self, stream: Sequence[Told]) -> None:
        """One stream."""
        self._waiting.extend(told for told in stream if told.event is not None)
        if len(self._waiting) >= _AT_ONCE:
            self._compare()

    def end(self) -> None:
        """What is left, and commands whose records are gone."""
        self._compare()
        for stream, version, recorded_at in self._connection.execute(_OF_NOTHING):
            self.faults.add("command-of-nothing", Where(stream=stream, version=version, recorded_at=recorded_at))

    def _compare(self) -> None:
        self.records += len(self._waiting)
        wanted = list({told.event.command_id for told in self._waiting if told.event is not None})
        rows = self._connection.execute(_COMMANDS, (wanted,)).fetchall()
        known = {command_id: (stream, version, at) for command_id, stream, version, at in rows}
        for told in self._waiting:
            kind = _kind(told, known.get(told.event.command_id) if told.event else None)
            if kind is not None:
                self.faults.add(kind, where(told.sealed))
        self._waiting = []


def _kind(told: Told, command: tuple[UUID, int, object] | None) -> str | None:
    """A command counts the version of its own stream after it; what it did elsewhere was written at the same moment."""
    if command is None:
        return "command-missing"
    stream, version, at = command
    sealed = told.sealed
    beyond = stream == sealed.originator_id and sealed.originator_version > version
    return "command-elsewhere" if beyond or abs(sealed.recorded_at - at) > STRAY else None  # type: ignore[operator]
