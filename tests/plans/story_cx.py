"""What people do in the year that tests/plans/test_cx.py walks under Chixi's stationed liaison plan.

March has everything that comes each month: weekly and monthly meeting, visits, papers, submissions; the money follows.
"""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

from domain.commands import Command
from domain.fund.commands import ConfirmRound, SetBudget, fund_id_of
from domain.fund.state import Fund
from domain.fund.state import fold as fold_fund
from domain.household.words import WelfareReason
from domain.issue import commands as c
from domain.issue.words import Channel, Outcome, Urgency
from domain.liaison.commands import DeliverCards, IssueContactCard, ListPriorityHousehold
from domain.meeting import commands as m
from domain.meeting.words import Disposition, MeetingKind
from domain.spot_check.commands import RecordInspection
from domain.spot_check.words import CheckKind
from domain.submission.commands import SignHandIn
from domain.visit.commands import RecordVisit
from tests.support.office import COMMITTEE, TOWNSHIP
from tests.support.postgres import DatabaseServer
from tests.support.spot_checks import ask as ask_check
from tests.support.visits import ask as ask_visit
from tests.support.visits import consent
from tests.support.year_acts import (
    PAPER,
    act,
    checked,
    deliver,
    hand_in,
    logged,
    month_of,
    of_period,
    officer,
    visits,
)
from tests.support.year_walk import YEAR, Year, a_year, on

MARCH: Final = month_of(3)
FIRST_THURSDAY: Final = m.meeting_id_of(TOWNSHIP, MeetingKind.WEEKLY, "2031-W10", "QS")
LAST_THURSDAY: Final = m.meeting_id_of(TOWNSHIP, MeetingKind.WEEKLY, "2031-W13", "QS")
REPORTING: Final = m.meeting_id_of(TOWNSHIP, MeetingKind.MONTHLY, "2031-03", "T1")
COMMITTEE_OF_MARCH: Final = m.meeting_id_of(TOWNSHIP, MeetingKind.COMMITTEE, "2031-03", "T1")
FUND: Final = fund_id_of(TOWNSHIP, YEAR)
BUDGET: Final = Decimal(35_000)


@dataclass
class Walked:
    """The year, and the issues of which its tests ask."""

    year: Year
    issues: dict[str, UUID] = field(default_factory=dict)

    def fund(self, year: int = YEAR) -> Fund:
        """The township's fund."""
        found = fold_fund(self.year.casework.history(fund_id_of(TOWNSHIP, year)))
        assert found is not None
        return found

    def meet(self, kind: type[Command], meeting: UUID, day: str, *, by: str, hour: int = 9, **fields: Any) -> Command:
        """Something said in a meeting."""
        who = {"command_id": uuid4(), "actor": officer(by), "occurred_at": on(day, hour)}
        return kind(**who, township=TOWNSHIP, meeting_id=meeting, **fields)

    async def sit(self, meeting: UUID, day: str, members: Iterable[str]) -> None:
        """They sign in, and the first of them opens it."""
        people = list(members)
        await self.year.do(*(self.meet(m.SignIn, meeting, day, by=it) for it in people))
        await self.year.do(self.meet(m.OpenMeeting, meeting, day, by=people[0]))


@contextmanager
def walked_year(server: DatabaseServer) -> Iterator[Walked]:
    """The year as it was lived."""
    with a_year("cx", server) as year:
        found = Walked(year)
        asyncio.run(year.lived(lambda _: story(found)))
        yield found


async def story(walked: Walked) -> None:
    """From New Year to the twentieth of the next January."""
    year = walked.year
    fund = {"command_id": uuid4(), "actor": officer("finance"), "occurred_at": on("01-02")}
    await year.do(SetBudget(**fund, township=TOWNSHIP, year=YEAR, budget=BUDGET))
    await beginning(year)
    await march(walked)
    await committee(walked)
    for month in (4, 5):
        await checked(year, month, f"{month:02}-{10 + month}")
    await year.do(ask_check(RecordInspection, at=on("05-20"), township="T1", stations=("QS", "LX")))
    await money(walked)
    for month in (9, 10, 11):
        await checked(year, month, f"{month:02}-10")
    await year.do(ask_check(RecordInspection, at=on("11-20"), township="T1", stations=("QS", "LX")))
    await checked(year, 12, "12-10")
    await year.until(on("01-20", year=2032))


async def beginning(year: Year) -> None:
    """Two households agree to be visited first, everybody gets a card, and the photos of January's board are sent."""
    for household in ("QS-012", "QS-013"):
        await year.do(*consent(household=household))
        listed = {"year": YEAR, "household": household, "planned": 1, "reason": WelfareReason.AGE}
        await year.do(ask_visit(ListPriorityHousehold, at=on("01-02", 11), **listed))
    await hand_in(year, "board_photos", "QS", month_of(1), on("01-03", 9), by="handler", paper=PAPER)
    await checked(year, 1, "01-10")
    await year.do(ask_visit(IssueContactCard, at=on("01-15")), ask_visit(DeliverCards, at=on("01-16")))
    await checked(year, 2, "02-10")


async def march(walked: Walked) -> None:
    """Weekly meeting and visits, three submissions, papers at the month's end, the reporting meeting."""
    year, issues = walked.year, walked.issues
    await hand_in(year, "board_photos", "QS", MARCH, on("03-02"), by="handler", paper=PAPER)
    for name in ("urgent", "ordinary", "declined", "passed on"):
        issues[name] = await logged(year, "03-05", channel=Channel.FEEDBACK_FORM, category="construction", key=name)
    await thursday(walked)
    for name in ("urgent", "ordinary", "declined"):
        urgency = Urgency.URGENT if name == "urgent" else Urgency.ORDINARY
        await act(year, c.SubmitToCommittee, issues[name], "03-07", urgency=urgency)
    for name in ("urgent", "ordinary", "declined"):
        await act(year, c.SignSubmission, issues[name], "03-07", 16)
    await checked(year, 3, "03-11")
    await inspected(year, CheckKind.UNANNOUNCED, "03-13")
    await act(year, c.AcceptIssue, issues["passed on"], "03-12", by="committee", person="handler2")
    await inspected(year, CheckKind.SIT_IN, "03-27")
    await walked.sit(LAST_THURSDAY, "03-27", ("lead", "handler"))
    await year.do(walked.meet(m.CloseMeeting, LAST_THURSDAY, "03-27", by="lead", carried_over=(issues["passed on"],)))
    await reporting(walked)
    for what in ("committee_form", "priority_register"):
        await hand_in(year, what, "QS", MARCH, on("03-29"), by="handler")
    signed = {"submission": "committee_form", "owner": "QS"}
    await year.do(of_period(SignHandIn, MARCH, on("03-29", 15), "lead", "QS", **signed))


async def thursday(walked: Walked) -> None:
    """The first Thursday of March: the meeting in the morning, then twenty households, one of them on the register."""
    year, issues = walked.year, walked.issues
    await walked.sit(FIRST_THURSDAY, "03-06", ("lead", "handler"))
    for name, what in (("urgent", Disposition.COMMITTEE), ("declined", Disposition.COMMITTEE)):
        await year.do(dispose(walked, FIRST_THURSDAY, name, what))
    await year.do(dispose(walked, FIRST_THURSDAY, "ordinary", Disposition.VILLAGE))
    passed_on = dispose(walked, FIRST_THURSDAY, "passed on", Disposition.DEPARTMENT, department="environment")
    await year.do(passed_on, walked.meet(m.CloseMeeting, FIRST_THURSDAY, "03-06", by="lead"))
    await year.do(walked.meet(m.ConfirmMinutes, FIRST_THURSDAY, "03-06", by="handler"))
    await visits(year, "handler", [date(2031, 3, 6)], households=19, first=20)
    first = {"household": "QS-012", "priority": WelfareReason.AGE}
    await year.do(ask_visit(RecordVisit, at=on("03-06", 15), **first))
    issues["on site"] = await logged(year, "03-07", category="hardship")
    await act(year, c.FixOnSite, issues["on site"], "03-07", 9)


def dispose(walked: Walked, meeting: UUID, name: str, what: Disposition, **fields: Any) -> Command:
    """What becomes of an item, until the end of April."""
    due = {"item": walked.issues[name], "disposition": what, "due_on": date(2031, 4, 30)}
    return walked.meet(m.DisposeItem, meeting, "03-06", by="lead", **due, **fields)


async def inspected(year: Year, kind: CheckKind, day: str) -> None:
    """Somebody comes unannounced, or sits in on a meeting."""
    await year.do(ask_check(RecordInspection, at=on(day, 8), township="T1", stations=("QS",), kind=kind))


async def reporting(walked: Walked) -> None:
    """The month's reporting meeting takes up all that is unanswered; it is carried over."""
    await walked.sit(REPORTING, "03-28", ("lead", "lead2", "handler"))
    left = tuple(walked.issues[name] for name in ("urgent", "ordinary", "declined", "passed on", "on site"))
    await walked.year.do(walked.meet(m.CloseMeeting, REPORTING, "03-28", by="lead", carried_over=left))


async def committee(walked: Walked) -> None:
    """It meets in April on March's submissions: two approved, one declined with reasons that the household reads."""
    year, issues = walked.year, walked.issues
    await walked.sit(COMMITTEE_OF_MARCH, "04-02", COMMITTEE[:6])
    outcomes = {"urgent": Outcome.APPROVED, "ordinary": Outcome.APPROVED, "declined": Outcome.DECLINED}
    for name, outcome in outcomes.items():
        voted = {"items": (issues[name],), "proposal": outcome, "in_favour": COMMITTEE[:6]}
        await year.do(walked.meet(m.RecordVotes, COMMITTEE_OF_MARCH, "04-02", by="committee", **voted))
        money = (
            {"subsidy": Decimal(20_000)} if outcome is Outcome.APPROVED else {"subsidy": None, "reasons": "已有计划。"}
        )
        decided = {"outcome": outcome, "meeting_id": COMMITTEE_OF_MARCH, **money}
        await act(year, c.DecideSubmission, issues[name], "04-02", 9, **decided)
    await year.do(walked.meet(m.CloseMeeting, COMMITTEE_OF_MARCH, "04-02", by="committee"))
    await year.do(walked.meet(m.ConfirmMinutes, COMMITTEE_OF_MARCH, "04-02", by="member2", hour=11))
    await act(year, c.GiveReply, issues["declined"], "04-03")
    await deliver(year, issues["declined"], "04-03")


async def money(walked: Walked) -> None:
    """June's round, the first project's works with a report missed, paid in tranches, accepted by another, answered."""
    year, urgent = walked.year, walked.issues["urgent"]
    who = {"command_id": uuid4(), "actor": officer("committee"), "occurred_at": on("06-12")}
    await year.do(ConfirmRound(**who, township=TOWNSHIP, year=YEAR, round=1))
    paid = {"exception": None, "reasons": None}
    await act(year, c.PayTranche, urgent, "06-13", amount=Decimal(10_000), **paid)
    for month in (6, 7):
        await checked(year, month, f"{month:02}-16")
    await act(year, c.ReportProgress, urgent, "07-20", percent=60, spent=Decimal(8_000))
    await act(year, c.PayTranche, urgent, "07-21", amount=Decimal(6_000), **paid)
    await year.do(ask_visit(IssueContactCard, at=on("08-01"), promise="换号不断线，有事请找我。"))
    await year.do(ask_visit(DeliverCards, at=on("08-02"), edition=2, households=("QS-012",)))
    await checked(year, 8, "08-09")
    await act(year, c.CompleteWorks, urgent, "08-10", spent=Decimal(15_500))
    await act(year, c.AcceptWorks, urgent, "08-12")
    await act(year, c.GiveReply, urgent, "08-13")
    await act(year, c.ReturnUnspent, urgent, "08-14", amount=Decimal(500))
    await act(year, c.CancelGrant, urgent, "08-14", 11)
    await deliver(year, urgent, "08-15")
    await act(year, c.RateAnswer, urgent, "08-16")
    await act(year, c.CloseIssue, urgent, "08-18")
    await act(year, c.RecordLookBack, urgent, "09-08", by="auditor")
