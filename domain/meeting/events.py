"""What can happen to a meeting. Words about a household are in the issue's own events, or sealed under its key."""

from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from domain.events import DomainEvent
from domain.issue.words import Outcome, Urgency
from domain.meeting.policy import MeetingRules
from domain.meeting.words import (
    AbsenceReason,
    Disposition,
    Ending,
    FailedBecause,
    ItemSource,
    LateItems,
    MeetingKind,
    SpecialReason,
)
from domain.privacy import Personal
from domain.values import Moment, Responsible, Value


class MeetingHeld(DomainEvent):
    """A meeting written down afterwards, whole."""

    TOPIC: ClassVar[str] = "meeting.held"
    township: str
    chair: str
    present: tuple[str, ...]
    absent: tuple[str, ...] = ()
    quorum: int
    plan: str


class AgendaItem(Value):
    """One issue on an agenda 议题. `concerns`: who may not see it."""

    issue_id: UUID
    number: str
    village: str
    source: ItemSource
    urgency: Urgency | None = None
    concerns: str | None = None


class AgendaDrawn(DomainEvent):
    """`place`: whose meeting it is, if not the committee's; `more`: how many were left out, the latest ones."""

    TOPIC: ClassVar[str] = "meeting.agenda_drawn"
    township: str
    kind: MeetingKind
    period: str
    cut_off: Moment
    meet_by: Moment | None = None
    items: tuple[AgendaItem, ...]
    more: int = 0
    rules: MeetingRules
    place: str | None = None
    reason: SpecialReason | None = None


class MembersTold(DomainEvent):
    TOPIC: ClassVar[str] = "meeting.members_told"
    members: tuple[str, ...]


class ItemAdded(DomainEvent):
    TOPIC: ClassVar[str] = "meeting.item_added"
    item: AgendaItem
    rule: LateItems


class MemberSignedIn(DomainEvent):
    """`seat`: whose seat it is; a deputy signs in for somebody else's."""

    TOPIC: ClassVar[str] = "meeting.member_signed_in"
    member: str
    seat: str


class MemberExcused(DomainEvent):
    TOPIC: ClassVar[str] = "meeting.member_excused"
    member: str
    reason: AbsenceReason


class MeetingOpened(DomainEvent):
    TOPIC: ClassVar[str] = "meeting.opened"
    chair: str
    present: tuple[str, ...]
    absent: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    rules: MeetingRules


class MeetingFailed(DomainEvent):
    """Nothing was decided; every item goes to the next agenda. `told`: the members, and who is above them."""

    TOPIC: ClassVar[str] = "meeting.failed"
    because: FailedBecause
    present: tuple[str, ...] = ()
    quorum: int
    carried_over: tuple[UUID, ...] = ()
    told: tuple[str, ...] = ()


class ChairReminded(DomainEvent):
    TOPIC: ClassVar[str] = "meeting.chair_reminded"
    told: tuple[str, ...]
    meet_by: Moment


class InterestDeclared(DomainEvent):
    TOPIC: ClassVar[str] = "meeting.interest_declared"
    issue_id: UUID
    member: str


class PointRecorded(DomainEvent):
    """A point of the discussion. With an issue it is sealed under that household's key."""

    TOPIC: ClassVar[str] = "meeting.point_recorded"
    issue_id: UUID | None = None
    point: Personal


class VotesCounted(DomainEvent):
    TOPIC: ClassVar[str] = "meeting.votes_counted"
    items: tuple[UUID, ...]
    proposal: Outcome
    in_favour: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    abstaining: tuple[str, ...] = ()


class ItemDecided(DomainEvent):
    """The issue's own event, `issue_version`, holds the decision and its reasons."""

    TOPIC: ClassVar[str] = "meeting.item_decided"
    issue_id: UUID
    issue_version: int
    outcome: Outcome
    in_favour: int = 0
    against: int = 0
    abstaining: int = 0
    recused: tuple[str, ...] = ()
    responsible: Responsible
    due_at: Moment | None = None


class NotDecided(Value):
    """An item that shares the cause and was not decided with the others; `code`: the refusal's."""

    issue_id: UUID
    code: str


class DecidedTogether(DomainEvent):
    """One decision about several items of one cause: which of them it reached, and which not."""

    TOPIC: ClassVar[str] = "meeting.decided_together"
    cause: str
    outcome: Outcome
    decided: tuple[UUID, ...]
    refused: tuple[NotDecided, ...] = ()


class ItemDisposed(DomainEvent):
    """`issue_version`: the issue's event that came of it, if one did at once."""

    TOPIC: ClassVar[str] = "meeting.item_disposed"
    issue_id: UUID
    disposition: Disposition
    department: str | None = None
    responsible: Responsible
    due_on: date
    issue_version: int | None = None


class ItemsCarriedOver(DomainEvent):
    TOPIC: ClassVar[str] = "meeting.items_carried_over"
    items: tuple[UUID, ...]


class MeetingClosed(DomainEvent):
    TOPIC: ClassVar[str] = "meeting.closed"
    lapsed: tuple[UUID, ...] = ()


class MinutesItem(Value):
    """One line of the minutes. Reasons and points are looked up where they stand, and opened only for who may see."""

    issue_id: UUID
    number: str
    ending: Ending
    outcome: Outcome | None = None
    disposition: Disposition | None = None
    in_favour: int = 0
    against: int = 0
    abstaining: int = 0
    recused: tuple[str, ...] = ()
    points: int = 0
    responsible: Responsible | None = None
    due_at: Moment | None = None


class MonthSummary(Value):
    """What a month's weekly meetings came to (CX3): items by what became of them."""

    month: str
    meetings: int
    failed: int
    items: int
    by_disposition: dict[str, int]


class MinutesDrawn(DomainEvent):
    """`confirm_by`, `remind_at`: by the plan in force at the closing; None where it sets no limit."""

    TOPIC: ClassVar[str] = "meeting.minutes_drawn"
    held_at: Moment
    chair: str
    present: tuple[str, ...]
    absent: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    items: tuple[MinutesItem, ...] = ()
    summary: MonthSummary | None = None
    confirm_by: Moment | None = None
    remind_at: Moment | None = None


class MinutesReminded(DomainEvent):
    """`told`: who was there and did not close the meeting."""

    TOPIC: ClassVar[str] = "meeting.minutes_reminded"
    told: tuple[str, ...]
    confirm_by: Moment


class MinutesOverdue(DomainEvent):
    """Nobody confirmed the minutes in time; they can still be. `told`: who might have, the chair, who is above them."""

    TOPIC: ClassVar[str] = "meeting.minutes_overdue"
    told: tuple[str, ...]
    confirm_by: Moment


class MinutesConfirmed(DomainEvent):
    TOPIC: ClassVar[str] = "meeting.minutes_confirmed"


MEETING_EVENTS: Final[frozenset[type[DomainEvent]]] = frozenset(
    {
        MeetingHeld, AgendaDrawn, MembersTold, ItemAdded, MemberSignedIn, MemberExcused, MeetingOpened, MeetingFailed,
        ChairReminded, InterestDeclared, PointRecorded, VotesCounted, ItemDecided, DecidedTogether, ItemDisposed,
        ItemsCarriedOver, MeetingClosed, MinutesDrawn, MinutesReminded, MinutesOverdue, MinutesConfirmed,
    }
)  # fmt: skip
