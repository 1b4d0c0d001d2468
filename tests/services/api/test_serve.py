"""The API's own process, as `huiyin api` runs it: it serves, logs JSON without what was sent, and ends when told to."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.people import let_in, settle
from tests.support.postgres import Database
from tests.support.waiting import eventually

RUN = "from services.api.serve import run_api; from services.settings import Settings; run_api(Settings())"
CANARY = "canary-80574213"


def a_free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@pytest.fixture
def token(database: Database) -> str:
    settle(database.app_dsn)
    return let_in(database.app_dsn, ["handler"])["handler"]


@pytest.fixture
def process(database: Database, token: str, tmp_path: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    port = a_free_port()
    env = {
        **os.environ,
        "HUIYIN_HOME": str(tmp_path),
        "HUIYIN_PORT": str(port),
        "HUIYIN_DATABASE_URL": database.app_dsn,
        "HUIYIN_KEYS_DATABASE_URL": database.keys_dsn,
    }
    with subprocess.Popen([sys.executable, "-c", RUN], env=env, stderr=subprocess.PIPE, text=True) as started:
        try:
            eventually(lambda: _is_ready(port), within=30)
            yield f"http://127.0.0.1:{port}", started
        finally:
            started.kill()


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def test_given_settings_then_the_process_serves_logs_no_words_of_callers_and_ends_cleanly(
    process: tuple[str, "subprocess.Popen[str]"], token: str
) -> None:
    address, started = process
    headers = {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": "2b1a7e0c-54a2-4a4e-9f43-6a7f5d1c9e02",
    }
    body = {"channel": "visit", "village": "QS", "category": "other", "description": CANARY}
    logged = httpx.post(f"{address}/api/v1/issues", json=body, headers=headers)
    assert logged.status_code == 201, logged.text
    assert httpx.post(f"{address}/api/v1/issues?{CANARY}", json={CANARY: 1}, headers=headers).status_code == 422
    for name in ("handler", CANARY):
        refused = httpx.post(f"{address}/api/v1/session", json={"name": name, "password": CANARY})
        assert refused.status_code == 401, refused.text
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as sock:
        sock.sendall(f"{CANARY}\r\n\r\n".encode())
        assert b" 400 " in sock.recv(4096)

    started.send_signal(signal.SIGTERM)
    _, logs = started.communicate(timeout=20)
    assert started.returncode == 0
    lines = [json.loads(line) for line in logs.splitlines()]
    assert {"api_starts", "log_in_refused", "api_ended"} <= {line["event"] for line in lines}
    assert CANARY not in logs
    assert token not in logs
    assert "handler" not in logs.replace("exception handler", "")
