"""How does an event become a row, and a row an event? The library's mapper over `domain.events.encode` and `decode`.

Called by the event store under `Casework`.
"""

from typing import Any
from uuid import UUID

from eventsourcing.persistence import Cipher, Compressor, Mapper, MapperDeserialisationError, StoredEvent, Transcoder
from pydantic import ValidationError

from domain.events import DomainEvent, decode, encode, event_classes


class UnknownTopic(MapperDeserialisationError):
    """The log holds an event that this version of the program does not know: it was written by a newer one."""


class UnreadableEvent(MapperDeserialisationError):
    """A stored event does not have the shape of its class: an upcaster is missing, or the row was tampered with."""


class EventMapper(Mapper[UUID]):
    """Stores events as plain JSON. `transcoder` is the library's and unused; compressing or encrypting is refused."""

    def __init__(
        self, transcoder: Transcoder, compressor: Compressor | None = None, cipher: Cipher | None = None
    ) -> None:
        if compressor is not None or cipher is not None:
            raise ValueError("the number is written into the stored JSON: unset COMPRESSOR_TOPIC and CIPHER_TOPIC")
        super().__init__(transcoder)

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """The row for an event."""
        event: DomainEvent = domain_event
        return StoredEvent(event.originator_id, event.originator_version, event.TOPIC, encode(event))

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """The event in a row. Raises UnknownTopic, UnreadableEvent; both name the row, neither quotes it."""
        row = stored_event
        stream: Any = row.originator_id
        where = f"event {row.originator_version} of {stream}, topic {row.topic!r}"
        if row.topic not in event_classes():
            raise UnknownTopic(f"{where}: this version does not know it; run the version that wrote it")
        try:
            return decode(row.topic, stream, row.originator_version, row.state)
        except ValidationError as error:
            faults = ", ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['type']}" for fault in error.errors())
            raise UnreadableEvent(f"{where}: {faults}") from None
        except (ValueError, LookupError, AttributeError) as error:
            raise UnreadableEvent(f"{where}: {type(error).__name__}") from None
