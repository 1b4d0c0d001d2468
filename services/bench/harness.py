"""What the benches share: an office of their own on a temporary folder, CPU clocks of its processes, quantiles, tables.

Nothing here touches the running installation: every bench makes its PostgreSQL (and Temporal) anew and ends it.
"""

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from uuid import NAMESPACE_OID, uuid5

import psutil
import psycopg

from domain.context import Village
from domain.organisation.commands import AppointOfficer
from domain.values import Role
from projections.registry import read_models
from services.bootstrap import casework_of, system_clock
from services.embedded import EmbeddedPostgres, EmbeddedTemporal, MachineProblem
from services.embedded.process import free_port, last_lines, wait_until
from services.identity.accounts import create_account
from services.identity.tokens import create_token
from services.migrate import migrate
from services.organisation.registering import REGISTRAR, register_villages
from services.settings import Settings
from services.supervisor import Child
from services.up import huiyin_processes

Result = dict[str, Any]
"""What a bench measured, ready for JSON; `table` is the same for people."""

TOWNSHIP: Final = "测速镇"
VILLAGE: Final = "CS"
"""One village: its counter of numbers is the hottest row there is."""
_VILLAGE: Final = Village(code=VILLAGE, name="测速村", township=TOWNSHIP, handler="handler", lead="lead")
_PEOPLE: Final = ("handler", "handler2", "lead")
_SECOND_HANDLER: Final = AppointOfficer(
    command_id=uuid5(NAMESPACE_OID, "handler2"),
    actor=REGISTRAR,
    occurred_at=datetime(2026, 1, 1, tzinfo=UTC),
    officer="handler2",
    role=Role.CASE_HANDLER,
    place=VILLAGE,
)
_READY_WITHIN: Final = 60.0  # seconds


UNLIMITED: Final = {"HUIYIN_WRITES_PER_MINUTE": "1000000", "HUIYIN_READS_PER_MINUTE": "1000000"}
"""A bench is no person."""


class BenchOffice:
    """An office that runs inside a `with`: PostgreSQL, the processes named, and Temporal if asked for."""

    def __init__(self, parts: Collection[str], *, temporal: bool = False, **settings: Any) -> None:
        """`parts`: names of `huiyin_processes`. `settings`: fields of Settings to set."""
        self._wanted = parts
        self._with_temporal = temporal
        self._extra = settings
        self._stack = ExitStack()
        self.tokens: dict[str, str] = {}
        self.children: dict[str, Child] = {}
        self.temporal: EmbeddedTemporal | None = None

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _start(self) -> None:
        home = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="huiyin-bench-")))
        if self._with_temporal:
            self.temporal = self._stack.enter_context(EmbeddedTemporal(home / "temporal"))
        self.postgres = self._stack.enter_context(EmbeddedPostgres(home / "postgres"))
        addresses = {
            "given_database_url": self.postgres.app_dsn,
            "given_owner_database_url": self.postgres.owner_dsn,
            "given_follower_database_url": self.postgres.follower_dsn,
            "given_keys_database_url": self.postgres.keys_dsn,
            "given_temporal_address": self.temporal.address if self.temporal else "127.0.0.1:1",
        }
        given = Settings(home=home, port=free_port(), demonstration=False)
        self.settings = given.model_copy(update={**addresses, **self._extra})
        migrate(self.postgres.owner_dsn, read_models())
        self._let_people_in()
        self._launch()

    def _let_people_in(self) -> None:
        with psycopg.connect(self.postgres.app_dsn, autocommit=True) as connection:
            for name in _PEOPLE:
                create_account(connection, name, display_zh=name, display_en=name)
                self.tokens[name] = create_token(connection, name, timedelta(days=1))
        with casework_of(self.settings) as casework:
            register_villages(casework, [_VILLAGE], system_clock())
            casework.handle(_SECOND_HANDLER)

    def _launch(self) -> None:
        environment = {"HUIYIN_PORT": str(self.settings.port), **UNLIMITED}
        environment |= {f"HUIYIN_{name.upper()}": str(value) for name, value in self._extra.items()}
        for spec in huiyin_processes(self.settings):
            if spec.name in self._wanted:
                informed = replace(spec, env={**spec.env, **environment})
                child = self.children[spec.name] = Child(informed, self.settings.home / "logs")
                child.launch()
                self._stack.callback(child.stop)
        if not wait_until(lambda: all(child.ready() for child in self.children.values()), _READY_WITHIN):
            ends = "\n".join(f"--- {name}\n{last_lines(child.log)}" for name, child in self.children.items())
            raise MachineProblem(
                "bench-not-ready",
                zh=f"测速用的进程 {_READY_WITHIN:g} 秒内未就绪。日志结尾：\n{ends}",
                en=f"The processes to measure were not ready within {_READY_WITHIN:g} s: see the ends of their logs.",
            )

    def cpu_seconds(self) -> dict[str, float]:
        """CPU time used so far, in seconds, by part; PostgreSQL with all its server processes."""
        pids = {name: child.pid for name, child in self.children.items()}
        pids["PostgreSQL"] = self.postgres.pid
        if self.temporal is not None:
            pids["Temporal"] = self.temporal.pid
        return {name: tree_cpu_seconds(pid) for name, pid in pids.items() if pid is not None}


def tree_cpu_seconds(pid: int) -> float:
    """User and system time of a process, of its living children, and of those that ended, in seconds."""
    total = 0.0
    root = psutil.Process(pid)
    for process in (root, *root.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:4])  # user, system, and the same of children that were waited for
    return total


@dataclass
class Slice:
    """What happened between two readings of the clocks."""

    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)  # seconds by part
    others: float = 0.0  # cores that everything but this bench kept busy


@contextmanager
def measured(office: BenchOffice) -> Iterator[Slice]:
    """Reads the clocks before and after; the Slice is complete when the `with` ends."""
    piece = Slice()
    began, cpu, ours, all_of_it = time.perf_counter(), office.cpu_seconds(), _own_cpu(), _machine_cpu()
    yield piece
    piece.seconds = time.perf_counter() - began
    piece.cpu = {name: after - cpu.get(name, 0.0) for name, after in office.cpu_seconds().items()}
    piece.cpu["bench"] = _own_cpu() - ours
    used = sum(piece.cpu.values())
    piece.others = max(0.0, (_machine_cpu() - all_of_it - used) / piece.seconds)


def _own_cpu() -> float:
    return sum(psutil.Process().cpu_times()[:2])


def _machine_cpu() -> float:
    """Seconds that all cores together were busy."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def table(title: str, rows: Sequence[Mapping[str, Any]], notes: Sequence[str] = ()) -> str:
    """A table for the terminal and for docs/benchmarks.md (Markdown); all rows have the first one's columns."""
    columns = list(rows[0])
    lines = [f"{title}", "", "| " + " | ".join(columns) + " |", "|" + "--|" * len(columns)]
    lines += ["| " + " | ".join(_shown(row[column]) for column in columns) + " |" for row in rows]
    return "\n".join([*lines, "", *notes, machine()])


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 100 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def machine() -> str:
    """Which machine this is, in one line."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
