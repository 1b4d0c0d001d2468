"""The whole log, or a part of it, under another plan: read once, in a transaction that cannot write.

Called by `huiyin audit what-if` and the API. What is judged, and how: domain/what_if/.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from uuid import UUID

import psycopg

from domain.adoption.book import PlanBook
from domain.casework import Casework
from domain.context import Directory
from domain.counting import local_time
from domain.events import DomainEvent
from domain.fund.commands import fund_id_of
from domain.holidays.state import Holidays, merged
from domain.holidays.words import YearTable
from domain.issue.events import IssueLogged, SubmissionApproved
from domain.plan import Plan
from domain.what_if.meetings import Held, of_meeting
from domain.what_if.replay import DECIDED, of_issue
from domain.what_if.rounds import of_fund
from domain.what_if.words import Changed, IssueChanges
from domain.what_if.world import World
from domain.workdays import HolidayTable
from projections.log_reader import SealedEvent, head
from projections.projection import decoded
from projections.streams import streams_of_kinds
from services.clocks import Tables
from services.holidays import official_years


@dataclass(frozen=True, slots=True)
class Scope:
    """Which issues: of one village, logged from one day up to and with another; `only`: none but these."""

    village: str | None = None
    logged_from: date | None = None
    logged_to: date | None = None
    only: Collection[UUID] | None = None

    def holds(self, logged: IssueLogged) -> bool:
        """Whether the issue is one of them."""
        day = local_time(logged.occurred_at).date()
        since = self.logged_from is None or day >= self.logged_from
        until = self.logged_to is None or day <= self.logged_to
        return since and until and self.village in (None, logged.village)


@dataclass(slots=True)
class _Elsewhere:
    """What meetings and rounds said of issues."""

    about: dict[UUID, list[Changed]] = field(default_factory=dict)
    held: dict[UUID, Held] = field(default_factory=dict)

    def take(self, found: Iterator[tuple[UUID, Changed]] | Sequence[tuple[UUID, Changed]]) -> None:
        for issue_id, changed in found:
            self.about.setdefault(issue_id, []).append(changed)


def world_of(
    casework: Casework, directory: Directory, plan: Plan | None, holidays: HolidayTable | None = None
) -> World:
    """What would be in force: `plan`, `holidays` everywhere and always; None: what the log says was."""
    tables = Tables(casework)
    book: PlanBook = casework.plan_book()
    return World(book, lru_cache(maxsize=None)(tables.of), directory, plan, holidays)


def with_years(known: Holidays, years: Sequence[YearTable]) -> HolidayTable:
    """The holidays as they are known now, with these years' tables in the place of theirs."""
    in_force = {**official_years(), **{year: it.table for year, it in known.years.items()}}
    return merged({**in_force, **{it.year: it for it in years}})


@contextmanager
def unwriting(connection: psycopg.Connection) -> Iterator[int]:
    """A transaction in which nothing can be written, and that sees one moment of the log: up to which position."""
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        yield head(connection)


def replayed(
    connection: psycopg.Connection,
    up_to: int,
    world: World,
    now: datetime,
    scope: Scope | None = None,
    on_events: Callable[[int], None] = lambda _: None,
) -> Iterator[IssueChanges]:
    """Every issue of the scope with what differs in it, most of them with nothing; inside `unwriting`.

    `on_events` hears how many events were read with each batch. Memory holds one batch, and what meetings and rounds
    said. Raises UnreadableEvent, BrokenHistory for a damaged log.
    """
    asked, elsewhere = scope or Scope(), _Elsewhere()
    for history in _histories(connection, up_to, ("meeting", "fund"), None, on_events):
        _look_elsewhere(history, world, elsewhere)
    for history in _histories(connection, up_to, ("issue",), asked.only, on_events):
        (logged,) = _decoded(history[:1])
        if isinstance(logged, IssueLogged) and asked.holds(logged):
            events = (logged, *_decoded(history[1:]))
            about = elsewhere.about.get(logged.originator_id, ())
            yield of_issue(events, world, now, about, elsewhere.held)


def replayed_some(
    connection: psycopg.Connection,
    up_to: int,
    world: World,
    now: datetime,
    issues: Collection[UUID],
    meetings: Collection[UUID],
) -> list[IssueChanges]:
    """These issues alone, held in memory, by number; `meetings`: on whose agendas they stood. Raises as `replayed`."""
    whole = [_decoded(it) for it in _histories(connection, up_to, ("issue",), issues, lambda _: None)]
    beside, elsewhere = {*meetings, *_beside(whole, world)}, _Elsewhere()
    for history in _histories(connection, up_to, ("meeting", "fund"), beside, lambda _: None):
        _look_elsewhere(history, world, elsewhere)
    found = (of_issue(it, world, now, elsewhere.about.get(it[0].originator_id, ()), elsewhere.held) for it in whole)
    return sorted(found, key=lambda it: it.number)


def _beside(histories: Sequence[Sequence[DomainEvent]], world: World) -> Iterator[UUID]:
    """The meetings that decided these issues, and the funds in whose pools they may have waited."""
    for history in histories:
        first = history[0]
        village = world.directory.village(first.village) if isinstance(first, IssueLogged) else None
        for event in history:
            if isinstance(event, DECIDED):
                yield event.meeting_id
            if isinstance(event, SubmissionApproved) and event.subsidy and village is not None:
                year = local_time(event.occurred_at).year
                yield from (fund_id_of(village.township, it) for it in (year, year + 1))


def _look_elsewhere(history: Sequence[SealedEvent], world: World, elsewhere: _Elsewhere) -> None:
    events = _decoded(history)
    if history[0].topic.startswith("fund."):
        elsewhere.take(of_fund(events, world))
        return
    held, about = of_meeting(events, world)
    elsewhere.take(about)
    if held is not None:
        elsewhere.held[history[0].originator_id] = held


def _histories(
    connection: psycopg.Connection,
    up_to: int,
    kinds: Sequence[str],
    only: Collection[UUID] | None,
    on_events: Callable[[int], None],
) -> Iterator[list[SealedEvent]]:
    for batch in streams_of_kinds(connection, up_to, kinds, only):
        for _, stream in groupby(batch, key=attrgetter("originator_id")):
            yield list(stream)
        on_events(len(batch))


def _decoded(history: Sequence[SealedEvent]) -> list[DomainEvent]:
    return [it.event for it in decoded(history)]
