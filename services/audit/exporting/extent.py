"""What of the log goes into an export?"""

from dataclasses import dataclass
from datetime import datetime

from domain.events import DomainEvent


@dataclass(frozen=True, slots=True)
class Extent:
    """Events up to a position; of those what happened from `since` until just before `until`; of one village's issues.

    None: no such bound. What went before still counts for how things stood.
    """

    up_to: int
    since: datetime | None = None
    until: datetime | None = None
    village: str | None = None

    def told(self, event: DomainEvent) -> bool:
        """Whether this event is told."""
        return (self.since is None or self.since <= event.occurred_at) and self.counts(event)

    def counts(self, event: DomainEvent) -> bool:
        """Whether it is told, or what happened before."""
        return self.until is None or event.occurred_at < self.until
