"""What may be asked of the holiday tables 放假安排. All go to one stream: a database keeps one calendar."""

from typing import Annotated, Final, Self
from uuid import UUID, uuid5

from pydantic import Field, model_validator

from domain.commands import Command
from domain.holidays.words import Year, YearTable, table_fault
from domain.values import GivenDay, Line

_NAMESPACE = UUID("e1f3b0d2-5a0b-4a36-9d3b-6f0f2a7c8d41")
HOLIDAYS_ID: Final = uuid5(_NAMESPACE, "holidays")
"""Where the tables' events go."""

_MOST_DAYS_OFF: Final = 60
_MOST_MAKE_UP_DAYS: Final = 30


class HolidaysCommand(Command):
    """A command to the holiday tables."""

    @property
    def stream_id(self) -> UUID:
        return HOLIDAYS_ID


class AdoptHolidays(HolidaysCommand):
    """提出放假安排: the whole table of a year, by its official notice; in force once another person confirms it."""

    year: Year
    days_off: Annotated[tuple[GivenDay, ...], Field(min_length=3, max_length=_MOST_DAYS_OFF)]
    make_up_days: Annotated[tuple[GivenDay, ...], Field(max_length=_MOST_MAKE_UP_DAYS)] = ()
    notice: Line
    source: Line | None = None

    @model_validator(mode="after")
    def _is_a_table_of_the_year(self) -> Self:
        fault = table_fault(self.year, self.days_off, self.make_up_days)
        if fault is not None:
            raise fault
        return self


class ConfirmHolidays(HolidaysCommand):
    """确认放假安排: by another person than who proposed it. `proposal`: the version at which it was proposed."""

    year: Year
    proposal: Annotated[int, Field(ge=1, le=999_999_999)]


class SeedHolidays(HolidaysCommand):
    """载入已公布的放假安排: the years of the table that comes with the program and that are not known yet."""

    package: Line
    years: Annotated[tuple[YearTable, ...], Field(min_length=1)]
