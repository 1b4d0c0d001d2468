"""What every event of the log has: who, when, by which command; and the register of topics.

An event's JSON is frozen once written. A changed shape needs `class_version` and an `upcast_vN_vM`.
"""

import json
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


def encode(event: DomainEvent) -> bytes:
    """What the log stores as `state`: the event's JSON without the stream and version, which are columns."""
    state = event.__pydantic_serializer__.to_json(
        event, exclude={"originator_id", "originator_version"}, exclude_none=True
    )
    version = type(event).class_version
    return state if version == 1 else b'{"class_version":%d,' % version + state[1:]


def decode(topic: str, originator_id: UUID, originator_version: int, state: bytes) -> DomainEvent:
    """The event stored under `topic`. Raises KeyError for an unknown topic, ValidationError for a wrong shape.

    One pass of the validator over the stored bytes, with stream and version spliced in front; only an event whose shape
    has changed is parsed first, and upcast.
    """
    found = _CLASSES[topic]
    if found.class_version > 1:
        state = _upcast(found, state)
    envelope = b'{"originator_id":"%032x","originator_version":%d,' % (originator_id.int, originator_version)
    event: DomainEvent = found.__pydantic_validator__.validate_json(envelope + state[1:])
    return event


def _upcast(found: type[DomainEvent], state: bytes) -> bytes:
    """The stored JSON in the shape of today, by the event's own `upcast_vN_vM(fields)`."""
    fields: dict[str, Any] = json.loads(state)
    written = fields.pop("class_version", 1)
    if written > found.class_version:
        raise ValueError("written by a newer version of the program")
    for version in range(written, found.class_version):
        getattr(found, f"upcast_v{version}_v{version + 1}")(fields)
    return json.dumps(fields).encode()
