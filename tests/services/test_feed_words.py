"""Which texts of an event may leave in the feed? Each by its name, so that a new one has to be decided."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from domain.streams import EVERY_EVENT
from services.audit.exporting.vocabulary import plain_type
from services.audit.feed import NOWHERE, withheld

CODES = frozenset(
    {
        "absent", "abstained", "abstaining", "against", "article", "basis", "before", "by_disposition", "bytes_hash",
        "campaign", "category", "cause", "chair", "code", "department", "deputy", "digest", "due", "evidence",
        "excused", "head_hash", "in_favour", "issue", "issues", "item", "items", "items_digest", "leader", "ledger",
        "member", "members", "missing", "month", "notice", "number", "officer", "officers", "on_behalf_of", "owner",
        "package", "parent", "period", "person", "photos", "plan", "present", "recused", "repeats", "rule", "seat",
        "seed", "sha256", "source", "station", "stations", "stations_digest", "submission", "to_unit", "told",
        "township", "unit", "user", "village", "villages", "why", "name", "place",
    }
)  # fmt: skip
"""Texts that hold a code, an account, a digest, a period or a word of the plan; add one only if nobody types it."""
_ENVELOPE = {"originator_id", "command_id", "causation"}


def texts(annotation: Any, name: str) -> Iterator[str]:
    """The names of the texts in a member of this type, however deep."""
    plain = plain_type(annotation)
    if plain is str:
        yield name
    elif get_origin(plain) in (tuple, dict, frozenset, list):
        for each in get_args(plain):
            yield from texts(each, name)
    elif isinstance(plain, type) and issubclass(plain, BaseModel):
        for inner, field in plain.model_fields.items():
            if inner not in NOWHERE:
                yield from texts(field.annotation, inner)


def test_given_every_event_then_each_text_that_leaves_was_looked_at() -> None:
    found = {
        f"{kind.TOPIC}: {text}"
        for kind in EVERY_EVENT
        for name, field in kind.model_fields.items()
        if name not in withheld(kind) | _ENVELOPE
        for text in texts(field.annotation, name)
        if text not in CODES
    }
    assert not found
