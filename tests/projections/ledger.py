"""A real log for tests of read models: cases written and sealed, tables filled batch by batch, and their rows.

`log` is the fixture; `taken_in(projection, events)` needs no database.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import zip_longest
from typing import Any, Final, Protocol
from uuid import UUID

import psycopg
import pytest

from domain.events import DomainEvent, encode
from domain.issue.events import IssueLogged
from projections.audit_findings import AUDIT_FINDINGS
from projections.bulletins import BULLETINS
from projections.docket import DOCKET
from projections.follower import Pace, follow
from projections.household_register import HOUSEHOLD_REGISTER
from projections.liaison import LIAISON
from projections.log_reader import LogReader
from projections.projection import Projection, Recorded, decoded
from projections.registry import PROJECTIONS
from projections.row_security import EVERYTHING
from projections.seal import seal_once
from projections.spot_checks import SPOT_CHECKS
from projections.submissions import SUBMISSIONS
from projections.visit_coverage import VISIT_COVERAGE
from projections.visits import VISITS
from tests.support.office import office_events
from tests.support.postgres import Database
from tests.support.waiting import running

QUICK = Pace(look=0.02, candidate=0.02, retry=0.05, retry_at_most=0.05)
"""For followers in tests."""


OF_OTHER_STREAMS: Final = (
    HOUSEHOLD_REGISTER,
    VISITS,
    LIAISON,
    VISIT_COVERAGE,
    SUBMISSIONS,
    SPOT_CHECKS,
    AUDIT_FINDINGS,
    BULLETINS,
    DOCKET,
)
"""Read models that follow no issue: the lives here have no such events; they have tests of their own."""


class Told(Protocol):
    """Whatever tells streams of events: a case, or a township in memory."""

    @property
    def streams(self) -> Mapping[UUID, Sequence[DomainEvent]]:
        """Each stream's events, oldest first."""


class Log:
    """The log of one database: `connection` writes as the application does and reads everything that it may read;
    `follower` writes the tables.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        whole = " ".join(f"-c {setting}={value}" for setting, value in EVERYTHING.items())
        self.connection = psycopg.connect(database.app_dsn, autocommit=True, options=whole)
        self.follower = psycopg.connect(database.follower_dsn, autocommit=True)

    def close(self) -> None:
        """Ends its connections."""
        self.connection.close()
        self.follower.close()

    def append(self, *cases: Told) -> None:
        """Writes what happened in these cases, their events taking turns, with numbers of their own, and seals it."""
        for event in numbered(interleaved(cases), self._count("issue_number")):
            self.write(event)
        self.seal()

    def settle(self) -> None:
        """Writes and seals the office's organisation: its places have names, its people posts."""
        for event in office_events():
            self.write(event)
        self.seal()

    def write(self, event: DomainEvent) -> None:
        """One event, not sealed yet."""
        self.write_raw(event.originator_id, event.originator_version, event.TOPIC, encode(event))
        if isinstance(event, IssueLogged):
            year, serial = event.occurred_at.year, int(str(event.number).rpartition("-")[2])
            self.connection.execute(
                "insert into issue_number (number, village, year, serial, issue_id) values (%s, %s, %s, %s, %s)",
                (event.number, event.village, year, serial, event.originator_id),
            )

    def write_raw(self, stream: UUID, version: int, topic: str, state: bytes) -> None:
        """Any bytes under any topic, not sealed yet."""
        self.connection.execute(
            "insert into ledger_events (originator_id, originator_version, topic, state) values (%s, %s, %s, %s)",
            (stream, version, topic, state),
        )

    def seal(self) -> None:
        """Gives everything its position."""
        seal_once(self.follower)

    def read(self) -> list[Recorded]:
        """Everything sealed."""
        return decoded(LogReader(self.follower).read_sealed(-1, 1_000_000))

    def fill(self, *projections: Projection) -> None:
        """Takes the whole log into the tables, as followers would."""
        everything = self.read()
        for projection in projections or PROJECTIONS:
            projection.apply(self.follower, everything)
            self.follower.execute(
                "insert into follower_position (name, position) values (%s, %s)",
                (projection.name, len(everything) - 1),
            )

    def rows(self, projection: Projection) -> list[tuple[Any, ...]]:
        """All rows of its tables, in order."""
        return [row for table in projection.tables for row in self.query(f"table {table} order by {table}.*")]

    def query(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """The rows of any query."""
        return self.follower.execute(query.encode(), parameters).fetchall()

    def position(self, name: str) -> int:
        """How far a follower got; -2 if it never ran."""
        found = self.query("select position from follower_position where name = %s", name)
        return found[0][0] if found else -2

    def _count(self, table: str) -> int:
        return int(self.query(f"select count(*) from {table}")[0][0])


@pytest.fixture
def log(database: Database) -> Iterator[Log]:
    """An empty log, with the read models' tables."""
    opened = Log(database)
    yield opened
    opened.close()


@contextmanager
def following(log: Log, *projections: Projection, pace: Pace = QUICK) -> Iterator[None]:
    """Followers of these read models (by default all) run in this process meanwhile."""
    with running(lambda stop: follow(log.database.follower_dsn, projections or PROJECTIONS, stop, pace)):
        yield


def interleaved(cases: Sequence[Told]) -> Iterator[DomainEvent]:
    """The events of all streams of the cases, taking turns; each stream keeps its order.

    Where cases share a stream (a meeting, a fund, a duplicate), the longest telling of it counts.
    """
    streams: dict[UUID, Sequence[DomainEvent]] = {}
    for life in cases:
        for stream, events in life.streams.items():
            streams[stream] = max(streams.get(stream, ()), events, key=len)
    for turn in zip_longest(*streams.values()):
        yield from (event for event in turn if event is not None)


def numbered(events: Iterable[DomainEvent], already: int = 0) -> Iterator[DomainEvent]:
    """The same, with every issue's number its own, as the database would allot them."""
    serial = already
    for event in events:
        if isinstance(event, IssueLogged):
            serial += 1
            event = event.model_copy(update={"number": f"{event.village}-{event.occurred_at.year}-{serial:04d}"})
        yield event


def taken_in(projection: Any, events: Iterable[DomainEvent]) -> dict[UUID, Any]:
    """The rows of a PerIssue read model after these events, each recorded a minute after it happened."""
    minute = timedelta(minutes=1)
    recorded = (Recorded(nth, event.occurred_at + minute, event) for nth, event in enumerate(events))
    rows: dict[UUID, Any] = projection.fold(recorded, {})
    return rows
