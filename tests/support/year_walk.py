"""A township's year under one plan: what runs by the calendar starts by itself, people act on their days in between.

`with a_year("ll", server) as year: asyncio.run(year.lived(story))`; within the story `await year.do(command)`. The
ledgers and the issues' workflows hear of everything before time goes on, as by the followers. Called by tests/plans.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Final, TypeVar
from uuid import UUID

from domain.adoption.book import PlanBook
from domain.casework import Casework
from domain.commands import Command
from domain.events import DomainEvent
from domain.issue.state import Issue
from domain.office import Outcome
from domain.organisation.commands import OrganisationCommand
from domain.organisation.together import reorganise
from domain.periods import Period
from domain.plan import Plan, load_plan
from domain.values import LOCAL_ZONE, Role
from domain.what_if.words import Changed
from domain.what_if.world import World
from projections.log_reader import LogReader
from projections.projection import decoded
from projections.registry import PROJECTIONS
from projections.seal import seal_once
from services.audit.what_if import replayed, unwriting
from services.bootstrap import open_casework
from services.holidays import official_table
from services.persistence.duty_registers import DutyRegisters
from services.recurring import WANTED
from tests.projections.ledger import Log
from tests.support.bulletins import drawn_up_by_the_last
from tests.support.office import HEADS, PEOPLE, VILLAGES, FakeDirectory, office
from tests.support.postgres import Database, DatabaseServer
from tests.support.settling import settling
from tests.support.spot_checks import drawn_since_announced
from tests.workflows.process import Process, ProcessClock, office_at_work
from workflows.schedules import Recurring

YEAR: Final = 2031
"""No holiday notice exists for it yet, so that its calendar stays as it is."""
AT_WORK: Final = VILLAGES[:2]
"""A township of two villages that are in no station: QS and LX in T1."""
AnyEvent = TypeVar("AnyEvent", bound=DomainEvent)


def on(day: str, hour: int = 10, minute: int = 0, *, year: int = YEAR) -> datetime:
    """A moment of that year: `on("03-15")` is ten o'clock on 15 March."""
    month, number = map(int, day.split("-"))
    return datetime(year, month, number, hour, minute, tzinfo=LOCAL_ZONE)


class Year:
    """One office under one plan, from New Year's Day on."""

    def __init__(self, plan: Plan, database: Database, casework: Casework, clock: ProcessClock, log: Log) -> None:
        self.plan = plan
        self.database = database
        self.casework = casework
        self.clock = clock
        self.log = log
        self.receipts = office().receipts
        self._process: Process | None = None
        self._due: list[tuple[datetime, Recurring, Period]] = []
        self._position = -1

    # -- living ---------------------------------------------------------------------------------------------------

    async def lived(self, story: Callable[["Year"], Awaitable[None]]) -> None:
        """The story from its beginning to its end, then what followed is in the ledgers."""
        begins = on("01-01", 0)
        async with office_at_work(self.casework, self.clock, since=begins) as process:
            self._process, self._due = process, sorted(self._calendar(), key=lambda due: due[0])
            await story(self)
            await self.follow()
            assert not list(self.judged_otherwise(self.plan))

    async def until(self, moment: datetime) -> None:
        """Time passes; each period's workflow begins when the calendar would begin it."""
        await self.follow()
        while self._due and self._due[0][0] <= moment:
            day = [due for due in self._due if due[0] <= moment and due[0].date() == self._due[0][0].date()]
            del self._due[: len(day)]
            await self._pass(day[-1][0])
            for _, recurring, period in day:
                await self._at_work.begin(recurring, period)
        await self._pass(moment)

    async def do(self, *commands: Command) -> Outcome:
        """Time passes to when each was asked for, and somebody acts; what came of the last."""
        outcome: Outcome | None = None
        for asked in commands:
            if asked.occurred_at > self.clock.now:
                await self.until(asked.occurred_at)
            outcome = self.casework.handle(asked)
        assert outcome is not None
        return outcome

    async def follow(self) -> None:
        """What the followers do: ledgers take in what was recorded, the issues' workflows hear of it."""
        seal_once(self.log.follower)
        news = decoded(LogReader(self.log.follower).read_sealed(self._position, 1_000_000))
        if not news:
            return
        self._position = news[-1].position
        for projection in PROJECTIONS:
            projection.apply(self.log.follower, news)
        for issue_id in dict.fromkeys(it.event.originator_id for it in news if it.event.TOPIC.startswith("issue.")):
            await self._at_work.tell(issue_id)

    @property
    def _at_work(self) -> Process:
        assert self._process is not None
        return self._process

    async def _pass(self, moment: datetime) -> None:
        if moment > self.clock.now:
            await self._at_work.until(moment)
            self.clock.set(moment)

    def _calendar(self) -> Iterator[tuple[datetime, Recurring, Period]]:
        """Every period of the year and those that the next January begins, of all that the plan asks for."""
        organisation = self.casework.organisation()
        for recurring in (it for part in WANTED for it in part(organisation, self.plan)):
            period = Period.containing(date(YEAR, 1, 1), recurring.cycle)
            while period.first <= date(YEAR + 1, 1, 1):
                yield recurring.begins_at(period), recurring, period
                period = period.next()

    def judged_otherwise(self, plan: Plan) -> Iterator[Changed]:
        """Every verdict of the year that would be another under this plan; under its own there is none."""
        world = World(PlanBook(self.plan), lambda _: official_table(), FakeDirectory(AT_WORK), plan)
        with unwriting(self.log.connection) as up_to:
            for found in replayed(self.log.connection, up_to, world, self.clock.now):
                yield from found.changes

    # -- looking --------------------------------------------------------------------------------------------------

    def issue(self, issue_id: UUID) -> Issue:
        """An issue as it stands."""
        found = self.casework.issue(issue_id)
        assert found is not None
        return found

    def events(self, stream: UUID, kind: type[AnyEvent]) -> list[AnyEvent]:
        """What happened to something, of this kind."""
        return [event for event in self.casework.history(stream) if isinstance(event, kind)]


@contextmanager
def a_year(key: str, server: DatabaseServer, posts: Iterable[OrganisationCommand] = ()) -> Iterator[Year]:
    """A township's year under the plan of this key, on a database of its own; `posts`: officers by rank, links."""
    plan, clock, database = load_plan(key), ProcessClock(), server.migrated_database()
    clock.set(on("01-01", 0))
    joined = replace(
        office(clock, plan=plan),
        directory=FakeDirectory(AT_WORK),
        registers=DutyRegisters(database.app_dsn),
        draw_basis=drawn_since_announced(database),
        bulletin_basis=drawn_up_by_the_last(database),
    )
    try:
        with open_casework(database.app_dsn, joined) as casework, closing(Log(database)) as log:
            people: dict[str, Role] = {name: actor.role for name, actor in PEOPLE.items()}
            reorganise(casework, [*settling(AT_WORK, HEADS, people), *posts])
            yield Year(plan, database, casework, clock, log)
    finally:
        server.drop(database)
