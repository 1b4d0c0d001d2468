"""Makes an export: reads the log stream by stream, tells it, writes the file beside its place and then moves it there.

Called by `huiyin audit export`. Memory holds one batch of streams; a stop at any time leaves the earlier file, or none.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Final

import psycopg

from projections.log_reader import SealedEvent
from projections.projection import Recorded, decoded
from projections.streams import whole_streams
from services.audit.exporting.extent import Extent
from services.audit.exporting.naming import Naming
from services.audit.exporting.ocel_json import write_ocel_json
from services.audit.exporting.ocel_sqlite import write_ocel_sqlite
from services.audit.exporting.spool import spool_at
from services.audit.exporting.told import Telling
from services.audit.exporting.xes import XesFile

Progress = Callable[[int, int], None]
"""How many events were read, of how many."""
_TOLD: Final = ("issue", "meeting", "fund")
"""The streams that are told."""


class ExportFormat(StrEnum):
    """For which tools."""

    OCEL_JSON = "ocel-json"
    OCEL_SQLITE = "ocel-sqlite"
    XES = "xes"


class LogExport:
    """One export of the log of this connection, which is in autocommit."""

    def __init__(self, connection: psycopg.Connection, extent: Extent, naming: Naming, progress: Progress) -> None:
        self._connection = connection
        self._extent = extent
        self._telling = Telling(naming, extent)
        self._progress = progress

    def write(self, form: ExportFormat, path: Path) -> None:
        """The file, whole. Raises OSError, psycopg.Error, UnreadableEvent."""
        with _whole(path) as draft:
            if form is ExportFormat.XES:
                self._xes(draft)
                return
            with spool_at(path.with_name(f".{path.name}.spool")) as spool:
                for kind, history in self._streams(_TOLD if self._extent.village is None else ("issue",)):
                    spool.take(self._telling.stream(kind, history))
                spool.close_filling()
                if form is ExportFormat.OCEL_SQLITE:
                    write_ocel_sqlite(spool, draft)
                else:
                    with open(draft, "wb") as file:
                        write_ocel_json(spool, file)

    def _xes(self, draft: Path) -> None:
        with open(draft, "wb") as file:
            traces = XesFile(file)
            for kind, history in self._streams(("issue",)):
                traces.trace(self._telling.stream(kind, history))
            traces.end()

    def _streams(self, kinds: tuple[str, ...]) -> Iterator[tuple[str, list[Recorded]]]:
        """The streams of these kinds, one after the other, in the order of their ids."""
        read, total = 0, self._extent.up_to + 1
        with self._connection.transaction():
            for batch in whole_streams(self._connection, self._extent.up_to):
                for _, stream in groupby(batch, lambda sealed: sealed.originator_id):
                    sealed = list(stream)
                    kind = _kind_of(sealed[0])
                    if kind in kinds:
                        yield kind, decoded(sealed)
                read += len(batch)
                self._progress(read, total)


def _kind_of(sealed: SealedEvent) -> str:
    return sealed.topic.partition(".")[0]


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A file beside it, readable by its owner only, that takes its place at the end."""
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
