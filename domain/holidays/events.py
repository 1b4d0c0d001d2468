"""What can happen to the holiday tables. Past tense, with who and when; the days themselves are kept, not looked up."""

from typing import ClassVar, Final

from domain.events import DomainEvent
from domain.holidays.words import YearTable


class HolidaysProposed(DomainEvent):
    TOPIC: ClassVar[str] = "holidays.proposed"
    table: YearTable


class HolidaysAdopted(DomainEvent):
    TOPIC: ClassVar[str] = "holidays.adopted"
    table: YearTable
    proposal: int
    revised: bool


class HolidaysSeeded(DomainEvent):
    TOPIC: ClassVar[str] = "holidays.seeded"
    package: str
    tables: tuple[YearTable, ...]


HOLIDAYS_EVENTS: Final[frozenset[type[DomainEvent]]] = frozenset({HolidaysProposed, HolidaysAdopted, HolidaysSeeded})
