"""What does the server bear before the application is asked? Headers have bounds of size and time, refusals a form.

uvicorn's httptools protocol has neither bound: one endless header would fill the memory, one slow one hold a connection
for ever. Called by serve.py as uvicorn's `http`.
"""

import asyncio
from asyncio import TimerHandle
from typing import Any, Final

import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from services.api.door.middleware import SECURITY_HEADERS
from services.api.door.problems import (
    MEDIA_TYPE,
    BadRequest,
    HeadersTooLarge,
    HttpProblem,
    Overloaded,
    TooSlow,
    problem_of,
)

HEADER_BYTES: Final = 64_000
"""Well above what the application takes, so that it is the one to answer where it can."""
HEADER_SECONDS: Final = 10.0
MOST_CONNECTIONS: Final = 1000


class BoundedProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._in_headers = True
        self._just_began = False
        self._header_bytes = 0
        self._header_timer: TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The clock of the first request's headers starts."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self._refuse(Overloaded())
            return
        self._start_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        """No clock outlives its connection."""
        self._stop_clock()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Counts what comes while headers stay incomplete: the parser keeps all of it. A first piece is free."""
        self._just_began = False
        super().data_received(data)
        if self._in_headers and not self._just_began:
            self._header_bytes += len(data)
            if self._header_bytes > HEADER_BYTES:
                self._refuse(HeadersTooLarge())

    def on_message_begin(self) -> None:
        """A request begins, perhaps on a connection that has had others."""
        super().on_message_begin()
        self._in_headers = self._just_began = True
        if self._header_timer is None:
            self._start_clock()

    def on_headers_complete(self) -> None:
        """From here on the application watches over the body."""
        self._in_headers = False
        self._header_bytes = 0
        self._stop_clock()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  (uvicorn's sentence is replaced by ours)
        """What is no HTTP gets a problem document too."""
        self._refuse(BadRequest())

    def _start_clock(self) -> None:
        self._header_timer = self.loop.call_later(HEADER_SECONDS, self._too_slow)

    def _stop_clock(self) -> None:
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None

    def _too_slow(self) -> None:
        self._header_timer = None
        if self.cycle is not None and not self.cycle.response_complete:
            self._start_clock()  # an earlier request on this connection still waits for its answer
        elif self._just_began or self._header_bytes:
            self._refuse(TooSlow())
        else:
            self.transport.close()  # it never said anything

    def _refuse(self, problem: HttpProblem) -> None:
        self._stop_clock()
        if self.transport.is_closing():
            return
        body = orjson.dumps(problem_of(problem).document())
        own = {"Content-Type": MEDIA_TYPE, "Content-Length": str(len(body)), "Connection": "close"}
        lines = [f"{name}: {value}\r\n".encode() for name, value in {**SECURITY_HEADERS, **own}.items()]
        self.transport.write(b"".join([STATUS_LINE[problem.status], *lines, b"\r\n", body]))
        self.transport.close()
