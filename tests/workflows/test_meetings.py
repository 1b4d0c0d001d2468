"""A township's months of committee meetings: agenda, reminder, and what becomes of what nobody decided (D1, L7)."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.casework import Casework
from domain.commands import Command
from domain.issue.commands import DecideSubmission
from domain.issue.words import Stage
from domain.meeting import commands as c
from domain.meeting import events as e
from domain.meeting.state import Meeting, fold_meeting
from domain.meeting.words import FailedBecause, ItemSource, MeetingKind, Phase, SpecialReason
from domain.organisation.together import reorganise
from domain.periods import Cycle, Period
from domain.plan import load_plan
from domain.values import LOCAL_ZONE
from tests.support.casework import COMMITTEE, PEOPLE, TOWNSHIP, FakeDirectory, case
from tests.support.office import office_commands
from tests.workflows.process import MONDAY, QUEUE, Process, ProcessClock, office_at_work
from workflows.committee import MeetingWorkflow, meetings_wanted
from workflows.schedules import Recurring

COMMITTEES = Recurring("committee", "T1", Cycle.MONTH, "MeetingWorkflow")


@pytest.fixture
def casework(casework: Casework) -> Casework:
    """With the organisation in its log, as the process reads it there."""
    reorganise(casework, office_commands())
    return casework


def meeting_id(month: int) -> UUID:
    """The committee's meeting of this month of 2031."""
    return c.meeting_id_of(TOWNSHIP, MeetingKind.COMMITTEE, f"2031-{month:02d}", "T1")


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2031, month, day, hour, tzinfo=LOCAL_ZONE)


class Year:
    """A committee at work for months: its workflows are started as the calendar would."""

    def __init__(self, process: Process) -> None:
        self.process = process

    async def begin(self, month: int) -> None:
        """The calendar starts the month's workflow."""
        await self.process.begin(COMMITTEES, Period(date(2031, month, 1), Cycle.MONTH))

    async def do(self, kind: type[Command], moment: datetime, *, by: str = "committee", **fields: Any) -> UUID:
        """Somebody acts; what stream it went to."""
        sent = kind(command_id=uuid4(), actor=PEOPLE[by], occurred_at=moment, **fields)
        await self.process.do(sent)
        return sent.stream_id

    async def sit(self, of: UUID, moment: datetime, *, members: int = 6, **decisions: Any) -> None:
        """So many sign in and, if that is a quorum, open the meeting."""
        on: dict[str, Any] = {"township": TOWNSHIP, "meeting_id": of}
        for member in COMMITTEE[:members]:
            await self.do(c.SignIn, moment, by=member, **on)
        await self.do(c.OpenMeeting if members >= 5 else c.FailMeeting, moment, **on)
        for outcome, issue in decisions.items():
            await self.do(c.RecordVotes, moment, items=(issue,), proposal=outcome, in_favour=COMMITTEE[:members], **on)
            await self.do(DecideSubmission, moment, issue_id=issue, meeting_id=of, outcome=outcome, reasons="已研究。")

    async def close(self, of: UUID, moment: datetime, *carried_over: UUID) -> None:
        """The chair closes it, a second member confirms the minutes."""
        on: dict[str, Any] = {"township": TOWNSHIP, "meeting_id": of}
        await self.do(c.CloseMeeting, moment, carried_over=carried_over, **on)
        await self.do(c.ConfirmMinutes, moment, by="member2", **on)

    def meeting(self, month: int) -> Meeting:
        found = fold_meeting(self.process.casework.history(meeting_id(month)))
        assert found is not None
        return found


@pytest.mark.proves("D1", "L7", "L8", "CX5", "CX6")
def test_given_months_of_cycles_then_what_failed_was_deferred_or_left_comes_back_until_it_is_decided(
    casework: Casework, clock: ProcessClock
) -> None:
    first, second, third = (
        case("awaiting_committee", at=moment, key=f"of {moment}") for moment in (MONDAY, at(3, 4), at(4, 3))
    )

    async def months() -> None:
        async with office_at_work(casework, clock) as process:
            year = Year(process)
            await process.live(first, second)
            await year.begin(3)
            await process.until(at(4, 2))
            assert [item.source for item in year.meeting(3).items] == [ItemSource.SUBMITTED] * 2
            await year.sit(meeting_id(3), at(4, 2), members=4)  # no quorum
            assert year.meeting(3).phase is Phase.FAILED
            await process.live(third)
            await year.begin(4)
            await process.until(at(5, 2))
            sources_of_april = [item.source for item in year.meeting(4).items]
            assert sources_of_april == [ItemSource.LEFT_OVER, ItemSource.LEFT_OVER, ItemSource.SUBMITTED]
            await year.sit(meeting_id(4), at(5, 2), deferred=first.issue_id)
            await year.close(meeting_id(4), at(5, 2, 10), second.issue_id, third.issue_id)
            special = await year.do(
                c.ConveneMeeting, at(5, 9), township=TOWNSHIP, reason=SpecialReason.DISASTER, items=(second.issue_id,)
            )
            await year.sit(special, at(5, 9, 10), approved=second.issue_id)
            await year.close(special, at(5, 9, 11))
            await year.begin(5)
            await process.until(at(5, 31))
            sources = {item.issue_id: item.source for item in year.meeting(5).items}
            assert sources == {first.issue_id: ItemSource.DEFERRED, third.issue_id: ItemSource.LEFT_OVER}
            await process.until(at(6, 20))  # nobody meets

    asyncio.run(months())

    known = {life.issue_id: casework.issue(life.issue_id) for life in (first, second, third)}
    assert [issue.stage for issue in known.values() if issue] == [Stage.COMMITTEE, Stage.WORKS, Stage.COMMITTEE]
    of_may = [
        event for event in casework.history(meeting_id(5)) if isinstance(event, e.ChairReminded | e.MeetingFailed)
    ]
    assert [(event.TOPIC, event.occurred_at.astimezone(LOCAL_ZONE).date()) for event in of_may] == [
        ("meeting.chair_reminded", date(2031, 6, 9)),
        ("meeting.failed", date(2031, 6, 14)),
    ]
    failed = of_may[-1]
    assert isinstance(failed, e.MeetingFailed)
    assert failed.because is FailedBecause.NOT_HELD
    assert set(failed.carried_over) == {first.issue_id, third.issue_id}
    assert "county-office" in failed.told


@pytest.mark.proves("D1")
def test_given_a_special_meeting_that_nobody_holds_then_the_next_cut_off_records_it_and_takes_its_item(
    casework: Casework, clock: ProcessClock
) -> None:
    life = case("awaiting_committee", at=MONDAY)
    called: list[UUID] = []

    async def a_month() -> None:
        async with office_at_work(casework, clock) as process:
            year = Year(process)
            await process.live(life)
            called.append(
                await year.do(
                    c.ConveneMeeting, at(3, 5), township=TOWNSHIP, reason=SpecialReason.URGENT, items=(life.issue_id,)
                )
            )
            await year.begin(3)
            await process.until(at(4, 1))
            assert [item.source for item in year.meeting(3).items] == [ItemSource.LEFT_OVER]

    asyncio.run(a_month())

    failed = list(casework.history(called[0]))[-1]
    assert isinstance(failed, e.MeetingFailed)
    assert (failed.because, failed.carried_over) == (FailedBecause.NOT_HELD, (life.issue_id,))
    assert failed.occurred_at == at(3, 20)


@pytest.mark.proves("D1")
def test_given_minutes_that_nobody_confirms_then_they_are_reminded_of_and_overdue_also_of_a_special_meeting(
    casework: Casework, clock: ProcessClock
) -> None:
    lives = [case("awaiting_committee", at=MONDAY, key=name) for name in ("plain", "urgent")]
    asked = {"township": TOWNSHIP, "reason": SpecialReason.URGENT, "items": (lives[1].issue_id,)}
    special: list[UUID] = []

    async def two_months() -> None:
        async with office_at_work(casework, clock) as process:
            year = Year(process)
            await process.live(*lives)
            await year.begin(3)
            special.append(await year.do(c.ConveneMeeting, at(3, 10), **asked))
            await year.sit(special[0], at(3, 10, 10), approved=lives[1].issue_id)
            await year.do(c.CloseMeeting, at(3, 10, 11), township=TOWNSHIP, meeting_id=special[0])
            await process.until(at(4, 2))
            await year.sit(meeting_id(3), at(4, 2), approved=lives[0].issue_id)
            await year.do(c.CloseMeeting, at(4, 2, 10), township=TOWNSHIP, meeting_id=meeting_id(3))
            await process.until(at(4, 20))

    asyncio.run(two_months())

    def of_minutes(meeting: UUID) -> list[tuple[str, datetime]]:
        told = (it for it in casework.history(meeting) if isinstance(it, e.MinutesReminded | e.MinutesOverdue))
        return [(it.TOPIC, it.occurred_at) for it in told]

    night = {day: datetime(2031, 4, day, 23, 59, 59, tzinfo=LOCAL_ZONE) for day in (4, 5)}
    assert of_minutes(meeting_id(3)) == [("meeting.minutes_reminded", night[4]), ("meeting.minutes_overdue", night[5])]
    assert of_minutes(special[0]) == [("meeting.minutes_overdue", datetime(2031, 3, 13, 23, 59, 59, tzinfo=LOCAL_ZONE))]


@pytest.mark.proves("D1")
def test_given_a_late_and_repeated_start_then_the_agenda_is_the_same_and_there_is_one(
    casework: Casework, clock: ProcessClock
) -> None:
    life = case("awaiting_committee", at=MONDAY)

    async def late() -> None:
        async with office_at_work(casework, clock, since=at(4, 6)) as process:
            await process.live(life)
            year = Year(process)
            await year.begin(3)
            await process.until(at(4, 7))
            client = process.environment.client
            period = Period(date(2031, 3, 1), Cycle.MONTH)
            turn = COMMITTEES.turn(period)
            await client.start_workflow(MeetingWorkflow.run, turn, id="once more", task_queue=QUEUE)
            await process.until(at(4, 8))

    asyncio.run(late())

    events = list(casework.history(meeting_id(3)))
    assert [event.TOPIC for event in events] == ["meeting.agenda_drawn", "meeting.members_told"]
    cut_off = datetime(2031, 3, 30, 23, 59, 59, tzinfo=LOCAL_ZONE)
    tabled = next(event for event in casework.history(life.issue_id) if event.TOPIC == "issue.submission_tabled")
    assert {event.occurred_at for event in (*events, tabled)} == {cut_off}


@pytest.mark.proves("CX3")
def test_given_a_station_when_its_thursday_comes_then_the_agenda_is_there_and_an_unheld_meeting_shows(
    casework: Casework, clock: ProcessClock
) -> None:
    life = case("handling", at=MONDAY)
    weekly = Recurring("weekly", "QS", Cycle.WEEK, "MeetingWorkflow")
    weeks = [Period.containing(MONDAY + timedelta(days=7 * nth), Cycle.WEEK) for nth in (0, 1)]

    async def two_weeks() -> None:
        async with office_at_work(casework, clock) as process:
            await process.live(life)
            for week in weeks:
                await process.begin(weekly, week)
            await process.until(MONDAY + timedelta(days=14))

    asyncio.run(two_weeks())

    ids = [c.meeting_id_of(TOWNSHIP, MeetingKind.WEEKLY, week.name, "QS") for week in weeks]
    found = [[event.TOPIC for event in casework.history(it)] for it in ids]
    assert found == [["meeting.agenda_drawn", "meeting.members_told", "meeting.failed"]] * 2


def test_given_the_organisation_then_each_plan_wants_its_meetings_at_the_right_places() -> None:
    organisation = FakeDirectory().organisation
    found = {
        key: sorted(f"{it.duty}@{it.place}" for it in meetings_wanted(organisation, load_plan(key)))
        for key in ("cx", "ll", "xf")
    }
    assert found["cx"] == [
        "committee@T1", "committee@T2", "monthly@T1", "monthly@T2", "weekly@LX", "weekly@QS", "weekly@WS",
    ]  # fmt: skip
    assert found["ll"][4:] == ["talk-day@LX", "talk-day@QS", "talk-day@WS"]
    assert found["xf"] == []
