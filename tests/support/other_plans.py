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
from services.holidays import official_table
from tests.support.office import FakeDirectory

LATER: Final = datetime(2100, 1, 1, tzinfo=LOCAL_ZONE)
"""Long after everything: whatever still runs has been missed."""


def world(in_force: Plan, other: Plan | None = None) -> World:
    """An office that always had one plan and the package's holidays; `other` in its place."""
    return World(PlanBook(in_force), lambda _: official_table(), FakeDirectory(), plan=other)


def changes(
    streams: Mapping[UUID, Iterable[DomainEvent]], in_force: Plan, other: Plan | None = None, now: datetime = LATER
) -> list[Changed]:
    """Every verdict in these streams that differs; without `other`, by the plan that was in force."""
    asked = world(in_force, other)
    whole = {stream: tuple(history) for stream, history in streams.items()}
    kinds = {stream: type(history[0]) for stream, history in whole.items() if history}
    found: list[Changed] = []
    held: dict[UUID, Held] = {}
    for stream in (it for it, kind in kinds.items() if kind in MEETING_EVENTS):
        meeting, about = of_meeting(whole[stream], asked)
        found += [changed for _, changed in about]
        held |= {stream: meeting} if meeting else {}
    for stream in (it for it, kind in kinds.items() if kind in FUND_EVENTS):
        found += [changed for _, changed in of_fund(whole[stream], asked)]
    for stream in (it for it, kind in kinds.items() if kind in ISSUE_EVENTS):
        found += of_issue(whole[stream], asked, now, held=held).changes
    return found
