"""What every command to an issue shares: the issue it goes to, and how a new issue's id comes about."""

from functools import lru_cache
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import Field

from domain.commands import Command
from domain.values import Digest

_ISSUE_NAMESPACE = UUID("5b0e7f8c-6d5b-4a57-9a5e-0d7f6a1f2c11")

Photos = Annotated[tuple[Digest, ...], Field(max_length=20)]
Percent = Annotated[int, Field(ge=0, le=100)]
Days = Annotated[int, Field(ge=1, le=366)]


@lru_cache(maxsize=4_096)  # a command is asked for its issue again and again while it is handled
def issue_id_of(command_id: UUID) -> UUID:
    """An issue's id follows from the command that logged it: a repeat finds the same issue."""
    return uuid5(_ISSUE_NAMESPACE, str(command_id))


class IssueCommand(Command):
    """A command to an issue that exists."""

    issue_id: UUID

    @property
    def stream_id(self) -> UUID:
        return self.issue_id
