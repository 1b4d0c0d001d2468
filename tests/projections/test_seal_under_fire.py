"""The sealer among real writers who dawdle, fail and collide, killed at random: nothing is missed or reordered."""

import random
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID, uuid4, uuid5

import psycopg
import pytest

from projections.log_reader import LogReader, SealedEvent, head
from projections.seal import seal_once
from services.persistence.statements import LOG_ONE
from tests.support.postgres import Database
from tests.support.waiting import eventually

Connection = psycopg.Connection[tuple[object, ...]]
SEED = 20260212
WRITERS = 12
VILLAGES = ("CX", "SZ")
SHARED = [uuid5(UUID(int=SEED), str(number)) for number in range(4)]
"""Issues on which all writers collide."""
_SEALER = "import sys, threading; from projections.seal import Sealer; Sealer(sys.argv[1]).run(threading.Event())"


@dataclass
class Reader:
    """Somebody who follows the log while it is written, and what he got."""

    read_on: Callable[[Connection, int], list[tuple[int, tuple[UUID, int]]]]
    last: int
    got: list[tuple[UUID, int]] = field(default_factory=list)

    def follow(self, dsn: str, stop: threading.Event) -> None:
        """Poll until told to stop, then once more."""
        with psycopg.connect(dsn, autocommit=True) as connection:
            while not stop.wait(0.005):
                self.poll(connection)

    def poll(self, connection: Connection) -> None:
        """Take whatever follows the last one read."""
        for place, event in self.read_on(connection, self.last):
            self.got.append(event)
            self.last = place


def by_position(connection: Connection, last: int) -> list[tuple[int, tuple[UUID, int]]]:
    batch = LogReader(connection).read_sealed(last, 1000)
    return [(it.position, (it.originator_id, it.originator_version)) for it in batch]


def by_notification_id(connection: Connection, last: int) -> list[tuple[int, tuple[UUID, int]]]:
    query = (
        "select notification_id, originator_id, originator_version from ledger_events"
        " where notification_id > %s order by notification_id"
    )
    rows: list[tuple[int, UUID, int]] = connection.execute(query, (last,)).fetchall()  # type: ignore[assignment]
    return [(notification_id, (stream, version)) for notification_id, stream, version in rows]


class Writer:
    """Logs issues, adds to its own and to shared ones; dawdles before each commit; rolls a few back."""

    def __init__(self, dsn: str, number: int) -> None:
        self._dsn = dsn
        self._dice = random.Random(SEED + number)
        self._own: list[UUID] = []
        self.written: list[tuple[UUID, int]] = []

    def run(self, stop: threading.Event) -> None:
        """Until told to stop."""
        with psycopg.connect(self._dsn) as connection:
            while not stop.is_set():
                try:
                    event = self._write(connection)
                    connection.execute("select pg_sleep(%s)", (self._dice.uniform(0, 0.012),))
                except psycopg.errors.UniqueViolation:
                    connection.rollback()
                    continue
                if self._dice.random() < 0.06:
                    connection.rollback()
                    continue
                connection.commit()
                self.written.append(event)
                if event[1] == 1 and event[0] not in SHARED:
                    self._own.append(event[0])

    def _write(self, connection: Connection) -> tuple[UUID, int]:
        if self._own and self._dice.random() > 0.3:
            return append_next(connection, self._dice.choice(self._own + SHARED))
        issue = UUID(int=self._dice.getrandbits(128))
        village = self._dice.choice(VILLAGES)
        values = (uuid4(), issue, 1, b"", village, 2026, issue, "test.logged", b'{"x":1}')
        psycopg.RawCursor(connection).execute(LOG_ONE, values)
        return issue, 1


def append_next(connection: Connection, stream: UUID) -> tuple[UUID, int]:
    """Insert the stream's next event, as this transaction sees it."""
    found = connection.execute(
        "select coalesce(max(originator_version), 0) + 1 from ledger_events where originator_id = %s", (stream,)
    ).fetchall()
    version = int(str(found[0][0]))
    connection.execute(
        "insert into ledger_events (originator_id, originator_version, topic, state) values (%s, %s, 'test', '{}')",
        (stream, version),
    )
    return stream, version


@contextmanager
def sealer_process(dsn: str) -> Iterator[subprocess.Popen[bytes]]:
    """A real sealer in a process of its own, killed without warning at the end."""
    process = subprocess.Popen([sys.executable, "-c", _SEALER, dsn], stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)


def seal_and_kill(dsn: str, kills: int, dice: random.Random) -> None:
    """Let so many sealers, one after the other, seal a while each."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        for _ in range(kills):
            goal = head(connection) + dice.randint(1, 300)
            with sealer_process(dsn):
                eventually(lambda: head(connection) >= goal, within=60)  # noqa: B023


def run_the_fire(database: Database, kills: int) -> tuple[list[Writer], Reader, Reader]:
    """Write, follow and kill. The last "writer" made one event only, and held it back longest."""
    writers = [Writer(database.app_dsn, number) for number in range(WRITERS + 1)]
    follower, naive = Reader(by_position, -1), Reader(by_notification_id, 0)
    stop = threading.Event()
    with ThreadPoolExecutor(WRITERS + 2) as pool, psycopg.connect(database.app_dsn) as dawdler:
        # Deterministic trouble: the lowest id of all is committed last, when everybody has read far beyond it.
        writers[-1].written.append(append_next(dawdler, uuid4()))
        try:
            running = [pool.submit(it.follow, database.app_dsn, stop) for it in (follower, naive)]
            running += [pool.submit(writer.run, stop) for writer in writers[:-1]]
            seal_and_kill(database.follower_dsn, kills, random.Random(SEED))
            eventually(lambda: naive.got, within=30)
            dawdler.commit()
        finally:
            stop.set()
        for it in running:
            it.result(timeout=30)
    return writers, follower, naive


@pytest.mark.parametrize("kills", [3, pytest.param(100, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def test_every_event_is_sealed_once_in_order_though_sealers_die_and_a_naive_reader_misses_some(
    database: Database, kills: int
) -> None:
    writers, follower, naive = run_the_fire(database, kills)
    with psycopg.connect(database.follower_dsn, autocommit=True) as connection:
        while seal_once(connection):
            pass
        follower.poll(connection)
        naive.poll(connection)
        log = LogReader(connection).read_sealed(-1, 10**9)
        serials = dict(connection.execute("select issue_id, serial from issue_number").fetchall())
        villages = dict(connection.execute("select issue_id, village from issue_number").fetchall())
    written = [event for writer in writers for event in writer.written]
    events = [(it.originator_id, it.originator_version) for it in log]

    assert sorted(events) == sorted(written), "every committed event once, and nothing else"
    assert [it.position for it in log] == list(range(len(log)))
    assert follower.got == events, "who follows positions got each event once, in order"
    assert_in_order(log, writers, serials, villages)
    assert len(set(naive.got)) < len(events), "the naive reader has to miss some, or this test shows nothing"


def assert_in_order(
    log: list[SealedEvent], writers: list[Writer], serials: dict[object, object], villages: dict[object, object]
) -> None:
    """By issue, by what one writer did one after the other, and by village number."""
    versions, numbers = defaultdict(list), defaultdict(list)
    position = {(it.originator_id, it.originator_version): it.position for it in log}
    for it in log:
        versions[it.originator_id].append(it.originator_version)
        if it.originator_id in serials and it.originator_version == 1:
            numbers[villages[it.originator_id]].append(serials[it.originator_id])
    for of_issue in versions.values():
        assert of_issue == list(range(1, len(of_issue) + 1))
    for of_village in numbers.values():
        assert of_village == list(range(1, len(of_village) + 1))
    for writer in writers:
        assert all(position[a] < position[b] for a, b in pairwise(writer.written))
