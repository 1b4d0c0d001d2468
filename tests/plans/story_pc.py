"""What people do in the year that tests/plans/test_pc.py walks under the secretaries' great visit."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

import pytest

from domain.duty.commands import RotaTurn, SetRota, duties_id_of
from domain.duty.errors import RotaIncomplete
from domain.duty.events import DutyPeriodClosed, Tally
from domain.issue import commands as c
from domain.issue.errors import CampaignNotOver
from domain.issue.words import Channel
from domain.organisation.words import Rank
from domain.visit.commands import RecordVisit, RegisterHazard
from domain.visit.words import HazardLevel, VisitKind
from tests.support.duties import of
from tests.support.postgres import DatabaseServer
from tests.support.visits import ask as ask_visit
from tests.support.year_acts import (
    act,
    answered,
    checked,
    hand_in,
    linked,
    logged,
    month_of,
    of_period,
    officer,
    post,
    visits,
    working_days,
)
from tests.support.year_walk import Year, a_year, on

MARCH: Final = month_of(3)
POSTS: Final = (
    post("sec", Rank.SECRETARY), post("mem", Rank.MEMBER), post("vsec", Rank.VILLAGE_SECRETARY, "QS"),
    linked("sec", household="QS-001"), linked("sec", household="QS-002"), linked("vsec", household="QS-003"),
)  # fmt: skip
BACKLOG: Final = 7


@dataclass
class Walked:
    """The year, and the issues of which its tests ask."""

    year: Year
    issues: dict[str, UUID] = field(default_factory=dict)

    @property
    def old(self) -> list[UUID]:
        """The petitions of the backlog."""
        return [it for name, it in self.issues.items() if name.startswith("old")]

    def closed_month(self, month: int) -> DutyPeriodClosed:
        """What a month's duties came to."""
        (found,) = self.year.events(duties_id_of("T1", month_of(month).name), DutyPeriodClosed)
        return found

    def tally(self, rule: str, who: str, month: int = 3) -> Tally:
        """What one officer did of one duty."""
        return of(self.closed_month(month).tallies, rule, who)


@contextmanager
def walked_year(server: DatabaseServer) -> Iterator[Walked]:
    """The year as it was lived."""
    with a_year("pc", server, POSTS) as year:
        found = Walked(year)
        asyncio.run(year.lived(lambda _: story(found)))
        yield found


async def story(walked: Walked) -> None:
    """Much in March, the backlog in spring, the campaign's end in October; to the twentieth of the next January."""
    for month in (1, 2):
        await checked(walked.year, month, f"{month:02}-10")
    await hard_cases(walked)
    await march(walked)
    await hard_cases_end(walked)
    await checked(walked.year, 3, "04-10")
    await backlog(walked)
    for month in range(6, 11):
        await checked(walked.year, month, f"{month:02}-10")
    await after_the_campaign(walked)
    await checked(walked.year, 12, "12-10")
    await walked.year.until(on("01-20", year=2032))


def rota(*, without_secretary: bool = False) -> Any:
    """March's rota: the secretary on Mondays, the member on the other days."""
    days = working_days(MARCH)
    turns = (RotaTurn(day=it, officer="mem" if it.weekday() or without_secretary else "sec") for it in days)
    return of_period(SetRota, MARCH, on("02-28"), "lead", "T1", turns=tuple(turns))


async def hard_cases(walked: Walked) -> None:
    """Three cases led by leaders, one of them a hazard; they are open when March is counted."""
    year, issues = walked.year, walked.issues
    await year.until(on("02-28"))
    with pytest.raises(RotaIncomplete):
        await year.do(rota(without_secretary=True))
    await year.do(rota())
    for name in ("first", "second", "third"):
        issues[name] = await logged(year, "03-03", category="labour", channel=Channel.PETITION, key=name)
    for name, leader in (("first", "sec"), ("second", "sec"), ("third", "mem")):
        await act(year, c.EscalateIssue, issues[name], "03-03", department="labour")
        await act(year, c.AcceptIssue, issues[name], "03-04", by="lead", person="handler")
        await act(year, c.AssignLeader, issues[name], "03-04", 11, leader=leader)


async def march(walked: Walked) -> None:
    """The secretary has ten days and fifty households, the first case in hand; the member four days."""
    year, issues = walked.year, walked.issues
    in_hand = year.issue(issues["first"]).number
    await hazard(walked)
    await visits(year, "sec", working_days(MARCH)[3:12], households=5)
    await visits(year, "mem", working_days(MARCH)[12:14], households=8)
    carried = {"household": "QS-090", "issues": (in_hand,), "done": "带案走访。"}
    await visits(year, "sec", working_days(MARCH)[14:15], **carried)
    for number, day in enumerate(("03-24", "03-25")):
        at, who = on(day, 8), ("sec", "mem")[number]
        received = {"kind": VisitKind.RECEPTION, "household": None, "place": "镇信访接待室"}
        await year.do(ask_visit(RecordVisit, at=at, by=officer(who), **received))
    await year.do(ask_visit(RecordVisit, at=on("03-25", 9), by=officer("vsec"), **received))
    issues["received"] = await logged(year, "03-26", channel=Channel.RECEPTION_DAY, category="livelihood")
    await act(year, c.FixOnSite, issues["received"], "03-26")
    await act(year, c.GiveReply, issues["received"], "03-27")
    await visits(year, "sec", [date(2031, 3, 31)], households=4, first=91)
    await hand_in(year, "visit_forms", "QS", MARCH, on("03-31", 20), by="handler")


async def hazard(walked: Walked) -> None:
    """A fire hazard found on an inspection, with level and requirement, a leader and a plan; struck off."""
    year = walked.year
    found = ask_visit(RecordVisit, at=on("03-05", 8), kind=VisitKind.HAZARD, household=None, place="老供销社")
    await year.do(found)
    walked.issues["hazard"] = it = await logged(
        year, "03-05", channel=Channel.HAZARD_INSPECTION, category="fire", household=None, place="老供销社"
    )
    registered = {"month": "2031-03", "entry": 1, "issue": year.issue(it).number, "level": HazardLevel.GRAVE}
    await year.do(ask_visit(RegisterHazard, at=on("03-05", 10), **registered))
    await act(year, c.AssignLeader, it, "03-05", 11, leader="mem")
    await act(year, c.PlanRectification, it, "03-06", due_on=date(2031, 3, 20))
    walked.issues["open hazard"] = await logged(
        year, "03-06", channel=Channel.HAZARD_INSPECTION, category="traffic", household=None
    )
    registered = {**registered, "issue": year.issue(walked.issues["open hazard"]).number, "level": HazardLevel.SERIOUS}
    await year.do(ask_visit(RegisterHazard, at=on("03-06", 12), **registered))
    await act(year, c.ResolveIssue, it, "03-07")
    await act(year, c.GiveReply, it, "03-07", 11)
    await act(year, c.CloseIssue, it, "03-07", 12)


async def hard_cases_end(walked: Walked) -> None:
    """After March was counted they are resolved and struck off."""
    for name in ("first", "second", "third"):
        await answered(walked.year, walked.issues[name], "04-08")
        await act(walked.year, c.RateAnswer, walked.issues[name], "04-09")
        await act(walked.year, c.CloseIssue, walked.issues[name], "04-09", 11)


async def backlog(walked: Walked) -> None:
    """Seven old petitions: six are struck off, one of these filed as final."""
    year = walked.year
    for nth in range(BACKLOG):
        household = f"QS-{50 + nth:03}"
        walked.issues[f"old {nth}"] = await logged(
            year, "04-14", category="backlog", channel=Channel.PETITION, household=household
        )
    for it in walked.old:
        await act(year, c.MarkBacklog, it, "04-14", campaign="visits-2031")
    for it in walked.old[1:]:
        await act(year, c.ResolveIssue, it, "04-15")
    for it in walked.old[1:]:
        await act(year, c.GiveReply, it, "04-16")
    for it in walked.old[1:]:
        await act(year, c.RateAnswer, it, "04-17")
    for it in walked.old[1:]:
        await act(year, c.CloseIssue, it, "04-18")
    for month in (4, 5):
        await checked(year, month, f"{month:02}-22")
    await act(year, c.ProposeFinalFiling, walked.old[-1], "06-02")
    await act(year, c.FileAsFinal, walked.old[-1], "06-03")


async def after_the_campaign(walked: Walked) -> None:
    """Before its end nothing can be said to hold; after it all but one are looked back on, and one fell back."""
    year, issues = walked.year, walked.issues
    with pytest.raises(CampaignNotOver):
        await act(year, c.RecordLookBack, issues["first"], "10-30", by="auditor")
    for name in ("first", "second", "hazard", "received"):
        await act(year, c.RecordLookBack, issues[name], "11-10", by="auditor", holds=name != "second")
    for it in walked.old[1:-1]:
        await act(year, c.RecordLookBack, it, "11-11", by="auditor")
    await checked(year, 11, "11-12")
