"""A township with its duties: officers by rank, visits of a period, and what comes of closing it.

`Township("ll")` lives in memory under that plan: `.visit(...)`, `.close(period)` gives the closing event.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from domain.commands import Command
from domain.duty import commands as c
from domain.duty.events import Attendance, DutiesReminded, DutyPeriodClosed, Tally
from domain.duty.state import fold
from domain.household.commands import RegisterHousehold
from domain.organisation.commands import AppointOfficer, LinkOfficer
from domain.organisation.words import Rank
from domain.periods import Cycle, Period
from domain.plan import load_plan
from domain.values import LOCAL_ZONE, THE_PROCESS, Actor, Role
from domain.visit.commands import RecordVisit
from tests.support.memory_log import MemoryLog
from tests.support.office import PEOPLE
from tests.support.organisation import ask as ask_organisation
from tests.support.settling import SINCE
from tests.support.visits import ask as ask_visit

_NAMESPACE = UUID("6b1a1a52-0a6e-4a7c-8d27-0f2d0a5a7b10")
PLACE: Final = "T1"
"""The township of tests/support/office.py; its villages QS and LX are in no station."""
MARCH: Final = Period(date(2026, 3, 1), Cycle.MONTH)
APRIL: Final = MARCH.next()
QUARTER: Final = Period(date(2026, 1, 1), Cycle.QUARTER)
YEAR: Final = Period(date(2026, 1, 1), Cycle.YEAR)


class Township(MemoryLog):
    """The office of the tests under one of the plans that come along, with officers of all ranks that are asked for."""

    def __init__(self, key: str, **ranks: Rank) -> None:
        super().__init__(plan=load_plan(key))
        for officer, rank in ranks.items():
            self.appoint(officer, rank)

    def appoint(self, officer: str, rank: Rank, place: str = PLACE) -> None:
        """Somebody of this rank serves there, since long ago."""
        fields = {"officer": officer, "role": Role.CASE_HANDLER, "place": place, "rank": rank, "since": SINCE}
        self.do(ask_organisation(AppointOfficer, **fields))

    def link(self, officer: str, village: str, *households: str, at: datetime = SINCE) -> None:
        """Somebody keeps in touch with these households, or with the village."""
        for household in households or (None,):
            self.do(ask_organisation(LinkOfficer, officer=officer, village=village, household=household, at=at))

    def register(self, *households: str, village: str = "QS") -> None:
        """Households enter the register."""
        for household in households:
            fields = {"village": village, "household": household, "actor": PEOPLE["handler"], "occurred_at": SINCE}
            self.do(RegisterHousehold(command_id=uuid5(_NAMESPACE, f"{village}/{household}"), **fields))

    def visit(self, officer: str, day: date, household: str = "QS-012", hour: int = 9, **fields: Any) -> None:
        """A visit of that day; `entered` days later."""
        at = datetime.combine(day, time(hour), LOCAL_ZONE)
        entered = timedelta(days=fields.pop("entered", 0))
        by = Actor(user=officer, role=Role.CASE_HANDLER)
        self.do(ask_visit(RecordVisit, at=at, by=by, household=household, **fields), now=at + entered)

    def at_place(self, officer: str, day: date, kind: Any, **fields: Any) -> None:
        """Somebody is there on that day, at the village office."""
        self.visit(officer, day, household=None, place="村委会", kind=kind, **fields)  # type: ignore[arg-type]

    def open(self, period: Period, place: str = PLACE) -> None:
        """The period begins."""
        self.do(of_process(c.OpenDutyPeriod, period, period.starts_at, place))

    def close(self, period: Period, place: str = PLACE, now: datetime | None = None) -> DutyPeriodClosed:
        """The period begins, if it has not, and is closed when its grace is over."""
        known = fold(self.history(c.duties_id_of(place, period.name)))
        if known is None or known.closes_at is None:
            self.open(period, place)
        closes = period.ends_at + timedelta(days=self.grace_days)
        (event,) = self.do(of_process(c.CloseDutyPeriod, period, closes, place), now=now or closes)
        assert isinstance(event, DutyPeriodClosed)
        return event

    def remind(self, period: Period, place: str = PLACE) -> DutiesReminded:
        """What is missing some days before the end is told."""
        duties = self.plan.duties
        assert duties is not None
        at = period.ends_at - timedelta(days=duties.remind_before_days)
        (event,) = self.do(of_process(c.RemindDuties, period, at, place))
        assert isinstance(event, DutiesReminded)
        return event

    @property
    def grace_days(self) -> int:
        """By the plan."""
        assert self.plan.duties is not None
        return self.plan.duties.grace_days


def of_process(kind: type[c.DutyCommand], period: Period, at: datetime, place: str = PLACE) -> Command:
    """What the process asks."""
    command_id = uuid5(_NAMESPACE, f"{kind.__name__}/{place}/{period.name}")
    fields = {"command_id": command_id, "actor": THE_PROCESS, "occurred_at": at}
    return kind(**fields, place=place, cycle=period.cycle, first=period.first)


def rota(period: Period, turns: Iterable[tuple[date, str]], at: datetime, place: str = PLACE) -> c.SetRota:
    """The rota of a period, set by the township's lead."""
    made = tuple(c.RotaTurn(day=day, officer=officer) for day, officer in turns)
    command_id = uuid5(_NAMESPACE, f"rota/{period.name}/{made!r}")
    fields = {"command_id": command_id, "actor": PEOPLE["lead"], "occurred_at": at}
    return c.SetRota(**fields, place=place, cycle=period.cycle, first=period.first, turns=made)


def months(year: int) -> tuple[Period, ...]:
    """The twelve of a year."""
    return tuple(Period(date(year, month, 1), Cycle.MONTH) for month in range(1, 13))


def of(tallies: Iterable[Tally], rule: str, officer: str | None = None) -> Tally:
    """The tally of one rule for one officer."""
    (found,) = [tally for tally in tallies if (tally.rule, tally.officer) == (rule, officer)]
    return found


def day_of(days: Iterable[Attendance], rule: str, day: date) -> Attendance:
    """The attendance of one rule on one day."""
    (found,) = [it for it in days if (it.rule, it.day) == (rule, day)]
    return found


def march(day: int) -> date:
    """A day of March 2026."""
    return date(2026, 3, day)
