"""What runs on this machine, as `huiyin up` wrote it down: addresses, database URLs, process ids.

`services.settings` completes itself from it, so that every other command finds the running instance; `huiyin doctor`
reads all of it.
"""

import os
from pathlib import Path
from typing import Self

import psutil
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.embedded.process import is_running


class Running(BaseModel):
    """The contents of `home/state.json` (0600: it holds passwords)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pid: int
    pid_started: float = Field(description="seconds since the epoch, so that a reused pid is not taken for ours")
    address: str = Field(description="where people go, as a URL")
    database_url: str = Field(repr=False)
    owner_database_url: str | None = Field(None, repr=False)
    follower_database_url: str | None = Field(None, repr=False)
    keys_database_url: str | None = Field(None, repr=False)
    superuser_database_url: str | None = Field(None, repr=False, description="embedded PostgreSQL only, for backups")
    temporal_address: str
    temporal_ui: str | None = Field(None, description="embedded Temporal only, as a URL")
    processes: dict[str, int | None] = Field(description="name to process id; None while it is being restarted")

    @classmethod
    def find(cls, home: Path) -> Self | None:
        """What runs on `home` now; None when nothing does, whatever a killed instance left behind."""
        try:
            found = cls.model_validate_json(cls._file(home).read_bytes())
        except (OSError, ValidationError):
            return None
        return found if is_running(found.pid) and process_started(found.pid) == found.pid_started else None

    def write(self, home: Path) -> None:
        """Replace the file in one step, so that a reader sees the old one or the new one."""
        draft = self._file(home).with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(self.model_dump_json(indent=2))
        draft.rename(self._file(home))

    @classmethod
    def was_left_behind(cls, home: Path) -> bool:
        """Whether the last instance on `home` was killed: a clean stop removes the file."""
        return cls._file(home).exists()

    @classmethod
    def forget(cls, home: Path) -> None:
        """Nothing runs on `home` any more."""
        cls._file(home).unlink(missing_ok=True)

    @staticmethod
    def _file(home: Path) -> Path:
        return home / "state.json"


def process_started(pid: int) -> float:
    """When the living process `pid` began, in seconds since the epoch."""
    return psutil.Process(pid).create_time()
