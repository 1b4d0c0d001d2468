"""The log for other systems: which events follow this position, as CloudEvents without anybody's words?

Positions are dense and never change, so whoever keeps the last cursor and asks again misses nothing and has nothing
twice. Asked by the API (`GET /api/v1/feed`) and `huiyin audit feed`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg

from domain.events import DomainEvent
from domain.privacy import personal_fields
from domain.proof.checkpoints import read_checkpoint
from domain.proof.hashing import SHA256
from projections.log_reader import LogReader, SealedEvent
from projections.log_reader import head as sealed_head
from projections.projection import Recorded, decoded
from projections.tree_tables import latest_checkpoint

TYPE: Final = "org.huiyin."
"""Before each topic, in CloudEvents' `type`."""
NOWHERE: Final = frozenset(
    {"household", "households", "receipt_hash", "concerns", "reasons", "document", "promise", "officials"}
)
"""Members that never leave, however deep: register numbers, what a receipt is known by, texts that people typed."""
OF_TOPICS: Final[Mapping[str, frozenset[str]]] = {
    "fund.adjustment_proposed": frozenset({"reason"}),
    "fund.budget_adjusted": frozenset({"reason"}),
    "submission.handed_in": frozenset({"paper"}),
    "visit.recorded": frozenset({"place"}),
}
"""Members that are texts only there; elsewhere they are codes, or words of a closed list."""
_ENVELOPE: Final = frozenset({"originator_id", "originator_version", "occurred_at", "command_id", "causation"})
_NUMBERS: Final[LiteralString] = "select issue_id, number from issue_number where issue_id = any(%s)"
_HIDDEN: Final[LiteralString] = """
select unnest(array[issue_id::text, number]) from issue_ledger where concerns = any(%(barred)s)
union all select finding_id::text from audit_finding where concerns = any(%(barred)s)
"""
_KNOWN_TO: Final[LiteralString] = """
select coalesce(min(position), -1) from follower_position where name in ('issue_ledger', 'audit_findings')
having count(*) = 2
"""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Some events, oldest first, and the cursor with which to ask for what follows."""

    events: list[dict[str, Any]]
    cursor: int


def page(connection: psycopg.Connection, after: int, limit: int, barred: frozenset[str] = frozenset()) -> FeedPage:
    """At most so many events after a position (-1: from the first); none before the log has a name.

    What is about complaints of the officials in `barred` is left out, and the cursor goes past it.
    """
    source = _source(connection)
    if source is None:
        return FeedPage([], after)
    known_to, hidden = _hidden(connection, barred)
    found = [it for it in LogReader(connection).read_sealed(after, limit) if it.position <= known_to]
    shown = decoded([it for it in found if not _mentions(it, hidden)])
    told = [it for it in shown if not barred or getattr(it.event, "concerns", None) not in barred]
    numbers: dict[UUID, str] = dict(connection.execute(_NUMBERS, ([it.event.originator_id for it in told],)).fetchall())
    events = [_cloud_event(it, source, numbers.get(it.event.originator_id)) for it in told]
    return FeedPage(events, found[-1].position if found else after)


def head(connection: psycopg.Connection) -> int:
    """The position of the last event that can be asked for; -1 while there is none."""
    return sealed_head(connection) if _source(connection) else -1


def withheld(kind: type[DomainEvent]) -> frozenset[str]:
    """The members of an event's data that stay here: the personal words, and what the tables above name."""
    return frozenset(personal_fields(kind)) | OF_TOPICS.get(kind.TOPIC, frozenset()) | NOWHERE


def _source(connection: psycopg.Connection) -> str | None:
    """The log's own name, by its last checkpoint; None while nothing was signed."""
    note = latest_checkpoint(connection, SHA256)
    return None if note is None else read_checkpoint(note)[0].origin


def _hidden(connection: psycopg.Connection, barred: frozenset[str]) -> tuple[int, frozenset[bytes]]:
    """How the log's JSON names complaints and findings about these officials; and up to where that is known."""
    if not barred:
        return sealed_head(connection), frozenset()
    reached = connection.execute(_KNOWN_TO).fetchone()
    rows = connection.execute(_HIDDEN, {"barred": sorted(barred)}).fetchall()
    return reached[0] if reached else -1, frozenset(f'"{name}"'.encode() for (name,) in rows)


def _mentions(sealed: SealedEvent, hidden: frozenset[bytes]) -> bool:
    return f'"{sealed.originator_id}"'.encode() in hidden or any(name in sealed.state for name in hidden)


def _cloud_event(recorded: Recorded, source: str, number: str | None) -> dict[str, Any]:
    event = recorded.event
    stream = event.TOPIC.partition(".")[0]
    return {
        "specversion": "1.0",
        "id": str(recorded.position),
        "source": source,
        "type": f"{TYPE}{event.TOPIC}",
        "subject": number or f"{stream}/{event.originator_id}",
        "time": written(event.occurred_at),
        "datacontenttype": "application/json",
        "position": recorded.position,
        "recordedtime": written(recorded.recorded_at),
        "stream": str(event.originator_id),
        "streamversion": event.originator_version,
        "actorrole": event.actor.role.value,
        "command": str(event.command_id),
        "data": _data(event),
    }


def _data(event: DomainEvent) -> dict[str, Any]:
    kind = type(event)
    found = event.model_dump(mode="json", exclude=set(_ENVELOPE | withheld(kind)), exclude_none=True)
    data: dict[str, Any] = _without(found)
    return data


def _without(value: Any) -> Any:
    """The same without what never leaves, however deep it lies."""
    if isinstance(value, dict):
        return {name: _without(each) for name, each in value.items() if name not in NOWHERE}
    if isinstance(value, list):
        return [_without(each) for each in value]
    return value


def written(moment: datetime) -> str:
    """A time as CloudEvents ask for it (RFC 3339, UTC)."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
