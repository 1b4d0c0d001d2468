"""Everything on one machine, in one process tree: what `huiyin up` (and `make run`) starts, in which order, and tells.

PostgreSQL and Temporal first, side by side; then the migrations; then Huiyin's own processes. `services.cli` calls it.
"""

import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import typer

from domain.errors import HuiyinError
from services.embedded import EmbeddedPostgres, EmbeddedTemporal, MachineProblem
from services.embedded.process import (
    FolderLock,
    http_status,
    lines_of,
    open_private,
    port_is_free,
    required_port,
    wait_until,
)
from services.embedded.server import EmbeddedServer
from services.embedded.temporal import USUAL_PORT, USUAL_UI_PORT
from services.running import Running, process_started
from services.settings import Settings
from services.supervisor import Child, ChildSpec, StopRequested, Supervisor

Children = Callable[[Settings], Sequence[ChildSpec]]
AfterReady = Callable[[Settings], list[str]]

_SERVERS_WITHIN = 90.0  # seconds; a first start makes the database, one after a power cut replays its log
_MIGRATION_WITHIN = 600.0
_CHILDREN_WITHIN = 90.0


def huiyin_migration(settings: Settings) -> ChildSpec:
    """The command that brings the tables to this version; run only where the owner of the database is known."""
    owner = {"HUIYIN_OWNER_DATABASE_URL": settings.owner_database_url}
    return ChildSpec("migrate", (_program(), "migrate"), _environment(settings) | owner)


def huiyin_processes(settings: Settings) -> list[ChildSpec]:
    """Huiyin's own processes on one machine; those named first are ended last."""
    commands = {
        "seal": ("follow", "seal"),
        "ledgers": ("follow", "ledgers"),
        "relay": ("follow", "relay"),
        "worker": ("worker",),
    }
    env = _environment(settings)
    specs = [ChildSpec(name, (_program(), *command), env) for name, command in commands.items()]
    return [*specs, ChildSpec("api", (_program(), "api"), env, lambda: http_status(settings.port, "/readyz") == 200)]


def huiyin_demonstration(settings: Settings) -> list[str]:
    """The demonstration, loaded once, and its accounts; told by a process that ends: what stays need not carry it."""
    log = settings.home / "logs" / "demonstration.log"
    return lines_of((_program(), "demonstration"), log=log, env={**os.environ, **_environment(settings)})


def run_up(
    settings: Settings,
    *,
    migration: Callable[[Settings], ChildSpec] = huiyin_migration,
    children: Children = huiyin_processes,
    after_ready: Sequence[AfterReady] = (),
    echo: Callable[[str], None] = typer.echo,
) -> int:
    """Run everything until Ctrl-C or SIGTERM; the exit status: 0 after a clean stop, 1 when it could not start.

    `after_ready` are called once everything serves, while it is watched; the lines that they return (demonstration
    accounts, say) are shown below the addresses. Call this from the main thread.
    """
    machine = _Machine(settings, echo)
    try:
        with machine.claimed():
            machine.start(migration, children)
            machine.tell(after_ready)
            machine.watch()
    except StopRequested:
        return 0
    except MachineProblem as problem:
        echo(str(problem))
        return 1
    return 0


class _Machine:
    """One run on one data folder."""

    def __init__(self, settings: Settings, echo: Callable[[str], None]) -> None:
        self._settings = settings
        self._echo = echo
        self._logs = settings.home / "logs"
        self._lock = FolderLock(settings.home / "up.lock")
        self._supervisor = Supervisor(self._say, changed=self._write_state)
        self._postgres: EmbeddedPostgres | None = None
        self._temporal: EmbeddedTemporal | None = None
        self._began = time.monotonic()

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """The data folder is ours and signals are heard; at the end everything that was started is stopped."""
        with self._supervisor.signals():
            self._claim_home()
            try:
                yield
            finally:
                self._say("正在停止 Stopping …")
                self._supervisor.stop()
                Running.forget(self._settings.home)
                self._lock.release()
                self._say("已停止 Stopped.")

    def start(self, migration: Callable[[Settings], ChildSpec], children: Children) -> None:
        """Start the servers, bring the tables to this version, start Huiyin's processes; return when all are ready."""
        servers = self._embedded_servers()
        self._say(" ".join(["正在启动 Starting", ", ".join(server.name for server in servers), "…"]))
        self._supervisor.launch(servers)
        self._complete_addresses()
        self._write_state()
        self._supervisor.wait_ready([self._postgres] if self._postgres else [], within=_SERVERS_WITHIN)
        if self._settings.given_owner_database_url is not None:
            self._supervisor.run_once(Child(migration(self._settings), self._logs), within=_MIGRATION_WITHIN)
        processes = [Child(spec, self._logs) for spec in children(self._settings)]
        self._supervisor.launch(processes)
        self._write_state()
        self._supervisor.wait_ready([*servers, *processes], within=_CHILDREN_WITHIN)

    def tell(self, after_ready: Sequence[AfterReady]) -> None:
        """Show where to go, then what the steps after the start have to say."""
        lines = [f"回音已就绪 Huiyin is ready ({time.monotonic() - self._began:.1f} s): {self._address()}"]
        if self._temporal is not None:
            lines.append(f"  流程 Workflows (Temporal UI): {self._temporal.ui_address}")
        lines.append(f"  数据 Data: {self._settings.home}")
        for line in lines:
            self._say(line)
        for step in after_ready:
            for line in self._run_beside(step):
                self._say(line)
        self._say("按 Ctrl-C 停止 Press Ctrl-C to stop.")

    def watch(self) -> None:
        """Keep everything alive until a signal asks to stop."""
        self._supervisor.watch()

    def _claim_home(self) -> None:
        home, port = self._settings.home, self._settings.port
        home.mkdir(parents=True, exist_ok=True)
        if not self._lock.acquire():
            raise MachineProblem(
                "already-up",
                zh=f"回音已在 {home} 上运行。请使用已运行的那一个，或另设 HUIYIN_HOME 和 HUIYIN_PORT。",
                en=f"Huiyin runs on {home} already. Use that one, or set another HUIYIN_HOME and HUIYIN_PORT.",
            )
        if Running.was_left_behind(home):  # the last run was killed; its processes are on their way out
            wait_until(lambda: port_is_free(port), 10.0)
        try:
            required_port(port)
        except MachineProblem:
            self._lock.release()
            raise

    def _embedded_servers(self) -> list[EmbeddedServer]:
        """PostgreSQL and Temporal, as far as the settings do not name others."""
        servers: list[EmbeddedServer] = []
        home = self._settings.home
        if self._settings.given_temporal_address is None:  # first, for it starts up while the cluster is being made
            usual = (USUAL_PORT, USUAL_UI_PORT)
            self._temporal = EmbeddedTemporal(home / "temporal", prefer=usual, log=self._logs / "temporal.log")
            servers.append(self._temporal)
        if self._settings.given_database_url is None:
            self._postgres = EmbeddedPostgres(home / "postgres", log=self._logs / "postgres.log")
            servers.append(self._postgres)
        return servers

    def _complete_addresses(self) -> None:
        """From here on the settings name the servers that we started; ports are known once a server is launched."""
        update: dict[str, str] = {}
        if self._postgres is not None:
            update["given_database_url"] = self._postgres.app_dsn
            update["given_owner_database_url"] = self._postgres.owner_dsn
            update["given_follower_database_url"] = self._postgres.follower_dsn
            update["given_keys_database_url"] = self._postgres.keys_dsn
        if self._temporal is not None:
            update["given_temporal_address"] = self._temporal.address
        self._settings = self._settings.model_copy(update=update)

    def _address(self) -> str:
        everywhere = self._settings.host in ("0.0.0.0", "::")  # noqa: S104
        return f"http://{'127.0.0.1' if everywhere else self._settings.host}:{self._settings.port}"

    def _write_state(self) -> None:
        me = os.getpid()
        with suppress(OSError, MachineProblem):  # a full disk must not end what runs; before the start nothing is known
            Running(
                pid=me,
                pid_started=process_started(me),
                address=self._address(),
                database_url=self._settings.database_url,
                owner_database_url=self._settings.given_owner_database_url,
                follower_database_url=self._settings.given_follower_database_url,
                keys_database_url=self._settings.given_keys_database_url,
                superuser_database_url=self._postgres.superuser_dsn if self._postgres else None,
                temporal_address=self._settings.temporal_address,
                temporal_ui=self._temporal.ui_address if self._temporal else None,
                processes=self._supervisor.pids(),
            ).write(self._settings.home)

    def _run_beside(self, step: AfterReady) -> list[str]:
        """The step's lines; it runs in a thread, so that meanwhile everything is watched and Ctrl-C is heard."""
        lines: list[str] = []

        def in_thread() -> None:
            try:
                lines.extend(step(self._settings))
            except (HuiyinError, MachineProblem) as problem:
                lines.append(str(problem))
            except Exception:
                log = self._logs / "up.log"
                with open_private(log) as file:
                    file.write(traceback.format_exc().encode())
                lines.append(f"启动后的一步未完成 A step after the start failed: {log}")

        thread = threading.Thread(target=in_thread, daemon=True)
        thread.start()
        self._supervisor.wait_for(lambda: not thread.is_alive(), within=float("inf"))
        return lines

    def _say(self, line: str) -> None:
        with suppress(OSError):  # the terminal may be gone
            self._echo(line)


def _program() -> str:
    return str(Path(sys.executable).with_name("huiyin"))


def _environment(settings: Settings) -> dict[str, str]:
    """What a child needs to find the same servers and data as we do."""
    env = {
        "HUIYIN_HOME": str(settings.home),
        "HUIYIN_HOST": settings.host,
        "HUIYIN_PORT": str(settings.port),
        "HUIYIN_DATABASE_URL": settings.database_url,
        "HUIYIN_TEMPORAL_ADDRESS": settings.temporal_address,
        "PYTHONUNBUFFERED": "1",
    }
    others = {
        "HUIYIN_FOLLOWER_DATABASE_URL": settings.given_follower_database_url,
        "HUIYIN_KEYS_DATABASE_URL": settings.given_keys_database_url,
    }
    return env | {name: url for name, url in others.items() if url is not None}
