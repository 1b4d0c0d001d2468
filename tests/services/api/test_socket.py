"""What only a raw socket can send: huge or endless headers, slow or endless bodies, what is no HTTP. It stays up."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from services.api.door import protocol
from tests.services.api.conftest import CANARY, TEST_LIMITS, Api


@contextmanager
def connected(api: Api) -> Iterator[socket.socket]:
    host, port = re.fullmatch(r"http://(.+):(\d+)", api.address).groups()  # type: ignore[union-attr]
    with socket.create_connection((host, int(port)), timeout=15) as opened:
        yield opened


def answer(sock: socket.socket) -> bytes:
    """Everything until the server closes."""
    received = b""
    while True:
        try:
            part = sock.recv(65536)
        except ConnectionResetError:
            return received
        if not part:
            return received
        received += part


def assert_refused(received: bytes, status: int, code: str) -> None:
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode()), received[:200]
    assert b"application/problem+json" in head.lower()
    assert b"x-content-type-options: nosniff" in head.lower()
    assert f'"code":"{code}"'.encode() in body
    assert CANARY.encode() not in received


def write(api: Api, *headers: str, path: str = "/api/v1/issues") -> bytes:
    """The head of a write that would do, and further headers."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: localhost",
        f"Authorization: {api.bearer('handler')['Authorization']}",
        f"Idempotency-Key: {uuid4()}",
        "Content-Type: application/json",
        *headers,
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


@pytest.fixture(autouse=True)
def _nothing_written_and_still_well(api: Api) -> Iterator[None]:
    written = api.written()
    yield
    assert api.written() == written
    assert api.send("GET", "/healthz").status_code == 200


def test_given_a_header_of_60_kb_then_431(api: Api) -> None:
    with connected(api) as sock:
        sock.sendall(write(api, f"X-Long: {CANARY * 3000}", "Content-Length: 2") + b"{}")
        assert_refused(answer(sock), 431, "headers-too-large")


def test_given_many_headers_then_431(api: Api) -> None:
    with connected(api) as sock:
        sock.sendall(write(api, *(f"X-{n}: {n:060}" for n in range(400)), "Content-Length: 2") + b"{}")
        assert_refused(answer(sock), 431, "headers-too-large")


def test_given_a_header_without_end_then_it_is_cut_off(api: Api) -> None:
    with connected(api) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Endless: ")
        received = b""
        try:
            for _ in range(200):
                sock.sendall(b"a" * 65536)
        except (BrokenPipeError, ConnectionResetError):
            pass
        else:
            pytest.fail("thirteen megabytes of header were taken")
        received = answer(sock)
        if received:  # a reset may overtake the answer
            assert_refused(received, 431, "headers-too-large")


def test_given_a_long_address_then_431(api: Api) -> None:
    with connected(api) as sock:
        sock.sendall(f"GET /{'a' * 20_000} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert b" 431 " in sock.recv(65536).partition(b"\r\n")[0]


@pytest.mark.parametrize("length", [1_000_001, 10**15, 10**18])
def test_given_an_announced_length_above_the_bound_then_413_before_the_body(api: Api, length: int) -> None:
    with connected(api) as sock:
        sock.sendall(write(api, f"Content-Length: {length}"))
        assert_refused(answer(sock), 413, "body-too-large")


def test_given_a_stream_without_end_then_413_long_before_its_end(api: Api) -> None:
    sent = 0
    with connected(api) as sock:
        sock.sendall(write(api, "Transfer-Encoding: chunked"))
        chunk = b"10000\r\n" + b"7" * 65536 + b"\r\n"
        try:
            while sent < 100:
                sock.sendall(chunk)
                sent += 1
        except (BrokenPipeError, ConnectionResetError):
            pass
        received = answer(sock)
        if received:
            assert_refused(received, 413, "body-too-large")
    assert sent < 100


def test_given_a_body_that_stops_then_408(api: Api) -> None:
    with connected(api) as sock:
        began = time.monotonic()
        sock.sendall(write(api, "Content-Length: 50") + b'{"channel":')
        assert_refused(answer(sock), 408, "request-too-slow")
        assert time.monotonic() - began < TEST_LIMITS.body_seconds + 5


def test_given_a_body_that_drips_then_408(api: Api) -> None:
    with connected(api) as sock:
        sock.sendall(write(api, "Content-Length: 100000"))
        sock.settimeout(0.05)
        received = b""
        for _ in range(200):
            sock.sendall(b" ")
            try:
                received = sock.recv(65536)
                break
            except TimeoutError:
                continue
        assert_refused(received, 408, "request-too-slow")


def test_given_a_caller_that_leaves_amid_the_body_then_nothing_is_written(api: Api) -> None:
    with connected(api) as sock:
        sock.sendall(write(api, "Content-Length: 50") + b'{"channel":')


def test_given_headers_that_stop_then_408(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEADER_SECONDS", 0.3)
    with connected(api) as sock:
        sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: local")
        assert_refused(answer(sock), 408, "request-too-slow")


def test_given_a_caller_that_says_nothing_then_the_connection_is_closed(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "HEADER_SECONDS", 0.3)
    with connected(api) as sock:
        assert answer(sock) == b""


def test_given_an_idle_connection_after_an_answer_then_header_time_does_not_run(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "HEADER_SECONDS", 0.2)
    with connected(api) as sock:
        for _ in range(2):
            sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert sock.recv(65536).startswith(b"HTTP/1.1 200 ")
            time.sleep(0.4)  # longer than headers may take: what is tested is that this time does not count


def test_given_more_connections_than_there_may_be_then_503(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "MOST_CONNECTIONS", 0)
    with connected(api) as sock:
        assert_refused(answer(sock), 503, "overloaded")


@pytest.mark.parametrize(
    "raw",
    [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"HELLO\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
     b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
     b"GET / HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n",
     b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
     b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
     b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"],
    ids=["tls", "no http", "version", "NUL in path", "length", "header name", "NUL in header", "two lengths",
         "length overflow", "smuggling"],
)  # fmt: skip
def test_given_what_is_no_http_then_400_in_form(api: Api, raw: bytes) -> None:
    with connected(api) as sock:
        sock.sendall(raw)
        assert_refused(answer(sock), 400, "bad-request")


def test_given_the_answer_then_it_tells_nothing_of_the_server(api: Api) -> None:
    headers = api.send("GET", "/healthz").headers
    assert "server" not in headers
    assert not any("uvicorn" in value or "Python" in value for value in headers.values())


def test_given_an_upgrade_to_a_websocket_then_it_stays_http(api: Api) -> None:
    with connected(api) as sock:
        sock.sendall(
            b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        assert sock.recv(65536).startswith(b"HTTP/1.1 200 ")
