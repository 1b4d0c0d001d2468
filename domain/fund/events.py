"""What can happen to a fund. Past tense, with who and when (`DomainEvent`); names fixed by `TOPIC`.

Amounts are yuan with two places. Words here are about money; households' words stay in their issues.
"""

from decimal import Decimal
from typing import ClassVar, Final
from uuid import UUID

from domain.events import DomainEvent
from domain.fund.words import Direction, Freed, PaymentException, Standing
from domain.issue.words import Urgency
from domain.values import Moment, Value


class Project(Value):
    """A project of the pool 支持补贴项目库: by what it is ranked, and what the committee approved."""

    issue_id: UUID
    village: str
    urgency: Urgency
    submitted_at: Moment
    asked: Decimal
    approved: Decimal


class Line(Value):
    """A line of a round's ranking; the first is the most urgent."""

    issue_id: UUID
    village: str
    urgency: Urgency
    submitted_at: Moment
    asked: Decimal
    approved: Decimal
    amount: Decimal
    standing: Standing


class Granted(Value):
    """An amount for an issue."""

    issue_id: UUID
    village: str | None = None
    amount: Decimal


class BudgetSet(DomainEvent):
    TOPIC: ClassVar[str] = "fund.budget_set"
    township: str
    year: int
    budget: Decimal


class AdjustmentProposed(DomainEvent):
    TOPIC: ClassVar[str] = "fund.adjustment_proposed"
    direction: Direction
    amount: Decimal
    reason: str
    document: str


class BudgetAdjusted(DomainEvent):
    TOPIC: ClassVar[str] = "fund.budget_adjusted"
    direction: Direction
    amount: Decimal
    reason: str
    document: str
    budget: Decimal  # after it


class AdjustmentRefused(DomainEvent):
    TOPIC: ClassVar[str] = "fund.adjustment_refused"
    reasons: str


class ProjectPooled(DomainEvent):
    """入库: the committee approved a subsidy. Written beside the issue's approval."""

    TOPIC: ClassVar[str] = "fund.project_pooled"
    township: str
    year: int
    project: Project


class RoundProposed(DomainEvent):
    TOPIC: ClassVar[str] = "fund.round_proposed"
    round: int
    left: Decimal
    lines: tuple[Line, ...]
    confirm_by: Moment
    plan: str
    basis: str
    told: tuple[str, ...] | None = None  # the committee, which is to confirm it


class RoundConfirmed(DomainEvent):
    TOPIC: ClassVar[str] = "fund.round_confirmed"
    round: int
    granted: tuple[Granted, ...]
    reasons: str | None = None  # where it differs from what the ranking gave


class RoundWithdrawn(DomainEvent):
    TOPIC: ClassVar[str] = "fund.round_withdrawn"
    round: int
    reasons: str


class RoundOverdue(DomainEvent):
    TOPIC: ClassVar[str] = "fund.round_overdue"
    round: int
    confirm_by: Moment
    told: tuple[str, ...] | None = None


class FundingAllocated(DomainEvent):
    TOPIC: ClassVar[str] = "fund.allocated"
    issue_id: UUID
    amount: Decimal
    village: str | None = None
    round: int | None = None  # none: by itself


class PaymentMade(DomainEvent):
    TOPIC: ClassVar[str] = "fund.payment_made"
    issue_id: UUID
    tranche: int
    amount: Decimal
    exception: PaymentException | None = None  # an earlier one waited


class GrantReleased(DomainEvent):
    """The unpaid part of a grant is free again."""

    TOPIC: ClassVar[str] = "fund.grant_released"
    issue_id: UUID
    amount: Decimal
    why: Freed


class MoneyReturned(DomainEvent):
    """结余退回: what was paid and not spent. `freed` of it was this year's grant, `income` an earlier year's."""

    TOPIC: ClassVar[str] = "fund.money_returned"
    issue_id: UUID
    amount: Decimal
    freed: Decimal
    income: Decimal  # the rest, if any, went to the treasury


class FiscalYearClosed(DomainEvent):
    TOPIC: ClassVar[str] = "fund.year_closed"
    paid: Decimal
    carried: tuple[Granted, ...]  # promised and not paid
    moved: Decimal
    lapsed: Decimal
    successor: UUID
    plan: str
    basis: str


class FundCarriedOver(DomainEvent):
    """What the year before left, written beside its closing."""

    TOPIC: ClassVar[str] = "fund.carried_over"
    township: str
    year: int
    carried: tuple[Granted, ...]
    moved: Decimal
    pool: tuple[Project, ...]
    predecessor: UUID


FUND_EVENTS: Final[frozenset[type[DomainEvent]]] = frozenset(
    {
        BudgetSet, AdjustmentProposed, BudgetAdjusted, AdjustmentRefused, ProjectPooled, RoundProposed, RoundConfirmed,
        RoundWithdrawn, RoundOverdue, FundingAllocated, PaymentMade, GrantReleased, MoneyReturned, FiscalYearClosed,
        FundCarriedOver,
    }
)  # fmt: skip
