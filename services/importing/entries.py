"""One row, read by its map: an entry to be logged and perhaps answered; or what is wrong with it; and what was noted.

Called by services/importing/checking.py. Pure. Nothing is made up: what the file does not say stays out or makes a bad
row, and every cleaning that the map allows is noted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from domain.issue.words import Channel
from domain.values import without_forbidden
from services.importing.map_file import AnswerColumns, Choice, ImportMap
from services.importing.tables import Row
from services.importing.texts import Cells, RowFault, TextReader
from services.importing.times import TimeReader, TimeUnreadable
from services.importing.words import BadRow

_ID_LENGTH: Final = 120
_CHANNELS: Final = {str(channel): channel for channel in Channel}


@dataclass(frozen=True, slots=True)
class Answer:
    """How an entry was answered, and when."""

    at: datetime
    measures: str
    findings: str
    opinion: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row says, in the domain's terms."""

    line: int
    row_id: str
    logged_at: datetime
    channel: Channel
    village: str
    category: str
    title: str | None
    description: str
    place: str | None
    promised_by: datetime | None
    answer: Answer | None


class RowUnfit(Exception):
    """The row cannot be imported; `faults` says everything that is wrong with it."""

    def __init__(self, faults: Sequence[BadRow]) -> None:
        super().__init__(len(faults))
        self.faults = tuple(faults)


class EntryReader:
    """Reads the rows of one file by one map."""

    def __init__(self, map_: ImportMap, header: Sequence[str]) -> None:
        self._map = map_
        self._index = {column: header.index(column) for column in map_.columns}
        self._width = len(header)
        self._times = TimeReader(map_.time_zone, map_.time_format, map_.whole_days)
        self._texts = TextReader(map_.cleaning)
        # In this order: the due date and the answer look at when the row was logged.
        self._fields: tuple[tuple[str, Callable[[Cells, dict[str, Any]], Any]], ...] = (
            ("row_id", self._row_id),
            ("logged_at", lambda cells, _: self._time(cells, map_.logged_at, ends=False)),
            ("channel", lambda cells, _: self._choice(cells, map_.channel, "channel")),
            ("village", lambda cells, _: self._choice(cells, map_.village, "village")),
            ("category", lambda cells, _: self._choice(cells, map_.category, "category")),
            ("title", lambda cells, _: self._texts.line(cells, map_.title)),
            ("description", lambda cells, _: self._texts.required(cells, map_.description)),
            ("place", lambda cells, _: self._texts.line(cells, map_.place)),
            ("promised_by", self._promised_by),
            ("answer", self._answer),
        )

    def read(self, row: Row) -> tuple[Entry, list[str]]:
        """The entry and the codes of its notes. Raises RowUnfit."""
        if len(row.cells) != self._width:
            raise RowUnfit([BadRow.of(row.line, None, "ragged")])
        cells = Cells(row.cells, self._index, row.imprecise)
        values: dict[str, Any] = {}
        faults = []
        for name, read in self._fields:
            try:
                values[name] = read(cells, values)
            except RowFault as fault:
                faults.append(BadRow.of(row.line, fault.column, fault.code))
        if faults:
            raise RowUnfit(faults)
        return Entry(row.line, **values), cells.notes

    def _row_id(self, cells: Cells, _: dict[str, Any]) -> str:
        column = self._map.id
        row_id = cells.text(column)
        if not row_id:
            raise RowFault(column, "id-missing")
        unfit = len(row_id) > _ID_LENGTH or not row_id.isprintable() or without_forbidden(row_id) != row_id
        if unfit or cells.is_imprecise(column):
            raise RowFault(column, "id-unfit")
        return row_id

    def _choice(self, cells: Cells, choice: Choice[Any], name: str) -> Any:
        if choice.column is None:
            return choice.otherwise
        value = cells.text(choice.column)
        listed = choice.table or (_CHANNELS if name == "channel" else {value: value} if value else {})
        if value in listed:
            return listed[value]
        if choice.otherwise is None:
            raise RowFault(choice.column, "value-unlisted")
        cells.notes.append(f"{name}-by-default")
        return choice.otherwise

    def _time(self, cells: Cells, column: str, *, ends: bool, not_before: datetime | None = None) -> datetime:
        cell = cells.cell(column)
        if cell == "":
            raise RowFault(column, "time-missing")
        try:
            moment, note = self._times.read(cell, ends=ends, not_before=not_before)
        except TimeUnreadable as unreadable:
            raise RowFault(column, unreadable.code) from None
        if note is not None:
            cells.notes.append(note)
        return moment

    def _promised_by(self, cells: Cells, values: dict[str, Any]) -> datetime | None:
        """The due date; one that cannot have been a promise is left out and noted."""
        column, logged_at = self._map.due_at, values.get("logged_at")
        if column is None or logged_at is None or cells.cell(column) == "":
            return None
        due = self._time(cells, column, ends=True, not_before=logged_at)
        if logged_at <= due <= _later(logged_at, self._map.due_within_days):
            return due
        cells.notes.append("due-before-logged" if due < logged_at else "due-too-far")
        return None

    def _answer(self, cells: Cells, values: dict[str, Any]) -> Answer | None:
        columns = self._map.answer
        if columns is None or not self._is_answered(cells, columns):
            return None
        return Answer(
            self._time(cells, columns.at, ends=True, not_before=values.get("logged_at")),
            self._texts.required(cells, columns.measures, "answer-text-missing"),
            self._texts.required(cells, columns.findings, "answer-text-missing"),
            self._texts.required(cells, columns.opinion, "answer-text-missing"),
        )

    def _is_answered(self, cells: Cells, columns: AnswerColumns) -> bool:
        """What the status says, or without one whether there is a time; never against each other."""
        has_time = cells.cell(columns.at) != ""
        texts = (*columns.measures.columns, *columns.findings.columns, *columns.opinion.columns)
        has_text = any(cells.text(column) for column in texts)
        closed = self._is_closed(cells)
        if closed is None:
            if has_text and not has_time:
                raise RowFault(columns.at, "answer-without-time")
            return has_time
        if closed is not has_time:
            raise RowFault(columns.at, "closed-without-time" if closed else "open-with-time")
        if has_text and not closed:
            cells.notes.append("text-of-open-row")
        return closed

    def _is_closed(self, cells: Cells) -> bool | None:
        status = self._map.status
        if status is None:
            return None
        value = cells.text(status.column)
        if value not in status.closed and value not in status.open:
            raise RowFault(status.column, "status-unlisted")
        return value in status.closed


def _later(moment: datetime, days: int) -> datetime:
    try:
        return moment + timedelta(days=days)
    except OverflowError:  # past the year 9999
        return datetime.max.replace(tzinfo=moment.tzinfo)
