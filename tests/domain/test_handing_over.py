"""The next holder gets a clock of their own; the household's date stays beside it; each miss names whose it was."""

from datetime import datetime, timedelta

import pytest

from domain import errors
from domain.deadlines import Deadline
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue.words import Stage
from domain.plan import load_plan
from domain.values import LOCAL_ZONE
from tests.support.casework import Case, a_new_case, case, given, office

pytestmark = pytest.mark.proves("L3", "L4")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL_ZONE)


def clock_of(life: Case) -> Deadline:
    assert life.issue.deadline is not None
    return life.issue.deadline


HANDLING = case("handling")  # the lead's, until Monday 23 March
DUE = clock_of(HANDLING).due_at


def handed_over() -> Case:
    return HANDLING.do(c.AssignIssue, at=at("2026-03-23T15:00"), person="handler2")


def test_given_enough_time_left_then_the_next_holder_works_under_the_same_clock() -> None:
    then = given(HANDLING).when(c.AssignIssue, at=at("2026-03-09T09:00")).then(e.IssueAssigned)
    assert then.event(e.IssueAssigned).deadline is None
    assert (clock_of(then.case), then.issue.promise) == (clock_of(HANDLING), None)


def test_given_too_little_left_then_the_next_holder_gets_the_plans_least_and_the_households_date_stays() -> None:
    life = handed_over()
    assert clock_of(life).due_at == at("2026-03-25T23:59:59")
    assert clock_of(life).basis == "L3"
    assert life.issue.promise == clock_of(HANDLING)


def test_given_both_clocks_run_out_then_each_miss_names_whose_it_was() -> None:
    first = given(handed_over()).when(c.RecordMissedPromise, at=DUE).then(e.PromiseMissed)
    assert first.event(e.PromiseMissed).holder.person == "lead"  # who let it run
    given(first.case).when(c.RecordMissedPromise, at=DUE).refused(errors.AlreadySaid)
    own = clock_of(first.case).due_at
    second = given(first.case).when(c.RecordMissedDeadline, at=own).then(e.DeadlineMissed, e.SupervisionNoticeSent)
    assert second.event(e.DeadlineMissed).holder.person == "handler2"


def test_given_the_next_holder_is_in_time_but_the_household_waited_too_long_then_only_that_is_told() -> None:
    then = given(handed_over()).when(c.ResolveIssue, at=DUE + timedelta(hours=1)).then(e.PromiseMissed, e.IssueResolved)
    assert then.event(e.PromiseMissed).holder.person == "lead"
    assert then.issue.promise is None


def test_given_a_late_act_after_both_then_both_are_told_in_order() -> None:
    late = clock_of(handed_over()).due_at + timedelta(days=1)
    then = given(handed_over()).when(c.ResolveIssue, at=late).then(e.PromiseMissed, e.DeadlineMissed, e.IssueResolved)
    assert then.event(e.DeadlineMissed).holder.person == "handler2"


def test_given_everything_in_time_then_nothing_is_missed_and_the_promise_ends_with_its_stage() -> None:
    then = given(handed_over()).when(c.ResolveIssue, at=DUE).then(e.IssueResolved)
    assert then.issue.promise is None
    given(then.case).when(c.RecordMissedPromise, at=DUE, due_at=DUE).refused(errors.NoDeadline)


def test_given_the_promises_time_then_not_before() -> None:
    given(handed_over()).when(c.RecordMissedPromise, at=DUE - timedelta(seconds=1)).refused(errors.NotDueYet)


def test_given_a_passed_limit_when_handed_over_then_the_miss_stays_with_the_former_holder() -> None:
    then = given(HANDLING).when(c.AssignIssue, at=DUE + timedelta(hours=9)).then(e.DeadlineMissed, e.IssueAssigned)
    assert then.event(e.DeadlineMissed).holder.person == "lead"
    assert then.issue.promise_missed
    given(then.case).when(c.RecordMissedPromise, at=DUE).refused(errors.AlreadySaid)


def test_given_handed_over_twice_then_the_first_date_stays_the_households() -> None:
    again = handed_over().do(c.AssignIssue, at=at("2026-03-25T16:00"), person="lead2")
    assert clock_of(again).due_at == at("2026-03-27T23:59:59")
    assert again.issue.promise == clock_of(HANDLING)


def test_given_an_extension_then_it_moves_the_households_date_too_and_survives_the_hand_over() -> None:
    asked = HANDLING.do(c.RequestExtension, days=5, at=at("2026-03-20T09:00"))
    life = asked.do(c.AssignIssue, at=at("2026-03-23T15:00")).do(c.GrantExtension, at=at("2026-03-23T16:00"))
    assert life.issue.promise is not None
    assert life.issue.promise.due_at == at("2026-03-30T23:59:59")
    assert life.issue.extensions == 1
    given(life).when(c.RequestExtension, at=at("2026-03-23T17:00")).refused(errors.ExtensionsExhausted)


def test_given_a_date_promised_to_the_household_then_it_outlives_every_hand_over_until_it_is_done() -> None:
    promised = at("2026-03-12T17:00")
    life = a_new_case(promised_by=promised).do(c.EscalateIssue).do(c.AcceptIssue)
    assert life.issue.promise is not None
    assert life.issue.promise.due_at == promised
    missed = given(life).when(c.RecordMissedPromise, at=promised).then(e.PromiseMissed)
    assert missed.event(e.PromiseMissed).holder.person == "lead"  # who has it when it passes
    done = life.do(c.ResolveIssue, at=promised)
    assert (done.issue.stage, done.issue.promise) == (Stage.REPLY, None)
    given(life).when(c.ResolveIssue, at=promised + timedelta(hours=1)).then(e.PromiseMissed, e.IssueResolved)


def test_given_a_plan_that_asks_for_no_least_then_the_clock_runs_on() -> None:
    plan = load_plan("cx").model_copy(update={"holder": None})
    life = case("handling", office=office(plan=plan)).do(c.AssignIssue, at=DUE - timedelta(hours=1))
    assert life.issue.promise is None


@pytest.mark.proves("XF1")
def test_given_the_statutory_profile_then_only_the_head_approves_more_time() -> None:
    asked = case("handling", office=office(plan=load_plan("xf"))).do(c.RequestExtension, days=30)
    given(asked).when(c.GrantExtension, by="lead2").refused(errors.RoleNotAllowed)
    granted = given(asked).when(c.GrantExtension, by="committee").then(e.ExtensionGranted)
    assert granted.event(e.ExtensionGranted).deadline.amount == 90
    given("handling").when(c.RequestExtension, days=31).refused(errors.ExtensionsExhausted)
