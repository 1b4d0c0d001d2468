"""What runs side by side in one process that follows the log; together they end, with the first that dies."""

import threading
from collections.abc import Callable, Mapping

import structlog

log = structlog.get_logger(__name__)

Part = Callable[[threading.Event], None]
"""Something that runs until it is told to stop."""


class FollowerEnded(Exception):
    """A follower's thread ended by itself, which it never should: the process must be started again."""


def run_together(parts: Mapping[str, Part], stop: threading.Event) -> None:
    """Each part in a thread of its own, until `stop` or until one dies; then all end. Raises FollowerEnded."""
    threads = [threading.Thread(target=part, args=(stop,), name=name, daemon=True) for name, part in parts.items()]
    for thread in threads:
        thread.start()
    while not stop.wait(0.2):
        if ended := [thread.name for thread in threads if not thread.is_alive()]:
            stop.set()
            log.error("follower_ended", parts=ended)
            raise FollowerEnded(", ".join(ended))
    for thread in threads:
        thread.join()
