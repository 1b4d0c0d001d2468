"""What each command to the holiday tables does: the table at the foot. Pure.

Called by casework through domain/elsewhere.py. The guards stand in rules.py.
"""

from collections.abc import Callable
from typing import Any, Final

from domain.commands import stamp
from domain.context import Context
from domain.events import DomainEvent
from domain.holidays import commands as c
from domain.holidays import events as e
from domain.holidays import rules
from domain.holidays.state import Holidays
from domain.holidays.words import YearTable
from domain.issue.rules import another_person

Decision = Callable[[Holidays, Any], DomainEvent]


def decide(holidays: Holidays, command: c.HolidaysCommand, context: Context) -> tuple[DomainEvent, ...]:
    """The event that `command` causes. Raises a Refusal; then nothing happened."""
    return (DECISIONS[type(command)](holidays, command),)


def _next(holidays: Holidays, command: c.HolidaysCommand) -> dict[str, Any]:
    return stamp(c.HOLIDAYS_ID, holidays.version + 1, command)


def adopt(holidays: Holidays, command: c.AdoptHolidays) -> DomainEvent:
    """A year's table is proposed; an earlier proposal for that year is replaced by it."""
    table = YearTable(
        year=command.year,
        days_off=command.days_off,
        make_up_days=command.make_up_days,
        notice=command.notice,
        source=command.source,
    )
    rules.brings_something_new(holidays, table)
    return e.HolidaysProposed(**_next(holidays, command), table=table)


def confirm(holidays: Holidays, command: c.ConfirmHolidays) -> DomainEvent:
    """Another person confirms it: it is in force, and open deadlines are counted again by it."""
    proposal = rules.still_proposed(holidays, command.year, command.proposal)
    another_person(command.actor.persons, proposal.by)
    return e.HolidaysAdopted(
        **_next(holidays, command),
        table=proposal.table,
        proposal=proposal.version,
        revised=command.year in holidays.years,
    )


def seed(holidays: Holidays, command: c.SeedHolidays) -> DomainEvent:
    """The years that come with the program are written down, with the name of the package that carries them."""
    tables = rules.not_known_yet(holidays, command.years)
    return e.HolidaysSeeded(**_next(holidays, command), package=command.package, tables=tables)


DECISIONS: Final[dict[type[c.HolidaysCommand], Decision]] = {
    c.AdoptHolidays: adopt,
    c.ConfirmHolidays: confirm,
    c.SeedHolidays: seed,
}
