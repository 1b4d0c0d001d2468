"""Issues by the thousand for `huiyin bench relay`: logged, set off so that their workflow acts at once, counted.

Through the one door, `Casework`, as people and imports do.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import psycopg

from domain.casework import Casework
from domain.deadlines import reckon
from domain.issue import commands as c
from domain.issue.words import Channel
from domain.plan import load_plan
from domain.values import LOCAL_ZONE, Actor, Role
from services.bench.harness import VILLAGE, BenchOffice
from services.bootstrap import casework_of
from services.holidays import official_table
from workflows.messages import Situation, situation_of

HANDLER: Final = Actor(user="handler", role=Role.CASE_HANDLER)
REMINDED: Final = "issue.deadline_reminded"
MISSED: Final = "issue.deadline_missed"
_AT_ONCE: Final = 8
_TOGETHER: Final = 100  # issues logged in one transaction
_LOGGED_DAYS_AGO: Final = 30


class Paperwork:
    """Writes to the log of a bench's office and looks what came of it."""

    def __init__(self, casework: Casework, connection: psycopg.Connection) -> None:
        self._casework = casework
        self._connection = connection
        self._now = datetime.now(LOCAL_ZONE)
        self._set_off_at = _a_reminder_is_owed_since(self._now)

    def log(self, count: int, promised_by: datetime) -> list[UUID]:
        """So many new issues, promised for then; none owes anything before."""
        logged_at = self._now - timedelta(days=_LOGGED_DAYS_AGO)
        commands = [_logged(logged_at, promised_by) for _ in range(count)]
        for first in range(0, count, _TOGETHER):
            self._casework.handle_together(commands[first : first + _TOGETHER])
        return [command.issue_id for command in commands]

    def set_off(self, issue_ids: Sequence[UUID]) -> None:
        """Escalates each, so long ago that its reminder is owed: as soon as its workflow hears of it, it sends it."""
        commands = [
            c.EscalateIssue(
                command_id=uuid4(), actor=HANDLER, occurred_at=self._set_off_at, issue_id=issue_id, reason="需升降车。"
            )
            for issue_id in issue_ids
        ]
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            list(threads.map(self._casework.handle, commands))

    def situations(self, issue_ids: Sequence[UUID]) -> list[Situation]:
        """What workflows are told of these issues."""
        found = [self._casework.issue(issue_id) for issue_id in issue_ids]
        return [situation_of(issue, wake_spread_seconds=0) for issue in found if issue is not None]

    def newest(self) -> int:
        """The log's newest notification id: a mark to count from."""
        return self._number("select max(notification_id) from ledger_events")

    def count(self, topic: str, mark: int) -> int:
        """How many events of this topic came after the mark."""
        return self._number("select count(*) from ledger_events where notification_id > %s and topic = %s", mark, topic)

    def wait_for(self, topic: str, mark: int, count: int, within: float) -> int:
        """Waits until so many events of this topic came after the mark, at most so many seconds; how many did."""
        deadline = time.perf_counter() + within
        while (found := self.count(topic, mark)) < count and time.perf_counter() < deadline:
            time.sleep(0.05)
        return found

    def wait_until_told(self, within: float) -> bool:
        """Waits until the relay has told of every event; whether it has."""
        query = (
            "select (select max(notification_id) from ledger_events) = (select notification_id from seal"
            " where position = (select position from follower_position where name = 'relay'))"
        )
        deadline = time.perf_counter() + within
        while not self._number(query):
            if time.perf_counter() > deadline:
                return False
            time.sleep(0.05)
        return True

    def wait_until_sealed(self) -> None:
        """Waits until every event has its position."""
        query = "select count(*) from ledger_events left join seal using (notification_id) where position is null"
        while self._number(query):
            time.sleep(0.05)

    def answer_seconds(self, issue_ids: Sequence[UUID]) -> list[float]:
        """For issues set off: from the person's action to the workflow's, by the database's clock."""
        query = """
            select extract(epoch from reminder.recorded_at - action.recorded_at)::float8
            from ledger_events action join ledger_events reminder using (originator_id)
            where action.topic = 'issue.escalated' and reminder.topic = %s and originator_id = any(%s)
              and reminder.originator_version > action.originator_version
        """
        return [row[0] for row in self._connection.execute(query, (REMINDED, list(issue_ids)))]

    def kept_seconds(self, issue_ids: Sequence[UUID], due_at: datetime) -> list[float]:
        """For issues with a missed limit: how long after it the miss was recorded."""
        query = (
            "select extract(epoch from recorded_at - %s)::float8 from ledger_events"
            " where topic = %s and originator_id = any(%s)"
        )
        return [row[0] for row in self._connection.execute(query, (due_at, MISSED, list(issue_ids)))]

    def _number(self, query: str, *parameters: object) -> int:
        row = self._connection.execute(query.encode(), parameters).fetchone()
        return row[0] if row and row[0] is not None else 0


@contextmanager
def paperwork(office: BenchOffice) -> Iterator[Paperwork]:
    """A way in to the office's log."""
    casework = casework_of(office.settings)
    try:
        with psycopg.connect(office.postgres.owner_dsn, autocommit=True) as connection:
            yield Paperwork(casework, connection)
    finally:
        casework.close()


def _logged(logged_at: datetime, promised_by: datetime) -> c.LogIssue:
    return c.LogIssue(
        command_id=uuid4(),
        actor=HANDLER,
        occurred_at=logged_at,
        channel=Channel.VISIT,
        village=VILLAGE,
        category="construction",
        title="村口路灯不亮",
        description="村口到小学一段三盏路灯不亮。",
        promised_by=promised_by,
    )


def _a_reminder_is_owed_since(now: datetime) -> datetime:
    """When an escalation has to lie so that its reminder was due already and its limit is not yet."""
    plan, holidays = load_plan("cx"), official_table()
    for days in range(1, _LOGGED_DAYS_AGO):
        deadline = reckon("acceptance", now - timedelta(days=days), plan, holidays)
        if deadline.remind_at is not None and deadline.remind_at < now < deadline.due_at - timedelta(hours=1):
            return deadline.started_at
    raise LookupError("no day of the last month starts a clock that runs out soon")
