"""A township's year under Chixi's stationed liaison plan: Thursdays, weekly and monthly meetings, committee and fund,
works, registers, spot checks and what is handed in.

One year is walked for the whole file (story_cx.py); each test asks it for what one row of the scheme demands.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from domain.issue import events as e
from domain.issue.words import Outcome, Stage
from domain.meeting.events import (
    AgendaDrawn,
    MeetingFailed,
    MembersTold,
    MinutesConfirmed,
    MinutesDrawn,
    MinutesOverdue,
)
from domain.meeting.words import ItemSource
from domain.submission.commands import submissions_id_of
from domain.submission.events import SubmissionMissed, SubmissionsReminded
from projections.docket import items_of
from projections.meeting_register import meetings
from projections.notice_board import notice_board
from services.exports.minutes_form import MEETING_COLUMNS, meeting_row
from tests.plans.story_cx import (
    BUDGET,
    COMMITTEE_OF_MARCH,
    FIRST_THURSDAY,
    LAST_THURSDAY,
    MARCH,
    REPORTING,
    Walked,
    walked_year,
)
from tests.support.postgres import DatabaseServer
from tests.support.year_acts import form, issue_form, local, told
from tests.support.year_walk import on

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def walked(database_server: DatabaseServer) -> Iterator[Walked]:
    """The year as it was lived."""
    with walked_year(database_server) as found:
        yield found


def submitted(walked: Walked, what: str) -> dict[tuple[str, str], str]:
    """Period and owner of the year -> how it stands."""
    lines = [line for line in form(walked.year, "submissions") if line["事项"] == what and line["周期"] < "2032"]
    return {(line["周期"], line["报送人(单位)"]): line["状态"] for line in lines}


@pytest.mark.proves("CX1", "F13")
def test_every_household_has_the_card_and_is_owed_the_new_one(walked: Walked) -> None:
    held = {line["户号"]: (line["已领版次"], line["最新版次"], line["应换发"]) for line in form(walked.year, "cards")}
    assert held == {"QS-012": ("2", "2", ""), "QS-013": ("1", "2", "是")}


@pytest.mark.proves("CX2", "F14")
def test_the_board_tells_of_the_month_and_its_photos_are_sent_by_the_third_or_missing(walked: Walked) -> None:
    categories = walked.year.plan.categories
    board = notice_board(walked.year.log.connection, "2031-03", MARCH.starts_at, MARCH.ends_at, categories)
    (qs,) = [line for line in board.villages if line.village == "QS"]
    assert qs.registered == 5
    assert {line.village: line.registered for line in board.villages}["LX"] is None
    photos = submitted(walked, "board_photos")
    assert len(photos) == 24
    assert {key for key, standing in photos.items() if standing == "已报"} == {("2031-01", "QS"), ("2031-03", "QS")}
    (missed,) = [it for it in missed_at(walked, "LX", "2031-03") if it.submission == "board_photos"]
    assert missed.due_at == on("03-04", 0)


def missed_at(walked: Walked, place: str, period: str) -> list[SubmissionMissed]:
    """What a place did not hand in for a period."""
    return walked.year.events(submissions_id_of(place, period), SubmissionMissed)


@pytest.mark.proves("CX3", "L6", "D1", "D3", "F15")
def test_each_thursday_has_its_meeting_before_the_visits_with_minutes_and_the_months_summary(walked: Walked) -> None:
    year = walked.year
    (drawn,), (minutes,) = (year.events(FIRST_THURSDAY, kind) for kind in (AgendaDrawn, MinutesDrawn))
    assert (local(drawn.occurred_at), len(drawn.items)) == (date(2031, 3, 6), 4)
    assert minutes.present == ("handler", "lead")
    assert [it.disposition for it in minutes.items] == ["committee", "village", "committee", "department"]
    assert year.events(FIRST_THURSDAY, MinutesConfirmed)
    (last,) = year.events(LAST_THURSDAY, MinutesDrawn)
    assert last.summary is not None
    assert (last.summary.month, last.summary.meetings, last.summary.failed) == ("2031-03", 2, 2)
    assert last.summary.by_disposition == {"carried_over": 3, "committee": 2, "department": 1, "village": 1}
    assert [local(it.confirm_by) for it in year.events(LAST_THURSDAY, MinutesOverdue)] == [date(2031, 3, 30)]
    there = [line["日期"] for line in form(year, "attendance", village="QS") if not line["无人到场"]]
    assert there == ["2031-03-06"]
    shown = {
        row.meeting_id: dict(zip(MEETING_COLUMNS, meeting_row(row), strict=True))
        for row in meetings(year.log.connection)
    }
    assert (shown[FIRST_THURSDAY]["应到"], shown[FIRST_THURSDAY]["实到"]) == ("2", "lead,handler")


@pytest.mark.proves("CX4", "L6")
def test_the_reporting_meeting_takes_up_all_that_is_unanswered(walked: Walked) -> None:
    (drawn,) = walked.year.events(REPORTING, AgendaDrawn)
    assert {it.issue_id for it in drawn.items} == set(walked.issues.values())
    docket = items_of(walked.year.log.connection, REPORTING)
    assert {(it.source, it.ending) for it in docket} == {("open", "carried_over")}


@pytest.mark.proves("CX5", "CX15", "L7", "F4")
def test_what_goes_up_is_signed_and_in_by_the_thirtieth_and_what_is_unsigned_is_missing(walked: Walked) -> None:
    year = walked.year
    for name in ("urgent", "ordinary", "declined"):
        (prepared,), (signed,) = (
            year.events(walked.issues[name], kind) for kind in (e.SubmissionPrepared, e.SubmissionSigned)
        )
        assert prepared.actor.user != signed.actor.user
        assert [local(it.occurred_at) for it in year.events(walked.issues[name], e.SubmissionTabled)] == [
            date(2031, 3, 30)
        ]
    assert submitted(walked, "committee_form")["2031-03", "QS"] == "已报"
    lines = form(year, "committee", village="QS", period="2031-03")
    assert [it["驻点组长审核"] for it in lines] == ["lead 2031-03-07 审签"] * 3
    assert lines[0]["党委会意见"].endswith("2031-04-02，补贴 20000.00 元")
    assert submitted(walked, "priority_register")["2031-03", "QS"] == "待审签、缺报"
    assert submitted(walked, "committee_form")["2031-03", "LX"] == "待报、缺报"


@pytest.mark.proves("CX6", "L8", "D1")
def test_the_committee_has_a_solution_for_each_of_last_months_submissions(walked: Walked) -> None:
    year = walked.year
    (drawn,), (told_of,), (minutes,) = (
        year.events(COMMITTEE_OF_MARCH, kind) for kind in (AgendaDrawn, MembersTold, MinutesDrawn)
    )
    assert {it.source for it in drawn.items} == {ItemSource.SUBMITTED}
    assert drawn.items[0].number == year.issue(walked.issues["urgent"]).number
    assert len(told_of.members) == 7
    outcomes = {it.number: it.outcome for it in minutes.items}
    assert list(outcomes.values()) == [Outcome.APPROVED, Outcome.APPROVED, Outcome.DECLINED]
    assert told(year, walked.issues["declined"])[5:7] == ["submission_declined 04-02", "reply_given 04-03"]
    failed = [row for row in meetings(year.log.connection) if row.kind == "committee" and row.failed_because]
    assert {row.period for row in failed} == {f"2031-{month:02}" for month in (1, 2, *range(4, 13))}
    assert year.events(failed[0].meeting_id, MeetingFailed)[0].because == "not_held"


@pytest.mark.proves("CX7", "L9")
def test_the_pool_is_ranked_within_the_means_and_paid_in_order(walked: Walked) -> None:
    year = walked.year
    urgent, ordinary = (year.events(walked.issues[name], e.FundingGranted)[0] for name in ("urgent", "ordinary"))
    assert (urgent.amount, ordinary.amount) == (Decimal(20_000), Decimal(15_000))
    assert urgent.amount + ordinary.amount <= BUDGET
    paid = [(local(it.occurred_at), it.amount) for it in year.events(walked.issues["urgent"], e.TranchePaid)]
    assert paid == [(date(2031, 6, 13), Decimal(10_000)), (date(2031, 7, 21), Decimal(6_000))]
    closed, opened = walked.fund(), walked.fund(2032)
    assert (closed.is_closed, closed.paid, opened.allocated) == (True, Decimal(15_500), Decimal(15_000))


@pytest.mark.proves("CX8", "L10")
def test_progress_is_owed_each_month_a_missed_report_shows_and_another_accepts_the_works(walked: Walked) -> None:
    year, urgent = walked.year, walked.issues["urgent"]
    assert [local(it.occurred_at) for it in year.events(urgent, e.ProgressReportMissed)] == [date(2031, 7, 13)]
    (completed,), (accepted,) = (year.events(urgent, kind) for kind in (e.WorksCompleted, e.WorksAccepted))
    assert completed.actor.user != accepted.actor.user
    assert year.issue(urgent).stage is Stage.SETTLED


@pytest.mark.proves("CX14", "F5")
def test_appendix_2_has_each_funded_project_and_how_far_it_is(walked: Walked) -> None:
    first, second = form(walked.year, "projects")
    assert "、".join(first) == (
        "项目名称、村(社区)、批准会议及日期、紧急程度、预算、批准补贴、已拨付(次数、金额、日期)、已支出、开工日期、"
        "形象进度(%)、预计/实际完工、验收、结余退回、备注"
    )
    assert (first["批准会议及日期"], first["紧急程度"], first["批准补贴"]) == ("党委会 2031-04-02", "紧急", "20000.00")
    assert first["已拨付(次数、金额、日期)"] == "2 次，16000.00 元\n2031-06-13 10000.00\n2031-07-21 6000.00"
    done = [first[name] for name in ("已支出", "形象进度(%)", "验收", "结余退回")]
    assert done == ["15500.00", "100", "2031-08-12", "500.00"]
    assert first["备注"].startswith("缺报 1 次")
    assert (second["批准补贴"], second["已拨付(次数、金额、日期)"], second["开工日期"]) == (
        "20000.00",
        "0 次，0.00 元",
        "",
    )


@pytest.mark.proves("CX9", "F6", "D2")
def test_twenty_households_a_month_and_all_of_the_register_in_the_year_are_counted(walked: Walked) -> None:
    coverage = {
        (line["周期"], line["任务"]): (line["已完成"], line["缺口"])
        for line in form(walked.year, "coverage", village="QS")
    }
    assert coverage["2031-03", "households"] == ("20", "")
    assert coverage["2031-04", "households"] == ("0", "20")
    assert coverage["2031", "priority_register"] == ("50%（1/2）", "50")
    register = {line["户号"]: (line["走访事由"], line["完成情况"]) for line in form(walked.year, "priority")}
    assert register == {"QS-012": ("高龄", "完成"), "QS-013": ("高龄", "0/1")}


@pytest.mark.proves("CX11", "D6")
def test_each_month_a_station_is_drawn_and_hands_in_and_inspections_rounds_and_sittings_in_are_kept(
    walked: Walked,
) -> None:
    lines = form(walked.year, "spot-checks")
    monthly = [it for it in lines if it["抽取种子"] and it["月份(日期)"] < "2032"]
    assert sorted(it["月份(日期)"] for it in monthly) == [f"2031-{month:02}" for month in range(1, 13)]
    assert {it["被查驻点"] for it in monthly} == {"青石村", "柳溪社区"}
    late = {it["月份(日期)"] for it in monthly if it["缺报"]}
    assert late == {"2031-04", "2031-05", "2031-06", "2031-07"}
    assert sorted(it["方式"] for it in lines if not it["抽取种子"]) == ["全面检查", "全面检查", "列席会议", "随机巡查"]
    full = [it for it in form(walked.year, "coverage") if it["任务"] == "full_inspections"]
    assert [(it["应完成"], it["已完成"], it["缺口"]) for it in full] == [("2", "2", "")]


@pytest.mark.proves("CX12")
def test_what_is_owed_is_reminded_of_before_and_missed_at_its_day(walked: Walked) -> None:
    of_lx = submissions_id_of("LX", "2031-03")
    reminded = walked.year.events(of_lx, SubmissionsReminded)
    told_of = [(local(it.occurred_at), sorted(each.submission for each in it.missing)) for it in reminded]
    assert told_of == [
        (date(2031, 3, 3), ["board_photos"]), (date(2031, 3, 28), ["committee_form", "priority_register"])
    ]  # fmt: skip
    assert {(it.submission, it.due_at) for it in missed_at(walked, "LX", "2031-03")} == {
        ("board_photos", on("03-04", 0)), ("committee_form", on("03-31", 0)), ("priority_register", on("03-31", 0))
    }  # fmt: skip


@pytest.mark.proves("CX13", "F1")
def test_the_ledger_shows_what_is_settled_and_of_the_rest_the_deadline_and_what_was_told(walked: Walked) -> None:
    year = walked.year
    ledger = issue_form(year, "QS")
    lines = {name: ledger[year.issue(it).number] for name, it in walked.issues.items()}
    assert (lines["urgent"]["销号日期"], lines["urgent"]["群众评价"]) == ("2031-08-18", "满意")
    assert (lines["declined"]["答复日期"], lines["declined"]["销号日期"]) == ("2031-04-03", "2031-04-18")
    assert lines["passed on"]["办理时限(含依据)"].endswith("（CX13）（暂定）")
    assert lines["on site"]["办结日期"] == "2031-03-07"
    missed = [(it.rule, local(it.due_at)) for it in year.events(walked.issues["on site"], e.DeadlineMissed)]
    assert missed == [("reply", date(2031, 3, 14))]
