"""How far an import is, on stderr: a bar at a terminal, a plain line now and then in a log.

Called by services/cli/importing.py.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from services.importing.checking import Progress as Told

_SECONDS_BETWEEN_LINES: Final = 5.0
_READING: Final = "检查各行 Checking"
_WRITING: Final = "写入 Writing"


class Quiet:
    """Says nothing."""

    def reading(self, _: int, /) -> Told:
        """Told each line read."""
        return _ignore

    def writing(self, _: int, /) -> Told:
        """Told each number of rows written."""
        return _ignore


class Bar:
    """A bar at a terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def reading(self, last_line: int) -> Told:
        """Told each line read."""
        task = self._progress.add_task(_READING, total=last_line)
        return lambda line: self._progress.update(task, completed=line)

    def writing(self, rows: int) -> Told:
        """Told each number of rows written."""
        task = self._progress.add_task(_WRITING, total=rows)
        return lambda some: self._progress.advance(task, some)


class Lines:
    """A line every five seconds, for logs and pipes."""

    def reading(self, last_line: int) -> Told:
        """Told each line read."""
        return _Liner(_READING, last_line).at

    def writing(self, rows: int) -> Told:
        """Told each number of rows written."""
        return _Liner(_WRITING, rows).add


class _Liner:
    def __init__(self, what: str, total: int) -> None:
        self._what, self._total, self._done = what, total, 0
        self._next = time.monotonic() + _SECONDS_BETWEEN_LINES

    def at(self, done: int) -> None:
        self._done = done
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _SECONDS_BETWEEN_LINES
            typer.echo(f"{self._what}: {self._done}/{self._total}", err=True)

    def add(self, some: int) -> None:
        self.at(self._done + some)


@contextmanager
def watch() -> Iterator[Bar | Lines]:
    """What suits stderr; the terminal is left as it was."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield Bar(progress)


def _ignore(_: int) -> None:
    return None
