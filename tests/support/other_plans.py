"""The log under another plan, for tests: `same(history)` is what the plan that was in force would change: nothing.

Called by tests of domain/what_if and by whatever lives through many lives.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.adoption.book import PlanBook
from domain.events import DomainEvent
from domain.fund.events import FUND_EVENTS
from domain.issue.events import ISSUE_EVENTS
from domain.meeting.events import MEETING_EVENTS
from domain.plan import Plan
from domain.values import LOCAL_ZONE
from domain.what_if.meetings import Held, of_meeting
from domain.what_if.replay import of_issue
from domain.what_if.rounds import of_fund
from domain.what_if.words import Changed
from domain.what_if.world import World
from domain.workdays import HolidayTable
from services.holidays import official_table
from tests.support.office import FakeDirectory

LATER: Final = datetime(2100, 1, 1, tzinfo=LOCAL_ZONE)
"""Long after everything: whatever still runs has been missed."""


def world(in_force: Plan, other: Plan | None = None, *later: HolidayTable) -> World:
    """An office that always had one plan; `other` in its place. `later`: holiday tables after the package's own."""
    tables = {table.version: table for table in later}
    return World(PlanBook(in_force), lambda version: tables.get(version or 0, official_table()), FakeDirectory(), other)


def changes(
    streams: Mapping[UUID, Iterable[DomainEvent]], in_force: Plan, other: Plan | None = None, now: datetime = LATER
) -> list[Changed]:
    """Every verdict in these streams that differs; without `other`, by the plan that was in force."""
    return changes_in(streams, world(in_force, other), now)


def changes_in(streams: Mapping[UUID, Iterable[DomainEvent]], asked: World, now: datetime = LATER) -> list[Changed]:
    """The same, in any world."""
    whole = {stream: tuple(history) for stream, history in streams.items()}
    kinds = {stream: type(history[0]) for stream, history in whole.items() if history}
    about: dict[UUID, list[Changed]] = {}
    held: dict[UUID, Held] = {}
    for stream in (it for it, kind in kinds.items() if kind in MEETING_EVENTS):
        meeting, decided = of_meeting(whole[stream], asked)
        held |= {stream: meeting} if meeting else {}
        for issue_id, changed in decided:
            about.setdefault(issue_id, []).append(changed)
    for stream in (it for it, kind in kinds.items() if kind in FUND_EVENTS):
        for issue_id, changed in of_fund(whole[stream], asked):
            about.setdefault(issue_id, []).append(changed)
    issues = (it for it, kind in kinds.items() if kind in ISSUE_EVENTS)
    found = (of_issue(whole[it], asked, now, about.pop(it, ()), held).changes for it in issues)
    changed = [each for changes in found for each in changes]
    assert not about, "verdicts about issues that nobody logged"
    return changed
