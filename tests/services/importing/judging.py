"""Judges invented rows in memory, without a database, for the tests of single rows."""

from dataclasses import replace
from pathlib import Path

from services.importing.checking import Checked, WithVillages, check_map, check_rows
from services.importing.map_file import ImportMap, parse_map
from services.importing.tables import open_table
from services.importing.words import NOTE_WORDS
from tests.services.importing.files import MAP, a_map, table_of
from tests.support.casework import office


def checked(path: Path, map_: ImportMap) -> Checked:
    joined = office()
    joined = replace(joined, directory=WithVillages(joined.directory, map_.villages))
    check_map(map_, joined)
    found = check_rows(open_table(path, map_), map_, joined, lambda _: None, lambda: False)
    assert set(found.notes.counts) <= set(NOTE_WORDS)
    return found


def judged(path: Path, *changes: tuple[str, str], cleaning: str = "", **cells: str) -> Checked:
    """One row that differs from the ordinary one in these cells, by a map changed like this."""
    map_ = a_map(*changes) if not cleaning else parse_map(MAP + f"[cleaning]\n{cleaning} = true\n")
    return checked(table_of(path, cells), map_)


def faults(found: Checked) -> list[tuple[int, str | None, str]]:
    assert not found.entries
    return [(row.line, row.column, row.code) for row in found.bad]


def notes(found: Checked) -> dict[str, int]:
    assert not found.bad
    assert len(found.entries) == 1
    return dict(found.notes.counts)
