"""Makes a file over in a process of its own (making_process.py), so that none made to harm can harm this one."""

import json
import os
import subprocess  # our own program, no shell
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain.errors import Unavailable
from services.files.problems import FileDamaged, refusal_of

_PATIENCE: Final = 30.0  # seconds, also on a busy machine; the process's own bound is on its processor time
_KEPT: Final = ("PATH", "PYTHONPATH", "LANG", "LD_LIBRARY_PATH")
"""Of our environment: no database address, no key of a store."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file as it is kept: `preview`: a small JPEG of a picture, None of a paper; sizes in pixels."""

    media_type: str
    content: bytes
    preview: bytes | None = None
    width: int | None = None
    height: int | None = None


def make_over(raw: bytes, *, keep_position: bool) -> Made:
    """The file without metadata. Raises the refusals of problems.py, and Unavailable when no process can be had."""
    command = [sys.executable, "-m", "services.files.making_process", *(["keep-position"] if keep_position else [])]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603
            command, input=raw, capture_output=True, timeout=_PATIENCE, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        raise FileDamaged from None
    except OSError:
        raise Unavailable from None
    line, _, rest = done.stdout.partition(b"\n")
    if done.returncode or not line:
        raise FileDamaged  # its decoder died of it, or needed more than there is
    said = json.loads(line)
    return made_of(said, rest[: said["bytes"]], rest[said["bytes"] :])


def made_of(said: Mapping[str, Any], content: bytes, preview: bytes) -> Made:
    """What the process answered. Raises the refusals of problems.py."""
    if "refused" in said:
        raise refusal_of(said["refused"])
    return Made(said["media_type"], content, preview or None, said.get("width"), said.get("height"))
