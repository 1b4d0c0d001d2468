"""What a round would give, before anybody proposes or confirms it: as the round itself would (L9, CX7)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from domain import errors
from domain.fund import errors as refused
from domain.fund.commands import ProposeRound
from domain.fund.events import RoundProposed
from domain.fund.state import Fund
from domain.fund.what_if import Outlook, outlook, waiting_in
from domain.fund.words import Standing
from domain.issue.words import Urgency
from tests.support.casework import Case, plan_with
from tests.support.pool import Wanted, fund_of, of, pool, project

FIRST = project("first", urgency=Urgency.URGENT, approved=20_000)
SECOND = project("second", village="LX", days=1, approved=15_000)
THIRD = project("third", village="LX", days=2, approved=10_000)


def looked_at(life: Case, fund: Fund | None = None, **wanted: Any) -> Outlook:
    """The outlook on a township's pool."""
    policy = plan_with().funding
    assert policy is not None
    fund = fund or fund_of(life)
    others = {it.issue_id: of(life, it).issue for it in (FIRST, SECOND, THIRD)}
    return outlook(fund, waiting_in(fund, others), policy, **wanted)


def amounts(found: Outlook) -> dict[object, Decimal]:
    return {it.project.issue_id: it.amount for it in found.chances}


def test_given_a_pool_then_the_outlook_is_what_would_be_proposed() -> None:
    life = pool(FIRST, SECOND, THIRD, budget=32_000)
    found = looked_at(life)
    (proposed,) = [it for it in life.do(ProposeRound).streams[fund_of(life).fund_id] if isinstance(it, RoundProposed)]
    assert [(it.project.issue_id, it.amount, it.standing) for it in found.chances] == [
        (line.issue_id, line.amount, line.standing) for line in proposed.lines
    ]
    assert found.left - found.total == 32_000 - sum(line.amount for line in proposed.lines)


def test_given_a_share_is_chosen_then_the_others_are_ranked_for_the_rest() -> None:
    life = pool(FIRST, SECOND, THIRD, budget=30_000)
    found = looked_at(life, shares={FIRST.issue_id: Decimal(0)})
    assert amounts(found) == {FIRST.issue_id: 0, SECOND.issue_id: 15_000, THIRD.issue_id: 10_000}
    assert [it.given for it in found.chances] == [True, False, False]
    assert found.chances[0].standing is None
    part = looked_at(life, shares={FIRST.issue_id: Decimal(12_000)})
    assert part.chances[0].standing is Standing.IN_PART
    assert part.total <= 30_000


def test_given_another_sum_then_the_ranking_is_for_that() -> None:
    life = pool(FIRST, SECOND, THIRD, budget=20_000)
    assert amounts(looked_at(life))[THIRD.issue_id] == 0
    assert amounts(looked_at(life, left=Decimal(45_000)))[THIRD.issue_id] == 10_000


@pytest.mark.parametrize(
    ("wanted", "amount", "refusal"),
    [
        (FIRST, "20000.01", errors.AmountNeeded),
        (SECOND, "15000", errors.OverBudget),
        (project("nobody's"), "1", refused.RoundOutdated),
    ],
)
def test_given_shares_that_confirming_would_refuse_then_so_does_the_outlook(
    wanted: Wanted, amount: str, refusal: type[errors.Refusal]
) -> None:
    life = pool(FIRST, SECOND, THIRD, budget=12_000)
    with pytest.raises(refusal):
        looked_at(life, shares={wanted.issue_id: Decimal(amount)})


def test_given_a_round_waits_then_only_its_projects_are_looked_at() -> None:
    life = pool(FIRST, SECOND, THIRD, budget=100_000).do(ProposeRound)
    fund = fund_of(life)
    assert fund.proposed is not None
    shorter = replace(fund.proposed, lines=fund.proposed.lines[:2])
    found = looked_at(life, replace(fund, proposed=shorter))
    assert amounts(found).keys() == {FIRST.issue_id, SECOND.issue_id}
