"""Who is named for good work, and who has something to answer for: by the people's satisfaction, never by one case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.appraisal import Account
from projections.appraisal_marks import Counted
from projections.appraisal_naming import UNDONE, answerable, ranking

LEAST = 5


def account(officer: str, satisfied: int, dissatisfied: int = 0, **counts: int) -> Account:
    return Account(officer, "QS", None, {"satisfied": satisfied, "dissatisfied": dissatisfied, **counts})


def places(*accounts: Account) -> list[tuple[int, str | None]]:
    return [(it.rank, it.account.officer) for it in ranking(accounts, LEAST)]


@pytest.mark.proves("LL11")
def test_given_accounts_then_the_satisfaction_of_people_goes_before_everything() -> None:
    quick = account("quick", 8, 2, on_time=10)
    slow = account("slow", 9, 1, behind=10)
    assert places(quick, slow) == [(1, "slow"), (2, "quick")]


def test_given_equal_satisfaction_then_answers_in_time_decide_and_without_any_one_comes_last() -> None:
    prompt, tardy = account("b", 5, on_time=5), account("a", 5, on_time=1, behind=4)
    assert places(account("c", 5), tardy, prompt) == [(1, "b"), (2, "a"), (3, "c")]


def test_given_equal_figures_then_they_share_a_place_and_the_next_is_left_out() -> None:
    assert places(account("b", 10), account("a", 5), account("c", 9, 1)) == [(1, "a"), (1, "b"), (3, "c")]


@pytest.mark.proves("LL11")
def test_given_too_few_ratings_then_one_case_makes_nobody_the_best_nor_the_worst() -> None:
    assert places(account("lucky", 4), account("unlucky", 0, 1), account("steady", 4, 1)) == [(1, "steady")]


@pytest.mark.proves("LL11")
@pytest.mark.parametrize("what", UNDONE)
def test_given_anything_left_undone_then_its_officer_has_to_answer_for_it(what: Counted) -> None:
    idle, busy = account("idle", 9, **{what: 1}), account("busy", 1, 9, waited=3, behind_by_others=2)
    assert [it.officer for it in answerable([busy, idle])] == ["idle"]


def test_given_what_was_taken_back_then_nobody_answers_for_it() -> None:
    assert not answerable([account("cleared", 0, late=0)])


COUNTS = st.integers(0, 12)
ACCOUNTS = st.lists(st.builds(account, st.text("abc", min_size=1), COUNTS, COUNTS, on_time=COUNTS, behind=COUNTS))


@given(ACCOUNTS)
def test_given_any_accounts_then_everybody_with_enough_ratings_is_ranked_once_and_none_above_a_better_one(
    accounts: list[Account],
) -> None:
    ranked = ranking(accounts, LEAST)
    assert len(ranked) == sum(it.satisfaction.denominator >= LEAST for it in accounts)
    shares = [it.account.satisfaction.numerator / it.account.satisfaction.denominator for it in ranked]
    assert shares == sorted(shares, reverse=True)
    assert [it.rank for it in ranked] == sorted(it.rank for it in ranked)
