"""Who is told by message what their inbox holds? A step that the worker takes each minute; at least once each.

What was sent stands beside each target, moved on after delivery; a restart loses nothing, a repeat has the same id.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import psycopg
import structlog
from cryptography.exceptions import InvalidTag
from eventsourcing.persistence import OperationalError
from psycopg.rows import class_row

from domain.context import Directory
from projections import inbox
from projections.inbox_tellings import URGENT
from services.notify.allowed import Allowed, TargetNotAllowed
from services.notify.digest import digest_of
from services.notify.posting import AT_ONCE, Delivery, post
from services.notify.quiet import Quiet
from services.notify.targets import TargetSeal
from services.persistence.scope import Scope, scoped

EACH_SECONDS: Final = 60.0
_STEP_MAY_END: Final = 2.0
MOST_FAILURES: Final = 10
_LOCK: Final = 7_214_021
"""Advisory lock key: one worker sends at a time."""
_LOOKED_AT: Final = 200  # notices of one digest; of what is beyond only the count is told
_LONGEST_WAIT: Final = timedelta(hours=6)

_WAITING: Final = """
select t.id, t.person, t.sealed, t.sent_until, t.sent_at, t.failures, coalesce(r.read_until, -1) as read_until
from notice_target t left join inbox_read r using (person)
where t.gave_up_at is null and (t.try_after is null or t.try_after <= %s)
order by t.failures, t.sent_at nulls first, t.id
"""
_SENT: Final = """
update notice_target set sent_until = %s, sent_at = %s, failures = 0, try_after = null where id = %s
"""
_FAILED: Final = "update notice_target set failures = failures + 1, try_after = %s, gave_up_at = %s where id = %s"

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Waiting:
    """A target to which something may be sent now."""

    id: int
    person: str
    sealed: bytes
    sent_until: int
    sent_at: datetime | None
    failures: int
    read_until: int


@dataclass(frozen=True, slots=True)
class SendingRules:
    """`link`: where to look; `every`: at most one digest in so long, unless something is urgent."""

    allowed: Allowed
    link: str
    every: timedelta = timedelta(hours=1)
    quiet: Quiet | None = None


class Sending:
    """Takes the step."""

    def __init__(
        self, dsn: str, seal: TargetSeal, directory: Directory, rules: SendingRules, clock: Callable[[], datetime]
    ) -> None:
        self._dsn = dsn
        self._seal = seal
        self._directory = directory
        self._rules = rules
        self._clock = clock

    def step(self) -> int:
        """Sends what is due; returns how many targets took it. Raises psycopg.Error, OperationalError."""
        now = self._clock()
        if self._rules.quiet is not None and self._rules.quiet.holds(now):
            return 0
        with psycopg.connect(self._dsn, autocommit=True, connect_timeout=5) as connection:
            if connection.execute("select pg_try_advisory_lock(%s)", (_LOCK,)).fetchone() != (True,):
                return 0  # another worker is at it
            prepared = self._prepared(connection, now)
            answers = post([each for each, _ in prepared], self._rules.allowed.networks) if prepared else {}
            for delivery, newest in prepared:
                self._record(connection, delivery.id, answers.get(delivery.id), newest, now)
                if delivery.id not in answers:
                    break  # here it hung; those behind it were not tried
            return sum(answers.values())

    def _prepared(self, connection: psycopg.Connection, now: datetime) -> list[tuple[Delivery, int]]:
        with connection.cursor(row_factory=class_row(_Waiting)) as cursor:
            waiting = cursor.execute(_WAITING, (now,)).fetchall()
        found: list[tuple[Delivery, int]] = []
        for target in waiting:
            if len(found) == AT_ONCE:
                break
            if (prepared := self._for(connection, target, now)) is not None:
                found.append(prepared)
        return found

    def _for(self, connection: psycopg.Connection, target: _Waiting, now: datetime) -> tuple[Delivery, int] | None:
        """What is to be sent there now, with the position of the newest notice in it."""
        barred = self._directory.superiors_of(target.person) | {target.person}
        after = max(target.sent_until, target.read_until)
        with scoped(connection, Scope(people=frozenset({target.person}), barred=barred)):
            notices = inbox.page(connection, after=after, limit=_LOOKED_AT)
            count, newest = inbox.unread(connection, after)
        if not notices or not self._is_time(target, notices, now):
            return None
        try:
            address = self._rules.allowed.target(self._seal.open(target.person, bytes(target.sealed)))
        except (TargetNotAllowed, InvalidTag):  # no longer allowed, or another key: it is given up
            connection.execute(_FAILED, (None, now, target.id))
            return None
        digest = digest_of(target.id, target.sent_until, notices, count, self._rules.link)
        return Delivery(target.id, address, digest), newest

    def _is_time(self, target: _Waiting, notices: Sequence[inbox.Notice], now: datetime) -> bool:
        rested = target.sent_at is None or now - target.sent_at >= self._rules.every
        return rested or any(notice.kind in URGENT for notice in notices)

    def _record(
        self, connection: psycopg.Connection, target: int, taken: bool | None, newest: int, now: datetime
    ) -> None:
        if taken:
            connection.execute(_SENT, (newest, now, target))
            return
        row = connection.execute("select failures from notice_target where id = %s", (target,)).fetchone()
        failures = 1 + (row[0] if row else 0)
        wait = min(timedelta(minutes=2**failures), _LONGEST_WAIT)
        gave_up = now if failures >= MOST_FAILURES else None
        connection.execute(_FAILED, (now + wait, gave_up, target))
        _log.warning("notices.not_delivered", target=target, failures=failures, gave_up=gave_up is not None)


@contextmanager
def sending_beside(step: Callable[[], int], each_seconds: float = EACH_SECONDS) -> Iterator[None]:
    """Takes the step again and again in a thread of its own, for as long as the `with` lasts."""
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            try:
                step()
            except (psycopg.Error, OperationalError, OSError) as failure:
                _log.warning("notices.failed", reason=type(failure).__name__)
            stop.wait(each_seconds)

    thread = threading.Thread(target=run, name="notices", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_STEP_MAY_END)  # what is under way is repeated by the next worker, with the same id
