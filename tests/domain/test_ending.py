"""Planned to be put right, copies before the strike-off, backlog, final filing (L12, LL5, MZ5, PC5)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.counting import end_of_day
from domain.errors import AlreadySaid, RoleNotAllowed, SamePerson, WrongStage
from domain.issue.commands import (
    CloseIssue,
    CompleteWorks,
    DeliverReply,
    FileAsFinal,
    FixOnSite,
    GiveReply,
    MarkBacklog,
    PlanRectification,
    ProposeFinalFiling,
    RecordLookBack,
    RefuseFinalFiling,
    RequestReview,
)
from domain.issue.errors import (
    CampaignNotOver,
    CopiesUndelivered,
    NotABacklogCase,
    NotFinal,
    NothingProposed,
    RectificationNeeded,
)
from domain.issue.events import (
    BacklogMarked,
    FiledAsFinal,
    FinalFilingProposed,
    FinalFilingRefused,
    IssueClosed,
    IssueFixedOnSite,
    IssueReopened,
    LookBackFailed,
    LookBackPassed,
    RectificationPlanned,
    WorksCompleted,
)
from domain.issue.policy import Campaign, Ending, FinalFiling
from domain.issue.words import Channel, CopyFor, Stage
from domain.office import Office
from domain.plan import load_plan
from domain.values import LOCAL_ZONE
from tests.support.casework import START, Case, case, given, office

PLAN = load_plan("cx")


def under(ending: Ending | None) -> Office:
    """Chixi's plan with another ending."""
    return office(plan=PLAN.model_copy(update={"ending": ending}))


# -- rectification plans (LL5) -----------------------------------------------------------------------------------


@pytest.mark.proves("LL5")
def test_given_works_found_in_an_inspection_when_completed_then_they_were_planned_before() -> None:
    found = {"channel": Channel.HAZARD_INSPECTION, "office": under(load_plan("ll").ending)}
    given(case("works", **found)).when(CompleteWorks).refused(RectificationNeeded)
    planned = given(case("works", **found)).when(PlanRectification).then(RectificationPlanned)
    event = planned.event(RectificationPlanned)
    assert (event.unit, event.person, str(event.due_on)) == ("村镇建设办", "handler2", "2026-09-30")
    given(planned.case).when(CompleteWorks).then(WorksCompleted)
    given(case("works", office=found["office"])).when(CompleteWorks).then(WorksCompleted)
    given(case("logged", **found)).when(FixOnSite).then(IssueFixedOnSite)


def test_given_an_answer_when_planned_then_it_is_too_late() -> None:
    given("answered").when(PlanRectification).refused(WrongStage)
    given("handling").when(PlanRectification, by="committee").refused(RoleNotAllowed)


# -- copies of the reply (MZ5) -----------------------------------------------------------------------------------


def delivered(life: Case, *copies: CopyFor) -> Case:
    for copy_for in copies:
        life = life.do(DeliverReply, copy_for=copy_for)
    return life


@pytest.mark.proves("MZ5", "L12")
def test_given_a_plan_that_wants_four_copies_when_closed_then_all_were_delivered() -> None:
    answered = case("answered", office=under(load_plan("mz").ending))
    given(answered).when(CloseIssue).refused(CopiesUndelivered)
    three = delivered(answered, CopyFor.HOUSEHOLD, CopyFor.VILLAGE, CopyFor.UNIT)
    given(three).when(CloseIssue).refused(CopiesUndelivered)
    given(delivered(three, CopyFor.OFFICE)).when(CloseIssue).then(IssueClosed)


@pytest.mark.proves("MZ5")
def test_given_a_problem_of_no_household_then_nobody_waits_for_its_copy() -> None:
    answered = case("fixed", household=None, office=under(load_plan("mz").ending)).do(GiveReply)
    three = delivered(answered, CopyFor.VILLAGE, CopyFor.UNIT, CopyFor.OFFICE)
    given(three).when(CloseIssue).then(IssueClosed)


# -- backlog and final filing (PC5) ------------------------------------------------------------------------------


def backlog(state: str, ending: Ending | None = load_plan("pc").ending) -> Case:
    """A backlog petition."""
    return case(state, channel=Channel.PETITION, office=under(ending)).do(MarkBacklog)


@pytest.mark.proves("PC5")
def test_given_a_petition_when_marked_then_it_is_backlog_once_and_nothing_else_can_be() -> None:
    petition = case("handling", channel=Channel.PETITION)
    then = given(petition).when(MarkBacklog).then(BacklogMarked)
    assert then.issue.backlog == "visits-2026"
    given(then.case).when(MarkBacklog).refused(AlreadySaid)
    given("handling").when(MarkBacklog).refused(NotABacklogCase)


@pytest.mark.proves("PC5", "L12", "XF1")
def test_given_a_rechecked_case_when_filed_by_another_leader_then_it_is_final_and_not_opened_again() -> None:
    proposed = given("rechecked").when(ProposeFinalFiling).then(FinalFilingProposed)
    given(proposed.case).when(ProposeFinalFiling).refused(AlreadySaid)
    filed = given(proposed.case).when(FileAsFinal).then(FiledAsFinal)
    assert (filed.issue.stage, filed.issue.deadline, filed.event(FiledAsFinal).basis) == (Stage.SETTLED, None, "XF1")
    for kind in (RequestReview, RecordLookBack, ProposeFinalFiling):
        given(filed.case).when(kind).refused(WrongStage)


@pytest.mark.proves("PC5")
def test_given_a_backlog_case_when_its_time_for_a_review_is_over_then_it_can_be_filed() -> None:
    answered = backlog("answered")
    given(answered).when(ProposeFinalFiling).refused(NotFinal)
    later = answered.now + timedelta(days=31)
    closed = answered.do(CloseIssue)
    given(closed).when(ProposeFinalFiling, at=later).then(FinalFilingProposed)
    final = given(closed.do(ProposeFinalFiling, at=later)).when(FileAsFinal).then(FiledAsFinal)
    assert final.issue.stage is Stage.SETTLED


NEVER = FinalFiling(basis="x", after_recheck=False, of_backlog=False)


@pytest.mark.parametrize("ending", [None, Ending(), Ending(final_filing=NEVER)])
def test_given_a_plan_that_has_no_such_filing_when_proposed_then_it_is_refused(ending: Ending | None) -> None:
    given(case("rechecked", office=under(ending))).when(ProposeFinalFiling).refused(NotFinal)


def test_given_who_proposed_or_handled_it_when_they_file_it_then_somebody_else_has_to() -> None:
    for by in ("lead2", "member7"):  # who decided the review and the re-check
        given("final_proposed").when(FileAsFinal, by=by).refused(SamePerson)
    given(case("rechecked").do(ProposeFinalFiling, by="lead")).when(RefuseFinalFiling, by="lead").refused(SamePerson)
    given("final_proposed").when(FileAsFinal, by="handler").refused(RoleNotAllowed)


def test_given_a_refusal_when_filed_then_nothing_waits_and_it_can_be_proposed_again() -> None:
    refused = given("final_proposed").when(RefuseFinalFiling).then(FinalFilingRefused)
    given(refused.case).when(FileAsFinal).refused(NothingProposed)
    given(refused.case).when(RefuseFinalFiling).refused(NothingProposed)
    given(refused.case).when(ProposeFinalFiling).then(FinalFilingProposed)


# -- after a campaign (PC8) --------------------------------------------------------------------------------------


def under_pc(moment: datetime) -> dict[str, Any]:
    """A case of Pingchuan's plan, whose campaign ends on 31 October."""
    return {"office": office(plan=load_plan("pc")), "at": moment, "category": "livelihood"}


def counted_from(life: Case) -> str:
    """The day from which its look-back is counted."""
    closed = life.events[-1]
    assert isinstance(closed, IssueClosed)
    assert closed.look_back is not None
    return f"{closed.look_back.started_at.astimezone(LOCAL_ZONE):%m-%d}"


@pytest.mark.proves("PC8", "L12")
@pytest.mark.parametrize("state", ["closed", "closed_silently"])
def test_given_a_case_closed_in_a_campaign_then_it_is_looked_back_on_after_its_end(state: str) -> None:
    life = case(state, **under_pc(START))
    assert counted_from(life) == "10-31"
    due = life.issue.deadline
    assert due is not None
    assert f"{due.due_at.astimezone(LOCAL_ZONE):%m-%d}" == "12-14"  # 42 days after; 12 December is a Saturday
    given(life).when(RecordLookBack).refused(CampaignNotOver)
    given(life).when(RecordLookBack, at=due.started_at + timedelta(days=1)).then(LookBackPassed)


@pytest.mark.proves("PC8")
def test_given_a_case_that_falls_back_in_the_campaign_then_it_reopens_at_once() -> None:
    life = case("closed", **under_pc(START))
    given(life).when(RecordLookBack, holds=False).then(LookBackFailed, IssueReopened)


@pytest.mark.proves("PC8", "L12")
def test_given_a_case_closed_after_the_campaign_or_under_another_plan_then_its_own_strike_off_counts() -> None:
    later = case("closed", **under_pc(datetime(2026, 11, 2, 9, tzinfo=LOCAL_ZONE)))
    assert counted_from(later) == f"{later.now.astimezone(LOCAL_ZONE):%m-%d}"
    without = case("closed")
    assert counted_from(without) == f"{without.now.astimezone(LOCAL_ZONE):%m-%d}"


def test_given_a_month_without_the_campaigns_day_then_it_ends_with_the_month() -> None:
    assert Campaign(basis="PC8", month=2, day=31).ends_at(2026) == end_of_day(date(2026, 2, 28))
