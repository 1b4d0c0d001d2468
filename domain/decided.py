"""What was decided and is not recorded yet: events, commands behind them, numbers to be allotted. Casework's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from domain.commands import Command
from domain.events import DomainEvent
from domain.issue.events import IssueLogged
from domain.issue.state import Issue
from domain.store import Allotment, CommandRecord
from domain.values import LOCAL_ZONE


@dataclass(slots=True)
class Decided:
    """Goes to the log as a whole, or not at all."""

    events: list[DomainEvent] = field(default_factory=list)
    commands: list[CommandRecord] = field(default_factory=list)
    allotments: dict[UUID, Allotment] = field(default_factory=dict)

    def add(self, command: Command, events: Sequence[DomainEvent], digest: bytes) -> None:
        """What a command causes; each issue logged by it asks for a number."""
        stream_id = command.stream_id
        version = max(event.originator_version for event in events if event.originator_id == stream_id)
        self.events.extend(events)
        self.commands.append(CommandRecord(command.command_id, stream_id, version, digest))
        for event in events:
            if isinstance(event, IssueLogged):
                year = event.occurred_at.astimezone(LOCAL_ZONE).year
                self.allotments[event.originator_id] = Allotment(event.originator_id, event.village, year)


@dataclass(frozen=True, slots=True)
class Batch:
    """Commands decided together and not recorded yet."""

    commands: tuple[Command, ...]
    decided: Decided
    issues: Mapping[UUID, Issue | None]
