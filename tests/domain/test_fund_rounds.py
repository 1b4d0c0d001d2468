"""Rounds: the ranking is proposed, confirmed by the committee at one stroke, or item by item with reasons (L9)."""

from datetime import timedelta

import pytest

from domain.errors import AmountNeeded, NotDueYet, OfficialConcerned, OverBudget, RoleNotAllowed, SamePerson
from domain.fund.commands import (
    AdjustBudget,
    ConfirmAdjustment,
    ConfirmRound,
    ProposeRound,
    RecordRoundOverdue,
    Share,
    WithdrawRound,
)
from domain.fund.errors import NoSuchRound, NothingInPool, RankedAhead, RoundOutdated, RoundWaits
from domain.fund.events import FundingAllocated, RoundConfirmed, RoundOverdue, RoundProposed, RoundWithdrawn
from domain.fund.words import Direction, Standing
from domain.issue.commands import AllocateFunding, WithdrawIssue
from domain.issue.events import FundingGranted
from domain.issue.words import Urgency
from tests.support.casework import COMMITTEE, Case, given
from tests.support.pool import fund_of, issue_of, of, pool, project

pytestmark = pytest.mark.proves("L9", "CX7")
FIRST = project("first", urgency=Urgency.URGENT, days=3)
SECOND = project("second")
THIRD = project("third", days=1, approved=10_000)
ALL = (FIRST, SECOND, THIRD)


def proposed(budget: int = 200_000) -> Case:
    """A round that waits for the committee."""
    return pool(*ALL, budget=budget).do(ProposeRound)


def test_given_a_pool_when_a_round_is_proposed_then_it_holds_the_ranking_its_reasons_and_a_date() -> None:
    then = given(pool(*ALL, budget=35_000)).when(ProposeRound).then(RoundProposed)
    event = then.event(RoundProposed)
    assert [(line.issue_id, line.amount, line.standing) for line in event.lines] == [
        (FIRST.issue_id, 20_000, Standing.IN_FULL),
        (SECOND.issue_id, 15_000, Standing.IN_PART),
        (THIRD.issue_id, 0, Standing.BEHIND_ANOTHER),
    ]
    assert (event.round, event.left, event.plan, event.basis) == (1, 35_000, "cx@1", "CX7")
    assert event.confirm_by == event.occurred_at + timedelta(days=15)
    assert event.told is not None
    assert set(event.told) == set(COMMITTEE)
    given(then.case).when(ProposeRound).refused(RoundWaits)


def test_given_a_project_that_was_withdrawn_or_funded_when_proposed_then_it_is_not_in_the_ranking() -> None:
    life = of(of(pool(*ALL), FIRST).do(AllocateFunding), SECOND).do(WithdrawIssue)
    event = given(life).when(ProposeRound).then(RoundProposed).event(RoundProposed)
    assert [line.issue_id for line in event.lines] == [THIRD.issue_id]


def test_given_no_money_or_nobody_waiting_when_proposed_then_there_is_nothing_to_confirm() -> None:
    given(pool(*ALL, budget=9_999)).when(ProposeRound).refused(NothingInPool)
    given(of(pool(FIRST), FIRST).do(WithdrawIssue)).when(ProposeRound).refused(NothingInPool)


def test_given_a_round_when_confirmed_then_every_project_has_its_grant_at_one_stroke() -> None:
    grants = (FundingGranted, FundingAllocated)
    then = given(proposed(40_000)).when(ConfirmRound).then(RoundConfirmed, *grants, *grants)
    assert [issue_of(then.case, it).granted for it in ALL] == [20_000, 20_000, 0]
    fund = fund_of(then.case)
    assert (fund.left, list(fund.pool), fund.proposed) == (0, [THIRD.issue_id], None)
    given(then.case).when(ConfirmRound).refused(NoSuchRound)


def test_given_shares_that_differ_from_the_ranking_when_confirmed_then_they_need_reasons() -> None:
    only_third = (Share(issue_id=THIRD.issue_id, amount="5000"),)
    given(proposed()).when(ConfirmRound, shares=only_third).refused(RankedAhead)
    when = given(proposed()).when(ConfirmRound, shares=only_third, reasons="另两项缓办。")
    then = when.then(RoundConfirmed, FundingGranted, FundingAllocated)
    assert then.event(RoundConfirmed).reasons == "另两项缓办。"
    assert [issue_of(then.case, it).granted for it in ALL] == [0, 0, 5_000]
    assert set(fund_of(then.case).pool) == {FIRST.issue_id, SECOND.issue_id}


def test_given_shares_just_as_proposed_when_confirmed_then_they_need_no_reasons() -> None:
    shares = tuple(Share(issue_id=it.issue_id, amount=it.approved) for it in reversed(ALL))
    then = (
        given(proposed())
        .when(ConfirmRound, shares=shares)
        .then(RoundConfirmed, *(FundingGranted, FundingAllocated) * 3)
    )
    assert [it.issue_id for it in then.event(RoundConfirmed).granted] == [it.issue_id for it in ALL]


@pytest.mark.parametrize(
    ("amount", "refusal"), [("20000.01", AmountNeeded), ("0", AmountNeeded)], ids=["more than approved", "nothing"]
)
def test_given_a_share_that_does_not_fit_when_confirmed_then_nothing_of_the_round_is_granted(
    amount: str, refusal: type[AmountNeeded]
) -> None:
    shares = (Share(issue_id=FIRST.issue_id, amount="1"), Share(issue_id=SECOND.issue_id, amount=amount))
    given(proposed()).when(ConfirmRound, shares=shares, reasons="调整。").refused(refusal)


def test_given_a_stranger_or_one_twice_when_confirmed_then_it_is_refused() -> None:
    stranger = (Share(issue_id=project("nobody").issue_id, amount="1"),)
    twice = (Share(issue_id=FIRST.issue_id, amount="1"),) * 2
    for shares in (stranger, twice):
        given(proposed()).when(ConfirmRound, shares=shares, reasons="调整。").refused(RoundOutdated)


def test_given_a_project_gone_meanwhile_when_confirmed_then_all_is_refused_and_the_others_alone_are_not() -> None:
    gone = of(proposed(), SECOND).do(WithdrawIssue)
    given(gone).when(ConfirmRound).refused(RoundOutdated)
    others = tuple(Share(issue_id=it.issue_id, amount=it.approved) for it in (FIRST, THIRD))
    when = given(gone).when(ConfirmRound, shares=others, reasons="一项已撤回。")
    when.then(RoundConfirmed, *(FundingGranted, FundingAllocated) * 2)


def test_given_a_budget_cut_meanwhile_when_confirmed_then_it_is_over_budget() -> None:
    cut = {"direction": Direction.DOWN, "amount": 160_000}
    life = proposed().do(AdjustBudget, **cut).do(ConfirmAdjustment)
    given(life).when(ConfirmRound).refused(OverBudget)


def test_given_a_committee_member_who_proposed_it_when_they_confirm_then_somebody_else_has_to() -> None:
    by_hand = pool(*ALL).do(ProposeRound, by="member2")
    given(by_hand).when(ConfirmRound, by="member2").refused(SamePerson)
    given(by_hand).when(ConfirmRound, by="member3").then(RoundConfirmed, *(FundingGranted, FundingAllocated) * 3)
    given(by_hand).when(ConfirmRound, by="finance").refused(RoleNotAllowed)


def test_given_a_complaint_about_the_member_in_the_round_when_they_confirm_then_it_is_refused() -> None:
    complaint = project("complaint", concerns="member4")
    life = pool(FIRST, complaint).do(ProposeRound)
    given(life).when(ConfirmRound, by="member4").refused(OfficialConcerned)


def test_given_a_round_when_withdrawn_then_another_can_be_proposed() -> None:
    then = given(proposed()).when(WithdrawRound).then(RoundWithdrawn)
    given(then.case).when(ConfirmRound).refused(NoSuchRound)
    assert given(then.case).when(ProposeRound).then(RoundProposed).event(RoundProposed).round == 2


def test_given_the_committee_lets_the_day_pass_then_it_shows_once() -> None:
    life = proposed()
    day = life.now + timedelta(days=15)
    given(life).when(RecordRoundOverdue, at=day - timedelta(minutes=10)).refused(NotDueYet)
    then = given(life).when(RecordRoundOverdue, at=day).then(RoundOverdue)
    given(then.case).when(RecordRoundOverdue).refused(NoSuchRound)
    given(then.case).when(ConfirmRound).then(RoundConfirmed, *(FundingGranted, FundingAllocated) * 3)
