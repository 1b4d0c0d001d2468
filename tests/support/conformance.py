"""What of a history that real decisions brought about does not fit the declared process? It ought to be nothing."""

from collections.abc import Sequence

from domain.conformance.checking import check
from domain.conformance.deviations import Kind
from domain.conformance.history import History
from domain.events import DomainEvent


def misfits(events: Sequence[DomainEvent]) -> list[tuple[Kind, str]]:
    """Everything but missed limits that the history itself tells of."""
    history = History(events, [event.occurred_at for event in events])
    return [(it.kind, it.en) for it in check(history).deviations if it.kind is not Kind.LATE]
