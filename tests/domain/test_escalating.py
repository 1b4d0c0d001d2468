"""Escalated by somebody, to the township or a department, and by itself when nobody acted (L4, L5)."""

from datetime import timedelta

import pytest

from domain.errors import AlreadyAtTop, NoDeadline, NotDueYet, UnknownDepartment, WrongStage
from domain.issue.commands import AcceptIssue, EscalateIssue, EscalateOverdue
from domain.issue.events import IssueEscalated
from domain.issue.words import Stage, Tier
from domain.values import Responsible
from tests.support.casework import case, given, local


@pytest.mark.proves("L5")
def test_given_a_village_issue_when_escalated_then_the_township_answers_for_it() -> None:
    then = given("logged").when(EscalateIssue).then(IssueEscalated)
    assert (then.issue.stage, then.issue.tier) == (Stage.ESCALATED, Tier.TOWNSHIP)
    assert then.issue.responsible == Responsible(unit="township", person="township-head")
    assert not then.event(IssueEscalated).overdue
    assert then.event(IssueEscalated).deadline.rule == "acceptance"


@pytest.mark.proves("L5")
def test_given_a_village_issue_when_referred_then_the_department_answers_for_it() -> None:
    then = given("logged").when(EscalateIssue, department="construction").then(IssueEscalated)
    assert then.issue.department == "construction"
    assert then.issue.responsible == Responsible(unit="department:construction", person="department")


def test_given_a_department_without_a_head_when_referred_then_the_villages_lead_answers_for_it() -> None:
    then = given("logged").when(EscalateIssue, department="culture").then(IssueEscalated)
    assert then.issue.responsible == Responsible(unit="department:culture", person="lead")


def test_given_a_department_at_work_when_referred_sideways_then_another_department_has_it() -> None:
    at_work = case("at_department").do(AcceptIssue, by="department", person="department")
    then = given(at_work).when(EscalateIssue, by="department", department="environment").then(IssueEscalated)
    assert (then.issue.department, then.issue.tier) == ("environment", Tier.TOWNSHIP)


def test_given_an_unknown_department_when_referred_then_it_is_refused() -> None:
    given("logged").when(EscalateIssue, department="astrology").refused(UnknownDepartment)


@pytest.mark.proves("L5")
def test_given_the_township_at_work_when_escalated_then_only_the_committee_could() -> None:
    given("handling").when(EscalateIssue).refused(AlreadyAtTop)


def test_given_a_department_at_work_when_referred_to_itself_then_it_is_refused() -> None:
    at_work = case("at_department").do(AcceptIssue, by="department", person="department")
    given(at_work).when(EscalateIssue, by="department", department="construction").refused(AlreadyAtTop)


# -- escalation by itself (L4) -----------------------------------------------------------------------------------


@pytest.mark.proves("L4")
def test_given_nobody_acted_when_the_time_is_over_then_the_township_takes_it() -> None:
    then = given("missed").when(EscalateOverdue, at=local(9)).then(IssueEscalated)
    assert then.event(IssueEscalated).overdue
    assert then.issue.responsible.unit == "township"


def test_given_a_department_that_did_not_accept_when_the_time_is_over_then_the_township_takes_it_back() -> None:
    life = case("at_department")
    assert life.issue.deadline is not None
    then = given(life).when(EscalateOverdue, at=life.issue.deadline.escalate_at).then(IssueEscalated)
    assert (then.issue.department, then.issue.responsible.unit) == (None, "township")


def test_given_a_second_left_when_escalated_by_itself_then_it_is_not_due() -> None:
    given("missed").when(EscalateOverdue, at=local(9) - timedelta(seconds=1)).refused(NotDueYet)


def test_given_another_clock_when_escalated_by_itself_then_it_is_refused() -> None:
    given("missed").when(EscalateOverdue, at=local(9), due_at=local(6)).refused(NoDeadline)


def test_given_the_township_has_it_already_when_escalated_by_itself_then_it_is_refused() -> None:
    given("escalated").when(EscalateOverdue, at=local(31)).refused(AlreadyAtTop)


def test_given_a_clock_without_automatic_escalation_when_escalated_by_itself_then_it_is_refused() -> None:
    given("handling").when(EscalateOverdue, at=local(31)).refused(WrongStage)
