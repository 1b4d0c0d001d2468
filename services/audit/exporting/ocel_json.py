"""The file of OCEL 2.0 in JSON. Written line by line; every value is a text, as the published schema asks."""

from collections.abc import Iterable, Mapping
from typing import IO, Any, Final

import orjson

from domain.events import event_class
from services.audit.exporting.spool import Spool, SpooledEvent, SpooledObject
from services.audit.exporting.vocabulary import COMMON, OBJECTS, Kind, attributes_of

BEGINNING: Final = "1970-01-01T00:00:00Z"
"""The time of what an object has from the beginning: so the standard says."""


def event_attributes(topic: str) -> Mapping[str, Kind]:
    """The attributes of an event type."""
    return {**COMMON, **attributes_of(event_class(topic))}


def event_id(position: int) -> str:
    """An event's id: its place in the log, which no export changes."""
    return f"event:{position}"


def write_ocel_json(spool: Spool, file: IO[bytes]) -> None:
    """The whole document."""
    _array(file, b'{"objectTypes":', (_type(kind, OBJECTS[kind]) for kind in spool.types("object")))
    _array(file, b',\n"eventTypes":', (_type(kind, event_attributes(kind)) for kind in spool.types("event")))
    _array(file, b',\n"objects":', map(_object, spool.objects()))
    _array(file, b',\n"events":', map(_event, spool.events()))
    file.write(b"}\n")


def _array(file: IO[bytes], before: bytes, items: Iterable[Any]) -> None:
    file.write(before + b"[")
    between = b"\n"
    for item in items:
        file.write(between + orjson.dumps(item))
        between = b",\n"
    file.write(b"]")


def _type(name: str, attributes: Mapping[str, Kind]) -> dict[str, Any]:
    return {"name": name, "attributes": [{"name": each, "type": kind.value} for each, kind in attributes.items()]}


def _object(found: SpooledObject) -> dict[str, Any]:
    return {
        "id": found.id,
        "type": found.type,
        "attributes": [{"name": name, "time": at or BEGINNING, "value": value} for at, name, value in found.values],
        "relationships": _relationships(found.relations),
    }


def _event(found: SpooledEvent) -> dict[str, Any]:
    return {
        "id": event_id(found.position),
        "type": found.type,
        "time": found.time,
        "attributes": [{"name": name, "value": value} for name, value in found.attributes.items()],
        "relationships": _relationships(found.relations),
    }


def _relationships(relations: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"objectId": other, "qualifier": qualifier} for other, qualifier in relations]
