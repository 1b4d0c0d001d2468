"""Many clients in one thread: each waits for its answer before it asks again, over a connection that stays open.

As cheap as Python allows (plain sockets, requests laid out by hand), so that what is measured is the server.
"""

import re
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

import orjson

_LENGTH: Final = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_VERSION: Final = re.compile(rb'"version":(\d+)')
_NUMBER: Final = re.compile(rb'"number":"([A-Z0-9-]+)"')


@dataclass(frozen=True)
class Action:
    """One request of a life: whose token, which command, which body. The first of a life logs the issue."""

    token: str
    command: str
    body: dict[str, object]


@dataclass
class Tally:
    """What came of a slice: latencies in milliseconds, and how many answers were not 200 or 201."""

    latencies: list[float] = field(default_factory=list)
    refused: int = 0


class Clients:
    """So many connections to one address, each living through the same actions again and again."""

    def __init__(self, port: int, count: int, life: Sequence[Action]) -> None:
        self._selector = selectors.DefaultSelector()
        templates = [_Template(action, port) for action in life]
        self._clients = [_Client(port, templates) for _ in range(count)]
        for client in self._clients:
            self._selector.register(client.socket, selectors.EVENT_READ, client)

    def run(self, seconds: float) -> Tally:
        """Keep every client busy for so long, then wait for the last answers."""
        tally, until = Tally(), time.perf_counter() + seconds
        for client in self._clients:
            client.send()
        waiting = len(self._clients)
        while waiting:
            for key, _ in self._selector.select():
                ready: _Client = key.data
                if not ready.receive(tally):
                    continue
                if time.perf_counter() < until:
                    ready.send()
                else:
                    waiting -= 1
        return tally

    def close(self) -> None:
        """Hang up."""
        self._selector.close()
        for client in self._clients:
            client.socket.close()


class _Template:
    """A request with three holes: number, version, key."""

    def __init__(self, action: Action, port: int) -> None:
        body = orjson.dumps(action.body)
        path = f"/api/v1/issues/%s/{action.command}" if action.command else "/api/v1/issues"
        self.logs = not action.command
        match = "" if self.logs else '\r\nIf-Match: "%s"'
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {action.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}{match}\r\nIdempotency-Key: %s\r\n\r\n"
        )
        self._request = head.encode().replace(b"\r\n\r\n", b"\r\n\r\n") + body.replace(b"%", b"%%")

    def filled(self, number: bytes, version: bytes) -> bytes:
        key = str(uuid4()).encode()
        return self._request % ((key,) if self.logs else (number, version, key))


class _Client:
    """One connection and where its life stands."""

    def __init__(self, port: int, life: Sequence[_Template]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._life = life
        self._step = 0
        self._number = self._version = b""
        self._sent_at = 0.0
        self._buffer = b""

    def send(self) -> None:
        request = self._life[self._step].filled(self._number, self._version)
        self._sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self, tally: Tally) -> bool:
        """Take in what has come; whether the answer is whole. Raises ConnectionError when the server hung up."""
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the server hung up")
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        length = _LENGTH.search(self._buffer, 0, end) if end >= 0 else None
        if length is None or len(self._buffer) < end + 4 + int(length[1]):
            return False
        tally.latencies.append((time.perf_counter() - self._sent_at) * 1000)
        self._take(tally)
        self._buffer = b""
        return True

    def _take(self, tally: Tally) -> None:
        version, number = _VERSION.search(self._buffer), _NUMBER.search(self._buffer)
        if not self._buffer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")) or version is None or number is None:
            tally.refused += 1
            self._step = 0
            return
        self._version, self._number = version[1], number[1]
        self._step = (self._step + 1) % len(self._life)
