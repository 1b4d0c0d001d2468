"""What passes on its way in and out, whatever the route? Bounds, security headers, metrics, and the last catch.

Plain ASGI around the whole application: nothing leaves without these headers, and no exception gets past it.
"""

import re
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api.door.metrics import Metrics
from services.api.door.problems import HeadersTooLarge, NoSuchPath, Problem, problem_of
from services.api.parts import Limits

_log = structlog.get_logger("huiyin.api")
_ROUTE: Final = "huiyin.route"
# A slash, backslash or NUL in disguise would make one path look like another.
_DISGUISED: Final = re.compile(rb"%(2f|5c|00)", re.IGNORECASE)

SECURITY_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Cache-Control": "no-store",
}
"""For every answer; a page that needs more (its own stylesheet) says so itself."""
_SECURITY: Final = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]


def name_route(request: Request, name: str) -> None:
    """What metrics and logs call this request: a route, never a path that somebody typed."""
    request.scope[_ROUTE] = name


class Door:
    """The ASGI middleware."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        limits: Limits,
        metrics: Metrics,
        headers: Mapping[str, str],
        refusal: Callable[[Scope, Problem], Response],
    ) -> None:
        """`headers`: what this site says in every answer, beside SECURITY_HEADERS; `refusal`: how it says no."""
        self._app = app
        self._refusal = refusal
        self._headers = [*_SECURITY, *((name.lower().encode(), value.encode()) for name, value in headers.items())]
        self._limits = limits
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI calls an application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        answer = _Answer(send, self._headers)
        try:
            self._check(scope)
            await self._app(scope, receive, answer)
        except Exception as error:
            await self._refuse(error, scope, receive, answer)
        finally:
            self._metrics.answered(scope.get(_ROUTE, "other"), answer.status, time.perf_counter() - began)

    def _check(self, scope: Scope) -> None:
        path: bytes = scope.get("raw_path") or b""
        size = len(path) + len(scope["query_string"])
        size += sum(len(name) + len(value) for name, value in scope["headers"])
        if size > self._limits.header_bytes:
            raise HeadersTooLarge
        if _DISGUISED.search(path):
            raise NoSuchPath

    async def _refuse(self, error: Exception, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        problem = problem_of(error)
        if problem.status == 500:
            request_id = secrets.token_hex(8)
            answer.extra.append((b"x-request-id", request_id.encode()))
            _log.error("request_failed", request_id=request_id, route=scope.get(_ROUTE, "other"), **_where(error))
        if not answer.status:
            await self._refusal(scope, problem)(scope, receive, answer)


def _where(error: BaseException) -> dict[str, object]:
    """The kind of an error and the lines it came through. Not its message: that may quote what somebody wrote."""
    lines = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        lines.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_qualname}")
        trace = trace.tb_next
    return {"error": type(error).__qualname__, "lines": lines[-12:]}


class _Answer:
    """`send`, with the headers that every answer has."""

    def __init__(self, send: Send, headers: Sequence[tuple[bytes, bytes]]) -> None:
        self._send = send
        self._headers = headers
        self.status = 0
        self.extra: list[tuple[bytes, bytes]] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message.get("headers", ()))
            present = {name for name, _ in headers}
            headers += [header for header in self._headers if header[0] not in present]
            message = {**message, "headers": headers + self.extra}
        await self._send(message)
