"""A petition's year under the statutory profile: told, objected to, extended, missed, reviewed, re-checked, settled.

The process of the issue does what is owed by the calendar; its clock skips the days between. Each date stands here as
an officer would count it on a wall calendar of 2031, for which no holiday notice exists yet.
"""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from domain.casework import Casework
from domain.deadlines import Deadline
from domain.errors import RoleNotAllowed
from domain.events import DomainEvent
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue.decisions.petition import SettledByRecheck
from domain.issue.words import NoticeAbout, Stage
from domain.plan import load_plan
from domain.values import LOCAL_ZONE
from services.bootstrap import open_casework
from tests.support.casework import a_new_case, command, office
from tests.support.postgres import Database
from tests.workflows.process import MONDAY, ProcessClock, happened, office_at_work

YEAR = [
    ("logged", "03-03 09:00:00"),
    ("household_notified", "03-10 10:00:00"),
    ("escalated", "03-11 10:00:00"),
    ("escalation_returned", "03-19 10:00:00"),
    ("deadline_reminded", "05-04 09:00:00"),
    ("extension_requested", "05-12 10:00:00"),
    ("extension_granted", "05-13 10:00:00"),
    ("household_notified", "05-14 10:00:00"),
    ("deadline_reminded", "06-02 09:00:00"),
    ("deadline_missed", "06-23 23:59:59"),  # due on 17 June, unless the notice of 2031 moves the Dragon Boat Festival
    ("supervision_notice_sent", "06-23 23:59:59"),
    ("resolved", "07-21 10:00:00"),
    ("reply_given", "07-22 10:00:00"),
    ("review_requested", "08-20 10:00:00"),
    ("review_decided", "09-10 10:00:00"),
    ("deadline_reminded", "09-22 09:00:00"),
    ("deadline_missed", "10-07 23:59:59"),  # due on 24 September, unless the notice of 2031 moves autumn's holidays
    ("supervision_notice_sent", "10-07 23:59:59"),
    ("recheck_requested", "10-08 10:00:00"),
    ("deadline_reminded", "11-02 09:00:00"),
    ("recheck_decided", "11-05 10:00:00"),
    ("closed", "11-06 10:00:00"),
    ("deadline_reminded", "12-11 09:00:00"),
    ("deadline_missed", "12-18 23:59:59"),
    ("supervision_notice_sent", "12-18 23:59:59"),
    ("supervision_notice_sent", "01-17 23:59:59"),
    ("supervision_notice_sent", "02-16 23:59:59"),
]
CLOCKS = frozenset({"on_site", "acceptance", "handling", "feedback", "review", "recheck"})
FIELDS = {"household": "QS-012", "category": "construction"}


@pytest.fixture
def clock() -> ProcessClock:
    return ProcessClock()


@pytest.fixture
def casework(database: Database, clock: ProcessClock) -> Iterator[Casework]:
    """The door for writes, under the statutory profile."""
    with open_casework(database.app_dsn, office(clock, plan=load_plan("xf"))) as opened:
        yield opened


def on(day: str, hour: int = 10) -> datetime:
    month, number = map(int, day.split("-"))
    return datetime(2031, month, number, hour, tzinfo=LOCAL_ZONE)


def ends(limit: Deadline | None) -> str:
    return f"{limit.due_at.astimezone(LOCAL_ZONE):%m-%d}" if limit else ""


def counted(event: DomainEvent) -> tuple[str, int, str]:
    """The clock that an event started: its rule, how long, and its last day."""
    found = getattr(event, "deadline", None)
    return (found.rule, found.amount, ends(found)) if isinstance(found, Deadline) else ("", 0, "")


@pytest.mark.proves("XF1")
def test_given_a_petition_when_its_year_passes_then_every_limit_of_the_regulations_is_counted_and_kept(
    casework: Casework, clock: ProcessClock
) -> None:
    life = a_new_case(at=MONDAY, office=office(plan=load_plan("xf")), **FIELDS)

    async def a_year() -> None:
        async with office_at_work(casework, clock) as process:
            await process.live(life)

            async def act(day: str, kind: type[c.IssueCommand], **fields: object) -> None:
                await process.until(on(day))
                await process.do(command(kind, casework.issue(life.issue_id), at=on(day), **fields))

            await act("03-10", c.NotifyHousehold)
            await act("03-11", c.EscalateIssue)
            await act("03-19", c.ReturnEscalation)
            await act("05-12", c.RequestExtension, days=30)
            with pytest.raises(RoleNotAllowed):
                await act("05-13", c.GrantExtension, by="lead")
            await act("05-13", c.GrantExtension, by="committee")
            await act("05-14", c.NotifyHousehold, about=NoticeAbout.EXTENSION, content="情况复杂，延长三十日。")
            await act("07-21", c.ResolveIssue)
            await act("07-22", c.GiveReply)
            await act("08-20", c.RequestReview)
            await act("09-10", c.DecideReview)
            await act("10-08", c.RequestRecheck)
            await act("11-05", c.DecideRecheck)
            await act("11-06", c.CloseIssue)
            await process.until(MONDAY + timedelta(days=365))

    asyncio.run(a_year())
    events = list(casework.history(life.issue_id))
    assert happened(events) == YEAR
    notified, returned = events[1], events[3]
    assert isinstance(notified, e.HouseholdNotified)
    assert isinstance(returned, e.EscalationReturned)
    assert (ends(notified.notice), notified.late) == ("03-18", False)  # 15 natural days after 3 March
    assert (ends(returned.objection), returned.late) == ("03-18", True)  # 5 working days after 11 March
    assert {type(event): counted(event) for event in events if counted(event)[0] in CLOCKS} == {
        e.IssueLogged: ("on_site", 15, "03-18"),
        e.EscalationReturned: ("handling", 60, "05-19"),  # 18 May is a Sunday
        e.ExtensionGranted: ("handling", 90, "06-17"),
        e.ReplyGiven: ("feedback", 30, "08-21"),
        e.ReviewRequested: ("review", 30, "09-19"),
        e.RecheckRequested: ("recheck", 30, "11-07"),
        e.IssueEscalated: ("acceptance", 15, "03-26"),
    }
    assert {event.deadline.plan for event in events if counted(event)[0]} == {"xf@1"}  # type: ignore[attr-defined]

    settled = casework.issue(life.issue_id)
    assert settled is not None
    assert (settled.stage, settled.rechecked) == (Stage.CLOSED, True)
    clock.set(MONDAY + timedelta(days=366))
    again = command(c.LogIssue, at=clock.now, repeats=settled.number, **FIELDS)
    with pytest.raises(SettledByRecheck) as refused:
        casework.handle(again)
    assert refused.value.number == settled.number


@pytest.mark.proves("XF1")
def test_given_a_petition_nobody_touches_when_the_limits_pass_then_the_process_writes_each_miss_down(
    casework: Casework, clock: ProcessClock
) -> None:
    life = a_new_case(at=MONDAY, office=office(plan=load_plan("xf")), **FIELDS)

    async def a_summer() -> None:
        async with office_at_work(casework, clock) as process:
            await process.live(life)
            await process.until(on("08-01"))

    asyncio.run(a_summer())
    assert happened(casework.history(life.issue_id)) == [
        ("logged", "03-03 09:00:00"),
        ("deadline_reminded", "03-13 09:00:00"),
        ("notice_reminded", "03-13 09:00:00"),
        ("deadline_missed", "03-18 23:59:59"),
        ("supervision_notice_sent", "03-18 23:59:59"),
        ("notice_missed", "03-18 23:59:59"),
        ("supervision_notice_sent", "04-17 23:59:59"),
        ("supervision_notice_sent", "05-17 23:59:59"),
    ]
