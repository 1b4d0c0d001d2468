"""A whole history of one issue as it is checked: its events, when each was recorded, and the step that each one is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from domain.conformance.deviations import At, at
from domain.conformance.labels import label_of
from domain.events import DomainEvent
from domain.issue.events import IssueLogged

_NAMELESS: Final = "?"


@dataclass(frozen=True)
class History:
    """The events of one stream in their order; `recorded`: when the log took each of them."""

    events: Sequence[Any]
    recorded: Sequence[datetime]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The declared step that each event is."""
        return tuple(map(label_of, self.events))

    @cached_property
    def logged(self) -> IssueLogged | None:
        """How it was logged; None for a history that lacks its beginning."""
        first: DomainEvent = self.events[0]
        return first if isinstance(first, IssueLogged) else None

    @property
    def issue_id(self) -> UUID:
        """Which issue."""
        found: UUID = self.events[0].originator_id
        return found

    @cached_property
    def number(self) -> str:
        """The issue's number."""
        return (self.logged.number if self.logged else None) or _NAMELESS

    @property
    def imported(self) -> bool:
        """Whether an earlier system kept it: our clocks were no promise of theirs."""
        return self.logged is not None and self.logged.source is not None

    def at(self, index: int) -> At:
        """Where the event of this index stands."""
        return at(self.events[index], self.number)
