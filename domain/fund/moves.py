"""What an issue's fate does to its fund: pooled, allocated, paid, released, returned. One event each, or a refusal.

Called by the decisions about issues, which write these events beside their own.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from domain import errors
from domain.commands import Command, stamp
from domain.fund import events as e
from domain.fund import rules
from domain.fund.commands import fund_id_of
from domain.fund.state import ZERO, Fund
from domain.fund.words import Freed, PaymentException, Rest


def next_stamp(fund: Fund, command: Command) -> dict[str, Any]:
    """The envelope of the fund's next event."""
    return stamp(fund.fund_id, fund.version + 1, command)


def pool(fund: Fund | None, command: Command, township: str, year: int, project: e.Project) -> e.ProjectPooled:
    """入库: into the pool of the year, whether or not its budget is set yet."""
    fund = fund or Fund(fund_id_of(township, year), 0, township, year)
    return e.ProjectPooled(**next_stamp(fund, command), township=fund.township, year=fund.year, project=project)


def allocate(fund: Fund, command: Command, granted: e.Granted, round: int | None) -> e.FundingAllocated:
    """Within what is left of the budget; of a round, or by itself."""
    rules.year_open(fund)
    rules.within_what_is_left(fund, granted.amount)
    return e.FundingAllocated(
        **next_stamp(fund, command),
        issue_id=granted.issue_id,
        amount=granted.amount,
        village=granted.village,
        round=round,
    )


def pay(
    fund: Fund, command: Command, issue_id: UUID, tranche: int, amount: Decimal, exception: PaymentException | None
) -> e.PaymentMade:
    """Within what was allocated to this project, from a year that is open."""
    rules.year_open(fund)
    grant = fund.grants.get(issue_id)
    if grant is None or amount > grant.unpaid:
        raise errors.OverAllocation
    return e.PaymentMade(
        **next_stamp(fund, command), issue_id=issue_id, tranche=tranche, amount=amount, exception=exception
    )


def release(fund: Fund, command: Command, issue_id: UUID, why: Freed) -> e.GrantReleased | None:
    """The unpaid part goes back; None where there is none."""
    grant = fund.grants.get(issue_id)
    if grant is None or not grant.unpaid:
        return None
    return e.GrantReleased(**next_stamp(fund, command), issue_id=issue_id, amount=grant.unpaid, why=why)


def take_back(fund: Fund, command: Command, issue_id: UUID, amount: Decimal, rest: Rest) -> e.MoneyReturned:
    """Unspent money comes back: free again this year; of an earlier year, as the plan says for a year's rest."""
    grant = fund.grants.get(issue_id)
    freed = min(amount, grant.paid) if grant else ZERO
    earlier = amount - freed
    income = earlier if rest is Rest.MOVES else ZERO
    return e.MoneyReturned(**next_stamp(fund, command), issue_id=issue_id, amount=amount, freed=freed, income=income)
