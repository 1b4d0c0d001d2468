"""A history that does not follow is no history: folding stops and never guesses. And the words a state speaks in."""

from uuid import UUID

import pytest

from domain.events import DomainEvent
from domain.fund.events import BudgetSet
from domain.issue.evolve import BrokenHistory, evolve, fold
from domain.issue.words import FINAL_STAGES, OPEN_STAGES, UNANSWERED_STAGES, Stage
from tests.support.casework import FUND_ID, STATES, case
from tests.support.promises import keeps_its_promises

LIFE = case("settled").events


def test_given_nothing_then_there_is_no_issue() -> None:
    assert fold(()) is None


@pytest.mark.parametrize(
    "history",
    [LIFE[1:], LIFE[:2] + LIFE[3:], (LIFE[0], *LIFE[0:]), LIFE[:3] + LIFE[1:]],
    ids=["no beginning", "a gap", "begun twice", "repeated"],
)
def test_given_events_that_do_not_follow_then_the_history_is_broken(history: tuple[DomainEvent, ...]) -> None:
    with pytest.raises(BrokenHistory):
        fold(history)


def test_given_another_issues_event_then_the_history_is_broken() -> None:
    strange = LIFE[1].model_copy(update={"originator_id": UUID(int=1)})
    with pytest.raises(BrokenHistory):
        fold((LIFE[0], strange))


def test_given_an_event_of_something_else_then_the_history_is_broken() -> None:
    budget = next(event for event in case("granted").streams[FUND_ID] if isinstance(event, BudgetSet))
    strange = budget.model_copy(update={"originator_id": LIFE[0].originator_id, "originator_version": 2})
    with pytest.raises(BrokenHistory, match=r"fund\.budget_set"):
        fold((LIFE[0], strange))
    with pytest.raises(BrokenHistory):
        evolve(None, budget)


def test_given_a_history_that_begins_later_then_it_is_broken() -> None:
    late = LIFE[0].model_copy(update={"originator_version": 2})
    with pytest.raises(BrokenHistory):
        evolve(None, late)


@pytest.mark.parametrize("state", STATES)
def test_given_each_named_state_then_its_history_keeps_every_promise(state: str) -> None:
    keeps_its_promises(case(state).events)


def test_a_stage_is_open_or_closed_or_final_and_never_two_of_them() -> None:
    assert OPEN_STAGES | FINAL_STAGES | {Stage.CLOSED} == set(Stage)
    assert not OPEN_STAGES & FINAL_STAGES
    assert UNANSWERED_STAGES < OPEN_STAGES


def test_the_named_states_stand_at_every_stage() -> None:
    assert {case(state).issue.stage for state in STATES} == set(Stage)
