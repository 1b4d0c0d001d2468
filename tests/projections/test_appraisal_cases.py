"""How an issue's events are counted: for whoever had it then, taken back where that is due, never twice."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from domain.issue import commands as c
from domain.issue.words import Rating
from projections.appraisal import CASES
from projections.appraisal_cases import AppraisalCase
from projections.appraisal_marks import Mark
from projections.projection import Recorded
from tests.projections.ledger import interleaved, taken_in
from tests.support.casework import START, Case, case, plan_with
from tests.support.examples import example
from tests.support.office import office

HOUR = timedelta(hours=1)
Counts = dict[tuple[str, str], int]


def folded(life: Case) -> AppraisalCase:
    found: AppraisalCase = taken_in(CASES, interleaved([life]))[life.issue_id]
    return found


def marks(life: Case) -> list[Mark]:
    return folded(life).made


def counted(life: Case) -> Counts:
    """Of each officer, what was counted how often; what was taken back is gone."""
    sums: Counter[tuple[str, str]] = Counter()
    for it in marks(life):
        sums[it.officer or "", it.what.value] += it.count
    return {key: count for key, count in sums.items() if count}


def due(life: Case) -> datetime:
    deadline = life.issue.deadline
    assert deadline is not None
    return deadline.due_at


def begun(life: Case) -> datetime:
    """When the running clock began."""
    deadline = life.issue.deadline
    assert deadline is not None
    return deadline.started_at


def of(officer: str, **counts: int) -> Counts:
    return {(officer, what): count for what, count in counts.items()}


# -- handled, answered, rated ---------------------------------------------------------------------------------------


@pytest.mark.proves("D8")
def test_given_a_case_fixed_and_answered_in_time_then_its_holder_has_it_to_their_credit() -> None:
    assert counted(case("feedback")) == of("handler", handled=1, answered=1, on_time=1, in_time=2)
    assert {it.unit for it in marks(case("feedback"))} == {"station:QS"}
    assert {it.reference for it in marks(case("feedback"))} == {case("feedback").issue.number}


def test_given_a_case_that_only_waits_then_nothing_is_counted() -> None:
    assert not marks(case("logged"))


@pytest.mark.parametrize("state", ["withdrawn", "merged", "split"])
def test_given_a_case_that_nobody_had_to_finish_then_it_is_no_merit(state: str) -> None:
    assert not marks(case(state))


@pytest.mark.proves("D8")
@pytest.mark.parametrize("rating", list(Rating))
def test_given_a_rating_then_it_is_put_to_whoever_had_the_case_when_it_was_answered(rating: Rating) -> None:
    life = case("feedback").do(c.RateAnswer, rating=rating)
    assert counted(life)["handler", rating.value] == 1


@pytest.mark.proves("LL11")
def test_given_a_rating_then_it_shows_whether_whoever_is_judged_by_it_wrote_it_down() -> None:
    own, by_household = (case("feedback").do(c.RateAnswer, by=person) for person in ("handler", "household"))
    assert counted(own)["handler", "by_own_hand"] == 1
    assert ("handler", "by_own_hand") not in counted(by_household)
    assert counted(by_household)["handler", "satisfied"] == 1


def test_given_silence_then_it_counts_as_such_and_as_no_rating() -> None:
    found = counted(case("closed_silently"))
    assert found["handler", "silent"] == 1
    assert not {what for _, what in found} & {it.value for it in Rating}


def test_given_a_dissatisfied_household_then_the_second_answer_counts_for_its_own_holder() -> None:
    again = case("dissatisfied").do(c.AcceptIssue).do(c.ResolveIssue).do(c.GiveReply)
    found = counted(again.do(c.RateAnswer, rating=Rating.MOSTLY))
    assert (found["handler", "dissatisfied"], found["handler", "reopened"]) == (1, 1)
    second = again.issue.responsible.person
    assert second != "handler"
    assert (found[second, "answered"], found[second, "mostly_satisfied"]) == (1, 1)
    assert (second, "reopened") not in found


def test_given_a_look_back_that_failed_then_the_one_who_answered_is_named_with_the_reason() -> None:
    (mark,) = (it for it in marks(case("fallen_back")) if it.what == "reopened")
    assert (mark.officer, mark.rule) == ("handler", "look_back_failed")


# -- clocks ---------------------------------------------------------------------------------------------------------


@pytest.mark.proves("D8")
def test_given_a_missed_clock_then_it_is_late_once_for_its_holder_and_so_is_the_answer() -> None:
    late = case("missed").do(c.FixOnSite).do(c.GiveReply)
    assert counted(late) == of("handler", handled=1, answered=1, behind=1, late=1, in_time=1)
    (mark,) = (it for it in marks(late) if it.what == "late")
    assert (mark.at, mark.rule, mark.part) == (due(case("logged")), "on_site", 0)


def test_given_a_step_done_late_before_the_miss_was_written_down_then_it_is_late_all_the_same() -> None:
    life = case("logged").do(c.FixOnSite, at=due(case("logged")) + HOUR)
    assert counted(life)["handler", "late"] == 1
    assert ("handler", "in_time") not in counted(life)


def test_given_an_extension_asked_for_in_time_and_granted_late_then_the_miss_is_taken_back() -> None:
    asked = case("extension_asked")
    granted = asked.do(c.GrantExtension, by="lead", at=due(asked) + HOUR)
    assert [it.count for it in marks(granted) if it.what == "late"] == [1, -1]
    assert counted(granted.do(c.FixOnSite).do(c.GiveReply))["handler", "on_time"] == 1
    refused = asked.do(c.RefuseExtension, by="lead").do(c.FixOnSite, at=due(asked) + HOUR)
    assert counted(refused)["handler", "late"] == 1


def test_given_a_case_that_waits_for_a_second_person_then_its_holder_is_not_called_late() -> None:
    waiting = case("submission")
    late = waiting.do(c.SignSubmission, by="lead", at=due(waiting) + HOUR)
    found = counted(late)
    assert found[waiting.issue.responsible.person, "waited"] == 1
    assert not {what for _, what in found} & {"late"}


def test_given_a_clock_taken_over_then_its_end_is_put_to_the_one_who_has_it_with_the_share_of_others() -> None:
    first = case("handling")
    began = begun(first)
    half = began + (due(first) - began) / 2
    moved = first.do(c.AssignIssue, at=half)
    second = moved.issue.responsible.person
    assert second != first.issue.responsible.person
    late = moved.do(c.ResolveIssue, at=due(first) + HOUR)
    assert counted(late)[second, "late"] == counted(late)[second, "taken_over"] == 1
    (mark,) = (it for it in marks(late) if it.what == "late")
    assert mark.part is not None
    assert mark.whole is not None
    assert mark.part == mark.whole // 2
    in_time = moved.do(c.ResolveIssue, at=due(first) - HOUR)
    assert counted(in_time)[second, "in_time"] == 1


def test_given_the_households_date_missed_then_it_is_put_to_whoever_gave_it_away_too_late() -> None:
    life = case("handed_over")
    promise, giver = life.issue.promise, life.issue.promise_holder
    assert promise is not None
    assert giver is not None
    late = life.do(c.RecordMissedPromise, at=promise.due_at)
    assert counted(late)[giver.person, "promise"] == 1
    assert (life.issue.responsible.person, "late") not in counted(late)


def test_given_a_case_escalated_because_nobody_acted_then_only_the_idle_one_is_late() -> None:
    life = example(c.EscalateOverdue).case.after(example(c.EscalateOverdue).asked)
    taken = life.do(c.AcceptIssue).do(c.ResolveIssue).do(c.GiveReply)
    found = counted(taken)
    second = taken.issue.responsible.person
    assert found["handler", "late"] == 1
    assert (found[second, "behind"], found[second, "behind_by_others"]) == (1, 1)
    assert (second, "late") not in found


# -- records of an earlier system -----------------------------------------------------------------------------------


def imported(*, resolved_after: timedelta) -> Case:
    """A closed record of an earlier system; it had no due date, so that our own clock was counted for it."""
    life = case("logged", key="imported", source="letters:7", household=None)
    at = due(life) + resolved_after
    closed = life.do(c.ResolveIssue, at=at).do(c.GiveReply, at=at)
    return closed.do(c.CloseIssue, at=at, waive_look_back=True)


@pytest.mark.parametrize("after", [-HOUR, timedelta(days=300)])
def test_given_an_imported_closed_record_then_it_is_handled_and_answered_and_neither_late_nor_in_time(
    after: timedelta,
) -> None:
    life = imported(resolved_after=after)
    year_later = START + timedelta(days=900)
    rows = CASES.fold([Recorded(nth, year_later, event) for nth, event in enumerate(life.events)], {})
    (row,) = rows.values()
    assert {it.what.value for it in row.made} == {"handled", "answered"}


# -- batches --------------------------------------------------------------------------------------------------------


def test_given_marks_of_one_event_then_each_has_a_number_of_its_own() -> None:
    for life in (case("missed").do(c.FixOnSite).do(c.GiveReply), case("fallen_back")):
        keys = [(it.stream_id, it.version, it.nth) for it in marks(life)]
        assert len(keys) == len(set(keys))


def test_given_a_plan_without_reopenings_then_nothing_is_reopened() -> None:
    life = case("feedback", office=office(plan=plan_with(feedback={"max_reopenings": 0})))
    rated = life.do(c.RateAnswer, rating=Rating.DISSATISFIED)
    assert counted(rated)["handler", "dissatisfied"] == 1
    assert ("handler", "reopened") not in counted(rated)
