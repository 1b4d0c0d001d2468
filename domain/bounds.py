"""How early and how late may a period end that reaches into days for which no holiday notice was published? Pure.

By law every year has the same festivals (全国年节及纪念日放假办法); a notice decides which weekdays around them are off
and which weekend days are worked in exchange. Since 2008 no notice went beyond the windows below; they are a little
wider than anything seen, and tests/domain/test_bounds.py holds them to every year there is. The earliest end takes no
weekday off and every weekend day worked that a notice could name, as early as can be; the latest end the other way.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from domain.counting import DAY, Span, natural_end, stands_still
from domain.workdays import HolidayTable, Unit

MonthDay = tuple[int, int]


class Festival(NamedTuple):
    """Within which days a notice may take weekdays off, or have weekend days worked; and how many at most."""

    off_from: MonthDay
    off_to: MonthDay
    most_off: int
    worked_from: MonthDay
    worked_to: MonthDay
    most_worked: int


FESTIVALS: Final = (
    Festival((12, 26), (12, 31), 4, (12, 25), (12, 31), 3),  # 元旦, its part of the old year
    Festival((1, 1), (1, 4), 3, (1, 1), (1, 10), 3),  # 元旦
    Festival((1, 19), (2, 28), 7, (1, 14), (3, 6), 3),  # 春节: New Year's Eve falls between 20 January and 20 February
    Festival((4, 1), (4, 8), 4, (3, 28), (4, 12), 3),  # 清明节
    Festival((4, 27), (5, 7), 5, (4, 19), (5, 15), 3),  # 劳动节
    Festival((5, 26), (6, 30), 4, (5, 23), (7, 3), 3),  # 端午节
    Festival((9, 1), (10, 12), 9, (8, 30), (10, 18), 5),  # 中秋节、国庆节: they may fall together
)
_SATURDAY: Final = 5


def bounds(
    first: date, amount: int, unit: Unit, holidays: HolidayTable, *, roll: bool, spans: Sequence[Span] = ()
) -> tuple[date, date]:
    """The earliest and the latest last day of a period (natural or working days) under any notice to come.

    Days that published notices settle count as they say. Equal where no open day matters.
    """
    return _end(first, amount, unit, roll, spans, _Guess(holidays, early=True)), _end(
        first, amount, unit, roll, spans, _Guess(holidays, early=False)
    )


class _Guess:
    """Is a day worked? Where no notice says so: as it would be in the earliest, or the latest, case."""

    def __init__(self, holidays: HolidayTable, *, early: bool) -> None:
        self._holidays = holidays
        self._early = early
        self._used: dict[tuple[int, int], int] = {}

    def is_worked(self, day: date) -> bool:
        """Asked of each day once, in order."""
        if self._holidays.is_official(day):
            return self._holidays.is_working_day(day)
        if day.weekday() >= _SATURDAY:
            return self._early and self._takes(day)
        return self._early or not self._takes(day)

    def _takes(self, day: date) -> bool:
        """Whether a notice could make an exception of this day, and has one left."""
        for which, most in _exceptions(day, worked=self._early):
            key = (day.year, which)
            if self._used.get(key, 0) < most:
                self._used[key] = self._used.get(key, 0) + 1
                return True
        return False


def _exceptions(day: date, *, worked: bool) -> Iterator[tuple[int, int]]:
    """The festivals in whose window this day lies, and how many such days each may have."""
    place = (day.month, day.day)
    for which, festival in enumerate(FESTIVALS):
        first, last = (festival.worked_from, festival.worked_to) if worked else (festival.off_from, festival.off_to)
        if first <= place <= last:
            yield which, festival.most_worked if worked else festival.most_off


def _end(first: date, amount: int, unit: Unit, roll: bool, spans: Sequence[Span], guess: _Guess) -> date:
    if unit is Unit.NATURAL:
        day = natural_end(first, amount, spans)
        while roll and not guess.is_worked(day):
            day += DAY
        return day
    day = first
    while amount:
        day += DAY
        if not stands_still(day, spans):
            amount -= guess.is_worked(day)
    return day
