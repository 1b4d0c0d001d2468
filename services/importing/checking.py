"""Pass one: every row is read, made into commands and decided in memory. Nothing is written, whatever is found.

Called by services/importing/run.py. The whole file is kept, about 2 KB a row (a million rows: 2 GB), because numbers
are given in the order of time, and a file need not be in it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from domain.context import Context, Directory, Village
from domain.errors import HuiyinError
from domain.issue.decide import decide
from domain.issue.evolve import evolve
from domain.issue.state import Issue
from domain.office import Office
from domain.values import LOCAL_ZONE, ValueRefused
from services.importing.commands import Commands, commands_of
from services.importing.entries import Entry, EntryReader, RowUnfit
from services.importing.map_file import ImportMap
from services.importing.tables import Row, Table
from services.importing.words import BadRow, ImportRefused

_LINES_KEPT: Final = 20
Progress = Callable[[int], None]
"""Told of the line that was read, or of the rows that were written."""


class Stopped(Exception):
    """Whoever started the import asked it to end before anything was written."""


class WithVillages:
    """A directory that also knows the villages of a map, as they will be once registered."""

    def __init__(self, directory: Directory, villages: Sequence[Village]) -> None:
        self._directory = directory
        self._planned = {village.code: village for village in villages}

    def village(self, code: str) -> Village | None:
        """The registered village, else the map's."""
        return self._directory.village(code) or self._planned.get(code)

    def head_of(self, unit: str, village: str) -> str | None:
        """The account that answers for this unit, or None."""
        return self._directory.head_of(unit, village)

    def township_of(self, place: str) -> str | None:
        """The name of the township that a place is or belongs to, or None."""
        return self._directory.township_of(place)

    def superiors_of(self, user: str) -> frozenset[str]:
        """Everybody above this account."""
        return self._directory.superiors_of(user)

    def committee_of(self, township: str) -> tuple[str, ...]:
        """The committee's members of this township."""
        return self._directory.committee_of(township)

    def villages_under(self, place: str) -> frozenset[str]:
        """The villages of a place."""
        return self._directory.villages_under(place)


@dataclass(slots=True)
class Notes:
    """How often what was noted, and the first lines on which it was."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: dict[str, list[int]] = field(default_factory=dict)

    def add(self, line: int, codes: Sequence[str]) -> None:
        """Each code once a row."""
        for code in dict.fromkeys(codes):
            self.counts[code] += 1
            kept = self.lines.setdefault(code, [])
            if len(kept) < _LINES_KEPT:
                kept.append(line)


@dataclass(slots=True)
class Checked:
    """The rows of one file that can be imported, in the order of time, and what is wrong with the others."""

    rows: int = 0
    entries: list[Entry] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)

    def refuse(self, lines: set[int]) -> None:
        """Take out the entries of these lines."""
        self.entries = [entry for entry in self.entries if entry.line not in lines]


def year_of(moment: datetime) -> int:
    """The year under which the domain numbers what was logged then."""
    return moment.astimezone(LOCAL_ZONE).year


def check_map(map_: ImportMap, office: Office) -> None:
    """The map's categories are the plan's and its villages known, or ImportRefused."""
    missing = sorted(map_.category.outcomes - set(office.plan.categories))
    if missing:
        raise ImportRefused("map-category-unknown", plan=office.plan.key, names=", ".join(missing))
    unknown = sorted(code for code in map_.village.outcomes if office.directory.village(code) is None)
    if unknown:
        raise ImportRefused("map-village-unknown", names=", ".join(unknown))


def check_rows(
    table: Table, map_: ImportMap, office: Office, progress: Progress, stopped: Callable[[], bool]
) -> Checked:
    """Every row of the table, judged. Raises ImportRefused where the file cannot be read on, Stopped when asked to."""
    reader = EntryReader(map_, table.header)
    checked, first_lines = Checked(), dict[str, int]()
    context = Context(office.clock(), office.plan, office.holidays, office.directory)
    for row in table.rows:
        if stopped():
            raise Stopped
        checked.rows += 1
        entry = _judged(row, reader, map_, context, checked)
        if entry is not None:
            first = first_lines.setdefault(entry.row_id, entry.line)
            if first == entry.line:
                checked.entries.append(entry)
            else:
                checked.bad.append(BadRow.of(entry.line, map_.id, "id-repeated", first))
        progress(row.line)
    checked.entries.sort(key=lambda entry: (entry.logged_at, entry.line))
    return checked


def _judged(row: Row, reader: EntryReader, map_: ImportMap, context: Context, checked: Checked) -> Entry | None:
    """The row's entry if every rule would take it; otherwise its faults are among the bad."""
    try:
        entry, notes = reader.read(row)
        decide_all(None, commands_of(map_.system, entry), context)
    except RowUnfit as unfit:
        checked.bad.extend(unfit.faults)
    except ValidationError as error:
        checked.bad.extend(_unfit_values(row.line, map_, error))
    except HuiyinError as refusal:
        checked.bad.append(BadRow.refused(row.line, refusal))
    else:
        checked.notes.add(row.line, notes)
        return entry
    return None


def decide_all(issue: Issue | None, commands: Commands, context: Context) -> Issue | None:
    """The issue after these commands. Raises the refusal of the first that a rule refuses."""
    for command in commands:
        for event in decide(issue, command, context):
            issue = evolve(issue, event)
    return issue


def _unfit_values(line: int, map_: ImportMap, error: ValidationError) -> list[BadRow]:
    columns = _columns_by_field(map_)
    return [
        _unfit_value(line, columns.get(str(each["loc"][0])) if each["loc"] else None, each["type"], each.get("ctx", {}))
        for each in error.errors(include_input=False, include_url=False)
    ]


def _unfit_value(line: int, column: str | None, kind: str, context: dict[str, Any]) -> BadRow:
    refusal = context.get("error")
    if isinstance(refusal, ValueRefused):
        return BadRow.refused(line, refusal, column)
    if kind == "string_too_long":
        return BadRow.of(line, column, "text-too-long", max_length=context["max_length"])
    return BadRow.of(line, column, "value-unfit")


def _columns_by_field(map_: ImportMap) -> dict[str, str | None]:
    """A command's field -> the first column from which the map takes it."""
    wordings = {"title": map_.title, "description": map_.description, "place": map_.place}
    if map_.answer:
        wordings |= {name: getattr(map_.answer, name) for name in ("measures", "findings", "opinion")}
    texts = {name: wording.columns[0] for name, wording in wordings.items() if wording and wording.columns}
    choices = {"village": map_.village.column, "category": map_.category.column, "channel": map_.channel.column}
    return {**choices, **texts, "source": map_.id, "promised_by": map_.due_at}
