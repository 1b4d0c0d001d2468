"""Kills parts of a running system in random order at random moments, by pid and with SIGKILL, from a printed seed."""

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import psycopg

from tests.support.system import System

CONNECTIONS = "database connections"
"""Not a process: every connection of the application is cut by the server, in the middle of whatever it does."""
_CUT = "select pg_terminate_backend(pid) from pg_stat_activity where usename in ('huiyin_app', 'huiyin_follower')"


class Nemesis:
    """One enemy. `hits` counts what it did."""

    def __init__(self, system: System, seed: int, targets: Sequence[str], pause: tuple[float, float]) -> None:
        """`pause`: shortest and longest seconds between two blows."""
        self.hits: Counter[str] = Counter()
        self._system = system
        self._targets = targets
        self._pause = pause
        self._dice = random.Random(seed)
        self._stop = threading.Event()

    @contextmanager
    def at_large(self) -> Iterator[None]:
        """It strikes inside the `with`."""
        thread = threading.Thread(target=self._strike_on)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _strike_on(self) -> None:
        while not self._stop.is_set():
            for target in self._dice.sample(self._targets, len(self._targets)):
                if self._stop.wait(self._dice.uniform(*self._pause)):
                    return
                self.strike(target)

    def strike(self, target: str) -> None:
        """One blow; a part that is down already is spared."""
        if target == CONNECTIONS:
            with suppress(psycopg.OperationalError):
                self._cut_connections()
                self.hits[target] += 1
            return
        pid = self._system.pid(target)
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.hits[target] += 1

    def _cut_connections(self) -> None:
        url = self._system.running.superuser_database_url
        assert url is not None
        with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
            connection.execute(_CUT)
