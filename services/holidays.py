"""The official holiday tables, from the State Council notices that the `chinesecalendar` package carries.

They are in force until people adopt others (domain/holidays); the worker writes them down once, with the package's
version. The domain itself only sees the table that is passed in.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from importlib.metadata import version as version_of
from typing import Any, Final
from uuid import UUID, uuid5

from chinese_calendar import constants

from domain.casework import Casework
from domain.errors import AlreadySaid
from domain.holidays.commands import HOLIDAYS_ID, SeedHolidays
from domain.holidays.state import Holidays, merged
from domain.holidays.words import YearTable
from domain.values import THE_PROCESS
from domain.workdays import HolidayTable

_PACKAGE: Final = "chinesecalendar"
_NAMESPACE: Final = UUID("3c6b8f0e-9a1d-4d52-b1c4-7e0a5d9f2b63")


@lru_cache(maxsize=1)
def official_table() -> HolidayTable:
    """The days off and make-up workdays of every year with a notice."""
    return merged(official_years())


@lru_cache(maxsize=1)
def official_years() -> Mapping[int, YearTable]:
    """The same, year by year; the notice is named by the package and its version."""
    carrier = package_name()
    years = sorted({day.year for day in constants.holidays})
    return {
        year: YearTable(
            year=year,
            days_off=_of(year, constants.holidays),
            make_up_days=_of(year, constants.workdays),
            notice=f"国务院办公厅节假日安排通知（据 {carrier}）",
        )
        for year in years
    }


def package_name() -> str:
    """What carries the tables, such as `chinesecalendar 1.11.0`."""
    return f"{_PACKAGE} {version_of(_PACKAGE)}"


def seed(casework: Casework, now: datetime) -> bool:
    """Writes down the years that are not known yet; whether there were any. Safe to repeat."""
    years = tuple(official_years().values())
    command_id = uuid5(_NAMESPACE, f"{HOLIDAYS_ID}/{package_name()}")
    with suppress(AlreadySaid):
        command = SeedHolidays(
            command_id=command_id, actor=THE_PROCESS, occurred_at=now, package=package_name(), years=years
        )
        return not casework.handle(command).repeated
    return False


def _of(year: int, days: Mapping[date, object]) -> tuple[date, ...]:
    return tuple(day for day in days if day.year == year)


def shown_year(holidays: Holidays, year: int) -> dict[str, Any]:
    """A year's table in force and the one proposed, for the API and the command line."""
    known, waits = holidays.years.get(year), holidays.proposals.get(year)
    with_program = None if holidays.seeded else official_years().get(year)
    in_force = _shown(known.table, known.adopted_at, known.version) if known else None
    if known is None and with_program is not None:
        in_force = _shown(with_program, None, 0)
    return {
        "year": year,
        "official": in_force is not None,
        "in_force": in_force,
        "proposed": _shown(waits.table, waits.proposed_at, waits.version) if waits else None,
    }


def _shown(table: YearTable, since: datetime | None, version: int) -> dict[str, Any]:
    days = table.model_dump(mode="json", exclude={"year"})
    return {**days, "since": since.isoformat() if since else None, "version": version}
