"""The processes that follow the log: sealer, read models, relay. `huiyin follow NAME` runs one of them, or all.

Each elects its leader; a second process of the same name waits to take over. SIGTERM or Ctrl-C ends them cleanly.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from types import FrameType

import structlog

from domain.errors import NotFound
from projections.parts import Part, run_together
from services.collecting import look_for_cycles_seldom
from services.logs import log_as_json
from services.settings import Settings


class UnknownFollower(NotFound):
    code = "unknown-follower"
    zh = "没有这个跟随进程。可用：seal、ledgers、relay、all，或一个台账的名称。"
    en = "There is no such follower. There are: seal, ledgers, relay, all, or the name of one read model."


def run_followers(settings: Settings, name: str) -> None:
    """Follows until told to stop. Raises UnknownFollower; FollowerEnded if a part of it ended by itself."""
    log_as_json()
    look_for_cycles_seldom()
    bodies = followers_of(settings, name)
    log = structlog.get_logger("huiyin.follow")
    with _told_to_stop() as stop:
        log.info("follower_starts", name=name)
        run_together(bodies, stop)
    log.info("follower_ended", name=name)


def followers_of(settings: Settings, name: str) -> dict[str, Part]:
    """What runs under this name. Raises UnknownFollower."""
    trees = {"tree": partial(_tree, settings, "sha256")}
    if settings.witnesses:
        trees["witnesses"] = partial(_witnesses, settings)
    if settings.sm3_tree:
        trees["tree_sm3"] = partial(_tree, settings, "sm3")
    parts: dict[str, Part] = {
        "seal": partial(_seal, settings),
        "ledgers": partial(_ledgers, settings, None),
        "relay": partial(_relay, settings),
    }
    if name == "all":
        return {**parts, **trees}
    if name == "seal":
        return {name: parts[name], **trees}
    if name in parts:
        return {name: parts[name]}
    from projections.registry import NAMES

    if name not in NAMES:
        raise UnknownFollower
    return {name: partial(_ledgers, settings, name)}


# Each part's own imports are inside it: the sealer knows no events and the read models know nothing of Temporal, and
# neither need carry them in memory.


def _seal(settings: Settings, stop: threading.Event) -> None:
    from projections.seal import Sealer

    Sealer(settings.follower_database_url).run(stop)


def _tree(settings: Settings, hashing: str, stop: threading.Event) -> None:
    from domain.proof.hashing import HASHINGS
    from projections.tree import follow_with_tree
    from services.audit.log_key import LogKey

    chosen = HASHINGS[hashing]
    follow_with_tree(settings.follower_database_url, chosen, LogKey(settings.home, chosen), stop)


def _witnesses(settings: Settings, stop: threading.Event) -> None:
    from datetime import timedelta

    from services.audit.collecting import Collector
    from services.audit.witness_list import witnesses_of

    silent_after = timedelta(minutes=settings.witness_minutes)
    Collector(settings.follower_database_url, witnesses_of(settings.witnesses), silent_after).run(stop)


def _ledgers(settings: Settings, name: str | None, stop: threading.Event) -> None:
    from projections.follower import follow
    from projections.registry import PROJECTIONS, chosen

    follow(settings.follower_database_url, chosen([name]) if name else PROJECTIONS, stop)


def _relay(settings: Settings, stop: threading.Event) -> None:
    from projections.relay import Relay
    from services.bootstrap import following_casework
    from services.temporal_client import connect

    with closing(following_casework(settings)) as casework:
        relay = Relay(
            settings.follower_database_url,
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
