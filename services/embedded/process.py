"""How one server process is started, watched and ended on this machine: ports, locks, logs, signals.

Called by `services.embedded.postgres`, `services.embedded.temporal` and `services.supervisor`. Start processes from the
main thread only: on Linux a child is told of its parent's death when the *thread* that started it ends.
"""

import contextlib
import ctypes
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

import psutil

from services.embedded.problems import MachineProblem

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

Escalation = Sequence[tuple[signal.Signals, float]]
"""Signals in the order they are sent, each with the seconds it is given to work."""


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def port_is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:`port` now, as servers do: with SO_REUSEADDR."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def http_status(port: int, path: str) -> int | None:
    """The status with which 127.0.0.1:`port` answers a GET of `path`; None when nobody answers. No proxy is asked."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
        connection.request("GET", path)
        return connection.getresponse().status
    return None


def remembered_port(file: Path, preferred: int | None = None) -> int:
    """The port kept in `file` if it is free; else `preferred` if that is; else any free one. The choice is kept."""
    for candidate in (int(file.read_text()) if file.exists() else None, preferred):
        if candidate is not None and port_is_free(candidate):
            port = candidate
            break
    else:
        port = free_port()
    file.write_text(f"{port}\n")
    return port


def required_port(port: int) -> int:
    """`port`, or a refusal in words if somebody listens there already."""
    if not port_is_free(port):
        raise MachineProblem(
            "port-in-use",
            zh=f"端口 {port} 已被占用。请停止占用它的程序，或设置另一个端口。",
            en=f"Port {port} is in use. Stop the program that uses it, or set another port.",
        )
    return port


def _tell_of_parents_death(parent: int, death_signal: signal.Signals) -> Callable[[], None] | None:
    libc = _LIBC
    if libc is None:
        return None

    def in_child() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:
            os._exit(0)  # the parent died between fork and prctl: nobody would ever tell us

    return in_child


def spawn(
    argv: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start `argv` in a session of its own (so that Ctrl-C reaches only us), its output appended to `log` (0600).

    The child gets `death_signal` when the thread that called this ends, however it ends (Linux).
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with open_private(log) as output:
        return subprocess.Popen(
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_tell_of_parents_death(os.getpid(), death_signal),
        )


def lines_of(argv: Sequence[str], *, log: Path, env: Mapping[str, str]) -> list[str]:
    """What `argv` prints; its complaints go to `log`. Ends with the thread that called this. Raises MachineProblem."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with open_private(log) as complaints:
        done = subprocess.run(
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=dict(env),
            start_new_session=True,
            preexec_fn=_tell_of_parents_death(os.getpid(), signal.SIGTERM),
            check=False,
        )
    if done.returncode:
        raise MachineProblem(
            "step-failed",
            zh=f"启动后的一步未完成，原因见 {log}。",
            en=f"A step after the start failed; {log} tells why.",
        )
    return done.stdout.decode().splitlines()


def open_private(path: Path) -> IO[bytes]:
    """`path` opened for appending, readable by its owner only."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    return os.fdopen(descriptor, "ab")


def rotate(log: Path, cap: int) -> bool:
    """Copy a log larger than `cap` bytes to `<name>.1` and empty it; its writer keeps writing. True if it did."""
    if not log.exists() or log.stat().st_size <= cap:
        return False
    with log.open("rb+") as current, open_private(log.with_name(log.name + ".1")) as kept:
        kept.truncate(0)
        while chunk := current.read(1 << 20):
            kept.write(chunk)
        current.truncate(0)
    return True


def last_lines(log: Path, count: int = 8) -> str:
    """The end of a log, for the words of a failed start; empty when there is none."""
    with contextlib.suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    return ""


def is_running(pid: int) -> bool:
    """Whether `pid` is a process that still does something: a zombie (dead, not yet collected) is not."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def wait_until(condition: Callable[[], bool], within: float) -> bool:
    """Poll `condition` every 20 ms for at most `within` seconds; its last answer."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() >= deadline:
            return condition()
        time.sleep(0.02)
    return True


def end(pid: int, escalation: Escalation, *, asked: bool = False) -> None:
    """End a process that may not be our child: each signal in turn until the process is gone.

    `asked` says that it was sent the first signal already; some programs take a second one for impatience.
    """
    for turn, (number, patience) in enumerate(escalation):
        if turn > 0 or not asked:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        if wait_until(lambda: not is_running(pid), patience):
            return
    raise MachineProblem(
        "process-does-not-end",
        zh=f"进程 {pid} 收到强制结束信号后仍未退出。请检查磁盘是否无响应，然后重试。",
        en=f"Process {pid} did not end even when killed. Check for a disk that does not answer, then try again.",
    )


class FolderLock:
    """One owner per folder: an advisory lock that the kernel drops when its process dies, however it dies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def acquire(self) -> bool:
        """Take the lock and write our pid into its file; False when another process holds it."""
        if self._file is not None:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = open_private(self._path)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        file.truncate(0)
        file.write(f"{os.getpid()}\n".encode())
        file.flush()
        self._file = file
        return True

    def release(self) -> None:
        """Give the lock up; doing so twice is allowed."""
        if self._file is not None:
            self._file.close()
            self._file = None
