"""The three rates 三率: their arithmetic, and what happens where there is nothing to divide by."""

from decimal import Decimal

import pytest

from projections.three_rates import THREE_RATES, CallBacks, Goal, Rate, RatesPolicy, three_rates

EXCLUDED = {"cannot_say": 2, "declined": 1}


def counts(valid: int, contacted: int, solved: int, satisfied: int, mostly: int) -> CallBacks:
    return CallBacks(valid, contacted, solved, satisfied, mostly, EXCLUDED)


def test_given_call_backs_then_mostly_satisfied_counts_nine_tenths() -> None:
    rates = three_rates(counts(valid=20, contacted=18, solved=15, satisfied=12, mostly=5))
    assert (rates.response.numerator, rates.response.denominator) == (18, 20)
    assert rates.response.value == Decimal("0.9")
    assert rates.resolution.value == Decimal("0.75")
    assert (rates.satisfaction.numerator, rates.satisfaction.value) == (Decimal("16.5"), Decimal("0.825"))


def test_given_no_valid_call_back_then_no_rate_is_defined() -> None:
    rates = three_rates(counts(0, 0, 0, 0, 0))
    assert [rate.value for rate in (rates.response, rates.resolution, rates.satisfaction)] == [None, None, None]
    assert [rate.denominator for rate in (rates.response, rates.resolution, rates.satisfaction)] == [0, 0, 0]


def test_given_a_result_then_it_names_its_policy_and_what_was_left_out() -> None:
    rates = three_rates(counts(1, 1, 1, 1, 0))
    assert rates.policy == THREE_RATES.id == "three-rates@1"
    assert rates.excluded == EXCLUDED


def test_given_another_policy_then_its_weight_counts() -> None:
    rates = three_rates(counts(10, 0, 0, 4, 6), RatesPolicy("three-rates@trial", Decimal("0.5")))
    assert (rates.policy, rates.satisfaction.value) == ("three-rates@trial", Decimal("0.7"))


@pytest.mark.parametrize(
    ("numerator", "denominator", "met"),
    [(17, 20, True), (16, 20, False), (849_999, 1_000_000, False), (0, 0, None)],
)
def test_a_goal_is_met_by_what_was_counted_and_not_by_what_was_rounded(
    numerator: int, denominator: int, met: bool | None
) -> None:
    assert Goal.of(Rate(Decimal(numerator), denominator), 85) == Goal(85, met)


@pytest.mark.parametrize(("numerator", "denominator", "value"), [(1, 3, "0.3333"), (2, 3, "0.6667"), (0, 7, "0.0000")])
def test_a_rate_is_rounded_to_four_places(numerator: int, denominator: int, value: str) -> None:
    assert str(Rate(Decimal(numerator), denominator).value) == value
