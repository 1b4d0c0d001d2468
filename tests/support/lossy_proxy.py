"""A line to PostgreSQL that can lose an answer: the server commits, and the client hears nothing but a hang-up."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit, urlunsplit


class LossyProxy:
    """Forwards connections on a free port; after `lose_next_answer()` one answer is swallowed, then hung up on."""

    def __init__(self, dsn: str) -> None:
        parts = urlsplit(dsn)
        self._server = (parts.hostname or "127.0.0.1", parts.port or 5432)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._losing = threading.Event()
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        port = self._listener.getsockname()[1]
        who = parts.netloc.rpartition("@")[0]
        self.dsn = urlunsplit(parts._replace(netloc=f"{who}@127.0.0.1:{port}"))
        self._start(self._accept)

    def lose_next_answer(self) -> None:
        """From now on, whatever the server answers first is dropped, and so is its connection."""
        self._losing.set()

    def close(self) -> None:
        """Stop listening; forwarding ends when clients and server have hung up."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=5)
        for end in self._sockets:
            end.close()

    def _start(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._server)
            self._sockets += [client, server]
            self._start(self._forward, client, server, False)
            self._start(self._forward, server, client, True)

    def _forward(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if answers and self._losing.is_set():
                    self._losing.clear()
                    break
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):  # the other direction has hung up already
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def lossy_proxy(dsn: str) -> Iterator[LossyProxy]:
    """A proxy before the database at `dsn`, closed at the end."""
    proxy = LossyProxy(dsn)
    try:
        yield proxy
    finally:
        proxy.close()
