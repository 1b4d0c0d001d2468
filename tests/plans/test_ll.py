"""A township's year under 两联一进 (LL): what runs by the calendar and what people did, row by row of the scheme.

story_ll.py is lived once, in a process whose clock skips the days; then each test looks at what the ledgers and the
history hold. Dates are those of a wall calendar of 2031.
"""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime

import pytest

from domain.adoption.book import PlanBook
from domain.issue import events as e
from domain.issue.errors import RectificationNeeded
from domain.issue.words import Stage, Tier
from domain.liaison.errors import NoHelpPlan
from domain.liaison.words import Whereabouts
from domain.meeting.events import MeetingFailed, PointRecorded, VotesCounted
from domain.meeting.words import FailedBecause, ItemSource, MeetingKind, Phase
from domain.submission.commands import submissions_id_of
from domain.submission.events import SubmissionsReminded
from domain.values import LOCAL_ZONE, Role
from projections.docket import DocketLine, items_of
from projections.household_view import household_view
from projections.meeting_register import meetings
from projections.pages import WHOLE
from projections.people import PeopleLine, people
from projections.receipt import issues_of
from projections.submissions import submissions
from projections.visit_coverage import attendance, coverage
from projections.visits import hazards
from tests.plans.story_ll import Story, posts
from tests.support.office import COMMITTEE, TOWNSHIP
from tests.support.postgres import DatabaseServer
from tests.support.walk_meetings import meeting, meeting_of
from tests.support.year_walk import Year, a_year, on
from tests.workflows.process import happened

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def story(database_server: DatabaseServer) -> Iterator[Story]:
    """The year, lived once for all tests of this file."""
    with a_year("ll", database_server, posts()) as year:
        told = Story(year)
        asyncio.run(year.lived(told.lived))
        yield told


@pytest.fixture(scope="module")
def year(story: Story) -> Year:
    return story.year


def lines_of(year: Year) -> dict[tuple[str, str, str | None], tuple[int | None, int]]:
    """Of each closed duty: how much was done, how much is short."""
    lines = (line for line in coverage(year.log.connection, WHOLE) if line.closed)
    return {(line.period, line.rule, line.officer): (line.done, line.shortfall) for line in lines}


def local(moment: datetime | None) -> date | None:
    return moment.astimezone(LOCAL_ZONE).date() if moment else None


@pytest.mark.proves("LL1", "D3")
def test_the_5th_the_15th_and_the_25th_of_each_month_are_service_days_and_what_is_raised_is_collected(
    story: Story, year: Year
) -> None:
    days = {(line.rule, line.day): line for line in attendance(year.log.connection, WHOLE)}
    of_plan = {"members_day": 5, "talk_day": 15, "volunteer_day": 25}
    assert set(days) == {(rule, date(2031, month, day)) for rule, day in of_plan.items() for month in range(1, 13)}
    talk = days["talk_day", date(2031, 1, 15)]
    raised = [year.issue(story.issues[name]).number for name in ("lamp", "drain")]
    assert (talk.present, talk.absent, talk.issues) == (["wang", "zhang"], [], raised)
    members_day = days["members_day", date(2031, 1, 5)]
    assert (members_day.present, members_day.absent, members_day.missed) == (["zhang"], ["wang"], False)
    assert sum(line.missed for line in days.values()) == 33


@pytest.mark.proves("LL2", "D2")
def test_visits_are_counted_by_rank_each_month_and_quarter_and_every_household_in_the_year(year: Year) -> None:
    done = lines_of(year)
    in_quarter = {key[1:]: value for key, value in done.items() if key[0] == "2031-Q1"}
    assert in_quarter == {
        ("county_visits", "li"): (4, 0), ("county_days", "li"): (4, 0),
        ("county_visits", "bureau"): (0, 4), ("county_days", "bureau"): (0, 4),
        ("general_visits", "wang"): (3, 0), ("general_days", "wang"): (3, 0),
    }  # fmt: skip
    zhang = {month: done[f"2031-{month:02d}", "deputy_visits", "zhang"] for month in range(1, 13)}
    assert zhang == {1: (6, 0), 2: (1, 0), 3: (2, 0), **dict.fromkeys(range(4, 13), (0, 1))}
    assert done["2031-01", "deputy_days", "zhang"] == (6, 0)
    assert {done[f"2031-{month:02d}", "deputy_links", "zhang"] for month in range(1, 13)} == {(3, 0)}
    whole = {officer: done["2031", "every_household", officer] for officer in ("li", "zhang", "wang", "bureau")}
    assert whole == {"li": (100, 0), "zhang": (100, 0), "wang": (100, 0), "bureau": (0, 100)}


@pytest.mark.proves("LL3", "D4")
def test_two_difficulties_are_owed_to_each_linked_household_and_village_and_the_year_tells_who_is_short(
    year: Year,
) -> None:
    done = lines_of(year)
    found = {officer: done["2031", "difficulties", officer] for officer in ("zhang", "wang", "bureau", "li")}
    assert found == {"zhang": (1, 1), "wang": (2, 0), "bureau": (2, 0), "li": (0, 2)}


@pytest.mark.proves("LL4", "L5")
def test_the_village_the_township_and_the_county_each_handle_theirs_and_who_decided_can_be_traced(
    story: Story, year: Year
) -> None:
    small, medium, big = (story.issues[name] for name in ("lamp", "bridge", "road"))
    assert year.issue(small).tier is Tier.VILLAGE
    assert year.issue(medium).tier is Tier.TOWNSHIP
    (approved,) = year.events(medium, e.SubmissionApproved)
    (referred,) = year.events(big, e.SubmissionReferredUp)
    assert (referred.deadline.rule, local(referred.deadline.due_at)) == ("county", date(2031, 5, 1))
    assert referred.responsible.person == "county-office"
    (answered,) = year.events(big, e.CountyAnswered)
    assert local(answered.occurred_at) == date(2031, 4, 25)
    for decided, period in ((approved, "2031-02"), (referred, "2031-03")):
        met = meeting_of(MeetingKind.COMMITTEE, period)
        (votes,) = year.events(met, VotesCounted)
        assert (decided.meeting_id, decided.actor.user) == (met, "committee")
        assert (votes.items, votes.in_favour) == ((decided.originator_id,), COMMITTEE)
        assert meeting(year, met).items[0].source is ItemSource.SUBMITTED


@pytest.mark.proves("LL5")
def test_works_found_in_an_inspection_have_a_plan_before_they_are_done_and_stand_in_the_ledger(
    story: Story, year: Year
) -> None:
    assert RectificationNeeded in story.refusals
    (line,) = hazards(year.log.connection, WHOLE)
    bridge = year.issue(story.issues["bridge"])
    assert (line.number, line.level, line.unit, line.person) == (bridge.number, "serious", "township", "lead")
    (planned,) = year.events(bridge.issue_id, e.RectificationPlanned)
    assert (planned.unit, planned.person, planned.due_on) == ("村镇建设办", "handler2", date(2031, 5, 31))
    names = [name for name, _ in happened(year.casework.history(bridge.issue_id))]
    assert names.index("rectification_planned") < names.index("works_completed") < names.index("works_accepted")
    assert local(line.closed_at) == date(2031, 4, 16)


@pytest.mark.proves("LL6", "L6")
def test_what_was_said_on_the_talk_day_is_assigned_in_the_village_the_day_after_each_with_a_measure_and_a_date(
    story: Story, year: Year
) -> None:
    met = meeting_of(MeetingKind.TALK_DAY, "2031-01", "QS")
    found = {line.issue_id: _disposed(line) for line in items_of(year.log.connection, met)}
    assert found == {
        story.issues["lamp"]: ("village", "handler", date(2031, 2, 6)),
        story.issues["drain"]: ("department", "department", date(2031, 2, 6)),
    }
    talk_days = [row for row in meetings(year.log.connection, TOWNSHIP) if row.kind == MeetingKind.TALK_DAY]
    assert sum(local(row.cut_off) == date(2031, 1, 16) for row in talk_days) == 2  # in each of the two villages
    in_year = [row for row in talk_days if row.cut_off and row.cut_off < on("12-31")]
    assert len(in_year) == 24
    assert sum(row.phase == Phase.FAILED for row in in_year) == 23


def _disposed(line: DocketLine) -> tuple[str | None, str | None, date | None]:
    return line.disposition, line.person, local(line.due_at)


@pytest.mark.proves("LL7")
def test_diaries_and_site_ledgers_are_asked_for_each_quarter_and_what_did_not_come_is_missed(year: Year) -> None:
    due = [it for it in submissions(year.log.connection, WHOLE) if it.submission in ("diary", "site_ledger")]
    in_year = {(it.submission, it.owner, it.period): it.missed for it in due if it.period.startswith("2031")}
    owed = [("diary", "zhang"), ("diary", "wang"), ("site_ledger", "QS"), ("site_ledger", "LX")]
    in_time = {("diary", "zhang", "2031-Q1"), ("site_ledger", "QS", "2031-Q1")}
    assert in_year == {
        (what, who, f"2031-Q{quarter}"): (what, who, f"2031-Q{quarter}") not in in_time
        for what, who in owed
        for quarter in range(1, 5)
    }
    told = year.events(submissions_id_of("QS", "2031-Q1"), SubmissionsReminded)
    assert [local(it.occurred_at) for it in told] == [date(2031, 4, 6)]


@pytest.mark.proves("LL8")
def test_each_village_owes_a_summary_of_the_half_year_and_of_the_year_and_results_are_followed(
    story: Story, year: Year
) -> None:
    due = [it for it in submissions(year.log.connection, WHOLE) if it.submission.endswith("summary")]
    found = {(it.owner, it.period): (it.standing, it.missed, it.paper) for it in due if it.period.startswith("2031")}
    half, whole = "half_year_summary.pdf", "yearly_summary.pdf"
    assert found == {
        ("QS", "2031-H1"): ("in", False, half), ("LX", "2031-H1"): ("owed", True, None),
        ("QS", "2031-H2"): ("owed", True, None), ("LX", "2031-H2"): ("owed", True, None),
        ("QS", "2031"): ("in", False, whole), ("LX", "2031"): ("owed", True, None),
    }  # fmt: skip
    assert year.issue(story.issues["lamp"]).stage is Stage.SETTLED  # looked at again by another officer
    nobody_looked = happened(year.casework.history(story.issues["drain"]))[8:]
    assert nobody_looked[:2] == [("closed", "03-03 23:59:59"), ("deadline_reminded", "04-25 09:00:00")]
    assert ("deadline_missed", "05-08 23:59:59") in nobody_looked


@pytest.mark.proves("LL9", "L13")
def test_the_township_looks_each_month_at_how_the_work_runs_and_deals_with_what_has_one_cause(
    story: Story, year: Year
) -> None:
    met = meeting_of(MeetingKind.MONTHLY, "2031-02")
    water = {story.issues[name] for name in ("water", "water LX")}
    assert {year.issue(issue).cause for issue in water} == {"water-meters"}
    endings = {line.issue_id: line.ending for line in items_of(year.log.connection, met)}
    assert endings == {**dict.fromkeys(water, "disposed"), story.issues["bridge"]: "carried_over"}
    (point,) = year.events(met, PointRecorded)
    assert point.issue_id is None
    after = {it.issue_id for it in meeting(year, meeting_of(MeetingKind.MONTHLY, "2031-03")).items}
    assert after == {story.issues[name] for name in ("bridge", "road")}
    for month in (1, *range(3, 13)):  # nobody met: that is written down, and the township's head told
        assert local(meeting(year, meeting_of(MeetingKind.MONTHLY, f"2031-{month:02d}")).cut_off) == date(
            2031, month, 28
        )
        (failed,) = year.events(meeting_of(MeetingKind.MONTHLY, f"2031-{month:02d}"), MeetingFailed)
        assert failed.because is FailedBecause.NOT_HELD
        assert "township-head" in failed.told


def by_number(lines: list[PeopleLine], kind: str) -> dict[str, PeopleLine]:
    return {line.numbers: line for line in lines if line.key.startswith(kind)}


@pytest.mark.proves("LL10", "F2", "L11")
def test_each_matter_gets_an_answer_in_time_or_the_miss_is_told_and_each_item_has_its_place(
    story: Story, year: Year
) -> None:
    lines = people(year.log.connection, WHOLE)
    cases, visits = by_number(lines, "issue"), by_number(lines, "visit")
    of_households = {name: year.issue(issue).number for name, issue in story.issues.items() if name != "bridge"}
    assert {cases[number].whereabouts for number in of_households.values()} == {Whereabouts.ANSWERED}
    missed = {name: cases[number].missed for name, number in of_households.items()}
    assert missed["noise"] > 2
    assert local(cases[of_households["noise"]].answered_at) == date(2031, 8, 1)
    late = happened(year.casework.history(story.issues["noise"]))
    assert [it for it in late if it[0] == "deadline_missed"][2] == ("deadline_missed", "07-03 23:59:59")
    assert [it for it in late if it[0] == "supervision_notice_sent"][-8] == (
        "supervision_notice_sent", "07-03 23:59:59"
    )  # fmt: skip
    assert visits[of_households["water"]].whereabouts is Whereabouts.PASSED_ON
    assert story.waited == [("QS-004", Whereabouts.WAITING)]
    assert Whereabouts.WAITING not in {line.whereabouts for line in lines}


@pytest.mark.proves("LL12")
def test_one_receipt_follows_a_matter_through_every_hand_until_it_is_answered_and_struck_off(
    story: Story, year: Year
) -> None:
    hash_of = year.receipts.hash_of
    assert issues_of(year.log.connection, hash_of(story.receipts["drain"])) == [story.issues["drain"]]
    drain = list(year.casework.history(story.issues["drain"]))
    hands = [(name, event.actor.role) for (name, _), event in zip(happened(drain), drain, strict=True)]
    assert [it for it in hands if it[0] in ("logged", "escalated", "resolved", "reply_given", "closed")] == [
        ("logged", Role.CASE_HANDLER), ("escalated", Role.STATION_LEAD), ("resolved", Role.DEPARTMENT),
        ("reply_given", Role.DEPARTMENT), ("closed", Role.PROCESS),
    ]  # fmt: skip
    told = household_view(drain, PlanBook(year.plan), year.clock.now)
    assert local(told.answered_at) == date(2031, 2, 10)
    noise = happened(year.casework.history(story.issues["noise"]))
    assert ("escalated", "05-13 23:59:59") in noise  # nobody did anything at the door: the office takes it up


@pytest.mark.proves("LL13")
def test_a_linked_household_has_its_own_plan_once_it_agreed_and_promises_show_whether_they_were_kept(
    story: Story, year: Year
) -> None:
    assert NoHelpPlan in story.refusals
    rows = year.log.query("select household, number, officer, due_on, on_time from help_measure order by number")
    assert rows == [
        ("QS-001", 1, "zhang", date(2031, 3, 30), True), ("QS-001", 2, "zhang", date(2031, 6, 30), False)
    ]  # fmt: skip
