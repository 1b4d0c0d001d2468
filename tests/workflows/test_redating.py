"""A new holiday table, on a real log and a Temporal that skips time: limits move, workflows follow, once only."""

import asyncio
from datetime import datetime, timedelta

import pytest

from domain.issue import commands as c
from domain.issue import events as e
from domain.values import LOCAL_ZONE
from services.redating import AtWork, start
from tests.support.casework import case
from tests.support.holidays import LABOUR_DAY_2031, adopted
from tests.support.postgres import Database
from tests.workflows.process import QUEUE, ProcessClock, counting_by_its_log, office_at_work
from workflows.redating import RedateWorkflow, Redating

LABOUR_DAY = datetime(2031, 4, 28, 9, tzinfo=LOCAL_ZONE)
DAY = timedelta(days=1)


@pytest.mark.proves("L3")
def test_given_a_notice_when_it_is_adopted_then_open_limits_move_and_are_kept_by_their_workflows(
    database: Database,
) -> None:
    clock = ProcessClock()
    casework = counting_by_its_log(database, clock)
    moved, missed = (case("fixed", at=LABOUR_DAY, household=f"QS-02{n}") for n in range(2))

    async def live() -> tuple[Redating, Redating, bool]:
        async with office_at_work(casework, clock, since=LABOUR_DAY) as process:
            await process.live(moved, missed)
            clock.set(max(clock.now, LABOUR_DAY + DAY))
            calendar = adopted(casework, LABOUR_DAY + DAY, **LABOUR_DAY_2031)
            client = process.environment.client
            assert await start(client, QUEUE, calendar)
            again = await start(client, QUEUE, calendar)
            await process.until(LABOUR_DAY + DAY + timedelta(minutes=5))
            first = await client.get_workflow_handle_for(RedateWorkflow.run, f"redate-{calendar}").result()
            by_hand = await client.start_workflow(
                RedateWorkflow.run, Redating(calendar=calendar), id="redate-by-hand", task_queue=QUEUE
            )
            await process.until(LABOUR_DAY + DAY + timedelta(minutes=10))
            second = await by_hand.result()
            for life in (moved, missed):
                await process.tell(life.issue_id)
            await process.do(moved.command(c.GiveReply, at=LABOUR_DAY + 10 * DAY))
            await process.until(LABOUR_DAY + 30 * DAY)
            return first, second, again

    first, second, again = asyncio.run(live())
    assert (first.looked_at, first.moved, first.done) == (2, 2, True)
    assert (second.looked_at, second.moved, second.done) == (2, 0, True)
    assert not again

    redated = [event for event in casework.history(moved.issue_id) if isinstance(event, e.DeadlineRedated)]
    assert [(it.was.day, it.deadline.due_at.day, it.notice, it.deadline.provisional) for it in redated] == [
        (5, 8, "国办发明电〔2030〕8号", False)
    ]
    assert not [event for event in casework.history(moved.issue_id) if isinstance(event, e.DeadlineMissed)]
    (told,) = [event for event in casework.history(missed.issue_id) if isinstance(event, e.DeadlineMissed)]
    assert told.occurred_at.astimezone(LOCAL_ZONE).day == 8  # by the new table, though it was due on the 5th
    casework.close()


def test_given_two_tables_adopted_while_the_worker_was_away_then_both_are_counted_by_and_once(
    database: Database,
) -> None:
    clock = ProcessClock()
    casework = counting_by_its_log(database, clock)
    clock.set(LABOUR_DAY)
    calendars = [adopted(casework, LABOUR_DAY, **{**LABOUR_DAY_2031, "notice": notice}) for notice in ("一号", "二号")]

    async def back() -> list[bool]:
        async with office_at_work(casework, clock, since=LABOUR_DAY) as process:
            client = process.environment.client
            looks = [await AtWork(casework, QUEUE).look(client) for _ in range(2)]
            await process.until(LABOUR_DAY + timedelta(minutes=5))
            for calendar in calendars:
                counted = await client.get_workflow_handle_for(RedateWorkflow.run, f"redate-{calendar}").result()
                assert (counted.calendar, counted.done) == (calendar, True)
            return looks

    assert asyncio.run(back()) == [True, False]
    casework.close()
