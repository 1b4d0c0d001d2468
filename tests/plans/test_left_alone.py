"""One service under each plan: an issue nobody touches is reminded, missed, supervised, moved up as its plan says.

Half a year each, in a process whose clock skips the days; dates as an officer counts them on a wall calendar of 2031.
"""

import asyncio
from typing import Final

import pytest

from domain.plan import load_plan, plan_keys
from services.bootstrap import open_casework
from tests.support.casework import a_new_case, office
from tests.support.postgres import Database
from tests.workflows.process import MONDAY, ProcessClock, happened, office_at_work

# When it is reminded, missed (and the next level told for the first time), and moved up; then again at the township.
ON_SITE: Final = {
    "cx": ("03-05 09:00:00", "03-06 23:59:59", "03-10 23:59:59"),  # 3 working days; after 2 more
    "ll": ("03-05 09:00:00", "03-06 23:59:59", "03-10 23:59:59"),
    "mz": (None, "03-04 23:59:59", "03-05 23:59:59"),  # the next working day, without a reminder
    "pc": ("03-04 09:00:00", "03-05 23:59:59", "03-07 23:59:59"),
    "sg": ("03-07 09:00:00", "03-10 23:59:59", "03-17 23:59:59"),  # 5 working days; after 5 more
    "xf": ("03-13 09:00:00", "03-18 23:59:59", None),  # 15 natural days; nothing moves up by itself
}
AT_THE_TOWNSHIP: Final = {
    "cx": ("03-14 09:00:00", "03-17 23:59:59"),
    "ll": ("03-12 09:00:00", "03-13 23:59:59"),
    "mz": ("03-07 09:00:00", "03-10 23:59:59"),
    "pc": ("03-11 09:00:00", "03-12 23:59:59"),
    "sg": ("03-21 09:00:00", "03-24 23:59:59"),
}
OF_THE_NOTICE: Final = {"xf": ("03-13 09:00:00", "03-18 23:59:59")}
"""Where the household is to be told in writing: reminded and missed, beside the first clock of the case."""
SUPERVISED: Final = {  # again, as often and at such intervals as the plan says
    "cx": ("04-01", "04-16", "05-01", "05-16", "05-31"),
    "ll": ("03-28", "04-12", "04-27", "05-12", "05-27"),
    "mz": ("03-20", "03-30", "04-09", "04-19", "04-29"),
    "pc": ("03-19", "03-26", "04-02", "04-09", "04-16", "04-23", "04-30"),
    "sg": ("04-23", "05-23"),
    "xf": ("04-17", "05-17"),
}


def timeline(key: str) -> list[tuple[str, str]]:
    reminded, missed, moved = ON_SITE[key]
    to_remind, to_tell = OF_THE_NOTICE.get(key, (None, None))
    told = [("logged", "03-03 09:00:00")]
    told += [("deadline_reminded", reminded)] if reminded else []
    told += [("notice_reminded", to_remind)] if to_remind else []
    told += [("deadline_missed", missed), ("supervision_notice_sent", missed)]
    told += [("notice_missed", to_tell)] if to_tell else []
    if moved:
        reminded, missed = AT_THE_TOWNSHIP[key]
        told += [("escalated", moved), ("deadline_reminded", reminded)]
        told += [("deadline_missed", missed), ("supervision_notice_sent", missed)]
    return told + [("supervision_notice_sent", f"{day} 23:59:59") for day in SUPERVISED[key]]


@pytest.fixture
def clock() -> ProcessClock:
    return ProcessClock()


@pytest.mark.proves("L4")
@pytest.mark.parametrize("key", plan_keys())
def test_given_an_issue_nobody_touches_when_half_a_year_passes_then_the_plan_in_force_says_what_happens(
    key: str, database: Database, clock: ProcessClock
) -> None:
    joined = office(clock, plan=load_plan(key))
    life = a_new_case(at=MONDAY, office=joined, category="other")

    async def half_a_year() -> None:
        async with office_at_work(casework, clock) as process:
            await process.live(life)
            await process.until(MONDAY.replace(month=9))

    with open_casework(database.app_dsn, joined) as casework:
        asyncio.run(half_a_year())
        told = happened(casework.history(life.issue_id))
    assert told == timeline(key)
