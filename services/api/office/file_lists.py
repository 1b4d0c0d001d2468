"""Which photos and papers do a case's events name, and what is there of each? Called by whatever shows the case."""

from collections.abc import Iterable
from typing import Any

from domain.events import DomainEvent
from domain.files import files_by_field
from services.api.parts import ApiParts
from services.persistence.file_book import FileRow


def files_of(parts: ApiParts, events: Iterable[DomainEvent]) -> list[dict[str, Any]]:
    """What these events name, in their order: under which field, by which event, and what there is of it."""
    fields = [(event, name, some) for event in events for name, some in files_by_field(event).items()]
    named = [(event, name, digest) for event, name, some in fields for digest in some]
    rows = parts.files.book.these(list({digest for _, _, digest in named})) if named else {}
    return [
        {
            **(described(rows[digest]) if digest in rows else {"digest": digest, "standing": "unknown"}),
            "field": name,
            "topic": event.TOPIC,
            "version": event.originator_version,
            "occurred_at": event.occurred_at,
        }
        for event, name, digest in named
    ]


def described(row: FileRow) -> dict[str, Any]:
    """A file as it is told: never whose it is. `standing`: kept, missing, altered or erased."""
    described = {name: getattr(row, name) for name in ("digest", "media_type", "bytes", "width", "height")}
    standing = "erased" if row.erased_at else row.fault or "kept"
    return {**described, "preview": row.preview_digest is not None, "standing": standing}
