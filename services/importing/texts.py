"""The texts of one row: which columns make them up, what stands in for an empty one, and the cleaning the map allows.

Called by services/importing/entries.py. Pure; every cleaning is noted on the row.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from domain.values import is_blank, without_forbidden
from services.importing.map_file import Cleaning, Wording
from services.importing.times import Cell

_LINE_LENGTH: Final = 200
_LINE_BREAKS: Final = re.compile(r"\s*[\r\n\t]\s*")


class RowFault(Exception):
    """One thing wrong with a row: in which column, and the code of its words."""

    def __init__(self, column: str | None, code: str) -> None:
        super().__init__(code)
        self.column = column
        self.code = code


@dataclass(slots=True)
class Cells:
    """One row's cells by column, and the notes made while they are read."""

    values: Sequence[Cell]
    index: Mapping[str, int]
    imprecise: frozenset[int] = frozenset()
    notes: list[str] = field(default_factory=list)

    def cell(self, column: str) -> Cell:
        """As the file holds it, without white space around it."""
        value = self.values[self.index[column]]
        return value.strip() if isinstance(value, str) else value

    def text(self, column: str) -> str:
        """As a text; a workbook's date in ISO 8601."""
        value = self.cell(column)
        return value.isoformat() if isinstance(value, date) else value

    def is_imprecise(self, column: str) -> bool:
        """Whether a workbook held it as a number too long to be exact."""
        return self.index[column] in self.imprecise


class TextReader:
    """Puts texts together as a map says."""

    def __init__(self, cleaning: Cleaning) -> None:
        self._cleaning = cleaning

    def required(self, cells: Cells, wording: Wording, note_otherwise: str | None = None) -> str:
        """The text, or the map's sentence for want of one (noted if columns were to give it). Raises RowFault."""
        text = self._from_columns(cells, wording)
        if text is not None:
            return text
        if wording.otherwise is None:
            raise RowFault(wording.columns[0], "text-missing")
        if wording.columns:
            cells.notes.append(note_otherwise or "text-from-elsewhere")
        return wording.otherwise

    def line(self, cells: Cells, wording: Wording | None) -> str | None:
        """A text of one line, or None when there is none."""
        if wording is None:
            return None
        text = self._from_columns(cells, wording) or wording.otherwise
        if text is None:
            return None
        if self._cleaning.fold_lines and text != (folded := _LINE_BREAKS.sub(" ", text)):
            text = folded
            cells.notes.append("lines-folded")
        if self._cleaning.shorten_titles and len(text) > _LINE_LENGTH:
            text = text[: _LINE_LENGTH - 1].rstrip() + "…"
            cells.notes.append("title-shortened")
        return text

    def _from_columns(self, cells: Cells, wording: Wording) -> str | None:
        text = wording.join.join(self._parts(cells, wording.columns))
        if not text and wording.instead:
            text = wording.join.join(self._parts(cells, wording.instead))
            if text:
                cells.notes.append("text-from-elsewhere")
        return text or None

    def _parts(self, cells: Cells, columns: Sequence[str]) -> list[str]:
        """What the columns hold, each text once."""
        texts = (self._cleaned(cells, column) for column in columns)
        return list(dict.fromkeys(text for text in texts if not is_blank(text)))

    def _cleaned(self, cells: Cells, column: str) -> str:
        text = cells.text(column)
        if self._cleaning.strip_controls and text != (stripped := without_forbidden(text)):
            cells.notes.append("controls-stripped")
            return stripped
        return text
