"""Many people at work at once, while parts of the house are killed: every command under one key until it is answered.

Each worker lives through whole issues, some logged late so that the process acts on them too; what each lived through
is kept as `Asked` for the checker. Fixed seed; times are monotonic.
"""

import random
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.faults.checker import Asked
from tests.support.door import LOGGED
from tests.support.http import Answer, Client, NoAnswer
from tests.support.system import System

LIFE: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("handler", "escalate-issue", {"reason": "需升降车。"}),
    ("lead", "accept-issue", {"person": "lead"}),
    ("lead", "assign-leader", {"leader": "committee"}),
    ("lead", "resolve-issue", {"measures": "已换灯。"}),
    ("lead", "give-reply", {"findings": "属实。", "opinion": "已修好。"}),
    ("handler", "deliver-reply", {"copy_for": "household", "method": "当面"}),
    ("handler", "rate-answer", {"rating": "satisfied"}),
    ("handler", "close-issue", {}),
    ("handler2", "record-look-back", {"holds": True, "findings": "仍亮。"}),
)
VILLAGES = ("QS", "LX")
DAYS_AGO = (0, 0, 4, 30)
"""When it all happened: what lies back is recorded late, and the process acts on it in between."""
THINKING = 0.2
"""At most so many seconds between two actions of a person: the process has its turns too."""
PASSED_BY = frozenset({409, 412})
"""The process was quicker: the issue moved meanwhile. Look again, then ask anew."""


@dataclass
class Load:
    """The people at work: start them, let them work a while, stop them, read what they lived through."""

    system: System
    seed: int
    workers: int = 6
    address: str | None = None  # another door than the system's own
    history: list[Asked] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)
    repeated: int = 0  # answers that said: done before
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Everybody works inside the `with`; at its end each finishes the command under way."""
        threads = [threading.Thread(target=self._work, args=(worker,)) for worker in range(self.workers)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def acknowledged(self) -> int:
        """How many commands were acknowledged so far."""
        return sum(asked.acknowledged for asked in list(self.history))

    def told(self) -> str:
        """In one line what was lived through."""
        refused = sum(asked.status is not None and not asked.acknowledged for asked in self.history)
        unknown = sum(asked.status is None for asked in self.history)
        longest = max((asked.answered_at - asked.asked_at for asked in self.history), default=0.0)
        return (
            f"{len(self.history)} commands: {self.acknowledged()} acknowledged ({self.repeated} after a repeat),"
            f" {refused} refused, {unknown} unknown; longest wait {longest:.1f} s"
        )

    def _work(self, worker: int) -> None:
        person = _Person(self, random.Random(f"{self.seed}/{worker}"))
        try:
            while not self._stop.is_set():
                person.live_through_an_issue()
        except BaseException as failure:
            self.failures.append(failure)
        finally:
            person.hang_up()

    def client(self, user: str) -> Client:
        """A connection of this account."""
        return Client(self.address or self.system.address, self.system.tokens[user], timeout=15)

    def rest(self, seconds: float) -> bool:
        """Think a little before the next action; whether it is time to go home."""
        return self._stop.wait(seconds)


class _Person:
    """One worker's connections and dice."""

    def __init__(self, load: Load, dice: random.Random) -> None:
        self._load = load
        self._dice = dice
        self._clients: dict[str, Client] = {}

    def live_through_an_issue(self) -> None:
        """Log one, then act on it to a point drawn by chance; often the process acts on it as well."""
        at = {"occurred_at": (datetime.now(UTC) - timedelta(days=self._dice.choice(DAYS_AGO))).isoformat()}
        answer = self._ask("handler", "issues", {**LOGGED, "village": self._dice.choice(VILLAGES), **at})
        if answer is None:
            return
        number, version = answer.body["number"], answer.version
        for user, command, body in LIFE[: self._dice.randint(0, len(LIFE))]:
            step = self._step(user, number, command, {**body, **at}, version)
            if step is None or self._load.rest(self._dice.uniform(0, THINKING)):
                return
            version = step

    def hang_up(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            client.close()

    def _step(self, user: str, number: str, command: str, body: Mapping[str, Any], version: int) -> int | None:
        """The version after it; None when it was refused for good or nobody knows."""
        for _ in range(20):
            answer = self._ask(user, f"issues/{number}/{command}", body, version)
            if answer is None:
                return None
            if answer.status == 200:
                return answer.version
            assert answer.status in PASSED_BY, (command, answer)
            if answer.code == "wrong-stage" and "version" in answer.body and answer.version == version:
                return None  # the process took this step already
            if "version" not in answer.body:
                return None
            version = answer.version
        return None

    def _ask(self, user: str, path: str, body: Mapping[str, Any], version: int | None = None) -> Answer | None:
        """One command, kept in the history. None: nobody knows what came of it."""
        if user not in self._clients:
            self._clients[user] = self._load.client(user)
        key, began = UUID(int=self._dice.getrandbits(128), version=4), time.monotonic()
        try:
            answer = self._clients[user].ask(path, body, version=version, key=key)
        except NoAnswer:
            self._load.history.append(Asked(key, path, began, time.monotonic()))
            return None
        ended, told = time.monotonic(), answer.body
        self._load.repeated += bool(told.get("repeated"))
        stream = UUID(told["issue_id"]) if "issue_id" in told else None
        self._load.history.append(
            Asked(key, path, began, ended, answer.status, stream, told.get("version"), told.get("number"))
        )
        return answer
