"""Beside the worker: looks every few seconds whether copies wait, and has them made by a process of low priority.

The worker itself carries nothing of what makes them.
"""

import subprocess  # our own program, no shell
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import psycopg
import structlog

EACH_SECONDS: Final = 2.0
_RESTS: Final = 30.0
"""After a process that failed."""
_MAY_END: Final = 3.0  # seconds

_IS_WANTED: Final = """
select exists(select from export_job where state in ('waiting', 'making')) and not exists(
  select from pg_locks where locktype = 'advisory' and (classid, objid) = (0, 7214033) and granted)
"""
_OLD: Final = "delete from export_job where ended_at < clock_timestamp() - interval '24 hours'"
"""A copy is kept for a day."""

_log = structlog.get_logger(__name__)


@contextmanager
def making_beside(dsn: str, each_seconds: float = EACH_SECONDS) -> Iterator[None]:
    """For as long as the `with` lasts; what is being made when it ends is made from its beginning next time."""
    stop = threading.Event()
    thread = threading.Thread(target=_look_again_and_again, args=(dsn, each_seconds, stop), name="exports")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _look_again_and_again(dsn: str, each_seconds: float, stop: threading.Event) -> None:
    while not stop.wait(each_seconds):
        try:
            with psycopg.connect(dsn, autocommit=True, connect_timeout=5) as connection:
                while not stop.wait(each_seconds):
                    if something_to_make(connection) and not _make(stop):
                        stop.wait(_RESTS)
        except (psycopg.Error, OSError) as failure:
            _log.warning("exports.failed", reason=type(failure).__name__)


def _make(stop: threading.Event) -> bool:
    """A process makes all that wait; it is ended when the worker is. Whether it ended well."""
    command = [sys.executable, "-m", "services.exports.making_process"]
    process = subprocess.Popen(command)  # noqa: S603
    try:
        while process.poll() is None and not stop.wait(0.2):
            pass
    finally:
        if process.poll() is None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(_MAY_END)
            process.kill()
        process.wait()
    return process.returncode == 0


def something_to_make(connection: psycopg.Connection) -> bool:
    """Whether a copy waits, and nobody makes it. What is older than a day goes."""
    connection.execute(_OLD)
    return connection.execute(_IS_WANTED).fetchone() == (True,)
