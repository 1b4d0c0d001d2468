"""Beside the worker: what has to be looked at again and again, for as long as there is a Temporal to act on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog
from eventsourcing.persistence import InterfaceError, OperationalError
from temporalio.service import RPCError

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def looking_beside(
    look: Callable[[], Awaitable[object]], each_seconds: float, failed: str
) -> AsyncIterator[None]:
    """Looks at once and each `each_seconds`, as long as the `async with` lasts.

    What goes wrong is said under the name `failed`, without its words, and tried again.
    """
    looking = asyncio.create_task(_look_again_and_again(look, each_seconds, failed))
    try:
        yield
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking


async def _look_again_and_again(look: Callable[[], Awaitable[object]], each_seconds: float, failed: str) -> None:
    while True:
        try:
            await look()
        except (RPCError, RuntimeError, OperationalError, InterfaceError) as trouble:
            _log.warning(failed, reason=type(trouble).__name__)
        await asyncio.sleep(each_seconds)
