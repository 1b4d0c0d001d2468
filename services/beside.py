"""A step that is taken again and again beside a process's own work, in a thread of its own.

Called by what the worker does for households' keys and for files. What goes wrong is said without its words.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

_log = structlog.get_logger(__name__)


@contextmanager
def beside(
    name: str, step: Callable[[], int], each_seconds: float, away: tuple[type[Exception], ...]
) -> Iterator[None]:
    """For as long as the `with` lasts. `away`: what may be raised while something cannot be reached."""
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            try:
                step()
            except away as failure:
                _log.warning(f"{name}.failed", reason=type(failure).__name__)
            stop.wait(each_seconds)

    thread = threading.Thread(target=run, name=name)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
