"""A township's special fund 专项经费 for one fiscal year: allocated within budget, paid within what was allocated.

One stream each; two allocations at once meet at its version, so one of them is decided again (L9).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final
from uuid import UUID, uuid5

from pydantic import Field

from domain import errors
from domain.commands import Command, stamp
from domain.context import Context
from domain.events import DomainEvent
from domain.values import Line, Yuan

_FUND_NAMESPACE = UUID("c1b5c9b2-7b0f-4a7e-9e55-3f3a2a0f7b64")


def fund_id_of(township: str, year: int) -> UUID:
    """One fund per township and fiscal year."""
    return uuid5(_FUND_NAMESPACE, f"{township}/{year}")


class SetBudget(Command):
    """下达预算."""

    township: Line
    year: Annotated[int, Field(ge=1949, le=2200)]
    budget: Yuan

    @property
    def fund_id(self) -> UUID:
        """The fund meant."""
        return fund_id_of(self.township, self.year)

    @property
    def stream_id(self) -> UUID:
        return self.fund_id


class BudgetSet(DomainEvent):
    TOPIC: ClassVar[str] = "fund.budget_set"
    township: str
    year: int
    budget: Decimal


class FundingAllocated(DomainEvent):
    TOPIC: ClassVar[str] = "fund.allocated"
    issue_id: UUID
    amount: Decimal


class PaymentMade(DomainEvent):
    TOPIC: ClassVar[str] = "fund.payment_made"
    issue_id: UUID
    tranche: int
    amount: Decimal


FUND_EVENTS: Final[frozenset[type[DomainEvent]]] = frozenset({BudgetSet, FundingAllocated, PaymentMade})


@dataclass(frozen=True, slots=True)
class Fund:
    """Budget, allocated and paid, in yuan."""

    fund_id: UUID
    version: int
    township: str = ""
    budget: Decimal = Decimal(0)
    allocated: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)

    @property
    def left(self) -> Decimal:
        """What can still be allocated."""
        return self.budget - self.allocated


def set_budget(fund: Fund | None, command: SetBudget, context: Context) -> tuple[DomainEvent, ...]:
    """The budget may rise and fall, but not below what is allocated."""
    if fund is not None and command.budget < fund.allocated:
        raise errors.BudgetBelowAllocated
    if fund is not None and command.budget == fund.budget:
        raise errors.AlreadySaid
    version = fund.version + 1 if fund else 1
    return (
        BudgetSet(
            **stamp(command.fund_id, version, command),
            township=command.township,
            year=command.year,
            budget=command.budget,
        ),
    )


def allocate(fund: Fund, command: Command, issue_id: UUID, amount: Decimal) -> FundingAllocated:
    """Within what is left of the budget."""
    if amount > fund.left:
        raise errors.OverBudget
    return FundingAllocated(**stamp(fund.fund_id, fund.version + 1, command), issue_id=issue_id, amount=amount)


def pay(fund: Fund, command: Command, issue_id: UUID, tranche: int, amount: Decimal) -> PaymentMade:
    """Within what was allocated."""
    if fund.paid + amount > fund.allocated:
        raise errors.OverAllocation
    return PaymentMade(
        **stamp(fund.fund_id, fund.version + 1, command), issue_id=issue_id, tranche=tranche, amount=amount
    )


def evolve_fund(fund: Fund | None, event: DomainEvent) -> Fund:
    """The fund after `event`."""
    fund = fund or Fund(event.originator_id, 0)
    match event:
        case BudgetSet():
            fund = replace(fund, township=event.township, budget=event.budget)
        case FundingAllocated():
            fund = replace(fund, allocated=fund.allocated + event.amount)
        case PaymentMade():
            fund = replace(fund, paid=fund.paid + event.amount)
    return replace(fund, version=event.originator_version)


def fold_fund(history: Iterable[Any]) -> Fund | None:
    """The fund after a whole history, or None if there is none."""
    fund: Fund | None = None
    for event in history:
        fund = evolve_fund(fund, event)
    return fund
