"""How did the issues stand that this process wrote last? Most of what happens to one follows soon on something else.

Casework's own. What has gone stale does no harm: an append after it is a VersionConflict, and a refusal is decided
again from the log.
"""

from collections.abc import Sequence
from dataclasses import replace
from threading import Lock
from uuid import UUID

from domain.events import DomainEvent
from domain.issue.evolve import after
from domain.issue.state import Issue


class LatelyWritten:
    """The states of so many issues, as this process left them. Safe from several threads."""

    def __init__(self, most: int = 2_048) -> None:
        self._most = most
        self._issues: dict[UUID, Issue] = {}  # the one written longest ago comes first
        self._changing = Lock()

    def of(self, issue_id: UUID) -> Issue | None:
        """The issue as this process wrote it last, if that is remembered; others may have written it since."""
        return self._issues.get(issue_id)

    def keep(self, issue: Issue | None, events: Sequence[DomainEvent], number: str | None) -> None:
        """Remember the issue after these events, with the number the log gave it; forget others that they changed."""
        kept = after(issue, events)
        if number is not None and kept.number != number:
            kept = replace(kept, number=number)
        with self._changing:
            for changed in {event.originator_id for event in events}:
                self._issues.pop(changed, None)
            self._issues[kept.issue_id] = kept
            if len(self._issues) > self._most:
                del self._issues[next(iter(self._issues))]

    def forget(self, issue_id: UUID) -> None:
        """Somebody else wrote it."""
        with self._changing:
            self._issues.pop(issue_id, None)
