"""How do pages get and change anything? They ask the JSON API in this process, as the person who looks.

One door: what the API would refuse, mask or leave out, no page can show. Called by every page handler.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote, urlencode
from uuid import UUID

import orjson
from starlette.requests import Request
from starlette.types import ASGIApp, Message

from services.api.door.problems import problem_of
from services.web.language import Pair
from services.web.names import Names

POST_COOKIE: Final = "huiyin-post"
"""In which of their posts somebody acts; no secret, and refused by the API if it is not theirs."""
_PASSED_ON: Final = frozenset(
    {b"cookie", b"authorization", b"origin", b"sec-fetch-site", b"host", b"accept-language", b"x-forwarded-for"}
)
_JSON: Final = (b"content-type", b"application/json")
Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the API said no. `fields`: what is wrong with which field, by its path (`body.title`); `wait`: seconds."""

    status: int
    code: str
    said: Pair
    fields: Mapping[str, Pair]
    wait: int | None = None


@dataclass(frozen=True)
class Answer:
    """What the API answered."""

    status: int
    headers: Headers
    content: bytes

    @cached_property
    def document(self) -> Any:
        """Its JSON."""
        return orjson.loads(self.content) if self.content else None

    @cached_property
    def problem(self) -> Problem | None:
        """The refusal that it is, or None."""
        return _problem(self.status, self.document, dict(self.headers)) if self.status >= 400 else None

    @property
    def version(self) -> int | None:
        """Which version of the thing this is: what a form sends along."""
        tags = [value for name, value in self.headers if name == b"etag"]
        return int(tags[0].strip(b'"')) if tags else None

    def kept(self, *names: bytes) -> Headers:
        """The headers of these names, for the page's own answer: cookies, say."""
        return [(name, value) for name, value in self.headers if name in names]


class Inside:
    """The API as its own pages ask it. `routed`: its routes, without the door around them."""

    def __init__(self, routed: ASGIApp) -> None:
        self._routed = routed
        self.names = Names(self)

    async def get(self, request: Request, path: str, /, **query: Any) -> Any:
        """The document at a path. Raises whatever the API refuses with; the door makes a page of it."""
        return (await self.look(request, path, **query)).document

    async def look(self, request: Request, path: str, /, **query: Any) -> Answer:
        """As `get`, with version and headers. Parameters that are None or empty are left out."""
        return await self._ask(request, "GET", path, _query(query), (), b"")

    async def ask(self, request: Request, path: str, /, **query: Any) -> Answer:
        """As `look`, but a refusal is an answer too: for what a page can do without."""
        return await self._or_problem(self.look(request, path, **query))

    async def post(
        self,
        request: Request,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        key: UUID | str | None = None,
        version: int | str | None = None,
        method: str = "POST",
        query: Mapping[str, Any] | None = None,
    ) -> Answer:
        """The answer to a write, also when it is a refusal (`answer.problem`). `key`: of the form, the command's id."""
        headers = [_JSON]
        if key is not None:
            headers.append((b"idempotency-key", str(key).encode("ascii", "replace")))
        if version not in (None, ""):
            headers.append((b"if-match", f'"{version}"'.encode("ascii", "replace")))
        return await self._or_problem(
            self._ask(request, method, path, _query(query or {}), headers, orjson.dumps(body or {}))
        )

    async def send(self, request: Request, path: str, content: bytes, headers: Headers, /, **query: Any) -> Answer:
        """The answer to a write of other content than JSON: a file, say."""
        return await self._or_problem(self._ask(request, "POST", path, _query(query), headers, content))

    async def _or_problem(self, asked: Awaitable[Answer]) -> Answer:
        try:
            return await asked
        except Exception as error:
            problem = problem_of(error)
            if problem.status == 500:
                raise
            headers = [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
            return Answer(problem.status, headers, orjson.dumps(problem.document()))

    async def _ask(
        self, request: Request, method: str, path: str, query: bytes, headers: Headers, content: bytes
    ) -> Answer:
        heard = _Heard()
        scope = {
            **{name: request.scope[name] for name in ("type", "asgi", "http_version", "scheme", "server", "client")},
            "app": request.scope["app"],
            "method": method,
            "path": path,
            "root_path": "",
            "raw_path": quote(path).encode("ascii"),
            "query_string": query,
            "state": {},
            "headers": [*_own_headers(request), *headers],
        }
        await self._routed(scope, _receive(content), heard)
        return Answer(heard.status, heard.headers, bytes(heard.content))


class _Heard:
    """`send` that keeps what comes."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.content = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", ()))
        else:
            self.content += message.get("body", b"")


def _receive(content: bytes) -> Callable[[], Awaitable[Message]]:
    async def receive() -> Message:
        return {"type": "http.request", "body": content, "more_body": False}

    return receive


def _own_headers(request: Request) -> list[tuple[bytes, bytes]]:
    headers = [header for header in request.scope["headers"] if header[0] in _PASSED_ON]
    if post := request.cookies.get(POST_COOKIE):
        headers.append((b"huiyin-post", post.encode("ascii", "replace")))
    return headers


def _query(query: Mapping[str, Any]) -> bytes:
    said = {name: _written(value) for name, value in query.items() if value not in (None, "")}
    return urlencode(said).encode("ascii")


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _problem(status: int, document: Mapping[str, Any], headers: Mapping[bytes, bytes]) -> Problem:
    fields = {each["path"]: Pair(each["zh"], each["en"]) for each in document.get("errors", ())}
    wait = headers.get(b"retry-after")
    return Problem(status, document["code"], Pair(document["zh"], document["en"]), fields, int(wait) if wait else None)
