"""What every event of the log has: who, when, by which command; and the register of topics.

An event's JSON is frozen once written. A changed shape needs `class_version` and an `upcast_vN_vM`.
"""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from eventsourcing.utils import register_topic
from pydantic import BaseModel, ConfigDict

from domain.values import Actor, Moment

_CLASSES: dict[str, "type[DomainEvent]"] = {}


class DomainEvent(BaseModel):
    """Something that happened. `occurred_at` is the business time, a claim; the log adds `recorded_at`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    TOPIC: ClassVar[str]
    class_version: ClassVar[int] = 1

    originator_id: UUID
    originator_version: int
    occurred_at: Moment
    actor: Actor
    command_id: UUID
    causation: UUID | None = None

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Register the hand-fixed name under which this event is stored, for good."""
        super().__pydantic_init_subclass__(**kwargs)
        if "TOPIC" in cls.__dict__:
            if cls.TOPIC in _CLASSES:
                raise TypeError(f"two events share the topic {cls.TOPIC}")
            _CLASSES[cls.TOPIC] = cls
            register_topic(cls.TOPIC, cls)


def event_class(topic: str) -> type[DomainEvent]:
    """The event stored under `topic`. Raises KeyError for a topic this version does not know."""
    return _CLASSES[topic]


def event_classes() -> Mapping[str, type[DomainEvent]]:
    """Every event by topic."""
    return _CLASSES
