"""The witness's door: `huiyin witness serve`. One path for logs, one for supervisors; everything else is not there."""

import asyncio
import signal
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from time import time
from typing import Final

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from domain.proof.witnessing import MOST_BYTES
from services.api.door.protocol import BoundedProtocol
from services.audit.witness import Reply, Witness, witness_folder, witness_key
from services.audit.witness_book import WitnessBook
from services.logs import log_as_json
from services.settings import Settings

_BODY_SECONDS: Final = 10.0
_PLAIN: Final = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


def serve(settings: Settings, host: str, port: int) -> None:
    """Until told to stop. Raises WitnessUnnamed, WitnessRuns, MachineProblem."""
    log_as_json()
    key = witness_key(settings.home)
    book = WitnessBook(witness_folder(settings.home), key.public)
    with book.alone():
        server = server_of(witness_app(Witness(book, key, time)), host, port)
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: setattr(server, "should_exit", True))
        structlog.get_logger("huiyin.witness").info("witness_starts", name=key.public.name, host=host, port=port)
        server.run()


def server_of(app: Starlette, host: str, port: int) -> uvicorn.Server:
    """With the bounds of the office's own door on headers and connections."""
    return uvicorn.Server(
        uvicorn.Config(
            app, host=host, port=port, loop="uvloop", http=BoundedProtocol, ws="none", lifespan="on",
            access_log=False, log_config=None, server_header=False, proxy_headers=False, timeout_keep_alive=60,
            timeout_graceful_shutdown=4,
        )
    )  # fmt: skip


def witness_app(witness: Witness) -> Starlette:
    """The application; its one thread ends with it."""
    thread = ThreadPoolExecutor(1, "witness")

    async def add_checkpoint(request: Request) -> Response:
        try:
            body = await asyncio.wait_for(_body_of(request), _BODY_SECONDS)
        except (TimeoutError, ClientDisconnect):
            return _answer(Reply(408, "the request did not come whole in time\n"))
        if body is None:
            return _answer(Reply(413, f"a request has at most {MOST_BYTES} bytes\n"))
        return _answer(await asyncio.get_running_loop().run_in_executor(thread, witness.add_checkpoint, body))

    async def alive(_: Request) -> Response:
        return _answer(Reply(200, "alive\n"))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        thread.shutdown()

    routes = [Route("/add-checkpoint", add_checkpoint, methods=["POST"]), Route("/healthz", alive, methods=["GET"])]
    return Starlette(routes=routes, lifespan=lifespan)


async def _body_of(request: Request) -> bytes | None:
    """The body; None if it is longer than any request."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _answer(reply: Reply) -> Response:
    return Response(reply.text, reply.status, {**_PLAIN, "Content-Type": reply.kind})
