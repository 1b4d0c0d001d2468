"""Asks witnesses through a process of its own (asking_process.py): bounded in time and size, and gone afterwards.

The process that follows the log holds the log's key: it reads nothing from outside that was not bounded before.
"""

import json
import os
import subprocess  # our own program, no shell
import sys
from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

_PATIENCE: Final = 60.0  # seconds
_KEPT: Final = ("PATH", "PYTHONPATH", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Of our environment: no database address, no proxy."""


class Heard(NamedTuple):
    """What a witness answered: status, content type, body."""

    status: int
    kind: str
    body: bytes


Ask = Callable[[Mapping[str, tuple[str, str]]], Mapping[str, Heard]]
"""Witness -> (address, request); witness -> answer. Who is missing did not answer."""


def ask(asked: Mapping[str, tuple[str, str]], patience: float = _PATIENCE) -> Mapping[str, Heard]:
    """By HTTP, each for at most ten seconds."""
    told = json.dumps([{"witness": it, "url": url, "body": body} for it, (url, body) in asked.items()])
    command = [sys.executable, "-m", "services.audit.asking_process"]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        said = subprocess.run(  # noqa: S603
            command, input=told, capture_output=True, text=True, timeout=patience, check=False, env=environment
        ).stdout
    except subprocess.TimeoutExpired as late:
        said = late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
    answers = [json.loads(line) for line in said.splitlines() if line.endswith("}")]
    return {it["witness"]: Heard(it["status"], it["kind"], b64decode(it["body"])) for it in answers}
