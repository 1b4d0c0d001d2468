"""Turns of what runs by the calendar, and a re-dating, whose workflows are recorded. Used by record_histories.py.

Without a scenario now: committee_not_held.json and weekly_meeting_not_held.json, by the program that did not yet see to
minutes.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from domain.fund.commands import SetBudget
from domain.organisation.together import reorganise
from domain.periods import Cycle, Period
from domain.spot_check import commands as spot_check
from domain.spot_check.state import fold as fold_check
from domain.values import LOCAL_ZONE
from services.redating import start
from tests.support.casework import case, command
from tests.support.holidays import LABOUR_DAY_2031, adopted
from tests.support.office import office_commands
from tests.support.spot_checks import ask
from tests.workflows.process import MONDAY, QUEUE, Process
from tests.workflows.scenarios_of_issues import Scenario
from workflows.schedules import Recurring

MARCH, JUNE = (Period(date(2031, month, 1), Cycle.MONTH) for month in (3, 6))
_WEEKLY: Final = Recurring("weekly", "QS", Cycle.WEEK, "MeetingWorkflow")
_DUTIES: Final = Recurring("duties", "QS", Cycle.MONTH, "DutyWorkflow")
_SUBMISSIONS: Final = Recurring("submissions", "QS", Cycle.MONTH, "SubmissionWorkflow")
_FUNDS: Final = Recurring("fund", "T1", Cycle.MONTH, "FundWorkflow")
_SPOT_CHECKS: Final = Recurring("spot-check", "T1", Cycle.MONTH, "SpotCheckWorkflow")
_BULLETINS: Final = Recurring("bulletin", "T1", Cycle.MONTH, "BulletinWorkflow")


def _at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2031, month, day, hour, tzinfo=LOCAL_ZONE)


def _settled(process: Process) -> None:
    """The organisation is in the log, as the process reads it there."""
    reorganise(process.casework, office_commands())


async def weekly_meeting_followed(process: Process) -> str:
    """A station's Thursday that is looked after day by day, and that nobody holds."""
    _settled(process)
    name = await process.begin(_WEEKLY, Period.containing(MONDAY, Cycle.WEEK))
    await process.until(MONDAY + timedelta(days=8))
    return name


async def duties_of_a_month(process: Process) -> str:
    """Opened, told of, closed; started by a schedule, which leaves the period to the workflow."""
    _settled(process)
    name = await process.begin(_DUTIES, MARCH, _DUTIES.turn())
    await process.until(MARCH.ends_at + timedelta(days=10))
    return name


async def duties_after_an_outage(process: Process) -> str:
    """Begun when the month and its grace are over: nobody is reminded of it."""
    _settled(process)
    await process.until(MARCH.ends_at + timedelta(days=20))
    name = await process.begin(_DUTIES, MARCH)
    await process.until(MARCH.ends_at + timedelta(days=21))
    return name


async def submissions_of_a_month(process: Process) -> str:
    """Listed, told of and missed at each moment of the month."""
    _settled(process)
    name = await process.begin(_SUBMISSIONS, MARCH)
    await process.until(MARCH.ends_at + timedelta(days=10))
    return name


async def nothing_to_hand_in(process: Process) -> str:
    """The plan asks for nothing there."""
    _settled(process)
    name = await process.begin(Recurring("submissions", "T1", Cycle.MONTH, "SubmissionWorkflow"), MARCH)
    await process.until(MONDAY + timedelta(hours=1))
    return name


async def round_not_confirmed(process: Process) -> str:
    """A round is proposed, and the committee lets its day pass."""
    _settled(process)
    await process.live(case("funding", at=MONDAY))
    await process.do(command(SetBudget, at=process.clock.now, year=2031))
    await process.until(JUNE.starts_at)
    name = await process.begin(_FUNDS, JUNE)
    await process.until(JUNE.ends_at)
    return name


async def spot_check_closed_in_time(process: Process) -> str:
    """Drawn, handed in and closed on the next day."""
    _settled(process)
    await process.until(_at(4, 4))
    april = MARCH.next()
    name = await process.begin(_SPOT_CHECKS, april)
    await process.until(_at(4, 6))
    check = fold_check(process.casework.history(spot_check.spot_check_id_of("T1", april.name)))
    assert check is not None
    of = {"township": "T1", "check_id": check.check_id}
    await process.send(ask(spot_check.HandInLedgers, at=_at(4, 6), items=check.missing, **of))
    await process.send(ask(spot_check.CloseSpotCheck, at=_at(4, 6, 10), **of))
    await process.until(_at(4, 8))
    return name


async def bulletin_not_issued(process: Process) -> str:
    """Drawn up in the next month, and nobody issues it."""
    _settled(process)
    name = await process.begin(_BULLETINS, MARCH)
    await process.until(_at(4, 12))
    return name


async def limits_moved(process: Process) -> str:
    """A notice for Labour Day is adopted while a limit runs over it."""
    at = _at(4, 28)
    await process.until(at)
    await process.live(case("fixed", at=at))
    process.clock.set(at + timedelta(days=1))
    calendar = adopted(process.casework, at + timedelta(days=1), **LABOUR_DAY_2031)
    await start(process.environment.client, QUEUE, calendar)
    await process.until(at + timedelta(days=1))
    return f"redate-{calendar}"


BY_CALENDAR: Final[Mapping[str, Scenario]] = {
    scenario.__name__: scenario
    for scenario in (
        weekly_meeting_followed,
        duties_of_a_month,
        duties_after_an_outage,
        submissions_of_a_month,
        nothing_to_hand_in,
        round_not_confirmed,
        spot_check_closed_in_time,
        bulletin_not_issued,
        limits_moved,
    )
}
