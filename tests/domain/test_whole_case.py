"""Withdrawn, merged, split, linked, led, corrected (L13)."""

from uuid import UUID

import pytest
from pydantic import ValidationError

from domain.errors import (
    AlreadySaid,
    CannotMerge,
    NothingToCorrect,
    OthersWait,
    UnknownCategory,
    WrongStage,
)
from domain.fund.errors import MoneyPaid
from domain.fund.events import GrantReleased
from domain.fund.state import fold as fold_fund
from domain.issue.commands import (
    AssignLeader,
    CorrectEntry,
    FixOnSite,
    GiveReply,
    LinkCommonCause,
    LogIssue,
    MergeIssue,
    Part,
    SplitIssue,
    WithdrawIssue,
)
from domain.issue.events import (
    CommonCauseLinked,
    EntryCorrected,
    IssueAbsorbed,
    IssueLogged,
    IssueMerged,
    IssueSplit,
    IssueWithdrawn,
    LeaderAssigned,
    ReplyGiven,
)
from domain.issue.evolve import fold
from domain.issue.words import EntryField, Stage
from tests.support.casework import FUND_ID, Case, case, command, given


def beside(life: Case, **log_fields: object) -> tuple[Case, UUID]:
    """The case with another issue logged beside it, and that one's id."""
    other = command(LogIssue, at=life.now, **{"household": "QS-030", "key": "beside", **log_fields})
    return life.after(other), other.issue_id


# -- withdrawn ---------------------------------------------------------------------------------------------------


@pytest.mark.proves("L13")
@pytest.mark.parametrize("state", ["logged", "handling", "tabled", "funding", "resolved"])
def test_given_no_money_bound_when_withdrawn_then_nothing_more_is_owed(state: str) -> None:
    then = given(state).when(WithdrawIssue, by="household").then(IssueWithdrawn)
    assert (then.issue.stage, then.issue.is_final, then.issue.deadline) == (Stage.WITHDRAWN, True, None)


@pytest.mark.parametrize("state", ["awaiting_committee", "unfunded_works"])
def test_given_something_was_due_when_withdrawn_then_it_is_no_more(state: str) -> None:
    withdrawn = case(state).do(WithdrawIssue).issue
    assert (withdrawn.table_at, withdrawn.progress_due_at) == (None, None)


@pytest.mark.parametrize("state", ["feedback", "closed", "withdrawn"])
def test_given_an_answer_when_withdrawn_then_it_is_refused(state: str) -> None:
    given(state).when(WithdrawIssue).refused(WrongStage)


@pytest.mark.parametrize("state", ["works", "reply"])
def test_given_money_paid_when_withdrawn_then_it_is_refused(state: str) -> None:
    given(state).when(WithdrawIssue).refused(MoneyPaid)


def test_given_money_granted_and_not_paid_when_withdrawn_then_it_is_free_again() -> None:
    then = given("granted").when(WithdrawIssue).then(IssueWithdrawn, GrantReleased)
    fund = fold_fund(then.case.streams[FUND_ID])
    assert fund is not None
    assert (fund.allocated, fund.left) == (0, fund.budget)


def test_given_others_were_merged_into_it_when_withdrawn_then_they_still_wait() -> None:
    given("absorbing").when(WithdrawIssue).refused(OthersWait)


# -- merged ------------------------------------------------------------------------------------------------------


@pytest.mark.proves("L13")
def test_given_a_duplicate_when_merged_then_both_histories_say_so() -> None:
    life, target = beside(case("logged"))
    then = given(life).when(MergeIssue, into=target).then(IssueMerged, IssueAbsorbed)
    assert (then.issue.stage, then.issue.is_open) == (Stage.MERGED, False)
    absorbing = fold(then.case.streams[target])
    assert absorbing is not None
    assert (absorbing.stage, absorbing.absorbed) == (Stage.LOGGED, (life.issue_id,))


def test_given_a_merged_issue_when_merged_again_then_it_is_refused() -> None:
    life, target = beside(case("merged"))
    given(life).when(MergeIssue, into=target).refused(WrongStage)


def test_given_itself_when_merged_then_it_is_refused() -> None:
    life = case("logged")
    given(life).when(MergeIssue, into=life.issue_id).refused(CannotMerge)


def test_given_no_such_issue_when_merged_then_it_is_refused() -> None:
    given("logged").when(MergeIssue, into=UUID(int=7)).refused(CannotMerge)


def test_given_another_village_when_merged_then_it_is_refused() -> None:
    life, target = beside(case("logged"), village="LX")
    given(life).when(MergeIssue, into=target).refused(CannotMerge)


def test_given_an_ended_issue_when_merged_into_it_then_it_is_refused() -> None:
    life, target = beside(case("logged"))
    ended = life.after(command(WithdrawIssue, target, at=life.now))
    given(ended).when(MergeIssue, into=target).refused(CannotMerge)


def test_given_others_were_merged_into_it_when_merged_then_they_still_wait() -> None:
    life, target = beside(case("absorbing"))
    given(life).when(MergeIssue, into=target).refused(OthersWait)


# -- split -------------------------------------------------------------------------------------------------------


@pytest.mark.proves("L13")
def test_given_two_matters_when_split_then_each_is_an_issue_with_owner_date_and_the_same_household() -> None:
    then = given("logged").when(SplitIssue).then(IssueSplit, IssueLogged, IssueLogged)
    parent = case("logged").issue
    split, *children = then.events
    assert isinstance(split, IssueSplit)
    assert then.issue.stage is Stage.SPLIT
    assert split.into == tuple(child.originator_id for child in children)
    assert len(set(split.into)) == 2
    for child, category in zip(children, ("construction", "environment"), strict=True):
        issue = fold([child])
        assert issue is not None
        assert (issue.stage, issue.category, issue.household) == (Stage.LOGGED, category, parent.household)
        assert (issue.receipt_hash, issue.responsible) == (parent.receipt_hash, parent.responsible)
        assert issue.deadline is not None


def test_given_the_same_command_when_split_then_the_parts_have_the_same_ids() -> None:
    asked = case("logged").command(SplitIssue)
    assert case("logged").decide(asked) == case("logged").decide(asked)


def test_given_a_split_issue_when_split_again_then_it_is_refused() -> None:
    given("split").when(SplitIssue).refused(WrongStage)


def test_given_an_unknown_category_when_split_then_nothing_is_split() -> None:
    parts = (Part(category="construction", description="灯"), Part(category="gossip", description="闲话"))
    given("logged").when(SplitIssue, parts=parts).refused(UnknownCategory)


def test_given_others_were_merged_into_it_when_split_then_they_still_wait() -> None:
    given("absorbing").when(SplitIssue).refused(OthersWait)


@pytest.mark.parametrize("count", [1, 11])
def test_given_one_part_or_eleven_when_split_then_it_is_no_command(count: int) -> None:
    with pytest.raises(ValidationError, match="parts"):
        case("logged").command(SplitIssue, parts=(Part(category="other", description="x"),) * count)


# -- linked and led ----------------------------------------------------------------------------------------------


@pytest.mark.proves("L13")
def test_given_a_shared_cause_when_linked_then_it_is_kept_once() -> None:
    then = given("works").when(LinkCommonCause).then(CommonCauseLinked)
    assert then.issue.cause == "old-lamp-posts"
    given(then.case).when(LinkCommonCause).refused(AlreadySaid)
    given(then.case).when(LinkCommonCause, cause="burnt-cables").then(CommonCauseLinked)


@pytest.mark.proves("L13")
def test_given_a_hard_case_when_a_leader_is_assigned_then_it_is_kept_once() -> None:
    then = given("handling").when(AssignLeader).then(LeaderAssigned)
    assert then.issue.leader == "committee"
    given(then.case).when(AssignLeader).refused(AlreadySaid)


@pytest.mark.parametrize("kind", [LinkCommonCause, AssignLeader])
def test_given_a_closed_issue_when_linked_or_led_then_it_is_refused(kind: type[AssignLeader]) -> None:
    given("closed").when(kind).refused(WrongStage)


# -- corrected ---------------------------------------------------------------------------------------------------


@pytest.mark.proves("L13")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        (EntryField.TITLE, "村口三盏路灯不亮"),
        (EntryField.DESCRIPTION, "实为四盏。"),
        (EntryField.CATEGORY, "public_safety"),
        (EntryField.PLACE, "村口东侧"),
        (EntryField.HOUSEHOLD, "QS-013"),
        (EntryField.HOUSEHOLD, None),
        (EntryField.TITLE, None),
    ],
)
def test_given_a_wrong_entry_when_corrected_then_a_further_event_says_so(field: EntryField, value: str | None) -> None:
    then = given("logged").when(CorrectEntry, field=field, value=value).then(EntryCorrected)
    assert (then.event(EntryCorrected).field, then.event(EntryCorrected).value) == (field, value)
    if field in (EntryField.CATEGORY, EntryField.PLACE, EntryField.HOUSEHOLD):
        assert getattr(then.issue, field) == value
    assert then.case.events[0] == case("logged").events[0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (EntryField.CATEGORY, "construction"),
        (EntryField.HOUSEHOLD, "QS-012"),
        (EntryField.PLACE, None),
        (EntryField.CATEGORY, None),
        (EntryField.DESCRIPTION, None),
    ],
)
def test_given_nothing_new_or_nothing_at_all_when_corrected_then_it_is_refused(
    field: EntryField, value: str | None
) -> None:
    given("logged").when(CorrectEntry, field=field, value=value).refused(NothingToCorrect)


def test_given_the_same_correction_when_made_again_then_it_is_refused() -> None:
    given(case("logged").do(CorrectEntry)).when(CorrectEntry).refused(NothingToCorrect)


def test_given_an_unknown_category_when_corrected_then_it_is_refused() -> None:
    given("logged").when(CorrectEntry, field=EntryField.CATEGORY, value="gossip").refused(UnknownCategory)


def test_given_an_ended_issue_when_corrected_then_it_is_refused() -> None:
    given("settled").when(CorrectEntry).refused(WrongStage)
    given("closed").when(CorrectEntry).then(EntryCorrected)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (EntryField.HOUSEHOLD, "王大爷家"),
        (EntryField.PLACE, "两\n行"),
        (EntryField.TITLE, "长" * 201),
        (EntryField.CATEGORY, "No Key"),
    ],
)
def test_given_what_could_not_be_logged_when_corrected_then_it_is_no_command(field: EntryField, value: str) -> None:
    with pytest.raises(ValidationError) as refused:
        case("logged").command(CorrectEntry, field=field, value=value)
    (fault,) = refused.value.errors(include_input=False)
    assert fault["ctx"]["error"].code == "correction-unfit"
    assert value not in str(fault)


def test_given_a_household_corrected_away_when_replied_then_nobody_is_asked() -> None:
    life = case("logged").do(CorrectEntry, field=EntryField.HOUSEHOLD, value=None).do(FixOnSite)
    assert not given(life).when(GiveReply).then(ReplyGiven).event(ReplyGiven).asks_household
