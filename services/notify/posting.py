"""Delivers messages through a process of its own (posting_process.py): bounded in time, and gone afterwards."""

import json
import os
import subprocess  # our own program, no shell
import sys
from collections.abc import Sequence
from typing import Final, NamedTuple

from services.notify.allowed import Network, Target
from services.notify.digest import Digest

AT_ONCE: Final = 20
"""Deliveries to one process."""
_PATIENCE: Final = 60.0  # seconds; what was not answered by then is tried again
_KEPT: Final = ("PATH", "PYTHONPATH", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Of our environment: no database address, no proxy."""


class Delivery(NamedTuple):
    """A message to a target, by the target's id."""

    id: int
    target: Target
    digest: Digest


def post(deliveries: Sequence[Delivery], networks: Sequence[Network], patience: float = _PATIENCE) -> dict[int, bool]:
    """By target: whether its receiver took it. Those that are missing were not tried in time."""
    asked = json.dumps([_told(each, [str(it) for it in networks]) for each in deliveries])
    command = [sys.executable, "-m", "services.notify.posting_process"]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        said = subprocess.run(  # noqa: S603
            command, input=asked, capture_output=True, text=True, timeout=patience, check=False, env=environment
        ).stdout
    except subprocess.TimeoutExpired as late:
        said = late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
    answers = [json.loads(line) for line in said.splitlines() if line.endswith("}")]
    return {answer["id"]: answer["done"] for answer in answers}


def _told(delivery: Delivery, networks: list[str]) -> dict[str, object]:
    target, digest = delivery.target, delivery.digest
    reached = {"url": target.url, "host": target.host, "port": target.port, "networks": networks}
    return {"id": delivery.id, **reached, "title": digest.title, "body": digest.body}
