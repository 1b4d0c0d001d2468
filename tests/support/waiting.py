"""Waiting for a real process in a test: poll a condition until a deadline, never sleep for luck."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")


def eventually(predicate: Callable[[], T], within: float = 10.0) -> T:
    """Call `predicate` every 20 ms until its answer is true, and return that answer; fail after `within` seconds.

    An AssertionError inside the predicate counts as "not yet"; the last one is shown when time runs out.
    """
    deadline = time.monotonic() + within
    while True:
        reason: AssertionError | None = None
        try:
            if answer := predicate():
                return answer
        except AssertionError as not_yet:
            reason = not_yet
        if time.monotonic() >= deadline:
            raise AssertionError(f"not true within {within} s") from reason
        time.sleep(0.02)


@contextmanager
def running(part: Callable[[Event], None]) -> Iterator[None]:
    """Something that runs until it is told to stop, in a thread meanwhile."""
    stop = Event()
    thread = Thread(target=part, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()
