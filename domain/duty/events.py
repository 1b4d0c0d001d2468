"""What happens to the duties of a place in a period. Once closed it is never judged again."""

from datetime import date
from typing import ClassVar, Final

from domain.duty.policy import Measure
from domain.events import DomainEvent
from domain.values import Moment, Value


class Turn(Value):
    """Somebody's turn on a day."""

    day: date
    officer: str


class Tally(Value):
    """One duty of an officer, or (None) of the place together: what was asked, what was done.

    Of a share `done` is percent, `part` of `of`; of nothing it is undefined (None) and nothing is short. `late`: of
    what was done, entered late; `after_closing`: done in the period before, but entered after that one was closed.
    """

    rule: str
    basis: str
    measure: Measure | None = None  # None: presence on service days or by rota
    officer: str | None = None
    quota: int
    done: int | None = None
    part: int | None = None
    of: int | None = None
    shortfall: int = 0
    late: int = 0
    after_closing: int = 0


class Attendance(Value):
    """A service day, or a day of the rota: who was due, who was there, what was raised. `missed`: nobody came."""

    rule: str
    day: date
    due: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    missed: bool = False


class DutyEvent(DomainEvent):
    """Which place, which period (`2026-03`, `2026-Q1`)."""

    place: str
    period: str


class RotaSet(DutyEvent):
    TOPIC: ClassVar[str] = "duty.rota_set"
    turns: tuple[Turn, ...]
    plan: str


class DutyPeriodOpened(DutyEvent):
    TOPIC: ClassVar[str] = "duty.period_opened"
    first: date
    last: date
    remind_at: Moment
    closes_at: Moment
    plan: str


class DutiesReminded(DutyEvent):
    """`missing`: only what is short so far; `told`: whose it is, and for a station who is in charge there."""

    TOPIC: ClassVar[str] = "duty.reminded"
    villages: tuple[str, ...]
    missing: tuple[Tally, ...] = ()
    told: tuple[str, ...] | None = None


class DutyPeriodClosed(DutyEvent):
    """`counted_to`: what was entered by then counted; `told`: who was short, or is in charge of what was."""

    TOPIC: ClassVar[str] = "duty.period_closed"
    villages: tuple[str, ...]
    first: date
    last: date
    counted_to: Moment
    plan: str
    tallies: tuple[Tally, ...] = ()
    days: tuple[Attendance, ...] = ()
    told: tuple[str, ...] | None = None


DUTY_EVENTS: Final[frozenset[type[DomainEvent]]] = frozenset(
    {RotaSet, DutyPeriodOpened, DutiesReminded, DutyPeriodClosed}
)
