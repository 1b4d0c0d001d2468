"""What follows the log, as processes: the sealer, the read models, the relay. `huiyin follow NAME` runs them.

Each part waits for what it needs and goes on when it is back; SIGTERM and Ctrl-C end it after the batch under way.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

from domain.errors import HuiyinError
from projections.follower import Part, follow, run_together
from projections.registry import NAMES, chosen
from projections.relay import Relay
from projections.seal import Sealer
from services.bootstrap import casework_of
from services.settings import Settings
from services.temporal_client import connect

SEAL: Final = "seal"
LEDGERS: Final = "ledgers"
RELAY: Final = "relay"
ALL: Final = "all"


class UnknownFollower(HuiyinError):
    """`follow` was asked for something that does not follow the log."""

    code = "unknown-follower"
    zh = f"没有这个跟随进程。现有：{SEAL}、{LEDGERS}、{RELAY}、{ALL}，以及台账 {'、'.join(NAMES)}。"
    en = f"There is no such follower. There are: {SEAL}, {LEDGERS}, {RELAY}, {ALL}, and the models {', '.join(NAMES)}."


def run_followers(settings: Settings, name: str) -> None:
    """Runs one part of what follows the log, or all, until SIGTERM or Ctrl-C.

    Raises UnknownFollower, MachineProblem when it is not known where things are, and FollowerEnded if a part died.
    """
    parts = _parts(settings, name)
    with _stopped_by_signals() as stop:
        run_together(parts, stop)


def _parts(settings: Settings, name: str) -> dict[str, Part]:
    known: dict[str, Part] = {
        SEAL: Sealer(settings.database_url).run,
        LEDGERS: lambda stop: follow(settings.database_url, chosen(NAMES), stop),
        RELAY: lambda stop: _relay(settings, stop),
    }
    if name == ALL:
        return known
    if name in known:
        return {name: known[name]}
    if name in NAMES:
        return {name: lambda stop: follow(settings.database_url, chosen([name]), stop)}
    raise UnknownFollower


def _relay(settings: Settings, stop: threading.Event) -> None:
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
def _stopped_by_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM or Ctrl-C sets."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
