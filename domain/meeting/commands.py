"""What may be asked of a meeting. Its id follows from what it is: a place's meeting of a period, or the call for it."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID, uuid5

from pydantic import Field, model_validator

from domain.commands import Command
from domain.issue.words import Outcome
from domain.meeting.words import AbsenceReason, Disposition, MeetingKind, SpecialReason
from domain.organisation.words import PlaceCode
from domain.values import GivenDay, GivenMoment, Key, Line, Text, UserId, ValueRefused

_NAMESPACE = UUID("0d0c7b5e-3a53-4a0b-8a3a-6c1f0b0c9d21")
MOST_ITEMS = 500
"""No agenda is longer; what is left out is counted in it."""

Members = Annotated[tuple[UserId, ...], Field(max_length=50)]
Period = Annotated[str, Field(pattern=r"^\d{4}-(W\d\d|\d\d(-\d\d)?)$")]
"""A month 2026-03, a week 2026-W14 or a day 2026-04-15."""


def meeting_id_of(township: str, kind: MeetingKind, period: str, place: str | None = None) -> UUID:
    """One meeting of a kind, a place (by its code, which is for ever, where that is given) and a period."""
    return uuid5(_NAMESPACE, f"{kind.value}/{place or township}/{period}")


def week_of(day: date) -> str:
    """The week of a day, as `Period` writes it (ISO 8601)."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


class MeetingCommand(Command):
    """A command to a meeting of this township."""

    township: Line

    @property
    def stream_id(self) -> UUID:
        """A meeting that was not to be foreseen: its id follows from the command that began it."""
        return uuid5(_NAMESPACE, str(self.command_id))

    @property
    def issues(self) -> tuple[UUID, ...]:
        """The issues that it speaks of."""
        return ()


class RecordMeeting(MeetingCommand):
    """会议记录(签到): written down afterwards, whole."""

    chair: UserId
    present: Annotated[tuple[UserId, ...], Field(min_length=1, max_length=50)]
    absent: Members = ()

    @property
    def meeting_id(self) -> UUID:
        """A meeting's id follows from the command that recorded it."""
        return self.stream_id

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


class DrawAgenda(MeetingCommand):
    """拟定议程, at the cut-off. `candidates`: issues that may belong there; the decision looks at each of them."""

    kind: MeetingKind
    period: Period
    cut_off: GivenMoment
    candidates: Annotated[tuple[UUID, ...], Field(max_length=20_000)] = ()
    place: PlaceCode | None = None

    @property
    def stream_id(self) -> UUID:
        return meeting_id_of(self.township, self.kind, self.period, self.place)

    @property
    def issues(self) -> tuple[UUID, ...]:
        return self.candidates


class ConveneMeeting(MeetingCommand):
    """召集临时会议: by the chair, with a reason, for the items that are named."""

    reason: SpecialReason
    items: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=50)]

    @property
    def issues(self) -> tuple[UUID, ...]:
        return self.items


class OnMeeting(MeetingCommand):
    """A command to a meeting that has an agenda."""

    meeting_id: UUID

    @property
    def stream_id(self) -> UUID:
        return self.meeting_id


class OnItem(OnMeeting):
    """A command about one item of an agenda; `item` is the issue's id."""

    item: UUID

    @property
    def issues(self) -> tuple[UUID, ...]:
        return (self.item,)


class AddItem(OnItem):
    """增列议题: after the cut-off, where the plan's rule allows it."""


class SignIn(OnMeeting):
    """签到: by the member, or by whoever deputises for them."""


class ExcuseMember(OnMeeting):
    """请假."""

    member: UserId
    reason: AbsenceReason


class RemindChair(OnMeeting):
    """提醒主持人: the last day on which the meeting may sit draws near."""


class OpenMeeting(OnMeeting):
    """宣布开会: whoever opens it is in the chair."""


class FailMeeting(OnMeeting):
    """流会: too few came."""


class RecordUnheldMeeting(OnMeeting):
    """未按期召开: the last day on which it could sit is over."""


class DeclareInterest(OnItem):
    """回避: who has an interest in an item takes no part in it."""


class RecordPoint(OnMeeting):
    """讨论要点: of an item, or of the meeting at large (then it names nobody)."""

    item: UUID | None = None
    point: Text

    @property
    def issues(self) -> tuple[UUID, ...]:
        return (self.item,) if self.item else ()


class RecordVotes(OnMeeting):
    """表决: who was for the proposal, against it, or abstained; one item, or several as one."""

    items: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=50)]
    proposal: Outcome
    in_favour: Members = ()
    against: Members = ()
    abstaining: Members = ()

    @property
    def issues(self) -> tuple[UUID, ...]:
        return self.items


class DecideTogether(OnMeeting):
    """合并决定: one decision about every item that shares a cause 共性问题; money is decided one by one."""

    cause: Key
    outcome: Outcome
    reasons: Text | None = None


class DisposeItem(OnItem):
    """分办: what a station's or township's meeting makes of an open issue, and by when."""

    disposition: Disposition
    due_on: GivenDay
    department: Key | None = None


class CloseMeeting(OnMeeting):
    """散会: names each item that goes to the next meeting; the minutes draw themselves."""

    carried_over: Annotated[tuple[UUID, ...], Field(max_length=MOST_ITEMS)] = ()


class RemindMinutes(OnMeeting):
    """提醒确认会议纪要: the last day to confirm the minutes draws near."""


class RecordUnconfirmedMinutes(OnMeeting):
    """会议纪要逾期未确认: the last day to confirm them is over."""


class ConfirmMinutes(OnMeeting):
    """确认会议纪要: by somebody who was there and did not close the meeting."""


MEETING_COMMANDS: tuple[type[MeetingCommand], ...] = (
    RecordMeeting, DrawAgenda, ConveneMeeting, AddItem, SignIn, ExcuseMember, RemindChair, OpenMeeting, FailMeeting,
    RecordUnheldMeeting, DeclareInterest, RecordPoint, RecordVotes, DecideTogether, DisposeItem, CloseMeeting,
    RemindMinutes, RecordUnconfirmedMinutes, ConfirmMinutes,
)  # fmt: skip
