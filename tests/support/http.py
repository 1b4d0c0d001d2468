"""An office worker's HTTP client in a test: a token, JSON in and out, an Idempotency-Key on every write.

`Client.ask` repeats under the same key until there is an answer, as every client of Huiyin should.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid4

import httpx

PASSING = frozenset({408, 429, 502, 503, 504})
"""Statuses that say: repeat later."""


@dataclass(frozen=True)
class Answer:
    """What came back, and how many times it was asked for."""

    status: int
    body: Mapping[str, Any]
    tries: int = 1

    @property
    def code(self) -> str | None:
        """The stable code of a problem document."""
        return self.body.get("code")

    @property
    def version(self) -> int:
        """The version after a write."""
        version: int = self.body["version"]
        return version


class NoAnswer(Exception):
    """Nobody answered, however often the client asked: what was asked for may have happened or not."""


class Client:
    """One account's connection. Not for several threads at once."""

    def __init__(self, address: str, token: str | None, timeout: float = 30.0) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=address, headers=headers, timeout=timeout, trust_env=False)

    def get(self, path: str, **query: Any) -> Answer:
        """One GET; `path` below /api/v1, or absolute for /healthz and the like."""
        response = self._http.get(_below(path), params=query)
        return Answer(response.status_code, _document(response))

    def post(
        self, path: str, body: Mapping[str, Any], *, version: int | None = None, key: UUID | None = None
    ) -> Answer:
        """One POST, under a fresh key unless one is given. Raises httpx.TransportError when the line breaks."""
        headers = {"Idempotency-Key": str(key or uuid4())}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        response = self._http.post(_below(path), json=dict(body), headers=headers)
        return Answer(response.status_code, _document(response))

    def ask(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        version: int | None = None,
        key: UUID | None = None,
        patience: float = 60.0,
    ) -> Answer:
        """POST until there is a definite answer, always under one key. Raises NoAnswer after `patience` seconds."""
        key, tries, deadline = key or uuid4(), 0, time.monotonic() + patience
        while time.monotonic() < deadline:
            tries += 1
            try:
                answer = self.post(path, body, version=version, key=key)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status not in PASSING:
                return Answer(answer.status, answer.body, tries)
            time.sleep(min(0.05 * tries, 0.5))  # a client's manners, as Retry-After asks for
        raise NoAnswer

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _below(path: str) -> str:
    return path if path.startswith("/") else f"/api/v1/{path}"


def _document(response: httpx.Response) -> dict[str, Any]:
    is_json = "json" in response.headers.get("content-type", "")
    document: dict[str, Any] = response.json() if is_json and response.content else {}
    return document
