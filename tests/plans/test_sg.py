"""An agency's year under 树根工作法 (SG): what runs by the calendar and what people did, row by row of the scheme.

story_sg.py is lived once, in a process whose clock skips the days; then each test looks at what the ledgers and the
history hold. Dates are those of a wall calendar of 2031.
"""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

import pytest

from domain.fund.commands import fund_id_of
from domain.fund.events import FiscalYearClosed, RoundConfirmed, RoundProposed
from domain.fund.words import Standing
from domain.issue import events as e
from domain.issue.words import Stage, Tier
from domain.liaison.commands import card_id_of
from domain.liaison.events import ContactCardIssued
from domain.liaison.words import Whereabouts
from domain.meeting.events import MeetingFailed, MinutesDrawn
from domain.meeting.words import Ending, FailedBecause, MeetingKind
from domain.submission.commands import submissions_id_of
from domain.submission.events import SubmissionsReminded
from domain.values import LOCAL_ZONE
from domain.visit.words import OPINION_CATEGORIES
from projections.docket import items_of
from projections.fund_register import funded_by_village, projects
from projections.liaison import cards
from projections.pages import WHOLE
from projections.people import people
from projections.submissions import submissions
from projections.visit_coverage import attendance, coverage
from projections.visits import hazards, opinions, visits
from tests.plans.story_sg import Story, posts
from tests.support.office import TOWNSHIP
from tests.support.postgres import DatabaseServer
from tests.support.vault import VAULT
from tests.support.walk_meetings import meeting, meeting_of
from tests.support.year_acts import form
from tests.support.year_walk import Year, a_year
from tests.workflows.process import happened

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def story(database_server: DatabaseServer) -> Iterator[Story]:
    """The year, lived once for all tests of this file."""
    with a_year("sg", database_server, posts()) as year:
        told = Story(year)
        asyncio.run(year.lived(told.lived))
        yield told


@pytest.fixture(scope="module")
def year(story: Story) -> Year:
    return story.year


def local(moment: datetime | None) -> date | None:
    return moment.astimezone(LOCAL_ZONE).date() if moment else None


def lines_of(year: Year) -> dict[tuple[str, str, str | None], tuple[int | None, int]]:
    """Of each closed duty: how much was done, how much is short."""
    lines = (line for line in coverage(year.log.connection, WHOLE) if line.closed)
    return {(line.period, line.rule, line.officer): (line.done, line.shortfall) for line in lines}


@pytest.mark.proves("SG1", "F2")
def test_each_matter_of_a_household_is_in_the_ledger_with_who_leads_it_and_errands_done_for_people(
    story: Story, year: Year
) -> None:
    found = {(line.household, line.numbers): line for line in people(year.log.connection, WHOLE)}
    road, pension = (year.issue(story.issues[name]) for name in ("road", "pension"))
    led, own = found["QS-001", road.number], found["QS-002", pension.number]
    assert (led.leader, led.stage, led.whereabouts) == ("committee", "closed", Whereabouts.ANSWERED)
    assert (own.leader, own.person, own.whereabouts) == (None, "handler", Whereabouts.ANSWERED)
    errand = found["QS-001", ""]
    assert (errand.person, errand.whereabouts) == ("chief", Whereabouts.ON_THE_SPOT)
    assert VAULT.open_all([errand.measures]) == ["代办了医保缴费。"]


@pytest.mark.proves("SG2", "F7")
def test_the_diary_tells_when_what_how_and_to_what_effect_and_which_problems_were_raised(
    story: Story, year: Year
) -> None:
    diary = {(line.kind, local(line.at)): line for line in visits(year.log.connection, WHOLE)}
    visit = diary["household_visit", date(2031, 1, 15)]
    assert (visit.household, visit.officers, visit.next_visit) == ("QS-001", ["chief"], date(2031, 4, 15))
    assert visit.left_at is not None
    assert (visit.left_at - visit.at).total_seconds() == 3600
    assert VAULT.open_all([visit.said, visit.done]) == ["想参加医保。", "代办了医保缴费。"]
    raised = diary["reception_day", date(2031, 1, 20)]
    assert raised.issues == [year.issue(story.issues["pension"]).number]


@pytest.mark.proves("SG3", "F13")
def test_the_contact_card_names_who_serves_and_a_new_edition_is_due_to_everybody_who_has_not_got_it(
    year: Year,
) -> None:
    first, second = year.events(card_id_of("QS"), ContactCardIssued)
    assert [(it.name, it.duty, it.phone) for it in first.officials] == [
        ("张某", "驻点干部", "0599-1234567"), ("李某", "驻点组长", "0599-1234567")
    ]  # fmt: skip
    assert (first.edition, second.edition, second.promise) == (1, 2, "随叫随到。")
    held = {line.household: (line.edition, line.due) for line in cards(year.log.connection, WHOLE)}
    assert held == {"QS-001": (2, False), "QS-002": (1, True), "QS-003": (None, True)}


@pytest.mark.proves("SG4", "F8")
def test_opinion_forms_have_nine_categories_and_go_to_the_office_each_month(year: Year) -> None:
    (told,) = opinions(year.log.connection, WHOLE)
    assert (told.household, told.collector, local(told.at)) == ("QS-001", "chief", date(2031, 1, 15))
    assert VAULT.open_all([getattr(told, name) for name in OPINION_CATEGORIES]) == ["有意见。"] * 9
    at_home = [line for line in visits(year.log.connection, WHOLE) if line.household]
    assert [(line.household, line.form) for line in at_home] == [("QS-001", True), ("QS-003", False), ("QS-002", False)]
    due = [line for line in submissions(year.log.connection, WHOLE) if line.period.startswith("2031")]
    months = [f"2031-{month:02d}" for month in range(1, 13)]
    found = {(line.submission, line.owner, line.period): (line.standing, line.missed) for line in due}
    assert found == {
        ("opinion_forms", village, month): ("in", False) if (village, month) == ("QS", "2031-01") else ("owed", True)
        for village in ("QS", "LX")
        for month in months
    }
    reminded = year.events(submissions_id_of("QS", "2031-02"), SubmissionsReminded)
    assert [local(it.occurred_at) for it in reminded] == [date(2031, 3, 3)]


@pytest.mark.proves("SG5", "L6")
def test_each_month_the_dispatch_meeting_takes_what_is_open_one_by_one_and_the_township_decides(
    story: Story, year: Year
) -> None:
    met = meeting_of(MeetingKind.MONTHLY, "2031-01")
    (line,) = items_of(year.log.connection, met)
    assert (line.issue_id, line.disposition, local(line.due_at)) == (
        story.issues["road"], "committee", date(2031, 2, 7)
    )  # fmt: skip
    (minutes,) = year.events(met, MinutesDrawn)
    assert [(it.number, it.ending) for it in minutes.items] == [(line.number, Ending.DISPOSED)]
    assert minutes.present == ("handler", "handler2", "lead", "lead2")
    open_in_march = {it.issue_id for it in meeting(year, meeting_of(MeetingKind.MONTHLY, "2031-03")).items}
    assert open_in_march == {story.issues[name] for name in ("road", "well", "pavilion")}
    for month in range(2, 13):
        (failed,) = year.events(meeting_of(MeetingKind.MONTHLY, f"2031-{month:02d}"), MeetingFailed)
        assert (failed.because, local(failed.occurred_at)) == (FailedBecause.NOT_HELD, date(2031, month, 12))
        assert "township-head" in failed.told
    decided = {line.number: line.outcome for line in items_of(year.log.connection, _committee_of("2031-02"))}
    assert set(decided.values()) == {"approved"}
    assert len(decided) == 3


def _committee_of(month: str) -> UUID:
    return meeting_of(MeetingKind.COMMITTEE, month)


@pytest.mark.proves("SG6", "D3")
def test_reception_is_on_the_6th_and_7th_and_who_comes_on_another_day_is_received_too(story: Story, year: Year) -> None:
    days = {line.day: line for line in attendance(year.log.connection, WHOLE) if line.rule == "reception"}
    assert set(days) == {date(2031, month, day) for month in range(1, 13) for day in (6, 7)}
    first = days[date(2031, 1, 6)]
    assert (first.present, first.issues) == (["handler"], [year.issue(story.issues["road"]).number])
    assert [day for day, line in days.items() if not line.missed] == [
        date(2031, 1, 6), date(2031, 2, 6), date(2031, 2, 7)
    ]  # fmt: skip
    done = lines_of(year)
    assert [done[f"2031-{month:02d}", "reception", None] for month in (1, 2, 3)] == [(1, 1), (2, 0), (0, 2)]
    (logged,) = year.events(story.issues["pension"], e.IssueLogged)
    assert (logged.channel, local(logged.occurred_at)) == ("reception_day", date(2031, 1, 20))
    assert year.issue(story.issues["pension"]).stage is Stage.CLOSED


@pytest.mark.proves("SG7")
def test_promises_have_their_dates_and_show_whether_they_were_kept_and_pairs_are_visited_each_quarter(
    year: Year,
) -> None:
    found = [
        (it["户号"], it["承诺人"], it["完成时限"], it["兑现日期"], it["兑现情况"]) for it in form(year, "promises")
    ]
    assert found == [
        ("QS-003", "deng", "2031-04-30", "2031-04-20", "按时兑现"),
        ("QS-003", "deng", "2031-02-28", "2031-03-10", "逾期兑现"),
        ("QS-003", "deng", "2031-06-30", "", "未兑现"),
    ]
    done = lines_of(year)
    visited = {(quarter, who): done[f"2031-Q{quarter}", "pairs_visited", who] for quarter in (1, 2) for who in PAIRED}
    assert visited == {(1, "chief"): (100, 0), (1, "deng"): (100, 0), (2, "chief"): (0, 100), (2, "deng"): (0, 100)}


PAIRED = ("chief", "deng")


@pytest.mark.proves("SG8")
def test_hardship_households_are_paired_by_rank_and_the_year_tells_who_has_too_few(year: Year) -> None:
    pairs = {key[1:]: value for key, value in lines_of(year).items() if key[0] == "2031"}
    assert pairs == {
        ("head_pairs", "chief"): (2, 0), ("member_pairs", "deng"): (1, 0), ("section_head_pairs", "fan"): (0, 1)
    }  # fmt: skip


@pytest.mark.proves("SG9", "L9", "L10")
def test_two_projects_of_a_village_are_granted_a_third_waits_and_each_is_followed_to_the_end(
    story: Story, year: Year
) -> None:
    fund = fund_id_of(TOWNSHIP, 2031)
    (proposed,) = year.events(fund, RoundProposed)
    found = [(line.issue_id, line.standing) for line in proposed.lines]
    assert local(proposed.occurred_at) == date(2031, 4, 15)
    assert found == [
        (story.issues["road"], Standing.IN_FULL), (story.issues["well"], Standing.IN_FULL),
        (story.issues["pavilion"], Standing.VILLAGE_HAS_MOST),
    ]  # fmt: skip
    (confirmed,) = year.events(fund, RoundConfirmed)
    assert local(confirmed.occurred_at) == date(2031, 4, 18)
    assert funded_by_village(year.log.connection, 2031) == {"QS": 2}
    road, well, pavilion = projects(year.log.connection, WHOLE)
    assert (road.tranches, road.paid, road.spent, road.returned, road.percent) == (3, 20_000, 19_500, 500, 100)
    assert (local(road.accepted_at), road.missed_reports) == (date(2031, 7, 3), 0)
    assert (well.tranches, well.paid, well.missed_reports) == (1, 6_000, 9)
    assert (pavilion.granted, pavilion.stage) == (0, "funding")
    waited = happened(year.casework.history(story.issues["pavilion"]))
    assert ("deadline_missed", "10-13 23:59:59") in waited  # on 8 October, unless the notice of 2031 is another
    (closed,) = year.events(fund, FiscalYearClosed)
    assert (local(closed.occurred_at), closed.paid, closed.lapsed) == (date(2032, 1, 20), 25_500, 60_500)
    assert [(it.issue_id, it.amount) for it in closed.carried] == [(story.issues["well"], 14_000)]


@pytest.mark.proves("SG10", "F10")
def test_hazards_are_looked_for_each_month_and_each_found_one_is_followed_until_it_is_gone(
    story: Story, year: Year
) -> None:
    days = {line.day: line for line in attendance(year.log.connection, WHOLE) if line.rule == "hazards"}
    assert set(days) == {date(2031, month, 20) for month in range(1, 13)}
    assert [day.month for day, line in days.items() if not line.missed] == [3, 6]
    cable, wall = hazards(year.log.connection, WHOLE)
    assert (cable.number, local(cable.closed_at)) == (year.issue(story.issues["cable"]).number, date(2031, 3, 25))
    assert year.issue(story.issues["cable"]).stage is Stage.SETTLED  # another officer saw that it holds
    assert (wall.unit, wall.person, wall.closed_at) == ("township", "township-head", None)
    left = year.issue(story.issues["wall"])
    assert (left.stage, left.tier) == (Stage.ESCALATED, Tier.TOWNSHIP)
    told = happened(year.casework.history(left.issue_id))
    assert ("escalated", "07-04 23:59:59") in told
    assert [at for name, at in told if name == "supervision_notice_sent"][-1] == "09-09 23:59:59"
