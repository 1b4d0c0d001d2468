"""What an embedded PostgreSQL and an embedded Temporal have in common: one folder, one owner, one process.

`services.embedded.postgres` and `services.embedded.temporal` fill it in; `services.supervisor` drives either.
"""

import os
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from services.embedded.problems import MachineProblem
from services.embedded.process import Escalation, FolderLock, end, last_lines, spawn, wait_until

_TRIES = 3


class EmbeddedServer(ABC):
    """A server whose whole life is the folder `data`; at most one process of this machine owns the folder at a time.

    `start` waits and tries again; `launch`, `alive` and `ready` never wait and are for a supervisor. A second `launch`
    after the process died brings it up on the same port.
    """

    name: ClassVar[str]
    shutdown: ClassVar[Escalation]
    ready_within: ClassVar[float]
    folder_mode: ClassVar[int] = 0o700
    environment: ClassVar[Mapping[str, str]] = {}
    """What its process finds beside our own environment."""

    def __init__(self, data: Path, *, log: Path | None = None) -> None:
        self.data = data.resolve()
        self.log = log or self.data / "server.log"
        self._lock = FolderLock(self.data / "lock")
        self._process: subprocess.Popen[bytes] | None = None
        self._asked_to_stop = False

    @property
    def pid(self) -> int | None:
        """The process id while the server runs under us."""
        return self._process.pid if self._process is not None and self.alive() else None

    def start(self) -> None:
        """Bring the server up and wait until it answers."""
        for _ in range(_TRIES):  # another program may take a free port before the server has it
            self.launch()
            if wait_until(lambda: self.ready() or not self.alive(), self.ready_within) and self.alive():
                return
            self.stop()
        words = last_lines(self.log)
        raise MachineProblem(
            "server-does-not-start",
            zh=f"{self.name} 未能启动。日志 {self.log} 的结尾：\n{words}",
            en=f"{self.name} did not start. The log is {self.log}; see its end above.",
        )

    def launch(self) -> None:
        """Start the process without waiting for it; ends whatever a killed parent left behind first.

        Nothing happens while it runs already.
        """
        if self.alive():
            return
        self.data.mkdir(parents=True, exist_ok=True, mode=self.folder_mode)
        if not self._lock.acquire():
            raise MachineProblem(
                "data-in-use",
                zh=f"数据目录 {self.data} 正由另一个进程使用。请先停止它，或设置另一个 HUIYIN_HOME。",
                en=f"Another process uses the data in {self.data}. Stop it first, or set another HUIYIN_HOME.",
            )
        try:
            self._end_orphans()
            self._prepare()
            self._asked_to_stop = False
            self._process = spawn(
                self._command(),
                log=self.log,
                env={**os.environ, **self.environment},
                cwd=self._working_folder(),
                death_signal=self.shutdown[0][0],
            )
        except BaseException:
            self._lock.release()
            raise

    def alive(self) -> bool:
        """Whether our process runs."""
        return self._process is not None and self._process.poll() is None

    def ready(self) -> bool:
        """Whether the server can be used now."""
        return self.alive() and self._answers()

    def ask_to_stop(self) -> None:
        """Send the first signal of a shutdown; `stop` waits for the end."""
        if self._process is not None and self.alive():
            self._asked_to_stop = True
            self._process.send_signal(self.shutdown[0][0])

    def stop(self) -> None:
        """End the server; nothing that it acknowledged is lost. Twice is allowed."""
        if self._process is not None:
            if self.alive():
                end(self._process.pid, self.shutdown, asked=self._asked_to_stop)
            self._process.wait()
            self._process = None
        self._lock.release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @abstractmethod
    def _end_orphans(self) -> None:
        """End processes over this folder that a killed parent left behind; the lock is already ours."""

    @abstractmethod
    def _prepare(self) -> None:
        """Make what the first start needs, and choose the ports."""

    @abstractmethod
    def _command(self) -> Sequence[str]:
        """The command line of the server."""

    @abstractmethod
    def _answers(self) -> bool:
        """Whether the running process takes requests."""

    def _working_folder(self) -> Path:
        return self.data
