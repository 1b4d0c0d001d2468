"""The official holiday table, from the State Council notices that the `chinesecalendar` package carries.

Called wherever a deadline is reckoned; the domain itself only sees the table that is passed in.
"""

from functools import lru_cache

from chinese_calendar import constants

from domain.workdays import HolidayTable


@lru_cache(maxsize=1)
def official_table() -> HolidayTable:
    """The days off and make-up workdays of every year with a notice."""
    return HolidayTable(
        days_off=frozenset(constants.holidays),
        make_up_days=frozenset(constants.workdays),
        years=frozenset(day.year for day in constants.holidays),
    )
