"""What was decided and is not recorded yet: events, commands behind them, numbers to be allotted. Casework's own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from domain.commands import Command
from domain.events import DomainEvent
from domain.issue.state import Issue
from domain.store import Allotment, CommandRecord


@dataclass(slots=True)
class Decided:
    """Goes to the log as a whole, or not at all."""

    events: list[DomainEvent] = field(default_factory=list)
    commands: list[CommandRecord] = field(default_factory=list)
    allotments: dict[UUID, Allotment] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """Commands decided together and not recorded yet."""

    commands: tuple[Command, ...]
    decided: Decided
    issues: Mapping[UUID, Issue | None]
