"""What of an event may leave for other tools? By the type of its fields; of texts only those named here.

A number, a date, a yes or no, a word of a closed list cannot hold what somebody said. A text can, so that a new one
stays inside until it is named. Nothing marked `Personal` ever leaves, sealed or not.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import AwareDatetime

from domain.deadlines import Deadline
from domain.events import DomainEvent
from domain.privacy import personal_fields
from domain.values import LOCAL_ZONE

Value = str | int | float | bool | datetime


class Kind(StrEnum):
    """The types that OCEL 2.0 has for attributes."""

    STRING = "string"
    TIME = "time"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"


TEXTS: Final = frozenset(
    {
        "category", "code", "department", "number", "period", "place", "plan", "repeats", "rule", "to_unit", "township",
        "village", "why",
    }
)  # fmt: skip
"""Texts that hold a code of the office's own, or a word of a closed list."""
_ENVELOPE: Final = frozenset({"originator_id", "originator_version", "occurred_at", "actor", "command_id", "causation"})
_KINDS: Final[tuple[tuple[type, Kind], ...]] = (  # the first that fits: True is an int, a moment is a date
    (bool, Kind.BOOLEAN),
    (int, Kind.INTEGER),
    (Decimal, Kind.FLOAT),
    (StrEnum, Kind.STRING),
    (AwareDatetime, Kind.TIME),
    (date, Kind.TIME),
)
COMMON: Final[Mapping[str, Kind]] = {
    "position": Kind.INTEGER,
    "version": Kind.INTEGER,
    "recorded_at": Kind.TIME,
    "actor_role": Kind.STRING,
}
"""What every event has: its place in the log and in its stream, when it was recorded, and in which role."""
OBJECTS: Final[Mapping[str, Mapping[str, Kind]]] = {
    "issue": {
        "number": Kind.STRING, "village": Kind.STRING, "channel": Kind.STRING, "category": Kind.STRING,
        "plan": Kind.STRING, "stage": Kind.STRING, "tier": Kind.STRING, "unit": Kind.STRING,
        "department": Kind.STRING, "due_at": Kind.TIME, "urgency": Kind.STRING, "total_budget": Kind.FLOAT,
        "subsidy_asked": Kind.FLOAT, "subsidy": Kind.FLOAT, "granted": Kind.FLOAT, "paid": Kind.FLOAT,
        "spent": Kind.FLOAT, "percent": Kind.INTEGER, "replied": Kind.BOOLEAN, "rating": Kind.STRING,
        "reopenings": Kind.INTEGER,
    },
    "household": {"village": Kind.STRING},
    "handler": {"role": Kind.STRING, "place": Kind.STRING, "account": Kind.STRING},
    "unit": {"code": Kind.STRING},
    "meeting": {"township": Kind.STRING, "kind": Kind.STRING, "period": Kind.STRING, "state": Kind.STRING},
    "fund": {"township": Kind.STRING, "year": Kind.INTEGER, "budget": Kind.FLOAT, "state": Kind.STRING},
    "funding_round": {"left": Kind.FLOAT, "state": Kind.STRING},
    "document": {"sha256": Kind.STRING},
}  # fmt: skip
"""Object type -> its attributes."""


@cache
def attributes_of(kind: type[DomainEvent]) -> Mapping[str, Kind]:
    """The attributes that events of this class have beside the common ones."""
    fields = ((name, leaving(kind, name)) for name in kind.model_fields)
    return {name: leaves_as for field, given in fields for name, leaves_as in _named(field, given)}


@cache
def leaving(kind: type[DomainEvent], field: str) -> Kind | type[Deadline] | None:
    """As what a field leaves: of one type, as a deadline's two attributes, or not at all."""
    if field in _ENVELOPE or field in personal_fields(kind):
        return None
    plain = plain_type(kind.model_fields[field].annotation)
    if plain is Deadline:
        return Deadline
    if plain is str:
        return Kind.STRING if field in TEXTS else None
    if not isinstance(plain, type):
        return None
    return next((leaves_as for python, leaves_as in _KINDS if issubclass(plain, python)), None)


def values_of(event: DomainEvent) -> Iterator[tuple[str, Value]]:
    """The attributes of an event with their values; what it does not say is left out."""
    kind = type(event)
    for field in kind.model_fields:
        given = leaving(kind, field)
        value = None if given is None else getattr(event, field)
        if value is None:
            continue
        if isinstance(value, Deadline):
            (due_at, _), (rule, _) = _named(field, Deadline)
            yield due_at, value.due_at
            yield rule, value.rule
        else:
            yield field, plain_value(value)


def plain_value(value: Any) -> Value:
    """A value as one of the types that leave: money as a number, a day as its beginning."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(), LOCAL_ZONE)
    found: Value = value
    return found


def plain_type(annotation: Any) -> Any:
    """The type without `Annotated` and `| None`; None for any other union."""
    if get_origin(annotation) is Annotated:
        return plain_type(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        others = [it for it in get_args(annotation) if it is not type(None)]
        return plain_type(others[0]) if len(others) == 1 else None
    return annotation


def _named(field: str, given: Kind | type[Deadline] | None) -> tuple[tuple[str, Kind], ...]:
    if given is None:
        return ()
    if isinstance(given, Kind):
        return ((field, given),)
    start = "due" if field == "deadline" else f"{field}_due"
    return ((f"{start}_at", Kind.TIME), (f"{start}_rule", Kind.STRING))
