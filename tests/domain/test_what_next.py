"""For any case: who owes what, by when, under which rule, and what happens by itself."""

from datetime import datetime

import pytest

from domain.issue import commands as c
from domain.plan import load_plan
from domain.values import LOCAL_ZONE
from domain.what_next import Next, what_next
from tests.support.casework import STATES, Case, case
from tests.support.promises import says_what_is_next

pytestmark = pytest.mark.proves("L3", "L4")
CX = load_plan("cx")


def owed(life: Case | str) -> tuple[Next, ...]:
    return what_next((case(life) if isinstance(life, str) else life).issue, CX)


@pytest.mark.parametrize("state", STATES)
def test_given_any_state_then_somebody_owes_something_or_all_is_done(state: str) -> None:
    says_what_is_next(case(state).issue)


def test_given_a_case_just_logged_then_its_handler_the_date_and_all_that_follows() -> None:
    (it,) = owed("logged")
    assert (it.unit, it.person, it.rule, it.basis) == ("station:QS", "handler", "on_site", "PC2")
    assert it.due_at == datetime(2026, 3, 5, 23, 59, 59, tzinfo=LOCAL_ZONE)
    assert [then.en for then in it.then] == [
        "a reminder",
        "recorded as missed and told to the next level",
        "moves up a level by itself",
    ]
    assert [then.zh for then in it.then][1] == "记为超期，并督办"


@pytest.mark.parametrize(
    ("state", "unit", "person", "not_by"),
    [
        ("submission", "township", None, ("handler",)),
        ("awaiting_committee", "process", None, ()),
        ("tabled", "committee", None, ()),
        ("funding", "committee", None, ("handler",)),
        ("granted", "finance", None, ("committee",)),
        ("inspection", "township", None, ("handler",)),
        ("with_county", "county", None, ()),
        ("feedback", "household", None, ()),
    ],
)
def test_given_a_stage_then_who_may_and_who_may_not(
    state: str, unit: str, person: str | None, not_by: tuple[str, ...]
) -> None:
    first = owed(state)[0]
    assert (first.unit, first.person, first.not_by) == (unit, person, not_by)


def test_given_the_households_time_then_its_silence_closes_the_case() -> None:
    (it,) = owed("feedback")
    assert [then.en for then in it.then] == ["the household keeps silent: closed by itself"]


def test_given_works_then_the_monthly_report_stands_beside_their_completion() -> None:
    completion, report = owed("works")
    assert (completion.rule, report.en) == ("completion", "report the progress")
    assert report.due_at == case("works").issue.progress_due_at


def test_given_a_pause_then_what_is_waited_for_and_when_the_clock_goes_on_by_itself() -> None:
    _, pause = owed("paused")
    assert pause.en == "paused, waiting for: the household has to add something"
    assert pause.due_at == pause.then[0].at == case("paused").issue.pause_ends_at


def test_given_both_clocks_then_both_dates_and_whose_miss_it_would_be() -> None:
    own, household = owed("handed_over")
    assert (own.person, household.en) == ("handler2", "the household's date")
    assert own.due_at is not None
    assert household.due_at is not None
    assert household.due_at < own.due_at
    assert household.then[0].en == "recorded as missed by lead"


def test_given_more_time_asked_for_then_somebody_else_decides() -> None:
    _, ask = owed(case("logged").do(c.RequestExtension))
    assert (ask.unit, ask.not_by) == ("station_lead", ("handler",))


def test_given_a_miss_then_the_next_notice_is_foreseen() -> None:
    (it,) = owed("missed")
    assert [then.en for then in it.then] == ["moves up a level by itself", "supervision notice 2"]
