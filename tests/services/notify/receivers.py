"""Real receivers on 127.0.0.1: one of webhooks over HTTP, one of mail over SMTP; each keeps what came."""

import json
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


@dataclass
class Hook:
    """A webhook. `answers`: what is said to each request; `redirect_to`: where it sends others."""

    port: int = 0
    got: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    status: int = 200
    redirect_to: str | None = None
    seconds: float = 0.0


@contextmanager
def hook() -> Iterator[Hook]:
    """It listens meanwhile."""
    kept = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            kept.paths.append(self.path)
            time.sleep(kept.seconds)
            kept.got.append(json.loads(body))
            self.send_response(302 if kept.redirect_to else kept.status)
            if kept.redirect_to:
                self.send_header("Location", kept.redirect_to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            kept.paths.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is printed."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        kept.port = server.server_address[1]
        with _served(server):
            yield kept


@dataclass
class Postbox:
    """A mail server."""

    port: int = 0
    mails: list[str] = field(default_factory=list)


@contextmanager
def postbox() -> Iterator[Postbox]:
    """It listens meanwhile; it takes every mail (RFC 5321, as far as a client needs)."""
    kept = Postbox()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            while line := self.rfile.readline().decode().strip():
                word = line.upper().split()[0]
                if word == "DATA":
                    self._say("354 go on")
                    kept.mails.append(self._mail())
                self._say("221 bye" if word == "QUIT" else "250 ok")
                if word == "QUIT":
                    return

        def _mail(self) -> str:
            lines: list[str] = []
            while (line := self.rfile.readline().decode()).strip() != ".":
                lines.append(line)
            return "".join(lines)

        def _say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        kept.port = server.server_address[1]
        with _served(server):
            yield kept


@contextmanager
def _served(server: socketserver.TCPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
