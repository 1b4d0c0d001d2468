"""Which objects does an event touch, and as what? By the fields that name them; the field's name is the qualifier."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from uuid import UUID

from pydantic import BaseModel

from domain.events import DomainEvent
from domain.fund.events import FUND_EVENTS
from domain.values import Responsible

_ENVELOPE: Final = frozenset({"originator_id", "command_id", "causation"})
_OTHER_STREAMS: Final = {"meeting_id": "meeting", "fund_id": "fund", "successor": "fund", "predecessor": "fund"}
_DOCUMENTS: Final = frozenset({"photos", "before", "evidence"})
_PEOPLE: Final = frozenset(
    {
        "leader", "person", "chair", "member", "seat", "members", "present", "absent", "excused", "abstained",
        "recused", "in_favour", "against", "abstaining",
    }
)  # fmt: skip
"""Fields that name officers. Whom a complaint is about (`concerns`) is not among them, and leaves under no name."""


class Touched(NamedTuple):
    """An object by its type and the rest of its id, and what it is to the event."""

    kind: str
    name: str
    qualifier: str


def touched(event: DomainEvent, *, people: bool) -> Iterator[Touched]:
    """What the event names, beside its own stream and its actor. `people`: also officers, by account."""
    for field in type(event).model_fields:
        value = getattr(event, field)
        if value is None or field in _ENVELOPE:
            continue
        if field in _DOCUMENTS:
            yield from (Touched("document", digest, field) for digest in value)
        elif isinstance(value, Responsible):
            yield Touched("unit", value.unit, field)
            if people:
                yield Touched("handler", value.person, field)
        elif field in _PEOPLE:
            if people and not isinstance(value, int):
                named = (value,) if isinstance(value, str) else value
                yield from (Touched("handler", person, field) for person in named)
        elif field == "round" and type(event) in FUND_EVENTS:
            yield Touched("funding_round", f"{event.originator_id}:{value}", field)
        else:
            kind = _OTHER_STREAMS.get(field, "issue")
            yield from (Touched(kind, str(stream), field) for stream in _streams(value))


def _streams(value: Any) -> Iterator[UUID]:
    """The streams that a value names, also within lists and lines."""
    if isinstance(value, UUID):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _streams(each)
    elif isinstance(value, BaseModel) and hasattr(value, "issue_id"):
        yield value.issue_id
