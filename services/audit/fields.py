"""How does one state of an issue, or of its ledger row, differ from another? Field by field, in words.

Pure. Sealed words come and go as they are: whoever shows a difference opens them first (services/privacy).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from domain.deadlines import Deadline
from domain.issue.state import Issue
from domain.issue.words import Channel, Rating, Stage, Tier
from domain.values import LOCAL_ZONE, Responsible
from projections.issue_ledger_fold import LedgerRow
from projections.labels import LABELS
from services.audit.field_names import name_of

State = Mapping[str, Any]
NOT_SHOWN: Final = frozenset({"issue_id", "receipt_hash"})
"""The same throughout, and nobody's business."""
SEALED_FIELDS: Final = ("place", "source")
"""Of an issue's state: words of a household."""
_OF_LISTS: Final[Mapping[str, type[StrEnum]]] = {"stage": Stage, "tier": Tier, "channel": Channel, "rating": Rating}
_NONE: Final = ("无", "none")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs. `zh`, `en`: the whole difference in words."""

    field: str
    before: Any
    after: Any
    zh: str
    en: str


def state_of(issue: Issue) -> dict[str, Any]:
    """What an issue remembers, flat: limits and owners as fields of their own, sets as sorted lists."""
    found: dict[str, Any] = {}
    for field in fields(Issue):
        if field.name not in NOT_SHOWN:
            found |= dict(_flat(field.name, getattr(issue, field.name)))
    return found


def row_of(row: LedgerRow) -> dict[str, Any]:
    """A ledger row by its columns."""
    values = ((field.name, getattr(row, field.name)) for field in fields(LedgerRow) if field.name not in NOT_SHOWN)
    return {name: _plain(value) for name, value in values}


def changes(before: State | None, after: State | None) -> list[FieldChange]:
    """The fields that differ, in the order of the fuller state; of nothing, those that are not empty."""
    old, new = before or {}, after or {}
    named = dict.fromkeys((*new, *old))
    differing = ((name, old.get(name), new.get(name)) for name in named if old.get(name) != new.get(name))
    return [_change(*it) for it in differing if before is not None or it[2] not in (None, False, 0, "0", [])]


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if name == "responsible" and isinstance(value, Responsible):
        yield from (("unit", value.unit), ("person", value.person))
    elif name in ("deadline", "promise", "notice"):
        yield from _of_limit(name, value)
    else:
        yield name, _plain(value)


def _of_limit(name: str, limit: Deadline | None) -> Iterator[tuple[str, Any]]:
    """Also where no clock runs, so that one state has the fields of the other."""
    for part in ("rule", "plan", "basis", "due_at", "amount", "unit", "provisional"):
        yield f"{name}.{part}", _plain(getattr(limit, part)) if limit else None
    yield f"{name}.standing_still", len(limit.pauses or ()) if limit else None


def _plain(value: Any) -> Any:
    """As JSON can hold it, and as both moments tell it alike."""
    if isinstance(value, Responsible):
        return f"{value.person}@{value.unit}"
    if isinstance(value, frozenset | set):
        return sorted(map(str, value))
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.astimezone(LOCAL_ZONE).isoformat()
    if isinstance(value, UUID | Decimal | date):
        return str(value)
    return value.value if isinstance(value, StrEnum) else value


def _change(field: str, before: Any, after: Any) -> FieldChange:
    zh, en = name_of(field)
    old, new = _told(field, before), _told(field, after)
    return FieldChange(field, before, after, f"{zh}：{old[0]} → {new[0]}", f"{en}: {old[1]} → {new[1]}")


def _told(field: str, value: Any) -> tuple[str, str]:
    if value is None or value == []:
        return _NONE
    if isinstance(value, bool):
        return ("是", "yes") if value else ("否", "no")
    if isinstance(value, list):
        text = ", ".join(map(str, value))
        return text, text
    if field in _OF_LISTS and isinstance(value, str):
        kind = _OF_LISTS[field]
        return LABELS[kind][kind(value)]
    return str(value), str(value)
