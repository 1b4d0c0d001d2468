"""Where does blocking work run? In a few threads, with a bound on how many wait and how long an answer may take.

Casework and reads keep one database connection a thread, so the number of threads is the number of connections.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from services.api.parts import Limits
from services.api.problems import Overloaded

T = TypeVar("T")


class Threads:
    """A pool of threads. Made, used and closed on one event loop."""

    def __init__(self, name: str, size: int, limits: Limits) -> None:
        self._pool = ThreadPoolExecutor(size, thread_name_prefix=name)
        self._most = size + limits.most_waiting
        self._seconds = limits.answer_seconds
        self._at_work = 0

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns or raises. Raises Overloaded, also when it takes too long; `work` then still goes on."""
        if self._at_work >= self._most:
            raise Overloaded
        self._at_work += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        future.add_done_callback(self._done)
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.shield(future)
        except TimeoutError:
            raise Overloaded from None

    def _done(self, future: "asyncio.Future[T]") -> None:
        self._at_work -= 1
        if not future.cancelled():
            future.exception()  # taken note of, also when nobody waits any more

    def close(self) -> None:
        """Lets what runs finish; takes nothing new."""
        self._pool.shutdown(wait=True, cancel_futures=True)
