"""What happens to a monthly bulletin 月通报. Nothing in it is about a household; figures are kept with their head."""

from datetime import date
from typing import ClassVar, Final

from domain.bulletin.figures import Figures
from domain.bulletin.words import Cause, Correction, Handling
from domain.events import DomainEvent
from domain.spot_check.drawing import Head
from domain.values import Moment, Role, Value


class Named(Value):
    """An issue whose handling is named: its number, the station of its village, and the office by its unit."""

    item: int
    issue: str
    place: str
    unit: str
    handling: Handling
    post: Role | None = None


class BulletinEvent(DomainEvent):
    """Which township (its code), which month (`2026-03`)."""

    place: str
    period: str


class BulletinOpened(BulletinEvent):
    """The plan's rules, fixed. The head of the figures is the first event recorded at or after `draw_up_at`."""

    TOPIC: ClassVar[str] = "bulletin.opened"
    first: date
    last: date
    villages: tuple[str, ...]
    plan: str
    basis: str
    draw_up_at: Moment
    issue_by: Moment
    propose_at_most: int


class BulletinDrawnUp(BulletinEvent):
    """The figures with all that it takes to draw them up again; `proposed`: late issues that may be taken off."""

    TOPIC: ClassVar[str] = "bulletin.drawn_up"
    head: Head
    as_of: Moment
    figures: Figures
    proposed: tuple[Named, ...] = ()
    issue_by: Moment
    told: tuple[str, ...] = ()


class ItemNamed(BulletinEvent):
    TOPIC: ClassVar[str] = "bulletin.item_named"
    named: Named


class ItemTakenOff(BulletinEvent):
    TOPIC: ClassVar[str] = "bulletin.item_taken_off"
    item: int
    cause: Cause


class BulletinIssued(BulletinEvent):
    """`items`: those that are named in it. `told`: who answers for them, and for what is missing 缺报."""

    TOPIC: ClassVar[str] = "bulletin.issued"
    items: tuple[int, ...]
    late: bool = False
    told: tuple[str, ...] = ()


class BulletinOverdue(BulletinEvent):
    TOPIC: ClassVar[str] = "bulletin.overdue"
    issue_by: Moment
    told: tuple[str, ...] = ()


class BulletinCorrected(BulletinEvent):
    """更正: the figures as of another head; `struck`: items that are named no more. What was issued stays as it was."""

    TOPIC: ClassVar[str] = "bulletin.corrected"
    number: int
    reason: Correction
    head: Head
    as_of: Moment
    figures: Figures
    struck: tuple[int, ...] = ()
    told: tuple[str, ...] = ()


BULLETIN_EVENTS: Final[frozenset[type[DomainEvent]]] = frozenset(
    {
        BulletinOpened, BulletinDrawnUp, ItemNamed, ItemTakenOff, BulletinIssued, BulletinOverdue, BulletinCorrected,
    }
)  # fmt: skip
