"""Holiday tables for tests: the two notices of 2019, and any command to the tables. `ask(AdoptHolidays, **fields)`."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID, uuid5

from domain.casework import Casework
from domain.context import Context
from domain.holidays import commands as c
from domain.holidays.decide import decide
from domain.holidays.state import Holidays, fold, merged
from domain.holidays.words import YearTable
from domain.values import THE_PROCESS, Actor, Role
from domain.workdays import HolidayTable
from services.holidays import official_years
from tests.support.office import START, office

_NAMESPACE = UUID("0f4d6c1e-58a3-4b1c-9c0e-2b7d1a9e5f60")
ADMIN: Final = Actor(user="admin", role=Role.ADMINISTRATOR)
SECOND_ADMIN: Final = Actor(user="admin2", role=Role.ADMINISTRATOR)
AnyCommand = TypeVar("AnyCommand", bound=c.HolidaysCommand)

MAY_2019: Final = (date(2019, 5, 1), date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 4))
MAKE_UP_2019: Final = (date(2019, 4, 28), date(2019, 5, 5))


def first_notice_of_2019() -> YearTable:
    """December 2018: Labour Day is one day off, nothing is worked in exchange."""
    whole = official_years()[2019]
    return YearTable(
        year=2019,
        days_off=tuple(day for day in whole.days_off if day not in MAY_2019[1:]),
        make_up_days=tuple(day for day in whole.make_up_days if day not in MAKE_UP_2019),
        notice="国办发明电〔2018〕15号",
    )


def second_notice_of_2019() -> YearTable:
    """March 2019: four days off, two weekend days worked in exchange."""
    return official_years()[2019].model_copy(update={"notice": "国办发明电〔2019〕3号"})


def with_year(table: YearTable, version: int = 1) -> HolidayTable:
    """The program's years, with this one instead of its own."""
    return merged({**official_years(), table.year: table}, version)


_DEFAULTS: Final[Mapping[type[c.HolidaysCommand], Mapping[str, Any]]] = {
    c.AdoptHolidays: {
        "year": 2027,
        "days_off": (date(2027, 1, 1), date(2027, 5, 1), date(2027, 5, 3), date(2027, 10, 1)),
        "make_up_days": (date(2027, 5, 8),),
        "notice": "国办发明电〔2026〕9号",
    },
    c.ConfirmHolidays: {"year": 2027, "proposal": 1, "actor": SECOND_ADMIN},
    c.SeedHolidays: {"package": "calendar 1", "years": tuple(official_years().values()), "actor": THE_PROCESS},
}


def ask(wish: type[AnyCommand], /, *, at: datetime = START, **fields: Any) -> AnyCommand:
    """A command with sensible fields; its id follows from everything given."""
    values = {"actor": ADMIN, **_DEFAULTS[wish], "occurred_at": at, **fields}
    seed = f"{wish.__name__}/{sorted(values.items(), key=lambda item: item[0])!r}"
    values.pop("key", None)
    return wish(**{"command_id": uuid5(_NAMESPACE, seed), **values})


LABOUR_DAY_2031: Final[Mapping[str, Any]] = {
    "year": 2031,
    "days_off": (date(2031, 1, 1), date(2031, 5, 1), date(2031, 5, 2), date(2031, 5, 5), date(2031, 10, 1)),
    "make_up_days": (date(2031, 5, 10),),
    "notice": "国办发明电〔2030〕8号",
}
"""A notice by which limits around 1 May 2031 end later than by the provisional calendar."""


def adopted(casework: Casework, at: datetime, **notice: Any) -> int:
    """Two administrators adopt a year's notice; the version that the table has."""
    proposed = casework.handle(ask(c.AdoptHolidays, at=at, **notice))
    confirmed = ask(c.ConfirmHolidays, at=at, year=notice["year"], proposal=proposed.version)
    return casework.handle(confirmed).version


def proposal_of(table: YearTable, **fields: Any) -> c.AdoptHolidays:
    """The command that proposes this very table."""
    return ask(c.AdoptHolidays, **{**dict(table), **fields})


def after(holidays: Holidays, *asked: c.HolidaysCommand) -> Holidays:
    """The tables once these commands are done."""
    the_office = office()
    for command in asked:
        context = Context(command.occurred_at, the_office.plan, the_office.holidays, the_office.directory)
        holidays = fold(decide(holidays, command, context), holidays)
    return holidays
