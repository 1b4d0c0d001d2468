"""What casework asks of the log beside appending: commands recorded with their events, numbers allotted with issues.

Implemented by services/persistence/recorder.py. `Casework` passes commands and allotments with the events.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from eventsourcing.persistence import IntegrityError


class CommandAlreadyRecorded(IntegrityError):
    """The command's id is in the log already: a repeat, or another request under the same id. Nothing was written."""


class VersionConflict(IntegrityError):
    """Somebody else wrote this version of the stream first. Nothing was written."""


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """One command as the log remembers it: the stream it went to, that stream's version after it, what it asked."""

    command_id: UUID
    originator_id: UUID
    version: int
    digest: bytes


@dataclass(slots=True)
class Allotment:
    """A number to be allotted to a new issue in the append's own transaction; `number` is filled by it."""

    issue_id: UUID
    village: str
    year: int
    number: str | None = None


class LedgerStore(Protocol):
    """The log's look-ups."""

    def find_command(self, command_id: UUID) -> CommandRecord | None:
        """The command with this id, if it was recorded."""
        ...

    def known_commands(self, command_ids: Sequence[UUID]) -> Mapping[UUID, bytes]:
        """Those among these commands that were recorded, with their digests."""
        ...

    def find_issue(self, number: str) -> UUID | None:
        """The issue with this number."""
        ...
