"""Pass two: what was judged good is written, in the order of time, in transactions of at most 200 events.

Called by services/importing/run.py. A row's commands stay in one transaction; between groups it can be stopped, and a
second run goes on where this one ended.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from eventsourcing.persistence import InterfaceError, OperationalError

from domain.casework import Casework
from domain.decided import Batch
from domain.errors import NotFound, Refusal
from domain.issue.commands import LogIssue
from domain.office import Outcome
from domain.store import CommandAlreadyRecorded, VersionConflict
from services.importing.checking import Progress
from services.importing.commands import Commands, commands_of
from services.importing.entries import Entry
from services.importing.recognising import Recognised
from services.importing.words import BadRow

Work = tuple[Entry, Commands]
"""A row and those of its commands that are still to be sent."""
_MOST_EVENTS: Final = 200  # as the recorder allows; each of an entry's commands makes one event


@dataclass(slots=True)
class Written:
    """What this run did."""

    logged: int = 0
    answered: int = 0
    open: int = 0
    resumed: int = 0
    met: int = 0
    """Rows that a rival imported while this run was under way, or whose confirmation was lost with the connection."""
    bad: list[BadRow] = field(default_factory=list)
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the rows of one file. `stopped` is asked before each transaction; `progress` is told rows."""

    casework: Casework
    system: str
    stopped: Callable[[], bool]
    progress: Progress

    def write(self, recognised: Recognised, written: Written) -> None:
        """Adds to `written` as it goes, so that it tells what was done even if this raises.

        One thread writes a group while this one decides the next. Raises Unavailable, or the library's
        OperationalError and InterfaceError, when the log cannot be reached.
        """
        with ThreadPoolExecutor(1, "import") as pen:
            under_way: Future[None] | None = None
            for rows in self._work(recognised):
                if self.stopped():
                    written.stopped = True
                    break
                batch = self._decided(rows)
                if under_way is not None:
                    under_way.result()
                under_way = pen.submit(self._write_rows, rows, batch, written)
            if under_way is not None:
                under_way.result()

    def _work(self, recognised: Recognised) -> Iterator[list[Work]]:
        """What goes into one transaction, in the order in which it is written."""
        for group in _groups(recognised.fresh):
            yield [(entry, commands_of(self.system, entry)) for entry in group]
        for work in recognised.resumed:
            yield [work]

    def _decided(self, rows: Sequence[Work]) -> Batch | None:
        """None if a rule refuses one of the rows: the log changed since pass one, so each is tried by itself."""
        try:
            return self.casework.decide_together([command for _, commands in rows for command in commands])
        except (Refusal, NotFound):
            return None

    def _write_rows(self, rows: Sequence[Work], batch: Batch | None, written: Written) -> None:
        outcomes = None
        if batch is not None:
            with suppress(CommandAlreadyRecorded, VersionConflict, OperationalError, InterfaceError):
                outcomes = self.casework.record_together(batch)
        if outcomes is not None:
            _count(rows, outcomes, written)
        else:
            for row in rows:
                self._write_row(row, written)
        self.progress(len(rows))

    def _write_row(self, row: Work, written: Written) -> None:
        entry, commands = row
        try:
            _count([row], self.casework.handle_together(commands), written)
        except (Refusal, NotFound) as refusal:
            written.bad.append(BadRow.refused(entry.line, refusal))


def _count(rows: Sequence[Work], outcomes: Sequence[Outcome], written: Written) -> None:
    remaining = iter(outcomes)
    for entry, commands in rows:
        first, *_ = islice(remaining, len(commands))
        if first.repeated:
            written.met += 1
            continue
        fresh = isinstance(commands[0], LogIssue)
        written.logged += fresh
        written.resumed += not fresh
        written.answered += entry.answer is not None
        written.open += entry.answer is None


def _groups(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Consecutive entries whose events fit one transaction."""
    group: list[Entry] = []
    events = 0
    for entry in entries:
        weight = 4 if entry.answer else 1
        if events + weight > _MOST_EVENTS:
            yield group
            group, events = [], 0
        group.append(entry)
        events += weight
    if group:
        yield group
