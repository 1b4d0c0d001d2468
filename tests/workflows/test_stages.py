"""What the workflow does at each stage when people let it wait, and what it does when they act."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from temporalio.api.enums.v1 import EventType

from domain.casework import Casework
from domain.events import DomainEvent
from domain.issue import commands as c
from domain.issue.words import Stage
from domain.values import Role
from tests.support.casework import Case, case
from tests.support.postgres import DatabaseServer
from tests.workflows.process import MONDAY, Process, ProcessClock, happened, office_at_work

SUPERVISED = ["deadline_reminded", "deadline_missed", *["supervision_notice_sent"] * 6]
TWO_HUNDRED_DAYS = timedelta(days=200)
LEFT_WAITING = {
    "escalated": SUPERVISED,
    "at_department": ["deadline_reminded", "deadline_missed", "supervision_notice_sent", "escalated", *SUPERVISED],
    "handling": SUPERVISED,
    "submission": SUPERVISED,
    "awaiting_committee": ["submission_tabled", *SUPERVISED],
    "tabled": SUPERVISED,
    "deferred": ["submission_tabled", *SUPERVISED],
    "with_county": SUPERVISED,
    "funding": SUPERVISED,
    "inspection": SUPERVISED,
    "reply": SUPERVISED,
    "answered": SUPERVISED,
    "review": SUPERVISED,
    "recheck": SUPERVISED,
    "closed": SUPERVISED,
}


def test_given_an_issue_waits_at_any_stage_when_nobody_acts_then_the_process_does_what_the_stage_asks(
    casework: Casework, clock: ProcessClock
) -> None:
    lives = {state: case(state, at=MONDAY, household=f"QS-{n:03d}") for n, state in enumerate(LEFT_WAITING)}

    async def wait() -> None:
        async with office_at_work(casework, clock) as process:
            await process.live(*lives.values())
            await process.until(clock.now + TWO_HUNDRED_DAYS)

    asyncio.run(wait())

    seen = {state: _since(life, list(casework.history(life.issue_id))) for state, life in lives.items()}
    assert {state: [topic for topic, _ in happened(events)] for state, events in seen.items()} == LEFT_WAITING
    for state, life in lives.items():
        _happened_when_planned(life, seen[state])


def _since(life: Case, events: Sequence[DomainEvent]) -> Sequence[DomainEvent]:
    """What the process added."""
    return events[len(life.events) :]


def _happened_when_planned(life: Case, events: Sequence[DomainEvent]) -> None:
    """The first clock's own events bear that clock's own moments; a submission is tabled at its cut-off."""
    times = {
        topic: event.occurred_at for (topic, _), event in zip(reversed(happened(events)), reversed(events), strict=True)
    }
    deadline = life.issue.deadline
    if deadline is None:
        assert times["submission_tabled"] == life.issue.table_at
        return
    assert times["deadline_reminded"] == deadline.remind_at
    assert times["deadline_missed"] == times["supervision_notice_sent"] == deadline.missed_at
    if "escalated" in times:
        assert times["escalated"] == deadline.escalate_at


def test_given_works_without_reports_when_months_pass_then_each_missed_report_shows_until_the_works_are_done(
    casework: Casework, clock: ProcessClock
) -> None:
    works = case("works", at=MONDAY)
    began = works.now

    async def four_months() -> None:
        async with office_at_work(casework, clock) as process:
            await process.live(works)
            await process.until(began + timedelta(days=65))
            spoke = works.command(c.ReportProgress, at=began + timedelta(days=66))
            await process.do(spoke)
            await process.until(began + timedelta(days=100))
            done = works.command(c.CompleteWorks, at=began + timedelta(days=101))
            await process.do(done)
            await process.until(began + timedelta(days=102))

    asyncio.run(four_months())

    events = _since(works, list(casework.history(works.issue_id)))
    days = [
        (topic, (event.occurred_at - began).days) for (topic, _), event in zip(happened(events), events, strict=True)
    ]
    assert days == [
        ("progress_report_missed", 30),
        ("progress_report_missed", 60),
        ("progress_reported", 66),
        ("progress_report_missed", 96),
        ("works_completed", 101),
    ]


def test_given_an_extension_when_the_first_limit_passes_then_nothing_is_missed_before_the_new_one(
    casework: Casework, clock: ProcessClock
) -> None:
    asked = case("extension_asked", at=MONDAY)
    granted = asked.do(c.GrantExtension)
    before, after = asked.issue.deadline, granted.issue.deadline
    assert before is not None
    assert after is not None

    async def a_month() -> list[list[str]]:
        async with office_at_work(casework, clock) as process:
            await process.live(asked)
            await process.do(granted.commands[-1])
            await process.until(before.due_at + timedelta(hours=1))
            early = [*_topics(process, granted), *await _steps_taken(process, granted)]
            await process.until(after.due_at - timedelta(minutes=1))
            last = _topics(process, granted)
            await process.until(after.due_at)
            return [early, last, _topics(process, granted)]

    early, last, end = asyncio.run(a_month())

    assert early == []
    assert last == ["deadline_reminded"]
    assert end == ["deadline_reminded", "deadline_missed", "supervision_notice_sent"]
    assert list(casework.history(granted.issue_id))[-2].occurred_at == after.due_at


async def _steps_taken(process: Process, life: Case) -> list[str]:
    """The keys of the steps that the workflow took, with effect or without."""
    history = await process.handle(life.issue_id).fetch_history()
    scheduled = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
    return [
        event.activity_task_scheduled_event_attributes.activity_id
        for event in history.events
        if event.event_type == scheduled
    ]


def _topics(process: Process, life: Case) -> list[str]:
    return [topic for topic, _ in happened(_since(life, process.events(life.issue_id)))]


def test_given_a_spread_when_the_limit_passes_then_the_issue_wakes_later_and_says_when_it_was_due(
    casework: Casework, clock: ProcessClock
) -> None:
    life = case("handling", at=MONDAY)
    remind_at = life.issue.deadline.remind_at if life.issue.deadline else None
    assert remind_at is not None
    offset = timedelta(milliseconds=life.issue_id.int % 1_800_000)
    assert offset > timedelta(minutes=1)

    async def wake() -> list[list[str]]:
        async with office_at_work(casework, clock, spread=1800) as process:
            await process.live(life)
            await process.until(remind_at + offset - timedelta(seconds=5))
            asleep = _topics(process, life)
            await process.until(remind_at + offset + timedelta(seconds=1))
            return [asleep, _topics(process, life)]

    assert asyncio.run(wake()) == [[], ["deadline_reminded"]]
    assert list(casework.history(life.issue_id))[-1].occurred_at == remind_at


def test_given_people_act_at_every_stage_then_the_workflow_follows_to_the_end_and_answers_with_it(
    casework: Casework, clock: ProcessClock
) -> None:
    life = case("feedback_after_works", at=MONDAY).do(c.RateAnswer).do(c.CloseIssue)
    settled = life.do(c.RecordLookBack, at=life.now + timedelta(days=20))

    async def act() -> tuple[Stage, list[Stage]]:
        async with office_at_work(casework, clock) as process:
            passed = []
            for sent in settled.commands:
                await process.until(sent.occurred_at)
                if sent.actor.role is not Role.PROCESS:  # the cut-off is the workflow's own business
                    await process.do(sent)
                if sent.stream_id == settled.issue_id:
                    passed.append((await process.known(settled.issue_id)).stage)
            return (await process.handle(settled.issue_id).result()).stage, passed

    ended, passed = asyncio.run(act())

    assert ended is Stage.SETTLED
    assert passed == [
        *("logged", "escalated", "handling", "submission", "committee", "committee", "funding", "funding", "works"),
        *("works", "inspection", "reply", "feedback", "answered", "closed", "settled"),
    ]


@pytest.mark.parametrize("state", ["settled", "withdrawn", "merged", "split"])
def test_given_an_issue_that_ended_when_told_then_a_running_workflow_ends_and_a_missing_one_stays_missing(
    database_server: DatabaseServer, casework: Casework, clock: ProcessClock, state: str
) -> None:
    life = case(state, at=MONDAY)

    async def end() -> str:
        async with office_at_work(casework, clock) as process:
            first, *others = life.commands
            await process.do(first)
            for sent in others:
                await process.send(sent)
            await process.tell(life.issue_id)
            ended = await process.handle(life.issue_id).result()
            await process.tell(life.issue_id)
            return ended.stage.value

    assert asyncio.run(end()) == life.issue.stage.value


def test_given_older_news_when_told_then_the_workflow_keeps_what_it_knows(
    casework: Casework, clock: ProcessClock
) -> None:
    life = case("handling", at=MONDAY)

    async def tell_twice() -> list[str]:
        async with office_at_work(casework, clock) as process:
            first, *others = life.commands
            await process.send(first)
            old_news = process.situation(life.issue_id)
            for sent in others:
                await process.send(sent)
            await process.tell(life.issue_id)
            workflow = process.handle(life.issue_id)
            await workflow.signal("told", old_news)
            same_version = process.situation(life.issue_id).model_copy(update={"stage": Stage.SETTLED})
            await workflow.signal("told", same_version)
            known = await process.known(life.issue_id)
            await process.until(life.now + timedelta(days=15))
            return [known.stage.value, *_topics(process, life)]

    assert asyncio.run(tell_twice()) == ["handling"]


def test_given_a_long_history_when_the_workflow_is_idle_then_it_goes_on_as_a_new_run_and_misses_nothing(
    casework: Casework, clock: ProcessClock
) -> None:
    life = case("handling", at=MONDAY)
    due_at = life.issue.deadline.due_at if life.issue.deadline else None
    assert due_at is not None

    async def grow() -> tuple[int, list[str], datetime]:
        async with office_at_work(casework, clock) as process:
            await process.do(life.commands[0])
            old_news = process.situation(life.issue_id)
            await process.do(*life.commands[1:])
            workflow = process.handle(life.issue_id)
            first_run = (await workflow.describe()).run_id
            for _ in range(810):
                await workflow.signal("told", old_news)
            async with asyncio.timeout(20):
                while (await workflow.describe()).run_id == first_run:
                    await asyncio.sleep(0.02)
            assert await process.known(life.issue_id) == process.situation(life.issue_id)
            await process.until(due_at)
            now = await workflow.describe()
            events = process.events(life.issue_id)
            return now.history_length, _topics(process, life), events[-1].occurred_at

    length, topics, last = asyncio.run(grow())

    assert length < 100
    assert topics == ["deadline_reminded", "deadline_missed", "supervision_notice_sent"]
    assert last == due_at
