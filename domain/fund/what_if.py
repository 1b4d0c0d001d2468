"""What would a round give whom, before anybody proposes or confirms it? Pure; the same ranking and the same limits.

Called by rounds.py, which proposes by it, and by the API, which only shows it: nothing is written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain import errors
from domain.fund import errors as refused
from domain.fund import events as e
from domain.fund.policy import Funding
from domain.fund.ranking import ranked, ranking
from domain.fund.state import ZERO, Fund
from domain.fund.words import Standing
from domain.issue.decisions.funding import waits_for_money
from domain.issue.state import Issue

NO_SHARES: Final[Mapping[UUID, Decimal]] = {}


@dataclass(frozen=True, slots=True)
class Chance:
    """What one project would get. `given`: somebody chose this share; `standing` None: they chose to give nothing."""

    project: e.Project
    amount: Decimal
    standing: Standing | None
    given: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """A round as it would be, in the order of rank; amounts in yuan. `left`: before it."""

    left: Decimal
    chances: tuple[Chance, ...]

    @property
    def total(self) -> Decimal:
        """What it would give altogether."""
        return sum((it.amount for it in self.chances), ZERO)


def waiting_in(fund: Fund, others: Mapping[UUID, Issue]) -> list[e.Project]:
    """The projects of the pool that still wait for money; `others`: their issues."""
    return [project for project in fund.pool.values() if waits_for_money(others.get(project.issue_id))]


def lines_of(fund: Fund, waiting: Iterable[e.Project], policy: Funding) -> tuple[e.Line, ...]:
    """The ranking of those who wait, within what is left of the budget."""
    waiting = list(waiting)
    return tuple(ranking(waiting, fund.left, policy, _had(fund, waiting)))


def outlook(
    fund: Fund,
    waiting: Iterable[e.Project],
    policy: Funding,
    *,
    left: Decimal | None = None,
    shares: Mapping[UUID, Decimal] = NO_SHARES,
) -> Outlook:
    """The round with `left` to give (None: what is left); these shares as chosen, the others ranked for the rest.

    Of a round that waits, its projects only. Raises RoundOutdated, AmountNeeded, OverBudget, as confirming it would.
    """
    money = fund.left if left is None else left
    known = {it.issue_id: it for it in waiting if _is_in_round(fund, it.issue_id)}
    if not shares.keys() <= known.keys():
        raise refused.RoundOutdated
    if any(amount > known[issue_id].approved for issue_id, amount in shares.items()):
        raise errors.AmountNeeded
    rest = money - sum(shares.values(), ZERO)
    if rest < 0:
        raise errors.OverBudget
    others = [it for issue_id, it in known.items() if issue_id not in shares]
    had = _had(fund, known.values())
    for issue_id, amount in shares.items():
        had[known[issue_id].village] += amount > 0
    found = {line.issue_id: line for line in ranking(others, rest, policy, had)}
    return Outlook(money, tuple(_chance(it, found.get(it.issue_id), shares) for it in ranked(known.values())))


def _chance(project: e.Project, line: e.Line | None, shares: Mapping[UUID, Decimal]) -> Chance:
    if line is not None:
        return Chance(project, line.amount, line.standing)
    amount = shares[project.issue_id]
    if not amount:
        return Chance(project, amount, None, given=True)
    standing = Standing.IN_FULL if amount == project.approved else Standing.IN_PART
    return Chance(project, amount, standing, given=True)


def _is_in_round(fund: Fund, issue_id: UUID) -> bool:
    return fund.proposed is None or any(line.issue_id == issue_id for line in fund.proposed.lines)


def _had(fund: Fund, projects: Iterable[e.Project]) -> dict[str, int]:
    return {it.village: fund.grants_of(it.village) for it in projects}
