"""What people do in a walked year, said briefly: `issue = await logged(year, "04-02")`, then `await act(year, ...)`.

And what they read at the end: `form(year, "petitions")`. Called by tests/plans, with tests/support/year_walk.py.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from domain.adoption.book import PlanBook
from domain.commands import Command
from domain.events import DomainEvent
from domain.issue import commands as c
from domain.issue.words import CopyFor
from domain.organisation.commands import AppointOfficer, LinkOfficer
from domain.organisation.words import Rank
from domain.periods import Cycle, Period
from domain.spot_check.commands import CloseSpotCheck, HandInLedgers, spot_check_id_of
from domain.spot_check.state import fold as fold_check
from domain.submission import commands as s
from domain.values import LOCAL_ZONE, Actor, Role
from domain.visit.commands import RecordVisit
from projections.issue_ledger import LedgerFilter, entries
from services.exports.forms import FORMS
from services.exports.issue_form import COLUMNS, category_name, form_row
from services.holidays import official_table
from tests.support.commands import command
from tests.support.office import PEOPLE
from tests.support.organisation import ask as ask_organisation
from tests.support.settling import SINCE
from tests.support.spot_checks import ask as ask_check
from tests.support.visits import ask as ask_visit
from tests.support.year_walk import YEAR, Year, on

_ROLES: Final = {"township-head": Role.STATION_LEAD}
ALL: Final = {"village": None, "at": None, "key": None, "limit": None}
PAPER: Final = s.Paper(name="报告.pdf", digest="ab" * 32)


def officer(name: str) -> Actor:
    """Somebody with a post of their own, who is not one of the office's usual people."""
    return PEOPLE.get(name) or Actor(user=name, role=_ROLES.get(name, Role.CASE_HANDLER))


def post(name: str, rank: Rank, place: str = "T1") -> AppointOfficer:
    """They serve there, since long ago."""
    fields = {"officer": name, "role": Role.CASE_HANDLER, "place": place, "rank": rank, "since": SINCE}
    return ask_organisation(AppointOfficer, **fields)


def linked(name: str, village: str = "QS", household: str | None = None) -> LinkOfficer:
    """They keep in touch with the village, or a household of it, since long ago."""
    return ask_organisation(LinkOfficer, officer=name, village=village, household=household, at=SINCE)


def month_of(month: int, year: int = YEAR) -> Period:
    """A month of the year walked."""
    return Period(date(year, month, 1), Cycle.MONTH)


# -- issues ---------------------------------------------------------------------------------------------------------


async def logged(year: Year, day: str, **fields: Any) -> UUID:
    """Somebody reports something, at nine."""
    asked = command(c.LogIssue, at=on(day, 9), **{"household": "QS-012", "key": f"{day} {sorted(fields)}", **fields})
    await year.do(asked)
    return asked.issue_id


async def act(year: Year, kind: type[c.IssueCommand], issue: UUID, day: str, hour: int = 10, **fields: Any) -> None:
    """Somebody does something about it."""
    moment = on(day, hour)
    if moment > year.clock.now:
        await year.until(moment)
    await year.do(command(kind, year.issue(issue), at=moment, **fields))


async def deliver(year: Year, issue: UUID, day: str, copies: Iterable[CopyFor] = CopyFor) -> None:
    """The copies of the reply reach those for whom they are."""
    for copy in copies:
        await act(year, c.DeliverReply, issue, day, 15, copy_for=copy)


async def answered(year: Year, issue: UUID, day: str, **fields: Any) -> None:
    """Resolved and replied on one day, all four copies delivered."""
    await act(year, c.ResolveIssue, issue, day, 9)
    await act(year, c.GiveReply, issue, day, 14, **fields)
    await deliver(year, issue, day)


def told(year: Year, issue: UUID) -> list[str]:
    """What happened to it, with its day, as people would write it down."""
    return [said(event, "issue.") for event in year.casework.history(issue)]


def local(moment: datetime) -> date:
    """Its day on the office's calendar."""
    return moment.astimezone(LOCAL_ZONE).date()


def said(event: DomainEvent, prefix: str) -> str:
    """An event with its day."""
    return f"{event.TOPIC.removeprefix(prefix)} {event.occurred_at.astimezone(LOCAL_ZONE):%m-%d}"


# -- visits and what is handed in -------------------------------------------------------------------------------------


async def visits(
    year: Year, name: str, days: Iterable[date], households: int = 1, first: int = 1, **fields: Any
) -> None:
    """So many households on each of these days, others on each, a quarter of an hour each; entered in the evening."""
    for nth, day in enumerate(days):
        begins = datetime(day.year, day.month, day.day, 8, tzinfo=LOCAL_ZONE)
        await year.until(begins.replace(hour=18))
        for number in range(households):
            at = begins + timedelta(minutes=15 * number)
            where = {"household": f"QS-{first + nth * households + number:03}", **fields}
            await year.do(ask_visit(RecordVisit, at=at, by=officer(name), **where))


async def hand_in(
    year: Year, what: str, owner: str, period: Period, moment: datetime, *, by: str, place: str = "QS", **fields: Any
) -> None:
    """Something owed for a period is handed in."""
    await year.do(of_period(s.HandInSubmission, period, moment, by, place, submission=what, owner=owner, **fields))


def of_period(kind: Any, period: Period, moment: datetime, by: str, place: str, **fields: Any) -> Command:
    """A command about a place and a period."""
    who = {"command_id": uuid4(), "actor": officer(by), "occurred_at": moment}
    asked: Command = kind(**who, place=place, cycle=period.cycle, first=period.first, **fields)
    return asked


def working_days(period: Period) -> list[date]:
    """The working days of a period, by the office's calendar."""
    return [day for day in period.days() if official_table().is_working_day(day)]


async def checked(year: Year, month: int, day: str) -> None:
    """The month's spot check: the ledgers drawn are handed in on this day, and the auditor closes it."""
    await year.until(on(day))
    check = fold_check(year.casework.history(spot_check_id_of("T1", month_of(month).name)))
    assert check is not None
    of: dict[str, Any] = {"township": "T1", "check_id": check.check_id}
    head = Actor(user="township-head", role=Role.STATION_LEAD)
    await year.do(ask_check(HandInLedgers, at=on(day), by=head, items=check.missing, **of))
    await year.do(ask_check(CloseSpotCheck, at=on(day, 16), **of))


# -- reading ----------------------------------------------------------------------------------------------------------


def form(year: Year, name: str, **asked: Any) -> list[dict[str, str]]:
    """A ledger as its form, a line each; what households said stays sealed."""
    shape, book = FORMS[name], PlanBook(year.plan)
    lines = shape.ask(year.log.connection, {**ALL, **asked})
    rows = [dict(zip(shape.columns, shape.row(line), strict=True)) for line in lines]
    if shape.by_category:
        column = "领域" if "领域" in shape.columns else "类别"
        return [{**row, column: category_name(line, book)} for row, line in zip(rows, lines, strict=True)]
    return rows


def issue_form(year: Year, *villages: str) -> dict[str, dict[str, str]]:
    """The issue ledger as its form, by number: of these villages (a station's are several), or of all."""
    lines = entries(year.log.connection, LedgerFilter(villages=villages or None))
    rows = (dict(zip(COLUMNS, form_row(line, PlanBook(year.plan)), strict=True)) for line in lines)
    return {row["编号"]: row for row in rows}
