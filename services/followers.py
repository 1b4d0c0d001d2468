"""The processes that follow the log: sealer, read models, relay. `huiyin follow NAME` runs one of them, or all.

Each elects its leader; a second process of the same name waits to take over. SIGTERM or Ctrl-C ends them cleanly.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from types import FrameType

import structlog

from domain.errors import NotFound
from projections.follower import FollowerEnded, follow
from projections.registry import NAMES, PROJECTIONS, chosen
from services.logs import log_as_json
from services.settings import Settings

Body = Callable[[threading.Event], None]


class UnknownFollower(NotFound):
    code = "unknown-follower"
    zh = "没有这个跟随进程。可用：seal、ledgers、relay、all，或一个台账的名称。"
    en = "There is no such follower. There are: seal, ledgers, relay, all, or the name of one read model."


def run_followers(settings: Settings, name: str) -> None:
    """Follows until told to stop. Raises UnknownFollower; FollowerEnded if a part of it ended by itself."""
    log_as_json()
    bodies = _bodies(settings, name)
    log = structlog.get_logger("huiyin.follow")
    with _told_to_stop() as stop:
        log.info("follower_starts", name=name)
        _run_all(bodies, stop)
    log.info("follower_ended", name=name)


def _bodies(settings: Settings, name: str) -> list[Body]:
    parts: dict[str, Body] = {
        "seal": partial(_seal, settings),
        "ledgers": partial(follow, settings.database_url, PROJECTIONS),
        "relay": partial(_relay, settings),
    }
    if name == "all":
        return list(parts.values())
    if name in NAMES:
        return [partial(follow, settings.database_url, chosen([name]))]
    if name not in parts:
        raise UnknownFollower
    return [parts[name]]


def _seal(settings: Settings, stop: threading.Event) -> None:
    from projections.seal import Sealer

    Sealer(settings.database_url).run(stop)


def _relay(settings: Settings, stop: threading.Event) -> None:
    # Imported here: the sealer and the read models know nothing of Temporal, and need not carry it in memory.
    from projections.relay import Relay
    from services.bootstrap import casework_of
    from services.temporal_client import connect

    with closing(casework_of(settings)) as casework:
        relay = Relay(
            settings.database_url,
            casework,
            lambda: connect(settings),
            task_queue=settings.task_queue,
            wake_spread_seconds=settings.wake_spread_seconds,
        )
        relay.run(stop)


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set."""
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _run_all(bodies: list[Body], stop: threading.Event) -> None:
    """One body in this thread, several in a thread each; if one ends by itself, all end, and the process with them."""
    if len(bodies) == 1:
        bodies[0](stop)
        return
    threads = [threading.Thread(target=body, args=(stop,)) for body in bodies]
    for thread in threads:
        thread.start()
    while not stop.wait(0.2):
        if not all(thread.is_alive() for thread in threads):
            stop.set()
            raise FollowerEnded("follow all")
    for thread in threads:
        thread.join()
