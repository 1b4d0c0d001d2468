"""What people do in a year under 两联一进: the story that test_ll.py lives and then looks back on.

Officers: zhang and wang of QS (deputy section, general), li of the county who looks after QS, a bureau that looks after
LX. They do part of what is asked of them, so that what was done shows beside what was not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

import pytest

from domain.errors import HuiyinError
from domain.household.commands import RegisterHousehold
from domain.issue import commands as c
from domain.issue.errors import RectificationNeeded
from domain.issue.words import Channel, Outcome
from domain.liaison import commands as li
from domain.liaison.errors import NoHelpPlan
from domain.liaison.words import Whereabouts
from domain.meeting.words import Disposition, MeetingKind
from domain.organisation.commands import OrganisationCommand
from domain.organisation.words import Rank
from domain.periods import Cycle, Period
from domain.submission.commands import HandInSubmission, Paper
from domain.visit import commands as v
from domain.visit.events import VisitRecorded
from domain.visit.words import VisitKind, local_day, month_of
from projections.pages import WHOLE
from projections.people import people
from tests.support.commands import command
from tests.support.handing_in import of as of_submission
from tests.support.office import PEOPLE
from tests.support.visits import ask
from tests.support.walk_meetings import committee_sits, meeting_of, village_sits
from tests.support.year_acts import linked, officer, post
from tests.support.year_walk import YEAR, Year, on

RANKS: Final = {
    "zhang": (Rank.DEPUTY_SECTION, "QS"),
    "wang": (Rank.GENERAL, "QS"),
    "li": (Rank.COUNTY, "T1"),
    "bureau": (Rank.COUNTY_UNIT, "T1"),
}
LINKS: Final = (
    ("zhang", "QS", "QS-001"), ("zhang", "QS", "QS-002"), ("zhang", "QS", "QS-003"), ("wang", "QS", "QS-004"),
    ("li", "QS", None), ("bureau", "LX", None),
)  # fmt: skip
QUARTER, HALF_YEAR, THE_YEAR = (Period(date(YEAR, 1, 1), it) for it in (Cycle.QUARTER, Cycle.HALF_YEAR, Cycle.YEAR))
HOUR: Final = timedelta(hours=1)
IN_QS: Final = ("QS-001", "QS-002", "QS-003", "QS-004")
_ID: Final = UUID("2b0c7f43-1f0e-4f55-8f0a-6f0c1a1f0d10")


def posts() -> Iterator[OrganisationCommand]:
    """Officers by rank, and whom they look after."""
    yield from (post(name, rank, place) for name, (rank, place) in RANKS.items())
    yield from (linked(*link) for link in LINKS)


@dataclass
class Story:
    """What came of the year, for those who look back: issues by what they are about."""

    year: Year
    issues: dict[str, UUID] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)
    refusals: list[type[HuiyinError]] = field(default_factory=list)
    waited: list[tuple[str, Whereabouts]] = field(default_factory=list)  # without a place before February
    asked_for: tuple[str, int] = ("", 0)  # month and entry of the visit at which something was asked for

    async def report(self, about: str, at: datetime, channel: Channel = Channel.VISIT, **fields: Any) -> str:
        """Somebody reports a problem; its number."""
        logged = command(c.LogIssue, at=at, channel=channel, title=None, key=about, **fields)
        outcome = await self.year.do(logged)
        self.issues[about] = logged.issue_id
        assert outcome.number is not None
        assert outcome.receipt_code is not None
        self.receipts[about] = outcome.receipt_code
        return outcome.number

    async def act(self, about: str, kind: type[c.IssueCommand], at: datetime, **fields: Any) -> None:
        """Somebody does something about it."""
        await self.year.until(max(at, self.year.clock.now))
        await self.year.do(command(kind, self.year.issue(self.issues[about]), at=at, **fields))

    async def visit(self, name: str, at: datetime, household: str | None, **fields: Any) -> tuple[str, int]:
        """Somebody visits a household, or is at the village office; month and entry of the diary."""
        village = fields.get("village", "QS")
        place = None if household else "村委会"
        usual = {"kind": VisitKind.HOUSEHOLD if household else VisitKind.SERVICE_DAY}
        told = {"household": household, "place": place, **usual, **fields}
        await self.year.do(ask(v.RecordVisit, at=at, by=officer(name), **told))
        month = month_of(local_day(at))
        return month, len(self.year.events(v.diary_id_of(village, month), VisitRecorded))

    @contextmanager
    def refused(self, kind: type[HuiyinError]) -> Iterator[None]:
        """What is asked inside is refused so."""
        with pytest.raises(kind):
            yield
        self.refusals.append(kind)

    async def hand_in(self, what: str, period: Period, at: datetime, by: str, *, paper: bool) -> None:
        """Somebody hands in what QS, or they themselves, owe for a period."""
        owner = by if what == "diary" else "QS"
        given = Paper(name=f"{what}.pdf", digest="cd" * 32) if paper else None
        fields = {"cycle": period.cycle, "first": period.first, "paper": given}
        await self.year.do(of_submission(HandInSubmission, (what, owner), at, by, **fields))

    # -- the year, part by part ---------------------------------------------------------------------------------

    async def lived(self, _: Year) -> None:
        """From New Year's Day to the end of the next January."""
        await self.january()
        await self.february()
        await self.spring()
        await self.rest()

    async def january(self) -> None:
        """A help plan, the three service days, two matters of the talk day: one for the village, one passed on."""
        for household in (*IN_QS, "LX-001"):
            await self.register(household)
        await self.help_plan()
        await self.visit("zhang", on("01-05"), None)
        for day, household in enumerate(IN_QS[:3], 8):
            entry = await self.visit("zhang", on(f"01-{day:02d}"), household)
            await self.solved("zhang", household, *entry)
        lamp = await self.report("lamp", on("01-15", 9), Channel.TALK_DAY, household="QS-001")
        drain = await self.report("drain", on("01-15", 9, 5), Channel.TALK_DAY, household="QS-002")
        talk = {"kind": VisitKind.TALK_DAY, "issues": (lamp, drain)}
        await self.visit("zhang", on("01-15"), None, **talk, companions=("wang",))
        met = meeting_of(MeetingKind.TALK_DAY, "2031-01", "QS")
        await self.year.until(on("01-16", 15))
        items: dict[UUID, str | Disposition] = {
            self.issues["lamp"]: Disposition.VILLAGE,
            self.issues["drain"]: "construction",
        }
        await village_sits(self.year, met, on("01-16", 15), date(YEAR, 2, 6), items)
        await self.act("lamp", c.FixOnSite, on("01-17"))
        await self.act("lamp", c.GiveReply, on("01-20"))
        await self.act("lamp", c.RateAnswer, on("01-21"))
        await self.act("lamp", c.CloseIssue, on("01-22"))
        await self.act("drain", c.AcceptIssue, on("01-20"), by="department", person="department")
        await self.visit("zhang", on("01-25"), None)
        self.asked_for = await self.visit("wang", on("01-27"), "QS-004")
        month, entry = self.asked_for
        form = {"month": month, "entry": entry, "construction": None, "income": "水费算错。"}
        await self.year.do(ask(v.CollectOpinions, at=on("01-27", 12), by=officer("wang"), **form))
        await self.solved("wang", "QS-004", *self.asked_for)
        await self.act("drain", c.ResolveIssue, on("02-05"), by="department")
        await self.act("drain", c.GiveReply, on("02-10"), by="department")  # nobody answers: silence closes it
        await self.visit("li", on("02-10", 14), "QS-003")

    async def february(self) -> None:
        """What was asked for on a form becomes an issue, another has the same cause; a bridge is found unsafe."""
        await self.year.follow()
        lines = people(self.year.log.connection, WHOLE)
        self.waited = [(it.household, it.whereabouts) for it in lines if it.whereabouts is Whereabouts.WAITING]
        water = await self.report("water", on("02-11"), Channel.FEEDBACK_FORM, household="QS-004", category="income")
        month, entry = self.asked_for
        corrected = {"month": month, "entry": entry, "issues": (water,), "reason": "登记为事项。", "done": None}
        await self.year.do(ask(v.CorrectVisit, at=on("02-11", 11), by=officer("wang"), **corrected))
        await self.report("water LX", on("02-12"), village="LX", household="LX-001", category="income")
        await self.visit("zhang", on("02-12", 14), "QS-001")
        await self.visit("li", on("02-17"), "QS-004")
        await self.solved("wang", "QS-004", *await self.visit("wang", on("02-18"), "QS-004"))
        bridge = {"household": None, "place": "老桥头", "category": "public_safety"}
        number = await self.report("bridge", on("02-20", 9), Channel.HAZARD_INSPECTION, **bridge)
        found = {"kind": VisitKind.HAZARD, "place": "老桥头", "household": None, "issues": (number,)}
        await self.year.do(ask(v.RecordVisit, at=on("02-20"), **found))
        entries = self.year.events(v.diary_id_of("QS", "2031-02"), VisitRecorded)
        hazard = {"month": "2031-02", "entry": len(entries), "issue": number}
        await self.year.do(ask(v.RegisterHazard, at=on("02-20", 11), **hazard))
        await self.submitted("bridge", on("02-20", 14))
        for name in ("water", "water LX"):  # nobody fixed it on the spot: it moved up by itself
            await self.act(name, c.LinkCommonCause, on("02-27"), cause="water-meters")
        await self.tendencies()

    async def tendencies(self) -> None:
        """The township looks at how the work runs: two matters with one cause go to one department."""
        met = meeting_of(MeetingKind.MONTHLY, "2031-02")
        items: dict[UUID, str | Disposition] = {self.issues[it]: "construction" for it in ("water", "water LX")}
        who = ("lead", "lead2", "handler", "handler2")
        await self.year.until(on("02-28"))
        await village_sits(self.year, met, on("02-28"), date(YEAR, 3, 20), items, who, point="水费问题集中，统一核表。")
        for name in ("water", "water LX"):
            await self.act(name, c.AcceptIssue, on("03-03"), by="department", person="department")

    async def spring(self) -> None:
        """The township decides about the bridge, which is planned before it is mended; the county about the road."""
        await committee_sits(self.year, "2031-02", on("03-03", 15), {self.issues["bridge"]: Outcome.APPROVED})
        await self.visit("li", on("03-04"), "QS-002")
        await self.report("road", on("03-05"), household="QS-003")
        await self.submitted("road", on("03-06"))
        await self.visit("li", on("03-10"), "QS-001")
        await self.act("lamp", c.RecordLookBack, on("03-11"))
        for day, household in ((12, "QS-001"), (13, "QS-002")):
            await self.solved("zhang", household, *await self.visit("zhang", on(f"03-{day}"), household))
        steps = ((c.ResolveIssue, "03-14"), (c.GiveReply, "03-17"), (c.RateAnswer, "03-18"), (c.CloseIssue, "03-19"))
        for step, day in steps:
            for name in ("water", "water LX"):
                await self.act(name, step, on(day), by="department")
        await self.year.do(ask(li.RecordMeasureDone, at=on("03-20"), household="QS-001", year=YEAR, number=1))
        await self.act("bridge", c.ReportProgress, on("03-21"), percent=60, spent=5_000)
        await committee_sits(self.year, "2031-03", on("04-01"), {self.issues["road"]: Outcome.REFERRED_UP})
        await self.hand_in("diary", QUARTER, on("04-08"), "zhang", paper=False)
        await self.hand_in("site_ledger", QUARTER, on("04-09"), "handler", paper=False)
        with self.refused(RectificationNeeded):
            await self.act("bridge", c.CompleteWorks, on("04-10"), spent=9_000)
        await self.act("bridge", c.PlanRectification, on("04-10", 11), measures="加固桥栏。", due_on=date(YEAR, 5, 31))
        await self.act("bridge", c.CompleteWorks, on("04-11"), spent=9_000)
        await self.act("bridge", c.AcceptWorks, on("04-14"))
        await self.act("bridge", c.GiveReply, on("04-15"))
        await self.act("bridge", c.CloseIssue, on("04-16"))
        await self.act("road", c.RecordCountyAnswer, on("04-25"))
        await self.act("road", c.GiveReply, on("04-28"))
        await self.act("road", c.RateAnswer, on("04-29"))
        await self.act("road", c.CloseIssue, on("04-30"))

    async def rest(self) -> None:
        """A matter that nobody takes up, a promise kept late, papers; and the months in which nobody does anything."""
        await self.report("noise", on("05-06"), household="QS-002", category="environment")
        await self.act("noise", c.AcceptIssue, on("06-02"))
        await self.act("noise", c.ResolveIssue, on("06-20"), by="lead")
        await self.year.do(ask(li.RecordMeasureDone, at=on("07-05"), household="QS-001", year=YEAR, number=2))
        await self.hand_in("half_year_summary", HALF_YEAR, on("07-08"), "handler", paper=True)
        await self.act("noise", c.GiveReply, on("08-01"))
        await self.act("noise", c.RateAnswer, on("08-02"))
        for day in (3, 10):
            entry = await self.visit("bureau", on(f"09-{day:02d}"), None, village="LX")
            await self.solved("bureau", None, *entry, village="LX")
        await self.hand_in("yearly_summary", THE_YEAR, on("01-12", year=YEAR + 1), "handler", paper=True)
        await self.year.until(on("01-31", year=YEAR + 1))

    # -- what they do often -------------------------------------------------------------------------------------

    async def register(self, household: str) -> None:
        """A household enters the register of its village."""
        who = {"actor": PEOPLE["handler"], "occurred_at": on("01-02"), "village": household[:2]}
        await self.year.do(RegisterHousehold(command_id=uuid5(_ID, household), household=household, **who))

    async def help_plan(self) -> None:
        """Nothing is promised before the household agreed; then two measures are."""
        of: dict[str, Any] = {"household": "QS-001", "year": YEAR}
        measures = [
            ask(li.PromiseMeasure, at=on("01-03", 12), officer="zhang", due_on=date(YEAR, month, 30), **of)
            for month in (3, 6)
        ]
        with self.refused(NoHelpPlan):
            await self.year.do(measures[0])
        await self.year.do(ask(li.AgreeHelpPlan, at=on("01-03"), given_on=date(YEAR, 1, 3), **of), *measures)

    async def solved(self, name: str, household: str | None, month: str, entry: int, village: str = "QS") -> None:
        """A visit shows that a real difficulty was solved."""
        shown = {"issue": None, "month": month, "entry": entry, "year": YEAR}
        who = {"officer": name, "household": household, "village": village}
        await self.year.do(ask(li.RecordDifficultySolved, at=self.year.clock.now, **who, **shown))

    async def submitted(self, about: str, at: datetime) -> None:
        """Sent up, accepted, put to the committee, signed by a second person."""
        await self.act(about, c.EscalateIssue, at)
        await self.act(about, c.AcceptIssue, at + HOUR)
        await self.act(about, c.SubmitToCommittee, at + 2 * HOUR, expected_completion=date(YEAR, 9, 30))
        await self.act(about, c.SignSubmission, at + 3 * HOUR)
