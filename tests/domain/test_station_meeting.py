"""Weekly, monthly and talk-day meetings: what is open is looked at, and each item gets a disposition (L6, CX3, CX4)."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.errors import AlreadySaid, NoQuorum, NotAtMeeting, PromiseInThePast, RoleNotAllowed
from domain.issue.commands import WithdrawIssue
from domain.issue.events import IssueAccepted, IssueEscalated
from domain.issue.words import Stage
from domain.meeting import commands as c
from domain.meeting import events as e
from domain.meeting.errors import DepartmentNeeded, ItemsLeft, NotAskedByPlan, NotOnAgenda
from domain.meeting.words import Disposition, Ending, FailedBecause, ItemSource, MeetingKind
from domain.plan import load_plan
from domain.values import LOCAL_ZONE
from tests.support.casework import TOWNSHIP
from tests.support.meetings import Town

THURSDAY = datetime(2026, 3, 5, 0, 0, tzinfo=LOCAL_ZONE)
DUE = date(2026, 4, 30)


def draw(town: Town, day: datetime = THURSDAY, kind: MeetingKind = MeetingKind.WEEKLY, place: str = "QS") -> UUID:
    """The agenda of a station's meeting; its id."""
    period = c.week_of(day.date()) if kind is MeetingKind.WEEKLY else day.strftime("%Y-%m")
    issues = [key for key, events in town.streams.items() if events[0].TOPIC == "issue.logged"]
    town.do(c.DrawAgenda, kind=kind, period=period, cut_off=day, candidates=issues, place=place, at=day)
    return c.meeting_id_of(TOWNSHIP, kind, period, place)


def sit(town: Town, meeting: UUID) -> None:
    """Handler and lead sign in, and the lead opens it."""
    town.do(c.SignIn, by="handler", meeting_id=meeting)
    town.do(c.SignIn, by="lead", meeting_id=meeting)
    town.do(c.OpenMeeting, by="lead", meeting_id=meeting)


def dispose(town: Town, meeting: UUID, issue: UUID, as_: Disposition = Disposition.VILLAGE, **fields: Any) -> Any:
    """The lead records what becomes of an item."""
    fields = {"due_on": DUE, "by": "lead", **fields}
    return town.do(c.DisposeItem, meeting_id=meeting, item=issue, disposition=as_, **fields)


@pytest.mark.proves("L6", "CX3")
def test_given_open_issues_when_the_week_begins_then_each_is_an_item_and_gets_a_disposition() -> None:
    town = Town()
    own, passed_on, big = town.issue("handling"), town.issue("logged"), town.issue("handling")
    town.issue("settled")
    town.issue("handling", village="LX", household="LX-001")
    meeting = draw(town)
    assert [item.issue_id for item in town.meeting(meeting).items] == [own, passed_on, big]
    assert {item.source for item in town.meeting(meeting).items} == {ItemSource.OPEN}
    assert town.last(e.MembersTold, meeting).members == ("handler", "lead")
    sit(town, meeting)
    dispose(town, meeting, own)
    disposed, escalated = dispose(town, meeting, passed_on, Disposition.DEPARTMENT, department="construction")
    assert isinstance(escalated, IssueEscalated)
    assert disposed.issue_version == escalated.originator_version
    assert (town.known(passed_on).department, disposed.responsible.person) == ("construction", "department")
    dispose(town, meeting, big, Disposition.COMMITTEE)
    town.do(c.CloseMeeting, by="lead", meeting_id=meeting)
    minutes = town.last(e.MinutesDrawn, meeting)
    assert {line.ending for line in minutes.items} == {Ending.DISPOSED}
    assert {line.due_at.date() for line in minutes.items if line.due_at} == {DUE}
    assert minutes.summary is None
    town.do(c.ConfirmMinutes, by="handler", meeting_id=meeting)


@pytest.mark.proves("L6", "LL6")
def test_given_what_moved_up_and_nobody_took_when_passed_on_then_the_meeting_takes_it_up_first() -> None:
    town = Town()
    issue = town.issue("escalated")
    meeting = draw(town)
    sit(town, meeting)
    with pytest.raises(RoleNotAllowed):  # what is with the township is not for the village's handler to pass on
        dispose(town, meeting, issue, Disposition.DEPARTMENT, department="construction", by="handler")
    disposed, accepted, escalated = dispose(town, meeting, issue, Disposition.DEPARTMENT, department="construction")
    assert isinstance(accepted, IssueAccepted)
    assert isinstance(escalated, IssueEscalated)
    assert disposed.issue_version == escalated.originator_version
    assert accepted.command_id == escalated.command_id == disposed.command_id
    assert (town.known(issue).stage, town.known(issue).department) == (Stage.ESCALATED, "construction")


@pytest.mark.proves("CX3")
def test_given_the_last_week_of_a_month_when_closed_then_the_month_is_summed_up() -> None:
    town = Town()
    issue = town.issue("handling")
    first = draw(town)
    sit(town, first)
    dispose(town, first, issue)
    town.do(c.CloseMeeting, by="lead", meeting_id=first)
    unheld = draw(town, THURSDAY + timedelta(days=7))
    town.do(c.RecordUnheldMeeting, meeting_id=unheld, at=THURSDAY + timedelta(days=9))
    last = draw(town, THURSDAY + timedelta(days=21))
    sit(town, last)
    town.do(c.CloseMeeting, by="lead", meeting_id=last, carried_over=(issue,))
    summary = town.last(e.MinutesDrawn, last).summary
    assert summary == e.MonthSummary(
        month="2026-03", meetings=2, failed=1, items=3, by_disposition={"carried_over": 2, "village": 1}
    )


@pytest.mark.proves("CX4")
def test_given_a_month_when_the_township_meets_then_everything_unanswered_is_there() -> None:
    town = Town()
    waiting, working = town.issue("awaiting_committee"), town.issue("works", village="LX", household="LX-001")
    town.issue("answered")
    meeting = draw(town, datetime(2026, 4, 28, tzinfo=LOCAL_ZONE), MeetingKind.MONTHLY, "T1")
    assert {item.issue_id for item in town.meeting(meeting).items} == {waiting, working}
    assert town.last(e.MembersTold, meeting).members == ("handler", "handler2", "lead", "lead2")


@pytest.mark.proves("LL6", "LL9", "SG5")
@pytest.mark.parametrize(
    ("key", "kind", "basis"),
    [
        ("ll", MeetingKind.TALK_DAY, "LL6"),
        ("ll", MeetingKind.MONTHLY, "LL9"),
        ("sg", MeetingKind.MONTHLY, "SG5"),
        ("pc", MeetingKind.MONTHLY, "PC7"),
    ],
)
def test_given_each_plan_when_its_meeting_is_drawn_then_it_sits_by_that_plans_rule(
    key: str, kind: MeetingKind, basis: str
) -> None:
    town = Town()
    town.adopt(load_plan(key))
    issue = town.issue("logged")
    meeting = draw(town, kind=kind)
    rules = town.meeting(meeting).rules
    assert rules is not None
    assert (rules.basis, rules.plan) == (basis, f"{key}@1")
    assert [item.issue_id for item in town.meeting(meeting).items] == [issue]


def test_given_a_plan_without_such_meetings_when_drawn_then_it_is_refused() -> None:
    town = Town()
    with pytest.raises(NotAskedByPlan):
        draw(town, kind=MeetingKind.TALK_DAY)
    town.adopt(load_plan("xf"))
    with pytest.raises(NotAskedByPlan):
        draw(town)


def test_given_a_complaint_about_an_official_then_it_is_on_no_stations_agenda() -> None:
    town = Town()
    town.issue("handling", concerns="member3")
    assert town.meeting(draw(town)).items == ()


def test_given_a_disposition_when_repeated_wrong_or_by_somebody_absent_then_it_is_refused() -> None:
    town = Town()
    issue = town.issue("handling")
    meeting = draw(town)
    sit(town, meeting)
    with pytest.raises(DepartmentNeeded):
        dispose(town, meeting, issue, Disposition.DEPARTMENT)
    with pytest.raises(DepartmentNeeded):
        dispose(town, meeting, issue, department="construction")
    with pytest.raises(PromiseInThePast):
        dispose(town, meeting, issue, due_on=date(2026, 3, 1))
    with pytest.raises(NotAtMeeting):
        town.do(c.DisposeItem, by="lead2", meeting_id=meeting, item=issue, disposition=Disposition.VILLAGE, due_on=DUE)
    dispose(town, meeting, issue)
    with pytest.raises(NotOnAgenda):
        dispose(town, meeting, issue)


def test_given_items_left_when_closing_then_they_are_named_and_what_ended_has_lapsed() -> None:
    town = Town()
    left, gone = town.issue("handling"), town.issue("logged")
    meeting = draw(town)
    sit(town, meeting)
    town.do(WithdrawIssue, by="lead", issue_id=gone, reasons="群众撤回。")
    with pytest.raises(ItemsLeft):
        town.do(c.CloseMeeting, by="lead", meeting_id=meeting)
    town.do(c.CloseMeeting, by="lead", meeting_id=meeting, carried_over=(left,))
    assert town.last(e.MeetingClosed, meeting).lapsed == (gone,)
    assert town.known(left).stage is Stage.HANDLING


def test_given_nothing_open_when_nobody_meets_then_it_is_told_upwards_all_the_same() -> None:
    town = Town()
    meeting = draw(town)
    town.do(c.RecordUnheldMeeting, meeting_id=meeting, at=THURSDAY + timedelta(days=2))
    failed = town.last(e.MeetingFailed, meeting)
    assert (failed.because, failed.carried_over) == (FailedBecause.NOT_HELD, ())
    assert failed.told == ("handler", "lead", "township-head")


def test_given_one_person_when_opening_then_there_is_no_quorum_and_it_fails_in_time() -> None:
    town = Town()
    town.issue("handling")
    meeting = draw(town)
    town.do(c.SignIn, by="lead", meeting_id=meeting)
    with pytest.raises(NoQuorum):
        town.do(c.OpenMeeting, by="lead", meeting_id=meeting)
    town.do(c.FailMeeting, by="lead", meeting_id=meeting)
    failed = town.last(e.MeetingFailed, meeting)
    assert failed.because is FailedBecause.NO_QUORUM
    assert "township-head" in failed.told
    with pytest.raises(AlreadySaid):
        draw(town)
