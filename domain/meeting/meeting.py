"""A committee meeting 党委会: recorded once, with everyone who signed in and the quorum that the plan asked for then.

A meeting without a quorum is recorded all the same; it decides nothing (L8).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, Self
from uuid import UUID, uuid5

from pydantic import Field, model_validator

from domain.commands import Command, stamp
from domain.context import Context
from domain.errors import AlreadyExists, NotAtMeeting
from domain.events import DomainEvent
from domain.values import Line, UserId, ValueRefused

_MEETING_NAMESPACE = UUID("0d0c7b5e-3a53-4a0b-8a3a-6c1f0b0c9d21")


class RecordMeeting(Command):
    """会议记录(签到)."""

    township: Line
    chair: UserId
    present: Annotated[tuple[UserId, ...], Field(min_length=1, max_length=50)]
    absent: Annotated[tuple[UserId, ...], Field(max_length=50)] = ()

    @property
    def meeting_id(self) -> UUID:
        """A meeting's id follows from the command that recorded it."""
        return uuid5(_MEETING_NAMESPACE, str(self.command_id))

    @property
    def stream_id(self) -> UUID:
        return self.meeting_id

    @model_validator(mode="after")
    def _everyone_once(self) -> Self:
        everyone = (*self.present, *self.absent)
        if len(set(everyone)) != len(everyone) or self.chair not in self.present:
            raise ValueRefused(
                "attendance-inconsistent",
                zh="每人只能签到一次，且主持人须到会。",
                en="Each member signs in once, and the chair is present.",
            )
        return self


class MeetingHeld(DomainEvent):
    TOPIC: ClassVar[str] = "meeting.held"
    township: str
    chair: str
    present: tuple[str, ...]
    absent: tuple[str, ...] = ()
    quorum: int
    plan: str


MEETING_EVENTS: Final[frozenset[type[DomainEvent]]] = frozenset({MeetingHeld})


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a decision needs to know of a meeting."""

    meeting_id: UUID
    version: int
    township: str
    held_at: datetime
    present: frozenset[str]
    quorum: int


def record(meeting: Meeting | None, command: RecordMeeting, context: Context) -> tuple[DomainEvent, ...]:
    """Writes down who came; the quorum in force is stored with it."""
    if meeting is not None:
        raise AlreadyExists
    if command.actor.user not in command.present:
        raise NotAtMeeting
    held = MeetingHeld(
        **stamp(command.meeting_id, 1, command),
        township=command.township,
        chair=command.chair,
        present=command.present,
        absent=command.absent,
        quorum=context.plan.committee.quorum,
        plan=context.plan.id,
    )
    return (held,)


def fold_meeting(history: Iterable[Any]) -> Meeting | None:
    """The meeting, or None if there is none."""
    for event in history:
        if isinstance(event, MeetingHeld):
            return Meeting(
                meeting_id=event.originator_id,
                version=event.originator_version,
                township=event.township,
                held_at=event.occurred_at,
                present=frozenset(event.present),
                quorum=event.quorum,
            )
    return None
