"""Of which events workflows hear, and why the others may be passed over. Pure: no server, no database."""

from collections.abc import Iterator

import pytest

from domain.events import DomainEvent, event_classes
from domain.issue import commands as c
from domain.issue.events import IssueLogged
from domain.issue.evolve import evolve
from domain.issue.state import Issue
from domain.values import Role
from projections.relay import PASSED_OVER, issues_to_tell
from tests.support.casework import PEOPLE, STATES, Case, case
from workflows.messages import situation_of

LIVES = [
    *(case(state) for state in STATES),
    case("handling").do(c.AssignIssue).do(c.RequestExtension).do(c.RefuseExtension).do(c.LinkCommonCause),
    case("handling").do(c.AssignLeader).do(c.CorrectEntry),
    case("feedback").do(c.DeliverReply),
    case("logged").do(c.NotifyHousehold),
    case("unspent").do(c.ReturnUnspent),
    case("handling").do(c.PlanRectification),
    case("logged", channel="petition").do(c.MarkBacklog),
    case("final_proposed").do(c.RefuseFinalFiling),
    case("granted").do(c.CancelGrant),
    case("absorbing").do(c.ResolveIssue).do(c.GiveReply),
]


def steps(life: Case) -> Iterator[tuple[Issue, DomainEvent, Issue]]:
    """Every event of every issue in this life, with the issue before and after it."""
    for events in life.streams.values():
        if isinstance(events[0], IssueLogged):
            issue = evolve(None, events[0])
            for event in events[1:]:
                before, issue = issue, evolve(issue, event)
                yield before, event, issue


@pytest.mark.parametrize("passed_over", sorted(PASSED_OVER, key=lambda kind: kind.TOPIC), ids=lambda kind: kind.TOPIC)
def test_given_an_event_that_is_passed_over_then_nothing_a_workflow_waits_for_changes(
    passed_over: type[DomainEvent],
) -> None:
    seen = [(before, after) for life in LIVES for before, event, after in steps(life) if type(event) is passed_over]

    assert seen, "no life in this test has such an event"
    for before, after in seen:
        changed = situation_of(after, 0).model_copy(update={"version": before.version})
        assert changed == situation_of(before, 0)


def test_given_people_act_then_each_issue_is_told_once_in_the_order_in_which_they_moved() -> None:
    one, other = case("handling"), case("fixed", household="QS-099")
    events = [*one.events[:2], *other.events, one.events[2]]

    assert issues_to_tell(events) == [one.issue_id, other.issue_id]


def test_given_only_steps_of_the_process_itself_then_nobody_is_told() -> None:
    life = case("missed")
    assert {event.actor.role for event in life.events[1:]} == {Role.PROCESS}

    assert issues_to_tell(life.events[1:]) == []
    assert issues_to_tell(life.events) == [life.issue_id]


def test_given_only_events_that_are_passed_over_then_nobody_is_told() -> None:
    life = case("feedback").do(c.DeliverReply).do(c.AssignLeader).do(c.CorrectEntry)
    assert issues_to_tell(life.events[-3:]) == []


def test_given_meetings_and_funds_then_no_issue_is_told_of_them() -> None:
    streams = case("granted").streams
    elsewhere = [event for events in streams.values() if not isinstance(events[0], IssueLogged) for event in events]

    assert {event.TOPIC for event in elsewhere} == {
        "meeting.held",
        "fund.project_pooled",
        "fund.budget_set",
        "fund.allocated",
    }
    assert issues_to_tell(elsewhere) == []


def test_given_any_event_of_an_issue_by_a_person_then_it_is_told_unless_it_is_on_the_list() -> None:
    kinds = {kind for topic, kind in event_classes().items() if topic.startswith("issue.")}
    told = set()
    for kind in kinds - PASSED_OVER:
        event = kind.model_construct(originator_id=case("logged").issue_id, actor=PEOPLE["handler"])
        if issues_to_tell([event]):
            told.add(kind)

    assert kinds > PASSED_OVER
    assert told == kinds - PASSED_OVER
