"""What can happen in a village's liaison register 联户册 of a year, and to its contact card. Words are sealed."""

from datetime import date
from typing import ClassVar, Final

from domain.events import DomainEvent
from domain.household.words import SpokenBy, WelfareReason
from domain.liaison.words import Book
from domain.privacy import Personal
from domain.values import Moment, Value


class RegisterEvent(DomainEvent):
    """What each entry of the register says: whose, of which year, and when it was written down."""

    village: str
    year: int
    entered_at: Moment


class PriorityHouseholdListed(RegisterEvent):
    TOPIC: ClassVar[str] = "liaison.priority_listed"
    household: str
    reason: WelfareReason
    planned: int


class PriorityHouseholdStruck(RegisterEvent):
    TOPIC: ClassVar[str] = "liaison.priority_struck"
    household: str
    reason: Personal


class HelpPlanAgreed(RegisterEvent):
    TOPIC: ClassVar[str] = "liaison.help_plan_agreed"
    household: str
    situation: Personal | None = None
    wish: Personal
    goal: Personal
    given_by: SpokenBy
    given_on: date


class MeasurePromised(RegisterEvent):
    TOPIC: ClassVar[str] = "liaison.measure_promised"
    household: str
    number: int
    measure: Personal
    officer: str
    due_on: date


class MeasureDone(RegisterEvent):
    TOPIC: ClassVar[str] = "liaison.measure_done"
    household: str
    number: int
    result: Personal
    on_time: bool


class HelpPlanEnded(RegisterEvent):
    TOPIC: ClassVar[str] = "liaison.help_plan_ended"
    household: str
    reason: Personal


class DifficultySolved(RegisterEvent):
    TOPIC: ClassVar[str] = "liaison.difficulty_solved"
    number: int
    household: str | None = None
    officer: str
    difficulty: Personal
    issue: str | None = None
    month: str | None = None
    entry: int | None = None


class BookEntered(RegisterEvent):
    TOPIC: ClassVar[str] = "liaison.book_entered"
    number: int
    book: Book
    household: str | None = None
    matter: Personal
    officer: str
    measures: Personal | None = None
    result: Personal | None = None


class OnCard(Value):
    """One official on a card, as the log holds it."""

    officer: str
    name: str
    duty: str
    phone: str


class ContactCardIssued(DomainEvent):
    """Names and phones of officials in their duties: what every household is given."""

    TOPIC: ClassVar[str] = "liaison.card_issued"
    village: str
    edition: int
    officials: tuple[OnCard, ...]
    promise: str


class CardsDelivered(DomainEvent):
    TOPIC: ClassVar[str] = "liaison.cards_delivered"
    village: str
    edition: int
    households: tuple[str, ...]


LIAISON_EVENTS: Final[frozenset[type[DomainEvent]]] = frozenset(
    {
        PriorityHouseholdListed, PriorityHouseholdStruck, HelpPlanAgreed, MeasurePromised, MeasureDone, HelpPlanEnded,
        DifficultySolved, BookEntered, ContactCardIssued, CardsDelivered,
    }
)  # fmt: skip
