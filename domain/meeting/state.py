"""What a meeting remembers: agenda, who is there, interests, votes, what became of each item. No words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from domain.events import DomainEvent
from domain.meeting import events as e
from domain.meeting.commands import meeting_id_of, week_of
from domain.meeting.policy import MeetingRules
from domain.meeting.words import MeetingKind, Phase
from domain.values import LOCAL_ZONE

Changes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting. `present`: who signed in; `seats`: whose seat each took (a deputy sits for somebody else).

    `rules` is None for a meeting that was written down afterwards, whole: it has no agenda.
    """

    meeting_id: UUID
    version: int
    township: str
    kind: MeetingKind = MeetingKind.COMMITTEE
    phase: Phase = Phase.DRAWN
    period: str = ""
    cut_off: datetime | None = None
    place: str | None = None
    held_at: datetime | None = None
    chair: str | None = None
    present: frozenset[str] = frozenset()
    quorum: int = 0
    rules: MeetingRules | None = None
    meet_by: datetime | None = None
    items: tuple[e.AgendaItem, ...] = ()
    members: tuple[str, ...] = ()
    seats: Mapping[str, str] = field(default_factory=dict)
    excused: frozenset[str] = frozenset()
    interests: frozenset[tuple[UUID, str]] = frozenset()
    votes: Mapping[UUID, e.VotesCounted] = field(default_factory=dict)
    points: Mapping[UUID, int] = field(default_factory=dict)
    decided: Mapping[UUID, e.ItemDecided] = field(default_factory=dict)
    disposed: Mapping[UUID, e.ItemDisposed] = field(default_factory=dict)
    carried_over: tuple[UUID, ...] = ()
    reminded: bool = False
    closed_by: frozenset[str] = frozenset()
    confirm_by: datetime | None = None
    remind_to_confirm_at: datetime | None = None
    reminded_to_confirm: bool = False
    confirmation_overdue: bool = False
    confirmed: bool = False

    @property
    def dealt_with(self) -> frozenset[UUID]:
        """The items of which something became."""
        return frozenset(self.decided) | frozenset(self.disposed)

    def item(self, issue_id: UUID) -> e.AgendaItem | None:
        """The item about this issue, or None."""
        return next((item for item in self.items if item.issue_id == issue_id), None)

    def absent(self) -> tuple[str, ...]:
        """The members whose seats stayed empty without leave."""
        return tuple(it for it in self.members if it not in self.taken | self.excused)

    @property
    def taken(self) -> frozenset[str]:
        """The seats that are taken."""
        return frozenset(self.seats.values())

    @property
    def day(self) -> date:
        """The day for which it was called, by the office's calendar."""
        moment = self.cut_off or self.held_at or datetime.min.replace(tzinfo=LOCAL_ZONE)
        return moment.astimezone(LOCAL_ZONE).date()

    @property
    def month(self) -> str:
        """The month to which it belongs."""
        return self.day.strftime("%Y-%m")

    @property
    def ends_the_month(self) -> bool:
        """Whether it is a weekly meeting and the next one falls into another month (CX3)."""
        return self.kind is MeetingKind.WEEKLY and (self.day + timedelta(days=7)).month != self.day.month

    def earlier_weeks(self) -> tuple[UUID, ...]:
        """The ids of the same place's weekly meetings earlier in the month, whether they were held or not."""
        days = (self.day - timedelta(days=7 * nth) for nth in range(1, 5))
        ours = (week_of(day) for day in days if day.month == self.day.month)
        return tuple(meeting_id_of(self.township, MeetingKind.WEEKLY, week, self.place) for week in ours)

    @property
    def may_confirm(self) -> tuple[str, ...]:
        """Who was there and did not close the meeting."""
        return tuple(sorted(self.present - self.closed_by))

    def persons(self, member: str) -> frozenset[str]:
        """Who is bound by what somebody present does: also the one for whom they sit."""
        return frozenset({member, self.seats.get(member, member)})


def fold_meeting(history: Iterable[DomainEvent]) -> Meeting | None:
    """The meeting, or None if there is none, or this is the history of something else."""
    meeting: Meeting | None = None
    for event in history:
        if isinstance(event, e.MeetingHeld | e.AgendaDrawn):
            meeting = _held(event) if isinstance(event, e.MeetingHeld) else _drawn(event)
        elif meeting is None:
            return None
        else:
            meeting = evolve(meeting, event)
    return meeting


def evolve(meeting: Meeting, event: DomainEvent) -> Meeting:
    """The meeting after one of its events."""
    return replace(meeting, version=event.originator_version, **_APPLY[type(event)](meeting, event))


def _held(event: e.MeetingHeld) -> Meeting:
    return Meeting(
        meeting_id=event.originator_id,
        version=event.originator_version,
        township=event.township,
        phase=Phase.CLOSED,
        held_at=event.occurred_at,
        chair=event.chair,
        present=frozenset(event.present),
        quorum=event.quorum,
    )


def _drawn(event: e.AgendaDrawn) -> Meeting:
    return Meeting(
        meeting_id=event.originator_id,
        version=event.originator_version,
        township=event.township,
        kind=event.kind,
        period=event.period,
        cut_off=event.cut_off,
        place=event.place,
        quorum=event.rules.quorum,
        rules=event.rules,
        meet_by=event.meet_by,
        items=event.items,
    )


def _opened(_: Meeting, event: e.MeetingOpened) -> Changes:
    return {"phase": Phase.OPEN, "held_at": event.occurred_at, "chair": event.chair}


def _signed_in(meeting: Meeting, event: e.MemberSignedIn) -> Changes:
    seats, excused = {**meeting.seats, event.member: event.seat}, meeting.excused - {event.seat}
    return {"present": meeting.present | {event.member}, "seats": seats, "excused": excused}


def _point(meeting: Meeting, event: e.PointRecorded) -> Changes:
    if event.issue_id is None:
        return {}
    return {"points": {**meeting.points, event.issue_id: meeting.points.get(event.issue_id, 0) + 1}}


_APPLY: Final[Mapping[type[DomainEvent], Callable[[Meeting, Any], Changes]]] = {
    e.MembersTold: lambda _, event: {"members": event.members},
    e.ItemAdded: lambda meeting, event: {"items": (*meeting.items, event.item)},
    e.MemberSignedIn: _signed_in,
    e.MemberExcused: lambda meeting, event: {"excused": meeting.excused | {event.member}},
    e.MeetingOpened: _opened,
    e.MeetingFailed: lambda _, event: {"phase": Phase.FAILED, "carried_over": event.carried_over},
    e.ChairReminded: lambda _, __: {"reminded": True},
    e.InterestDeclared: lambda meeting, event: {"interests": meeting.interests | {(event.issue_id, event.member)}},
    e.PointRecorded: _point,
    e.VotesCounted: lambda meeting, event: {"votes": {**meeting.votes, **dict.fromkeys(event.items, event)}},
    e.ItemDecided: lambda meeting, event: {"decided": {**meeting.decided, event.issue_id: event}},
    e.DecidedTogether: lambda _, __: {},
    e.ItemDisposed: lambda meeting, event: {"disposed": {**meeting.disposed, event.issue_id: event}},
    e.ItemsCarriedOver: lambda _, event: {"carried_over": event.items},
    e.MeetingClosed: lambda _, event: {"phase": Phase.CLOSED, "closed_by": event.actor.persons},
    e.MinutesDrawn: lambda _, event: {"confirm_by": event.confirm_by, "remind_to_confirm_at": event.remind_at},
    e.MinutesReminded: lambda _, __: {"reminded_to_confirm": True},
    e.MinutesOverdue: lambda _, __: {"confirmation_overdue": True},
    e.MinutesConfirmed: lambda _, __: {"confirmed": True},
}
