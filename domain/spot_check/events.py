"""What can happen in a spot check 抽查. Words about a household's case go under the household's key."""

from typing import ClassVar, Final

from domain.events import DomainEvent
from domain.privacy import Personal
from domain.spot_check.drawing import Head
from domain.spot_check.words import CheckKind
from domain.values import Moment


class SpotCheckEvent(DomainEvent):
    """What the events of spot checks have in common. `told`: those in charge of the station and its villages."""


class SpotCheckAnnounced(SpotCheckEvent):
    """The plan's rules, fixed for this check. The seed comes from the first event recorded at or after `draw_at`."""

    TOPIC: ClassVar[str] = "spot_check.announced"
    township: str
    period: str
    villages: tuple[str, ...]
    plan: str
    basis: str
    draw_at: Moment
    items: int
    hand_in_days: int
    remind_before: int
    not_again_within_months: int


class SpotCheckDrawn(SpotCheckEvent):
    """The draw, with all that it takes to do it again; `villages`: those of the station drawn."""

    TOPIC: ClassVar[str] = "spot_check.drawn"
    township: str
    period: str
    head: Head
    head_hash: str
    seed: str
    station: str
    villages: tuple[str, ...]
    stations_counted: int
    stations_digest: str
    items: tuple[str, ...]
    items_counted: int
    items_digest: str
    hand_in_by: Moment
    remind_at: Moment | None = None
    told: tuple[str, ...] | None = None


class InspectionRecorded(SpotCheckEvent):
    TOPIC: ClassVar[str] = "spot_check.inspection_recorded"
    township: str
    kind: CheckKind
    period: str
    stations: tuple[str, ...]
    villages: tuple[str, ...]
    plan: str
    basis: str


class LedgersHandedIn(SpotCheckEvent):
    """`missing`: what is still not there after this."""

    TOPIC: ClassVar[str] = "spot_check.ledgers_handed_in"
    items: tuple[str, ...] = ()
    missing: int
    late: bool = False


class HandInReminded(SpotCheckEvent):
    TOPIC: ClassVar[str] = "spot_check.hand_in_reminded"
    hand_in_by: Moment
    missing: int
    told: tuple[str, ...] | None = None


class HandInMissed(SpotCheckEvent):
    TOPIC: ClassVar[str] = "spot_check.hand_in_missed"
    hand_in_by: Moment
    missing: tuple[str, ...] = ()
    told: tuple[str, ...] | None = None


class FindingRecorded(SpotCheckEvent):
    """`village` and `household`: those of the issue, where it was found in one."""

    TOPIC: ClassVar[str] = "spot_check.finding_recorded"
    finding: int
    station: str
    item: str | None = None
    village: str | None = None
    household: str | None = None
    problem: Personal


class RectificationOrdered(SpotCheckEvent):
    TOPIC: ClassVar[str] = "spot_check.rectification_ordered"
    finding: int
    unit: str
    requirement: Personal
    due_at: Moment
    told: tuple[str, ...] | None = None


class RectificationReported(SpotCheckEvent):
    TOPIC: ClassVar[str] = "spot_check.rectification_reported"
    finding: int
    measures: Personal
    evidence: tuple[str, ...] = ()
    late: bool = False


class RectificationMissed(SpotCheckEvent):
    TOPIC: ClassVar[str] = "spot_check.rectification_missed"
    finding: int
    due_at: Moment
    told: tuple[str, ...] | None = None


class RectificationRechecked(SpotCheckEvent):
    """`due_at`: until when it is done again, if it was not accepted."""

    TOPIC: ClassVar[str] = "spot_check.rectification_rechecked"
    finding: int
    accepted: bool
    opinion: Personal
    due_at: Moment | None = None


class SpotCheckClosed(SpotCheckEvent):
    TOPIC: ClassVar[str] = "spot_check.closed"
    findings: int
    rectified: int
    summary: Personal


SPOT_CHECK_EVENTS: Final[frozenset[type[DomainEvent]]] = frozenset(
    {
        SpotCheckAnnounced, SpotCheckDrawn, InspectionRecorded, LedgersHandedIn, HandInReminded, HandInMissed,
        FindingRecorded, RectificationOrdered, RectificationReported, RectificationMissed, RectificationRechecked,
        SpotCheckClosed,
    }
)  # fmt: skip
