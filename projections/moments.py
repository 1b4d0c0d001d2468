"""What of the log counted at another time? Of each stream its beginning, up to what had not happened or was not known.

For rows, tables and replays as of another time. Every event was decided upon those before it in its stream, so one that
happened before they did counts from them on; a late record moves what had happened by then, never what was known then.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Protocol, TypeVar

from domain.events import DomainEvent
from projections.dashboard_source import When


class InLog(Protocol):
    """An event, and when the database recorded it."""

    @property
    def recorded_at(self) -> datetime: ...

    @property
    def event(self) -> DomainEvent: ...


R = TypeVar("R", bound=InLog)


def told_by(stream: Iterable[R], when: When) -> Iterator[R]:
    """The events of one stream, in its order, that counted then."""
    for it in stream:
        if when.as_of is not None and it.event.occurred_at > when.as_of:
            return
        if when.known_at is not None and it.recorded_at > when.known_at:
            return
        yield it


def each_told_by(streams: Iterable[R], when: When) -> Iterator[R]:
    """The same of several whole streams, one after the other."""
    for _, stream in groupby(streams, key=lambda it: it.event.originator_id):
        yield from told_by(stream, when)


def counts_from(stream: Iterable[R]) -> Iterator[tuple[datetime, datetime]]:
    """From when each event of one stream counts: as things were, and as they were known."""
    happened = known = None
    for it in stream:
        happened = max(happened or it.event.occurred_at, it.event.occurred_at)
        known = max(known or it.recorded_at, it.recorded_at)
        yield happened, known
