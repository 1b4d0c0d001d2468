"""The guards of the holiday tables: each is one sentence, written once. They refuse by raising."""

from collections.abc import Iterable

from domain.errors import AlreadySaid
from domain.holidays.errors import NoSuchProposal
from domain.holidays.state import Holidays, Proposal
from domain.holidays.words import YearTable


def brings_something_new(holidays: Holidays, table: YearTable) -> None:
    """A proposal changes a day or names another notice."""
    known = holidays.years.get(table.year)
    waiting = holidays.proposals.get(table.year)
    if table in (known and known.table, waiting and waiting.table):
        raise AlreadySaid


def still_proposed(holidays: Holidays, year: int, proposal: int) -> Proposal:
    """What is confirmed is the very table that was looked at, and still waits."""
    found = holidays.proposals.get(year)
    if found is None or found.version != proposal:
        raise NoSuchProposal
    return found


def not_known_yet(holidays: Holidays, tables: Iterable[YearTable]) -> tuple[YearTable, ...]:
    """The program's own tables never overrule what people adopted: only years that nobody knows are taken."""
    new = tuple(table for table in tables if table.year not in holidays.years)
    if not new:
        raise AlreadySaid
    return new
