"""What is a ledger as an office's form? Its title, its columns in order, how a line fills them, whose words are opened.

One `Form` for each ledger, all of them in forms.py; shared by the API and the command line.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import psycopg

from domain.adoption.book import PlanBook
from projections.pages import Asked
from services.exports.called import Called
from services.exports.cells import Cell
from services.exports.issue_form import category_name
from services.privacy.looks import Seen
from services.privacy.unsealing import Reader, Unsealing


@dataclass(frozen=True, slots=True)
class Form:
    """One ledger. `words`: the sealed columns; `by_category`: its lines have one, and the plan that names it.

    `ref`: by what a command about a line names it. `officers`, `units`: which fields name accounts and units.

    The columns come after 序号, which counts the lines of one copy of the form.
    """

    title: str
    columns: Mapping[str, Cell]
    ask: Callable[[psycopg.Connection, Asked], Sequence[Any]]
    words: tuple[str, ...] = ()
    by_category: bool = False
    officers: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    ref: Callable[[Any], Mapping[str, Any]] | None = None

    def row(self, line: Any) -> list[str]:
        """The cells of one line, in the columns' order."""
        return [cell(line) for cell in self.columns.values()]


def opened(
    form: Form, unsealing: Unsealing, reader: Reader, lines: Sequence[Any], book: PlanBook, called: Called
) -> list[Any]:
    """The lines with their words opened as far as this reader may see them, categories as their plan calls them, people
    and units by their names."""
    rows = [{name: getattr(line, name) for name in form.words} for line in lines]
    shown = unsealing.rows(reader, rows, Seen.LEDGER)
    named = [{"category": category_name(line, book)} if form.by_category else {} for line in lines]
    told = (replace(line, **found, **name) for line, found, name in zip(lines, shown, named, strict=True))
    return [called.line(line, officers=form.officers, units=form.units) for line in told]
