"""What every command has: an id that makes it happen once, who asks, and when it happened in the world."""

import hashlib
import hmac
from abc import ABC, abstractmethod
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from domain.permissions import roles_for
from domain.values import Actor, GivenMoment, Role


class Command(BaseModel, ABC):
    """A request to change something. Who may ask for it at all stands in permissions.py, under its class's name."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    ROLES: ClassVar[frozenset[Role]] = frozenset()

    command_id: UUID
    actor: Actor
    occurred_at: GivenMoment
    causation: UUID | None = None

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        if "ROLES" not in cls.__dict__:
            cls.ROLES = roles_for(cls.__name__)

    @property
    @abstractmethod
    def stream_id(self) -> UUID:
        """The stream whose version the caller may expect."""

    def digest(self, secret: bytes) -> bytes:
        """HMAC-SHA-256 of what the caller asked for; tells a repeat from another request under the same id.

        Keyed, lest whoever reads the log tries all phone numbers until one fits. Without `occurred_at`: a caller who
        leaves it to our clock and repeats a minute later means the same.
        """
        body = self.model_dump_json(exclude_none=True, exclude={"occurred_at"})
        return hmac.digest(secret, type(self).__name__.encode() + b"\0" + body.encode(), hashlib.sha256)


def stamp(stream_id: UUID, version: int, command: Command) -> dict[str, Any]:
    """The envelope of an event: where it goes, who, when, by which command."""
    return {
        "originator_id": stream_id,
        "originator_version": version,
        "occurred_at": command.occurred_at,
        "actor": command.actor,
        "command_id": command.command_id,
        "causation": command.causation,
    }
