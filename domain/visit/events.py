"""What can happen in a village's visit diary 民情日记 of one month. Words about a household go under its own key.

`entered_at`: the office's clock when it was written down. What is counted for a period is what was entered in time.
"""

from datetime import date
from typing import ClassVar, Final

from domain.events import DomainEvent
from domain.household.words import WelfareReason
from domain.privacy import Personal
from domain.values import Moment
from domain.visit.words import HazardLevel, VisitKind


class DiaryEvent(DomainEvent):
    """What each of them says: which entry, and when it was written down."""

    entry: int
    entered_at: Moment


class VisitRecorded(DiaryEvent):
    """`late`: entered more days after the visit than the plan allows to pass unsaid (`late_after_days`)."""

    TOPIC: ClassVar[str] = "visit.recorded"
    village: str
    month: str
    kind: VisitKind
    household: str | None = None
    place: str | None = None
    officers: tuple[str, ...]
    left_at: Moment | None = None
    said: Personal
    done: Personal | None = None
    issues: tuple[str, ...] = ()
    next_visit: date | None = None
    priority: WelfareReason | None = None
    late: bool = False
    late_after_days: int
    plan: str


class VisitCorrected(DiaryEvent):
    TOPIC: ClassVar[str] = "visit.corrected"
    said: Personal | None = None
    done: Personal | None = None
    left_at: Moment | None = None
    next_visit: date | None = None
    issues: tuple[str, ...] | None = None
    reason: Personal


class VisitStruck(DiaryEvent):
    TOPIC: ClassVar[str] = "visit.struck"
    reason: Personal


class OpinionsCollected(DiaryEvent):
    TOPIC: ClassVar[str] = "visit.opinions_collected"
    village: str
    month: str
    income: Personal | None = None
    construction: Personal | None = None
    social_security: Personal | None = None
    education_health: Personal | None = None
    environment: Personal | None = None
    culture: Personal | None = None
    hardship: Personal | None = None
    public_safety: Personal | None = None
    conduct: Personal | None = None
    suggestion: Personal | None = None
    reply_wanted: bool = False
    reply_by: Personal | None = None
    concerns: str | None = None


class HazardRegistered(DiaryEvent):
    TOPIC: ClassVar[str] = "visit.hazard_registered"
    village: str
    issue: str
    level: HazardLevel
    requirement: Personal


VISIT_EVENTS: Final[frozenset[type[DomainEvent]]] = frozenset(
    {VisitRecorded, VisitCorrected, VisitStruck, OpinionsCollected, HazardRegistered}
)
