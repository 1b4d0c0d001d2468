"""One import from beginning to end: judge every row, see what the log knows, write what is left.

Called by services/cli/importing.py and services/bench/importing.py, which join casework and office.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from eventsourcing.persistence import InterfaceError, OperationalError

from domain.casework import Casework
from domain.errors import Unavailable
from domain.office import Office
from services.importing.checking import Checked, Progress, Stopped, check_map, check_rows, year_of
from services.importing.entries import Entry
from services.importing.map_file import ImportMap
from services.importing.recognising import Recognised, recognise
from services.importing.report import Report, VillageYear
from services.importing.tables import open_table
from services.importing.writing import Writer
from services.organisation.registering import register_villages


class Watch(Protocol):
    """Who is told how far it is."""

    def reading(self, last_line: int, /) -> Progress:
        """Pass one begins; the answer is told each line read."""
        ...

    def writing(self, rows: int, /) -> Progress:
        """Pass two begins; the answer is told each number of rows just written."""
        ...


@dataclass(frozen=True, slots=True)
class Importer:
    """Imports files by one map. `office` knows the map's villages (`WithVillages`), as `casework`'s own does."""

    map_: ImportMap
    casework: Casework
    office: Office
    watch: Watch
    stopped: Callable[[], bool] = lambda: False

    def run(self, path: Path, *, dry_run: bool = False, skip_bad: bool = False) -> Report:
        """Imports one file. Raises ImportRefused (nothing was written) or Unavailable (before anything was)."""
        began = time.monotonic()
        try:
            checked, recognised = self._look(path)
        except Stopped:
            return Report(dry_run, ended="asked")
        except (OperationalError, InterfaceError) as failure:
            raise Unavailable from failure
        report = _found(checked, recognised, dry_run)
        report.refused = bool(report.bad) and not skip_bad
        if not dry_run and not report.refused:
            self._write(recognised, report)
        report.seconds = time.monotonic() - began
        return report

    def _look(self, path: Path) -> tuple[Checked, Recognised]:
        """Everything that writes nothing."""
        check_map(self.map_, self.office)
        table = open_table(path, self.map_)
        checked = check_rows(table, self.map_, self.office, self.watch.reading(table.last_line), self.stopped)
        return checked, recognise(checked.entries, self.map_.system, self.casework, self.office)

    def _write(self, recognised: Recognised, report: Report) -> None:
        register_villages(self.casework, self.map_.villages, self.office.clock())
        rows = len(recognised.fresh) + len(recognised.resumed)
        writer = Writer(self.casework, self.map_.system, self.stopped, self.watch.writing(rows))
        try:
            writer.write(recognised, report.written)
        except (Unavailable, OperationalError, InterfaceError):
            report.ended = "unavailable"
        else:
            report.ended = "asked" if report.written.stopped else None


def _found(checked: Checked, recognised: Recognised, dry_run: bool) -> Report:
    return Report(
        dry_run=dry_run,
        rows=checked.rows,
        new=len(recognised.fresh),
        new_answered=sum(entry.answer is not None for entry in recognised.fresh),
        to_resume=len(recognised.resumed),
        already_there=len(recognised.done),
        bad=[*checked.bad, *recognised.bad],
        notes=checked.notes,
        villages=_by_village_and_year(recognised),
    )


def _by_village_and_year(recognised: Recognised) -> list[VillageYear]:
    def counted(entries: Iterable[Entry]) -> Counter[tuple[str, int]]:
        return Counter((entry.village, year_of(entry.logged_at)) for entry in entries)

    new = counted(recognised.fresh)
    there = counted([*recognised.done, *(entry for entry, _ in recognised.resumed)])
    return [VillageYear(*key, new[key], there[key]) for key in sorted({*new, *there})]
