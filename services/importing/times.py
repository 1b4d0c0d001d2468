"""From a cell to a point in time: the file's own zone, clock changes, days without a time of day.

Called by services/importing/entries.py. Deterministic: the same cell and map give the same time everywhere.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

_START_OF_DAY: Final = time(0)
_END_OF_DAY: Final = time(23, 59, 59)  # as the domain writes the end of a day
_TIME_OF_DAY: Final = ("%H", "%I", "%X", "%c")

Cell = str | datetime | date
"""A text, or what a workbook keeps as a date."""


class TimeUnreadable(ValueError):
    """`code` names the words of a bad row."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class TimeReader:
    """How one map writes its times. `form` is a strptime format, None: ISO 8601."""

    zone: ZoneInfo
    form: str | None
    whole_days: bool

    def read(self, cell: Cell, *, ends: bool, not_before: datetime | None = None) -> tuple[datetime, str | None]:
        """The aware time, with a fixed offset, and the code of a note or None. Raises TimeUnreadable.

        A day alone is its end if it `ends` something, else its start. Of a clock time that came twice the earlier is
        taken, unless that lay before `not_before`; one that was skipped is read as if the clocks had not moved.
        """
        moment, note = self._parse(cell, ends)
        if moment.tzinfo is not None:
            return moment, note
        first, second = (moment.replace(tzinfo=self.zone, fold=fold) for fold in (0, 1))
        early, late = _fixed(first), _fixed(second)
        if early == late:
            return early, note
        if early > late:
            return early, "nonexistent-time"
        return (late if not_before and early < not_before else early), "ambiguous-time"

    def _parse(self, cell: Cell, ends: bool) -> tuple[datetime, str | None]:
        if isinstance(cell, datetime):
            return cell, None
        if isinstance(cell, date):
            return self._whole_day(cell, ends), "whole-day"
        try:
            if self.form is None:
                moment, day_only = datetime.fromisoformat(cell), not any(mark in cell for mark in ":T")
            else:
                moment = datetime.strptime(cell, self.form)  # noqa: DTZ007  its zone is the map's
                day_only = not any(mark in self.form for mark in _TIME_OF_DAY)
        except ValueError:
            raise TimeUnreadable("time-unreadable") from None
        return (self._whole_day(moment.date(), ends), "whole-day") if day_only else (moment, None)

    def _whole_day(self, day: date, ends: bool) -> datetime:
        if not self.whole_days:
            raise TimeUnreadable("time-of-day-missing")
        return datetime.combine(day, _END_OF_DAY if ends else _START_OF_DAY)


def _fixed(moment: datetime) -> datetime:
    """The same wall clock with its offset written out, so that comparing and storing never ask the zone again."""
    return moment.replace(tzinfo=timezone(moment.utcoffset() or timedelta()))
