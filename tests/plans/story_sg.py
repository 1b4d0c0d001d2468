"""What people do in a year under 树根工作法: the story that test_sg.py lives and then looks back on.

Officers: chief (head), deng (member) and fan (section head) of the agency. They do part of what is asked of them, so
that what was done shows beside what was not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from domain.fund.commands import ConfirmRound, SetBudget
from domain.household.commands import RegisterHousehold
from domain.issue import commands as c
from domain.issue.words import Channel, Outcome
from domain.liaison import commands as li
from domain.meeting.words import Disposition, MeetingKind
from domain.organisation.commands import OrganisationCommand
from domain.organisation.words import Rank
from domain.periods import Cycle, Period
from domain.visit import commands as v
from domain.visit.events import VisitRecorded
from domain.visit.words import OPINION_CATEGORIES, VisitKind, local_day, month_of
from tests.support.commands import command
from tests.support.office import PEOPLE
from tests.support.visits import ask
from tests.support.walk_meetings import committee_sits, meeting_of, village_sits
from tests.support.year_acts import act, hand_in, linked, logged, officer, post
from tests.support.year_walk import YEAR, Year, on

JANUARY: Final = Period(date(YEAR, 1, 1), Cycle.MONTH)
HOUSEHOLDS: Final = ("QS-001", "QS-002", "QS-003", "LX-001")
PROJECTS: Final = ("road", "well", "pavilion")
_ID: Final = UUID("7f7f3c1e-5a3e-4d64-8a0c-64ad3a1f3a55")


def posts() -> Iterator[OrganisationCommand]:
    """Officers by rank, and the hardship households with which they are paired."""
    for name, rank in (("chief", Rank.HEAD), ("deng", Rank.MEMBER), ("fan", Rank.SECTION_HEAD)):
        yield post(name, rank)
    for name, household in (("chief", "QS-001"), ("chief", "QS-002"), ("deng", "QS-003")):
        yield linked(name, "QS", household)


@dataclass
class Story:
    """What came of the year, for those who look back: issues by what they are about."""

    year: Year
    issues: dict[str, UUID] = field(default_factory=dict)

    async def report(self, about: str, day: str, **fields: Any) -> str:
        """Somebody reports a problem; its number."""
        self.issues[about] = await logged(self.year, day, title=about, **fields)
        return self.year.issue(self.issues[about]).number

    async def act(self, about: str, kind: type[c.IssueCommand], day: str, **fields: Any) -> None:
        """Somebody does something about it."""
        await act(self.year, kind, self.issues[about], day, **fields)

    async def visit(self, name: str, at: datetime, household: str | None, **fields: Any) -> tuple[str, int]:
        """Somebody visits a household, or is at the village office; month and entry of the diary."""
        kind = VisitKind.HOUSEHOLD if household else VisitKind.RECEPTION
        told = {"household": household, "place": None if household else "村委会", "kind": kind, **fields}
        await self.year.do(ask(v.RecordVisit, at=at, by=officer(name), **told))
        month = month_of(local_day(at))
        return month, len(self.year.events(v.diary_id_of("QS", month), VisitRecorded))

    async def form(self, name: str, at: datetime, entry: tuple[str, int], **said: str) -> None:
        """The opinion form that a visit brings back."""
        unsaid: dict[str, Any] = dict.fromkeys(OPINION_CATEGORIES)
        told = {**unsaid, "reply_wanted": False, "reply_by": None, **said}
        month, number = entry
        await self.year.do(ask(v.CollectOpinions, at=at, by=officer(name), month=month, entry=number, **told))

    # -- the year, part by part ---------------------------------------------------------------------------------

    async def lived(self, _: Year) -> None:
        """From New Year's Day to the end of the next January."""
        await self.new_year()
        await self.january()
        await self.projects()
        await self.hazards()
        await self.works()
        await self.year.until(on("01-31", year=YEAR + 1))

    async def new_year(self) -> None:
        """Households are registered, cards handed out, the budget set."""
        for household in HOUSEHOLDS:
            who = {"actor": PEOPLE["handler"], "occurred_at": on("01-02"), "village": household[:2]}
            await self.year.do(RegisterHousehold(command_id=uuid5(_ID, household), household=household, **who))
        await self.year.do(ask(li.IssueContactCard, at=on("01-02", 11)))
        await self.year.do(ask(li.DeliverCards, at=on("01-03"), households=HOUSEHOLDS[:2]))
        await self.year.do(command(SetBudget, at=on("01-03"), year=YEAR, budget=100_000))

    async def january(self) -> None:
        """Reception on the 6th, the dispatch meeting on the 8th, visits with forms, a help plan with its promises."""
        road = await self.report("road", "01-06", channel=Channel.RECEPTION_DAY, household="QS-001")
        await self.visit("handler", on("01-06"), None, issues=(road,))
        dispatch: dict[UUID, str | Disposition] = {self.issues["road"]: Disposition.COMMITTEE}
        met = meeting_of(MeetingKind.MONTHLY, "2031-01")
        await self.year.until(on("01-08"))
        who = ("lead", "lead2", "handler", "handler2")
        await village_sits(self.year, met, on("01-08"), date(YEAR, 2, 7), dispatch, who, point="逐件研究。")
        await self.act("road", c.EscalateIssue, "01-08", hour=15)
        await self.act("road", c.AcceptIssue, "01-08", hour=16)
        await self.act("road", c.AssignLeader, "01-09")
        await self.help_plan()
        at = on("01-15")
        told = {"left_at": at + timedelta(hours=1), "said": "想参加医保。", "done": "代办了医保缴费。"}
        entry = await self.visit("chief", at, "QS-001", **told, next_visit=date(YEAR, 4, 15))
        await self.form("chief", on("01-15", 12), entry, **dict.fromkeys(OPINION_CATEGORIES, "有意见。"))
        pension = await self.report("pension", "01-20", channel=Channel.RECEPTION_DAY, household="QS-002")
        await self.visit("handler", on("01-20"), None, issues=(pension,))  # at the door, on any day
        await self.act("pension", c.FixOnSite, "01-21")
        await self.act("pension", c.GiveReply, "01-22")
        await self.act("pension", c.RateAnswer, "01-23")
        await self.act("pension", c.CloseIssue, "01-24")

    async def help_plan(self) -> None:
        """Three promises: one is kept in time, one late, one not at all."""
        of: dict[str, Any] = {"household": "QS-003", "year": YEAR}
        await self.year.do(ask(li.AgreeHelpPlan, at=on("01-10"), given_on=date(YEAR, 1, 10), **of))
        for due in (date(YEAR, 4, 30), date(YEAR, 2, 28), date(YEAR, 6, 30)):
            await self.year.do(ask(li.PromiseMeasure, at=on("01-10", 11), officer="deng", due_on=due, **of))

    async def projects(self) -> None:
        """Three projects are put to the committee, which approves them all."""
        for about in PROJECTS[1:]:
            await self.report(about, "01-27", household=None, place=about)
            await self.act(about, c.EscalateIssue, "01-27", hour=10)
            await self.act(about, c.AcceptIssue, "01-27", hour=11)
        for day, about in zip(("01-28", "01-29", "01-30"), PROJECTS, strict=True):
            await self.act(about, c.SubmitToCommittee, day, hour=11, expected_completion=date(YEAR, 9, 30))
            await self.act(about, c.SignSubmission, day, hour=12)
        await hand_in(self.year, "opinion_forms", "QS", JANUARY, on("02-03"), by="handler")
        for day in ("02-06", "02-07"):
            await self.visit("handler", on(day), None)
        approved = {self.issues[about]: Outcome.APPROVED for about in PROJECTS}
        await committee_sits(self.year, "2031-02", on("02-10"), approved, subsidy=20_000)
        for name, household in (("deng", "QS-003"), ("chief", "QS-002")):
            await self.visit(name, on("02-20"), household, said="屋顶漏雨。")

    async def hazards(self) -> None:
        """A promise is kept late; a hazard is found on the inspection day and removed."""
        await self.year.do(ask(li.RecordMeasureDone, at=on("03-10"), household="QS-003", year=YEAR, number=2))
        await self.found("cable", "03-20")
        await self.act("cable", c.FixOnSite, "03-21", measures="更换了电线。")
        await self.act("cable", c.GiveReply, "03-24")
        await self.act("cable", c.CloseIssue, "03-25")

    async def found(self, about: str, day: str) -> None:
        """A hazard is found, logged and registered."""
        found = {"channel": Channel.HAZARD_INSPECTION, "household": None, "category": "public_safety"}
        number = await self.report(about, day, place="老桥头", **found)
        entry = await self.visit("handler", on(day), None, kind=VisitKind.HAZARD, issues=(number,))
        hazard = {"month": entry[0], "entry": entry[1], "issue": number}
        await self.year.do(ask(v.RegisterHazard, at=on(day, 11), **hazard))

    async def works(self) -> None:
        """A round gives two of the projects money; one is built and paid in three tranches, of one nothing is heard.

        Meanwhile the card is renewed, and another hazard is found to which nobody sees.
        """
        await self.year.until(on("04-18"))
        await self.year.do(command(ConfirmRound, at=on("04-18"), year=YEAR))
        await self.year.do(ask(li.RecordMeasureDone, at=on("04-20"), household="QS-003", year=YEAR, number=1))
        await self.pay("road", 6_000, "04-21")
        await self.pay("well", 6_000, "04-22")
        await self.act("road", c.ReportProgress, "05-20", percent=60, spent=5_000)
        await self.pay("road", 8_000, "05-21")
        await self.year.do(ask(li.IssueContactCard, at=on("06-01"), promise="随叫随到。"))
        await self.year.do(ask(li.DeliverCards, at=on("06-02"), edition=2, households=("QS-001",)))
        await self.act("road", c.ReportProgress, "06-18", percent=90, spent=13_000)
        await self.found("wall", "06-20")
        await self.act("cable", c.RecordLookBack, "06-20", hour=14)
        await self.act("road", c.CompleteWorks, "07-01")
        await self.act("road", c.AcceptWorks, "07-03")
        await self.pay("road", 6_000, "07-04")
        await self.act("road", c.ReturnUnspent, "07-05")
        await self.act("road", c.GiveReply, "07-07")
        await self.act("road", c.RateAnswer, "07-08")
        await self.act("road", c.CloseIssue, "07-09")

    async def pay(self, about: str, amount: int, day: str) -> None:
        """The next tranche is paid."""
        await self.act(about, c.PayTranche, day, amount=amount, exception=None, reasons=None)
