"""Who of the pool comes first and who gets what: urgency, order of submission, subsidy asked (L9, CX7, SG9)."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.fund.events import Line, Project
from domain.fund.policy import Funding, PerVillage
from domain.fund.ranking import least_of, ranked, ranking
from domain.fund.words import Standing
from domain.issue.words import Urgency
from domain.plan import load_plan
from tests.support.office import START

pytestmark = pytest.mark.proves("L9", "CX7")
FUNDED = (Standing.IN_FULL, Standing.IN_PART)


def policy(**changes: object) -> Funding:
    """Chixi's, changed."""
    funding = load_plan("cx").funding
    assert funding is not None
    return funding.model_copy(update=changes)


def project(
    number: int, urgency: Urgency = Urgency.ORDINARY, *, days: int = 0, asked: int = 100, village: str = "QS"
) -> Project:
    """A project of the pool; what it asked was approved."""
    return Project(
        issue_id=UUID(int=number), village=village, urgency=urgency, submitted_at=START + timedelta(days=days),
        asked=Decimal(asked), approved=Decimal(asked),
    )  # fmt: skip


def given_to(lines: list[Line]) -> list[tuple[int, Decimal, Standing]]:
    """Who, how much, why."""
    return [(line.issue_id.int, line.amount, line.standing) for line in lines]


def test_given_projects_then_urgency_goes_before_order_and_order_before_the_sum() -> None:
    pool = [
        project(1, Urgency.CAN_WAIT, days=0),
        project(2, days=3, asked=50),
        project(3, days=1, asked=90),
        project(4, days=3, asked=40),
        project(5, Urgency.URGENT, days=9),
    ]
    assert [it.issue_id.int for it in ranked(pool)] == [5, 3, 4, 2, 1]


def test_given_too_little_for_the_next_then_it_gets_a_part_and_nobody_overtakes() -> None:
    lines = list(ranking([project(1), project(2, days=1), project(3, days=2, asked=1)], Decimal(160), policy(), {}))
    assert given_to(lines) == [
        (1, 100, Standing.IN_FULL), (2, 60, Standing.IN_PART), (3, 0, Standing.BEHIND_ANOTHER),
    ]  # fmt: skip


def test_given_less_than_the_least_share_then_it_waits_and_so_do_those_behind() -> None:
    lines = list(ranking([project(1), project(2, days=1, asked=5)], Decimal("49.99"), policy(), {}))
    assert given_to(lines) == [(1, 0, Standing.TOO_LITTLE_LEFT), (2, 0, Standing.BEHIND_ANOTHER)]
    assert least_of(Decimal("0.01"), policy()) == Decimal("0.01")


@pytest.mark.proves("SG9")
def test_given_a_village_with_its_projects_then_it_is_passed_over_and_blocks_nobody() -> None:
    most_two = policy(per_village=PerVillage(least=1, most=2))
    pool = [project(1), project(2, days=1), project(3, days=2, village="LX")]
    lines = list(ranking(pool, Decimal(1_000), most_two, {"QS": 1}))
    assert given_to(lines) == [
        (1, 100, Standing.IN_FULL), (2, 0, Standing.VILLAGE_HAS_MOST), (3, 100, Standing.IN_FULL),
    ]  # fmt: skip


def test_given_more_than_one_transaction_takes_then_the_rest_waits_for_the_next_round() -> None:
    lines = list(ranking([project(number) for number in range(95)], Decimal(1_000_000), policy(), {}))
    assert [line.standing for line in lines] == [Standing.IN_FULL] * 90 + [Standing.NEXT_ROUND] + [
        Standing.BEHIND_ANOTHER
    ] * 4


pools = st.lists(
    st.builds(
        project,
        st.integers(0, 10_000),
        st.sampled_from(Urgency),
        days=st.integers(0, 5),
        asked=st.integers(1, 200),
        village=st.sampled_from(["QS", "LX"]),
    ),
    max_size=12,
    unique_by=lambda it: it.issue_id,
)


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(pools, st.decimals(0, 800, places=2), st.integers(1, 100))
def test_given_any_pool_then_nobody_is_overpaid_overtaken_or_left_out(
    pool: list[Project], left: Decimal, share: int
) -> None:
    rules = policy(least_share=share)
    lines = list(ranking(pool, left, rules, {}))
    assert lines == list(ranking(reversed(pool), left, rules, {}))
    assert {line.issue_id for line in lines} == {it.issue_id for it in pool}
    assert sum((line.amount for line in lines), Decimal(0)) <= left
    for line in lines:
        assert (line.amount > 0) == (line.standing in FUNDED)
        assert line.amount == 0 or least_of(line.approved, rules) <= line.amount <= line.approved
    funded = [line.standing is Standing.IN_FULL for line in lines]
    assert funded == sorted(funded, reverse=True), "somebody was overtaken"
