"""What a fund remembers: budget, grants in the order in which they were given, the pool, and the round that waits.

Always: 0 <= paid <= allocated <= budget. `evolve` is pure; `fold` reads a whole history.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from domain.events import DomainEvent
from domain.fund import events as e
from domain.fund.words import Direction

ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Grant:
    """What one project was promised in this year, and what it was paid; what it gave back is in neither."""

    amount: Decimal
    paid: Decimal = ZERO
    village: str | None = None
    carried: bool = False  # promised in an earlier year

    @property
    def unpaid(self) -> Decimal:
        """What is still promised."""
        return self.amount - self.paid


@dataclass(frozen=True, slots=True)
class Proposed:
    """The round that waits for the committee."""

    number: int
    lines: tuple[e.Line, ...]
    confirm_by: datetime
    proposed_by: frozenset[str]
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An adjustment that waits for a second person."""

    direction: Direction
    amount: Decimal
    reason: str
    document: str
    proposed_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fund:
    """All amounts in yuan. `own`: this year's money; `carried_in` and `carried_out`: from and to other years."""

    fund_id: UUID
    version: int
    township: str = ""
    year: int = 0
    opened: bool = False
    own: Decimal = ZERO
    carried_in: Decimal = ZERO
    carried_out: Decimal = ZERO
    allocated: Decimal = ZERO
    paid: Decimal = ZERO
    returned: Decimal = ZERO
    grants: Mapping[UUID, Grant] = field(default_factory=dict)
    pool: Mapping[UUID, e.Project] = field(default_factory=dict)
    rounds: int = 0
    proposed: Proposed | None = None
    adjustment: Adjustment | None = None
    successor: UUID | None = None

    @property
    def budget(self) -> Decimal:
        """What this year may promise, carried over money included."""
        return self.own + self.carried_in - self.carried_out

    @property
    def left(self) -> Decimal:
        """What can still be promised."""
        return self.budget - self.allocated

    @property
    def is_closed(self) -> bool:
        """The fiscal year was closed."""
        return self.successor is not None

    def grants_of(self, village: str) -> int:
        """How many projects of a village were promised money this year; not those of earlier years."""
        return sum(grant.village == village and not grant.carried for grant in self.grants.values())


def fold(history: Iterable[Any]) -> Fund | None:
    """The fund after a whole history; None if there is none, or this is the history of something else."""
    fund: Fund | None = None
    for event in history:
        if type(event) not in _APPLY:
            return None
        fund = evolve(fund, event)
    return fund


def evolve(fund: Fund | None, event: DomainEvent) -> Fund:
    """The fund after `event`."""
    fund = fund or Fund(event.originator_id, 0)
    return replace(fund, version=event.originator_version, **_APPLY[type(event)](fund, event))


Changed = dict[str, Any]


def _budget_set(_: Fund, event: e.BudgetSet) -> Changed:
    return {"township": event.township, "year": event.year, "opened": True, "own": event.budget}


def _adjustment_proposed(_: Fund, event: e.AdjustmentProposed) -> Changed:
    waits = Adjustment(event.direction, event.amount, event.reason, event.document, event.actor.persons)
    return {"adjustment": waits}


def _adjusted(fund: Fund, event: e.BudgetAdjusted) -> Changed:
    change = event.amount if event.direction is Direction.UP else -event.amount
    return {"own": fund.own + change, "adjustment": None}


def _pooled(fund: Fund, event: e.ProjectPooled) -> Changed:
    pool = {**fund.pool, event.project.issue_id: event.project}
    return {"township": event.township, "year": event.year, "pool": pool}


def _proposed(_: Fund, event: e.RoundProposed) -> Changed:
    waits = Proposed(event.round, event.lines, event.confirm_by, event.actor.persons)
    return {"rounds": event.round, "proposed": waits}


def _overdue(fund: Fund, _: e.RoundOverdue) -> Changed:
    return {"proposed": replace(fund.proposed, overdue=True) if fund.proposed else None}


def _allocated(fund: Fund, event: e.FundingAllocated) -> Changed:
    before = fund.grants.get(event.issue_id, Grant(ZERO, village=event.village))
    grant = replace(before, amount=before.amount + event.amount, village=event.village or before.village)
    pool = {key: project for key, project in fund.pool.items() if key != event.issue_id}
    return {
        "allocated": fund.allocated + event.amount, "grants": {**fund.grants, event.issue_id: grant}, "pool": pool,
    }  # fmt: skip


def _with_grant(fund: Fund, issue_id: UUID, **change: Any) -> dict[UUID, Grant]:
    """One grant changed; one of which nothing is left is no grant any more."""
    grants = {**fund.grants, issue_id: replace(fund.grants[issue_id], **change)}
    return {key: grant for key, grant in grants.items() if key != issue_id or grant.amount}


def _paid(fund: Fund, event: e.PaymentMade) -> Changed:
    paid = fund.grants[event.issue_id].paid + event.amount
    return {"paid": fund.paid + event.amount, "grants": _with_grant(fund, event.issue_id, paid=paid)}


def _released(fund: Fund, event: e.GrantReleased) -> Changed:
    amount = fund.grants[event.issue_id].amount - event.amount
    return {"allocated": fund.allocated - event.amount, "grants": _with_grant(fund, event.issue_id, amount=amount)}


def _returned(fund: Fund, event: e.MoneyReturned) -> Changed:
    change: Changed = {
        "paid": fund.paid - event.freed, "allocated": fund.allocated - event.freed,
        "carried_in": fund.carried_in + event.income, "returned": fund.returned + event.amount,
    }  # fmt: skip
    if event.freed:
        grant = fund.grants[event.issue_id]
        less = {"amount": grant.amount - event.freed, "paid": grant.paid - event.freed}
        change["grants"] = _with_grant(fund, event.issue_id, **less)
    return change


def _closed(fund: Fund, event: e.FiscalYearClosed) -> Changed:
    carried = {it.issue_id: it.amount for it in event.carried}
    out = sum(carried.values(), ZERO)
    kept = {key: replace(grant, amount=grant.amount - carried.get(key, ZERO)) for key, grant in fund.grants.items()}
    return {
        "carried_out": fund.carried_out + out + event.moved + event.lapsed, "allocated": fund.allocated - out,
        "grants": {key: grant for key, grant in kept.items() if grant.amount}, "pool": {},
        "proposed": None, "adjustment": None, "successor": event.successor,
    }  # fmt: skip


def _carried_over(fund: Fund, event: e.FundCarriedOver) -> Changed:
    carried = {it.issue_id: _on_top(fund.grants.get(it.issue_id), it) for it in event.carried}
    promised = sum((it.amount for it in event.carried), ZERO)
    return {
        "township": event.township, "year": event.year, "opened": True,
        "carried_in": fund.carried_in + promised + event.moved, "allocated": fund.allocated + promised,
        "grants": {**carried, **{key: it for key, it in fund.grants.items() if key not in carried}},
        "pool": {**{it.issue_id: it for it in event.pool}, **fund.pool},
    }  # fmt: skip


def _on_top(grant: Grant | None, carried: e.Granted) -> Grant:
    """A project may have been promised more in the new year, before the old one was closed."""
    before = grant or Grant(ZERO, village=carried.village)
    return replace(before, amount=before.amount + carried.amount, carried=True)


def _nothing_proposed(_: Fund, __: DomainEvent) -> Changed:
    return {"proposed": None}


_APPLY: Final[dict[type[DomainEvent], Callable[[Fund, Any], Changed]]] = {
    e.BudgetSet: _budget_set,
    e.AdjustmentProposed: _adjustment_proposed,
    e.BudgetAdjusted: _adjusted,
    e.AdjustmentRefused: lambda _, __: {"adjustment": None},
    e.ProjectPooled: _pooled,
    e.RoundProposed: _proposed,
    e.RoundConfirmed: _nothing_proposed,
    e.RoundWithdrawn: _nothing_proposed,
    e.RoundOverdue: _overdue,
    e.FundingAllocated: _allocated,
    e.PaymentMade: _paid,
    e.GrantReleased: _released,
    e.MoneyReturned: _returned,
    e.FiscalYearClosed: _closed,
    e.FundCarriedOver: _carried_over,
}
