"""Which files does nothing name after a day, and which were erased? Removed by a step that the worker takes each hour.

Whether an event names a file is asked of the log, so a command that was interrupted after its file was claimed costs
nobody a photo; and whatever an upload left half done is found here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import psycopg
import structlog
from eventsourcing.persistence import InterfaceError, OperationalError

from domain.casework import Casework
from domain.files import files_named_in
from services.beside import beside
from services.files.kept import Files
from services.files.problems import StoreAway
from services.persistence.file_book import FileRow

EACH_SECONDS: Final = 3600.0
WAITS_SECONDS: Final = 86_400.0
"""So long a file may wait for a command that names it."""
_AT_ONCE: Final = 200
_AWAY: Final = (psycopg.Error, OperationalError, InterfaceError, StoreAway)

_log = structlog.get_logger(__name__)


class Sweeping:
    """Takes the step. `waits_seconds`: how long a file may wait."""

    def __init__(self, files: Files, casework: Casework, *, waits_seconds: float = WAITS_SECONDS) -> None:
        self._files = files
        self._casework = casework
        self._waits_seconds = waits_seconds

    def step(self) -> int:
        """Removes what nothing names and what was erased; how many files. Raises what _AWAY lists."""
        removed = 0
        while erased := self._files.book.erased(_AT_ONCE):
            for row in erased:
                self._files.remove_erased(row)
            removed += len(erased)
        while rows := self._files.book.never_named(self._waits_seconds, _AT_ONCE):
            removed += sum(map(self._removed, rows))
        if removed:
            _log.info("files.swept", removed=removed)
        return removed

    def _removed(self, row: FileRow) -> bool:
        if row.claimed_for is not None:
            if self._is_named(row):
                self._files.book.named([row.digest], row.claimed_for)
                return False
            self._files.book.release([row.digest], row.claimed_for)
        return self._files.discard(replace(row, claimed_for=None))

    def _is_named(self, row: FileRow) -> bool:
        events = self._casework.history(row.claimed_for) if row.claimed_for else ()
        return any(row.digest in files_named_in(event) for event in events)


@contextmanager
def sweeping_beside(step: Callable[[], int], each_seconds: float = EACH_SECONDS) -> Iterator[None]:
    """Takes the step again and again in a thread of its own, for as long as the `with` lasts."""
    with beside("files.sweeping", step, each_seconds, _AWAY):
        yield
