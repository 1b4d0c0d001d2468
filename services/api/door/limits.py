"""How often may somebody ask? Rates by kind of request, counted per address, account or receipt, with the time to wait.

Called by the handlers before any other work. Counted in this process's memory: each API process counts for itself.
"""

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Any, Final, Self

from limits import RateLimitItem, parse
from limits.storage import MovingWindowSupport, Storage
from limits.strategies import MovingWindowRateLimiter

from services.api.door.problems import TooManyRequests

Clock = Callable[[], float]
"""Seconds, never going back."""
MOST_KEYS: Final = 50_000


class Kind(StrEnum):
    """What is counted, each with its own rate."""

    RECEIPT_ADDRESS = "receipt_address"  # the household's door, per address: codes cannot be tried out
    RECEIPT_ISSUE = "receipt_issue"  # the same, per receipt code, whether or not there is such a receipt
    RECEIPT_PROOF = "receipt_proof"  # tries to prove to be the household, per receipt code
    PUBLIC = "public"  # the notice board, per address
    LOG_IN = "log_in"  # per address
    WRITE = "write"  # per account
    READ = "read"  # per account


RATES: Final[Mapping[Kind, str]] = {
    Kind.RECEIPT_ADDRESS: "5/minute",
    Kind.RECEIPT_ISSUE: "20/day",
    Kind.RECEIPT_PROOF: "10/day",
    Kind.PUBLIC: "60/minute",
    Kind.LOG_IN: "10/minute",
    Kind.WRITE: "600/minute",
    Kind.READ: "1200/minute",
}
"""What a person never needs; the last two are settings."""


class BoundedMemory(Storage, MovingWindowSupport):
    """A storage of the library with a clock that is handed in, no thread of its own, and an end to its size.

    When full it forgets whoever asked the longest ago: better than forgetting that somebody asks again and again.
    """

    STORAGE_SCHEME = ["bounded-memory"]  # noqa: RUF012  (the library's way to name storages)

    def __init__(self, clock: Clock, most_keys: int = MOST_KEYS) -> None:
        super().__init__()
        self._clock = clock
        self._most_keys = most_keys
        self._lock = threading.Lock()
        self._hits: OrderedDict[str, deque[float]] = OrderedDict()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Counts a request, if there is room for it in the window that ends now."""
        with self._lock:
            hits = self._within(key, expiry)
            if len(hits) + amount > limit:
                return False
            hits.extend([self._clock()] * amount)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:  # noqa: ARG002
        """When the oldest request that still counts came, and how many count."""
        with self._lock:
            hits = self._within(key, expiry)
            return (hits[0] if hits else self._clock()), len(hits)

    def _within(self, key: str, expiry: int) -> deque[float]:
        hits = self._hits.setdefault(key, deque())
        self._hits.move_to_end(key)
        if len(self._hits) > self._most_keys:
            self._hits.popitem(last=False)
        since = self._clock() - expiry
        while hits and hits[0] <= since:
            hits.popleft()
        return hits

    @property
    def keys(self) -> Collection[str]:
        """Who is remembered."""
        return self._hits.keys()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the library may expect to be raised: nothing can fail here."""
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Counting without refusing, as the library's other strategies would; they are not used."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """How many are remembered."""
        return len(self._hits.get(key, ()))

    def get_expiry(self, key: str) -> float:  # noqa: ARG002
        """Of fixed windows only; they are not used."""
        return self._clock()

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def reset(self) -> int | None:
        """Forgets everybody."""
        forgotten = len(self._hits)
        self._hits.clear()
        return forgotten

    def clear(self, key: str) -> None:
        """Forgets one."""
        self._hits.pop(key, None)


class Limiter:
    """Counts requests. One per process."""

    def __init__(self, rates: Mapping[Kind, str] | None = None, *, clock: Clock = time.monotonic) -> None:
        """`rates` over RATES, written like `5/minute`."""
        self._clock = clock
        self._rates: Mapping[Kind, RateLimitItem] = {
            kind: parse(rate) for kind, rate in {**RATES, **(rates or {})}.items()
        }
        self._window: Any = MovingWindowRateLimiter(BoundedMemory(clock))

    @classmethod
    def per_minute(cls, writes: int, reads: int) -> Self:
        """With so many writes and reads a minute for each account."""
        return cls({Kind.WRITE: f"{writes}/minute", Kind.READ: f"{reads}/minute"})

    def hit(self, kind: Kind, key: str) -> None:
        """Counts a request of this kind by `key`. Raises TooManyRequests; refused requests do not count."""
        rate = self._rates[kind]
        if not self._window.hit(rate, kind, key):
            free_at = self._window.get_window_stats(rate, kind, key).reset_time
            raise TooManyRequests(max(1, math.ceil(free_at - self._clock())))
