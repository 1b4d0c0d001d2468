"""What happens to what a place hands in for a period. What was missed stays missed, however much comes later."""

from datetime import date
from typing import ClassVar, Final

from domain.events import DomainEvent
from domain.submission.commands import Fault, Paper
from domain.submission.policy import OwedBy
from domain.values import Moment, Value


class Owed(Value):
    """One thing that one of them owes. `kept`: a ledger of this system; `signed`: counts once a lead has signed it."""

    submission: str
    basis: str
    by: OwedBy
    owner: str
    due_at: Moment
    remind_at: Moment | None = None
    kept: bool = False
    signed: bool = False


class Owing(Value):
    """What is missing, whose it is and when it is or was due."""

    submission: str
    owner: str
    due_at: Moment


class SubmissionEvent(DomainEvent):
    """Which place, which period (`2026-03`, `2026-Q1`)."""

    place: str
    period: str


class SubmissionsOpened(SubmissionEvent):
    """As the plan says it on the first day; who serves later owes from the next period on."""

    TOPIC: ClassVar[str] = "submission.opened"
    villages: tuple[str, ...]
    first: date
    last: date
    plan: str
    owed: tuple[Owed, ...]


class SubmissionsReminded(SubmissionEvent):
    TOPIC: ClassVar[str] = "submission.reminded"
    missing: tuple[Owing, ...]
    told: tuple[str, ...] = ()


class SubmissionMissed(SubmissionEvent):
    """缺报. Told as of the time at which it was due."""

    TOPIC: ClassVar[str] = "submission.missed"
    submission: str
    owner: str
    due_at: Moment
    told: tuple[str, ...] = ()


class SubmissionHandedIn(SubmissionEvent):
    """`paper` None: the ledger kept here. `complete` False: a lead has still to sign it."""

    TOPIC: ClassVar[str] = "submission.handed_in"
    submission: str
    owner: str
    paper: Paper | None = None
    due_at: Moment
    complete: bool
    late: bool = False


class HandInSigned(SubmissionEvent):
    TOPIC: ClassVar[str] = "submission.signed"
    submission: str
    owner: str
    due_at: Moment
    late: bool = False


class SubmissionReturned(SubmissionEvent):
    TOPIC: ClassVar[str] = "submission.returned"
    submission: str
    owner: str
    fault: Fault
    told: tuple[str, ...] = ()


SUBMISSION_EVENTS: Final[frozenset[type[DomainEvent]]] = frozenset(
    {SubmissionsOpened, SubmissionsReminded, SubmissionMissed, SubmissionHandedIn, HandInSigned, SubmissionReturned}
)
