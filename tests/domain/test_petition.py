"""What the petition regulations add to an issue's life (XF1): told in time, objected to in time, settled for good."""

from datetime import datetime, timedelta
from typing import Final

import pytest

from domain.deadlines import end_of_day
from domain.errors import AlreadySaid
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue.decisions.petition import (
    NobodyToTell,
    NoExtensionToTell,
    SettledByRecheck,
    UnknownEarlierIssue,
)
from domain.issue.words import NoticeAbout
from domain.plan import Plan, load_plan
from domain.values import LOCAL_ZONE, Role
from tests.support.casework import PEOPLE, Case, a_new_case, case, office
from tests.support.commands import command
from tests.support.office import START

XF: Final = load_plan("xf")
FIELDS: Final = {"household": "QS-012", "category": "construction"}
DAY: Final = timedelta(days=1)


def petition(plan: Plan = XF, **fields: object) -> Case:
    """A petition just logged under this plan, on Monday 2 March 2026."""
    return a_new_case(office=office(plan=plan), **{**FIELDS, **fields})


def told(life: Case, at: datetime, about: NoticeAbout = NoticeAbout.ACCEPTANCE) -> e.HouseholdNotified:
    *_, event = life.decide(life.command(c.NotifyHousehold, at=at, about=about))
    assert isinstance(event, e.HouseholdNotified)
    return event


@pytest.mark.proves("XF1")
def test_given_a_petition_when_the_household_is_told_then_fifteen_natural_days_count_from_its_receipt() -> None:
    due = end_of_day((START + 15 * DAY).date())
    in_time, late = told(petition(), due), told(petition(), due + timedelta(seconds=1))
    assert in_time.notice is not None
    assert (in_time.notice.due_at, in_time.notice.rule, in_time.notice.plan) == (due, "notice", "xf@1")
    assert (in_time.late, late.late) == (False, True)


@pytest.mark.proves("XF1")
def test_given_a_petition_that_was_forwarded_when_told_then_it_counts_from_when_that_office_got_it() -> None:
    forwarded = petition().do(c.NotifyHousehold).do(c.EscalateIssue, at=START + 10 * DAY)
    again = told(forwarded, START + 20 * DAY)
    assert again.notice is not None
    assert again.notice.started_at == START + 10 * DAY
    assert not again.late


def test_given_the_household_was_told_when_told_again_then_it_is_refused() -> None:
    life = petition().do(c.NotifyHousehold)
    with pytest.raises(AlreadySaid):
        told(life, life.now + DAY)


def test_given_a_public_space_when_told_then_there_is_nobody() -> None:
    with pytest.raises(NobodyToTell):
        told(petition(household=None), START + DAY)


def test_given_a_plan_that_does_not_ask_for_it_when_told_then_no_limit_is_counted() -> None:
    event = told(petition(load_plan("cx")), START + 100 * DAY)
    assert (event.notice, event.late) == (None, False)


@pytest.mark.proves("XF1")
def test_given_an_extension_when_granted_then_the_household_is_told_of_it_once_with_the_reason() -> None:
    life = petition().do(c.RequestExtension, days=30)
    with pytest.raises(NoExtensionToTell):
        told(life, life.now + DAY, NoticeAbout.EXTENSION)
    granted = life.do(c.GrantExtension, by="committee")
    assert told(granted, granted.now + DAY, NoticeAbout.EXTENSION).notice is None
    done = granted.do(c.NotifyHousehold, about=NoticeAbout.EXTENSION)
    with pytest.raises(NoExtensionToTell):
        told(done, done.now + DAY, NoticeAbout.EXTENSION)


@pytest.mark.proves("XF1")
@pytest.mark.parametrize(("moment", "late"), [("2026-03-09T23:59:59", None), ("2026-03-10T00:00:00", True)])
def test_given_the_wrong_addressee_when_returned_then_five_working_days_count_and_a_late_return_says_so(
    moment: str, late: bool | None
) -> None:
    sent = petition().do(c.EscalateIssue, at=START + timedelta(hours=1))
    at = datetime.fromisoformat(moment).replace(tzinfo=LOCAL_ZONE)
    (returned,) = sent.decide(sent.command(c.ReturnEscalation, at=at))[-1:]
    assert isinstance(returned, e.EscalationReturned)
    assert returned.objection is not None
    assert (returned.objection.rule, returned.objection.amount) == ("objection", 5)
    assert returned.objection.due_at == datetime.fromisoformat("2026-03-09T23:59:59").replace(tzinfo=LOCAL_ZONE)
    assert returned.late is late


def test_given_a_plan_without_that_clock_when_returned_then_it_is_never_late() -> None:
    sent = petition(load_plan("cx")).do(c.EscalateIssue)
    (returned,) = sent.decide(sent.command(c.ReturnEscalation, at=sent.now + 100 * DAY))[-1:]
    assert isinstance(returned, e.EscalationReturned)
    assert (returned.objection, returned.late) == (None, None)


# -- the same facts again ---------------------------------------------------------------------------------------------


def rechecked(plan: Plan = XF) -> Case:
    """A petition whose reply was upheld in review and in re-check."""
    life = petition(plan).do(c.FixOnSite).do(c.GiveReply).do(c.RequestReview).do(c.DecideReview)
    return life.do(c.RequestRecheck).do(c.DecideRecheck)


def again(life: Case, **fields: object) -> c.LogIssue:
    asked = command(c.LogIssue, at=life.now + DAY, key="again", repeats=life.issue.number, **{**FIELDS, **fields})
    assert isinstance(asked, c.LogIssue)
    return asked


@pytest.mark.proves("XF1")
def test_given_a_recheck_when_the_same_facts_are_logged_then_the_refusal_names_the_earlier_number() -> None:
    life = rechecked()
    with pytest.raises(SettledByRecheck) as refused:
        life.decide(again(life))
    assert refused.value.number == life.issue.number
    assert life.issue.number in str(refused.value)


@pytest.mark.parametrize("life", [petition(), rechecked(load_plan("cx"))], ids=["still open", "another plan"])
def test_given_no_final_recheck_when_the_same_facts_are_logged_then_the_link_is_kept(life: Case) -> None:
    (logged,) = life.decide(again(life))
    assert isinstance(logged, e.IssueLogged)
    assert logged.repeats == life.issue.number


@pytest.mark.parametrize(
    "fields",
    [
        {"village": "LX"},
        {"repeats": "QS-2026-0999"},
        {"concerns": "lead2"},
        {"actor": PEOPLE["household"]},
    ],
    ids=["another village", "no such number", "another complaint", "by a household"],
)
def test_given_what_cannot_be_linked_then_it_answers_as_if_there_were_none(fields: dict[str, object]) -> None:
    life = rechecked()
    asked = again(life).model_copy(update=fields)
    assert asked.actor.role in (Role.CASE_HANDLER, Role.HOUSEHOLD)
    with pytest.raises(UnknownEarlierIssue):
        life.decide(asked)


def test_given_nothing_is_said_to_be_repeated_then_nothing_is_guessed() -> None:
    life = rechecked()
    (logged,) = life.decide(again(life).model_copy(update={"repeats": None}))
    assert isinstance(logged, e.IssueLogged)
    assert logged.repeats is None


def test_given_the_states_of_other_plans_then_they_are_as_before() -> None:
    assert case("escalated").issue.received_at == case("escalated").events[-1].occurred_at
