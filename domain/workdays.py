"""Which days are worked: weekends, public holidays and the weekend days worked in exchange (调休).

The holiday table is passed in; nothing here knows where it came from. Called by domain/deadlines.py.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

_SATURDAY: Final = 5

# New Year's notice reaches back: 29 to 31 December were moved by the *next* year's notice in 2006, 2007, 2011 and 2018,
# so the last days of a year are certain only when both notices are out.
_DECEMBER: Final = 12
SETTLED_BY_NEXT_NOTICE: Final = 26


class Unit(StrEnum):
    """How a period is counted."""

    NATURAL = "natural"  # 自然日
    WORKING = "working"  # 工作日
    HOURS = "hours"  # 小时


@dataclass(frozen=True)
class HolidayTable:
    """The days that differ from Monday to Friday, and the years for which an official notice was published.

    `days_off` are public holidays (weekend days among them do no harm), `make_up_days` the weekend days worked in
    exchange; `version` is that of the tables' stream (0: as it came with the program). Raises ValueError when a day
    is in both.
    """

    days_off: frozenset[date]
    make_up_days: frozenset[date]
    years: frozenset[int]
    version: int = 0

    def __post_init__(self) -> None:
        if self.days_off & self.make_up_days:
            raise ValueError("a day cannot be both a day off and a make-up workday")

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on `day`; a year without a notice is taken as Monday to Friday."""
        if day.weekday() >= _SATURDAY:
            return day in self.make_up_days
        return day not in self.days_off

    def is_official(self, day: date) -> bool:
        """Whether published notices settle `day` for good."""
        return self.covers(day, day)

    def covers(self, first: date, last: date) -> bool:
        """Whether published notices settle every day from `first` to `last`, both included."""
        after_last = last.year + 1 if (last.month, last.day) >= (_DECEMBER, SETTLED_BY_NEXT_NOTICE) else last.year
        return all(year in self.years for year in range(first.year, after_last + 1))


WEEKENDS_ONLY: Final = HolidayTable(frozenset(), frozenset(), frozenset())
"""Monday to Friday, no holiday known: every count that asks it is provisional."""
