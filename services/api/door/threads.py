"""Where does blocking work run? In a few threads, with a bound on how many wait and how long an answer may take.

Casework and reads keep one database connection a thread, so the number of threads is the number of connections.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from services.api.door.problems import Overloaded
from services.api.parts import Limits

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
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._pool.submit(self._work, work, loop, answer)
        self._at_work += 1
        timer = loop.call_later(self._seconds, _give_up, answer)
        try:
            return await answer
        finally:
            timer.cancel()

    # Not `loop.run_in_executor`, which joins two futures by locks and callbacks: one message to the loop is enough.
    def _work(self, work: Callable[[], T], loop: asyncio.AbstractEventLoop, answer: "asyncio.Future[T]") -> None:
        """In a thread of the pool."""
        try:
            result = work()
        except BaseException as error:
            loop.call_soon_threadsafe(self._failed, answer, error)
        else:
            loop.call_soon_threadsafe(self._done, answer, result)

    def _done(self, answer: "asyncio.Future[T]", result: T) -> None:
        self._at_work -= 1
        if not answer.done():  # somebody still waits
            answer.set_result(result)

    def _failed(self, answer: "asyncio.Future[T]", error: BaseException) -> None:
        self._at_work -= 1
        if not answer.done():
            answer.set_exception(error)

    def close(self) -> None:
        """Lets what runs finish; takes nothing new."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _give_up(answer: "asyncio.Future[T]") -> None:
    if not answer.done():
        answer.set_exception(Overloaded())
