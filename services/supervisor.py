"""Which processes belong to this machine, and do they all live? Starts them, restarts what dies, ends them in order.

`services.up` fills it. One thread, the main one, does everything: children hear of that thread's death (Linux).
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from services.embedded.problems import MachineProblem
from services.embedded.process import end, last_lines, rotate, spawn

_FIRST_DELAY, _LONGEST_DELAY = 0.5, 10.0
_STEADY_AFTER = 30.0  # seconds of life after which a death counts as the first again
_TICK = 0.1
_LOG_CAP = 10 * 1024 * 1024  # bytes; one older file of this size is kept beside
_ROTATE_EVERY = 10.0


class Supervised(Protocol):
    """Something with a process: a child of ours or an embedded server. Nothing but `stop` waits."""

    @property
    def name(self) -> str: ...
    @property
    def log(self) -> Path: ...
    @property
    def pid(self) -> int | None: ...
    def launch(self) -> None: ...
    def alive(self) -> bool: ...
    def ready(self) -> bool: ...
    def ask_to_stop(self) -> None: ...
    def stop(self) -> None: ...


@dataclass(frozen=True)
class ChildSpec:
    """One child: its command line, what it finds in the environment beside ours, and how to see that it works.

    `patience` is the seconds between SIGTERM and SIGKILL.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] | None = None
    patience: float = 5.0


class Child:
    """A child process of this supervisor, its output in `logs/<name>.log`."""

    def __init__(self, spec: ChildSpec, logs: Path) -> None:
        self.name = spec.name
        self.log = logs / f"{spec.name}.log"
        self._spec = spec
        self._process: subprocess.Popen[bytes] | None = None
        self._asked_to_stop = False

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process is not None and self.alive() else None

    @property
    def exit_status(self) -> int | None:
        """The exit status once it ended, negative for a signal; None before."""
        return None if self._process is None else self._process.poll()

    def launch(self) -> None:
        """Start the process without waiting for it."""
        self._asked_to_stop = False
        self._process = spawn(self._spec.argv, log=self.log, env={**os.environ, **self._spec.env})

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def ready(self) -> bool:
        """Whether the process does its work, as far as its specification can tell."""
        return self.alive() and (self._spec.ready is None or self._spec.ready())

    def ask_to_stop(self) -> None:
        """Send the first signal of a shutdown."""
        if self._process is not None and self.alive():
            self._asked_to_stop = True
            self._process.terminate()

    def stop(self) -> None:
        """End the process, by force after a while."""
        if self._process is not None:
            if self.alive():
                shutdown = ((signal.SIGTERM, self._spec.patience), (signal.SIGKILL, 5.0))
                end(self._process.pid, shutdown, asked=self._asked_to_stop)
            self._process.wait()


@dataclass
class _Watched:
    child: Supervised
    launched: float
    delay: float = _FIRST_DELAY
    restart_at: float | None = None


class StopRequested(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM while we were starting."""


class Supervisor:
    """Keeps groups of processes alive. A group is started after those before it and ended before them."""

    def __init__(self, report: Callable[[str], None], changed: Callable[[], None] = lambda: None) -> None:
        """`report` gets one line for a person; `changed` is called when a process id is another one."""
        self._report = report
        self._changed = changed
        self._groups: list[list[_Watched]] = []
        self._stop_requested = False
        self._rotated = time.monotonic()

    def launch(self, group: Sequence[Supervised]) -> None:
        """Start all of a group at once, without waiting for any."""
        watched: list[_Watched] = []
        self._groups.append(watched)
        for child in group:
            child.launch()
            watched.append(_Watched(child, time.monotonic()))

    def pids(self) -> dict[str, int | None]:
        """Name to process id; None while a process is being restarted."""
        return {watched.child.name: watched.child.pid for watched in self._all()}

    def wait_for(self, condition: Callable[[], bool], *, within: float) -> None:
        """Keep everything alive until `condition` holds; StopRequested, or a refusal that quotes the logs, ends it."""
        deadline = time.monotonic() + within
        while not condition():
            if self._stop_requested:
                raise StopRequested
            if time.monotonic() > deadline:
                raise self._not_ready(within)
            self._tick()

    def wait_ready(self, group: Sequence[Supervised], *, within: float) -> None:
        """Keep everything alive until each of `group` was seen ready; one that is so is not asked again."""
        waiting = list(group)

        def all_ready() -> bool:
            waiting[:] = [child for child in waiting if not child.ready()]
            return not waiting

        self.wait_for(all_ready, within=within)

    def run_once(self, child: Child, *, within: float) -> None:
        """Run a child to its end while everything else is kept alive; a refusal that quotes its log if it fails."""
        child.launch()
        try:
            self.wait_for(lambda: not child.alive(), within=within)
        finally:
            child.stop()
        if child.exit_status != 0:
            raise MachineProblem(
                "step-failed",
                zh=f"{child.name} 未完成。日志 {child.log} 的结尾：\n{last_lines(child.log)}",
                en=f"{child.name} failed. The log is {child.log}; see its end above.",
            )

    def watch(self) -> None:
        """Keep everything alive until a signal asks to stop."""
        while not self._stop_requested:
            self._tick()

    def stop(self) -> None:
        """End the groups, last one first; the members of a group end together."""
        for group in reversed(self._groups):
            for watched in reversed(group):
                watched.child.ask_to_stop()
            for watched in reversed(group):
                watched.child.stop()
        self._groups.clear()

    @contextmanager
    def signals(self) -> Iterator[None]:
        """While inside, SIGINT, SIGTERM and SIGHUP (unless `nohup` has us ignore it) ask to stop, however often."""

        def ask_to_stop(_number: int, _frame: object) -> None:
            self._stop_requested = True

        numbers = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            numbers.append(signal.SIGHUP)
        before = {number: signal.signal(number, ask_to_stop) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _all(self) -> list[_Watched]:
        return [watched for group in self._groups for watched in group]

    def _tick(self) -> None:
        time.sleep(_TICK)
        now = time.monotonic()
        for watched in self._all():
            if not watched.child.alive():
                self._revive(watched, now)
        if now - self._rotated > _ROTATE_EVERY:
            self._rotated = now
            for watched in self._all():
                with suppress(OSError):  # a full disk must not end what runs
                    rotate(watched.child.log, _LOG_CAP)

    def _revive(self, watched: _Watched, now: float) -> None:
        """Plan a restart when the death is first seen, then do it when its time has come."""
        child = watched.child
        if watched.restart_at is None:
            if now - watched.launched > _STEADY_AFTER:
                watched.delay = _FIRST_DELAY
            watched.restart_at = now + watched.delay
            self._report(
                f"{child.name} 已退出，{watched.delay:g} 秒后重启 ended; restart in {watched.delay:g} s ({child.log})"
            )
            watched.delay = min(watched.delay * 2, _LONGEST_DELAY)
            self._changed()
        elif now >= watched.restart_at:
            watched.restart_at, watched.launched = None, now
            try:
                child.launch()
            except (MachineProblem, OSError) as problem:  # a port still held, say: it counts as one more death
                self._report(str(problem))
            self._changed()

    def _not_ready(self, within: float) -> MachineProblem:
        missing = [watched.child for watched in self._all() if not watched.child.ready()]
        names = ", ".join(child.name for child in missing)
        ends = "\n".join(f"--- {child.log}\n{last_lines(child.log)}" for child in missing)
        return MachineProblem(
            "not-ready",
            zh=f"{within:g} 秒内未就绪：{names}。日志结尾：\n{ends}",
            en=f"Not ready within {within:g} s: {names}. The ends of their logs are above.",
        )
