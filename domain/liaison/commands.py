"""What may be asked of a village's liaison register 联户册 of one year, and of its contact card 便民联系卡."""

from functools import lru_cache
from typing import Annotated, Self
from uuid import UUID, uuid5

from pydantic import Field, model_validator

from domain.commands import Command
from domain.household.words import SpokenBy, WelfareReason
from domain.liaison.words import Book, CardOfficial, Number, Year
from domain.values import GivenDay, HouseholdId, IssueNumber, Line, Text, UserId, ValueRefused, VillageCode
from domain.visit.words import Month

_NAMESPACE = UUID("5d3b9a52-3d0c-4b7c-9c61-7b0a3e0d8f42")


@lru_cache(maxsize=4_096)
def register_id_of(village: str, year: int) -> UUID:
    """Where a village's liaison register of a year goes."""
    return uuid5(_NAMESPACE, f"{village}/{year}")


@lru_cache(maxsize=4_096)
def card_id_of(village: str) -> UUID:
    """Where a village's contact cards go."""
    return uuid5(_NAMESPACE, f"{village}/card")


class LiaisonCommand(Command):
    """About one village's liaison with its households."""

    village: VillageCode


class RegisterCommand(LiaisonCommand):
    """A command to the liaison register of one year."""

    year: Year

    @property
    def stream_id(self) -> UUID:
        return register_id_of(self.village, self.year)


class ListPriorityHousehold(RegisterCommand):
    """列入重点走访登记册: by consent, for welfare need; how often it is to be visited in the year."""

    household: HouseholdId
    reason: WelfareReason
    planned: Annotated[int, Field(ge=1, le=60)]


class StrikePriorityHousehold(RegisterCommand):
    """移出重点走访登记册."""

    household: HouseholdId
    reason: Line


class AgreeHelpPlan(RegisterCommand):
    """帮扶计划: a linked household's own plan of the year, with what it agrees to have written down."""

    household: HouseholdId
    situation: Text | None = None
    wish: Text
    goal: Text
    given_by: SpokenBy
    given_on: GivenDay


class PromiseMeasure(RegisterCommand):
    """承诺帮扶措施: what will be done for the household, by whom and until when."""

    household: HouseholdId
    measure: Text
    officer: UserId
    due_on: GivenDay


class RecordMeasureDone(RegisterCommand):
    """兑现帮扶措施: the promise is kept; `occurred_at` says whether on time."""

    household: HouseholdId
    number: Number
    result: Text


class EndHelpPlan(RegisterCommand):
    """结束帮扶: the household wants no more of it, or needs no more."""

    household: HouseholdId
    reason: Text


class RecordDifficultySolved(RegisterCommand):
    """解决实际困难: for a linked household or village, shown by an answered issue or a visit in the diary (LL3)."""

    household: HouseholdId | None = None
    officer: UserId
    difficulty: Text
    issue: IssueNumber | None = None
    month: Month | None = None
    entry: Number | None = None

    @model_validator(mode="after")
    def _shown_by_one(self) -> Self:
        if (self.month is None) != (self.entry is None) or (self.issue is None) == (self.entry is None):
            raise ValueRefused(
                "difficulty-not-shown",
                zh="写明事项编号，或走访的月份和序号，二者择一。",
                en="Name the issue's number, or a visit's month and entry; one of them.",
            )
        return self


class EnterBook(RegisterCommand):
    """记四本账: an entry of one of the four books, filed with its month (MZ4)."""

    book: Book
    household: HouseholdId | None = None
    matter: Text
    officer: UserId
    measures: Text | None = None
    result: Text | None = None


class CardCommand(LiaisonCommand):
    """A command about a village's contact card."""

    @property
    def stream_id(self) -> UUID:
        return card_id_of(self.village)


class IssueContactCard(CardCommand):
    """印发便民联系卡: the next edition, with names, duties, phones and the promise."""

    officials: Annotated[tuple[CardOfficial, ...], Field(min_length=1, max_length=20)]
    promise: Text

    @model_validator(mode="after")
    def _everyone_once(self) -> Self:
        if len({it.officer for it in self.officials}) != len(self.officials):
            raise ValueRefused("officers-repeated", zh="每人只列一次。", en="Everybody is on it once.")
        return self


class DeliverCards(CardCommand):
    """发放联系卡: this edition reached these households."""

    edition: Number
    households: Annotated[tuple[HouseholdId, ...], Field(min_length=1, max_length=500)]

    @model_validator(mode="after")
    def _everyone_once(self) -> Self:
        if len(set(self.households)) != len(self.households):
            raise ValueRefused("households-repeated", zh="每户只列一次。", en="Each household is named once.")
        return self


REGISTER_COMMANDS: tuple[type[RegisterCommand], ...] = (
    ListPriorityHousehold, StrikePriorityHousehold, AgreeHelpPlan, PromiseMeasure, RecordMeasureDone, EndHelpPlan,
    RecordDifficultySolved, EnterBook,
)  # fmt: skip
CARD_COMMANDS: tuple[type[CardCommand], ...] = (IssueContactCard, DeliverCards)
LIAISON_COMMANDS: tuple[type[LiaisonCommand], ...] = (*REGISTER_COMMANDS, *CARD_COMMANDS)
