"""A township's year under the civil-affairs plan: three batches in the villages, cases fixed or struck off by number,
four books a month, four copies of each reply, and everybody's report at the end.

One year is walked for the whole file; each test then asks it for what one row of the scheme demands.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import pytest

from domain.duty.commands import RotaTurn, SetRota, duties_id_of
from domain.duty.events import DutiesReminded, DutyPeriodClosed
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue.errors import CopiesUndelivered
from domain.issue.words import Channel, CopyFor, NoticeAbout, Rating, Stage
from domain.liaison.commands import EnterBook
from domain.liaison.words import Book
from domain.organisation.words import Rank
from domain.periods import Cycle, Period
from domain.submission.commands import submissions_id_of
from domain.submission.events import SubmissionMissed, SubmissionsReminded
from tests.support.duties import of
from tests.support.postgres import DatabaseServer
from tests.support.visits import ask as ask_visit
from tests.support.year_acts import (
    PAPER,
    act,
    answered,
    deliver,
    form,
    hand_in,
    issue_form,
    linked,
    local,
    logged,
    month_of,
    of_period,
    post,
    told,
    visits,
    working_days,
)
from tests.support.year_walk import Year, a_year, on

pytestmark = pytest.mark.slow
BATCHES: Final = {4: "cadre-a", 6: "cadre-b", 9: "cadre-c"}
"""Who comes in which month; the second batch comes on nine days only."""
LEDGER: Final = (
    "编号、登记日期、村(社区)、来源渠道、反映人、问题类别、问题内容、层级、责任单位、责任人、包案领导、整改措施、"
    "办理时限(含依据)、办理进度、办结日期、答复日期、群众评价、销号日期、备注"
)
"""The columns of the form, after 序号."""
WHOLE_YEAR: Final = Period(date(2031, 1, 1), Cycle.YEAR)


@dataclass
class Walked:
    """The year, and the issues of which its tests ask."""

    year: Year
    issues: dict[str, UUID] = field(default_factory=dict)

    def line(self, name: str) -> dict[str, str]:
        """An issue's line in the ledger."""
        return issue_form(self.year)[self.year.issue(self.issues[name]).number]

    def petition(self, name: str) -> dict[str, str]:
        """An issue's line in the petition ledger."""
        number = self.year.issue(self.issues[name]).number
        (found,) = [line for line in form(self.year, "petitions") if line["编号"] == number]
        return found


@pytest.fixture(scope="module")
def walked(database_server: DatabaseServer) -> Iterator[Walked]:
    """The year as it was lived."""
    with a_year(
        "mz", database_server, [it for name in BATCHES.values() for it in (post(name, Rank.GENERAL), linked(name))]
    ) as year:
        found = Walked(year)
        asyncio.run(year.lived(lambda _: story(found)))
        yield found


async def story(walked: Walked) -> None:
    """From New Year to the twentieth of the next January."""
    year = walked.year
    await petitions_of_spring(walked)
    for month in range(4, 13):
        if month in BATCHES:
            await batch(year, month)
        if month == 5:
            await hard_case(walked)
        if month == 12:
            await reports(year)
        await books(year, month)
    await year.until(on("01-20", year=2032))


async def petitions_of_spring(walked: Walked) -> None:
    """One is settled at once, one goes to the department that owns it, one nobody touches."""
    year, issues = walked.year, walked.issues
    issues["at once"] = await logged(year, "03-03", category="employment", channel=Channel.RECEPTION_DAY)
    await act(year, c.FixOnSite, issues["at once"], "03-03")
    in_lx = {"village": "LX", "household": "LX-003", "by": "handler2"}
    issues["untouched"] = await logged(year, "03-03", category="safety", channel=Channel.HOTLINE, **in_lx)
    issues["land"] = land = await logged(year, "03-04", category="land", channel=Channel.PETITION, household="QS-014")
    await act(year, c.NotifyHousehold, land, "03-04", 11, about=NoticeAbout.ACCEPTANCE)
    await act(year, c.EscalateIssue, land, "03-04", 12, department="land")
    await act(year, c.AcceptIssue, land, "03-05", by="lead", person="handler")
    await act(year, c.GiveReply, issues["at once"], "03-06")
    await act(year, c.RateAnswer, issues["at once"], "03-06", 11)
    with pytest.raises(CopiesUndelivered):
        await act(year, c.CloseIssue, issues["at once"], "03-06", 12)
    await deliver(year, issues["at once"], "03-06")
    await act(year, c.CloseIssue, issues["at once"], "03-06", 16)
    await answered(year, land, "03-18")
    await act(year, c.RateAnswer, land, "03-20")
    await act(year, c.CloseIssue, land, "03-21")
    await act(year, c.RecordLookBack, land, "04-17", by="handler2")


async def batch(year: Year, month: int) -> None:
    """They have their turns from the tenth working day on; each is there, but for the second batch's last."""
    who, period = BATCHES[month], month_of(month)
    days = working_days(period)[5:15]
    turns = tuple(RotaTurn(day=day, officer=who) for day in days)
    await year.do(of_period(SetRota, period, period.starts_at + timedelta(hours=9), "lead", "T1", turns=turns))
    await visits(year, who, days if month != 6 else days[:-1])


async def hard_case(walked: Walked) -> None:
    """A member of the committee leads it; the household is not content with the first answer."""
    year = walked.year
    walked.issues["hard"] = hard = await logged(year, "05-06", category="law", channel=Channel.PETITION)
    await act(year, c.EscalateIssue, hard, "05-06")
    await act(year, c.AcceptIssue, hard, "05-07", by="committee", person="lead")
    await act(year, c.AssignLeader, hard, "05-07", 11, by="lead", leader="committee")
    await answered(year, hard, "05-14")
    await act(year, c.RateAnswer, hard, "05-16", rating=Rating.DISSATISFIED)
    await act(year, c.AcceptIssue, hard, "05-19", by="committee", person="lead")
    await answered(year, hard, "05-26")
    await act(year, c.RateAnswer, hard, "05-27", rating=Rating.SATISFIED)
    await act(year, c.CloseIssue, hard, "05-28")


async def books(year: Year, month: int) -> None:
    """An entry a month; both villages file on the third of the next, LX not in July."""
    await year.do(ask_visit(EnterBook, at=on(f"{month:02}-28", 8), year=2031, book=list(Book)[month % 4]))
    filed = month_of(month).ends_at + timedelta(days=2, hours=10)
    await hand_in(year, "four_books", "QS", month_of(month), filed, by="handler")
    if month != 7:
        await hand_in(year, "four_books", "LX", month_of(month), filed, by="handler2", place="LX")


async def reports(year: Year) -> None:
    """One of the officers and the unit report on their year."""
    await hand_in(year, "officer_summary", "cadre-a", WHOLE_YEAR, on("12-20"), by="cadre-a", paper=PAPER)
    await hand_in(year, "unit_report", "T1", WHOLE_YEAR, on("12-27"), by="township-head", place="T1", paper=PAPER)


# -- what the rows demand ---------------------------------------------------------------------------------------------


@pytest.mark.proves("MZ1", "L2", "L12")
def test_what_can_be_fixed_is_fixed_and_the_rest_is_struck_off_by_number_with_level_category_and_deadline(
    walked: Walked,
) -> None:
    at_once, rest = walked.line("at once"), walked.line("land")
    assert (at_once["办结日期"], at_once["销号日期"]) == ("2031-03-03", "2031-03-06")
    assert (rest["编号"], rest["问题类别"], rest["层级"]) == ("QS-2031-0002", "土地", "镇")
    assert (rest["办结日期"], rest["答复日期"], rest["销号日期"]) == ("2031-03-18", "2031-03-18", "2031-03-21")
    assert (rest["群众评价"], rest["办理进度"]) == ("满意", "办结归档")
    accepted = walked.year.events(walked.issues["land"], e.IssueAccepted)[0]
    assert (accepted.deadline.rule, accepted.deadline.basis) == ("handling", "MZ1")


@pytest.mark.proves("F1")
def test_the_issue_ledger_comes_by_village_by_station_and_for_the_township_with_the_forms_columns(
    walked: Walked,
) -> None:
    whole, of_qs, of_lx = (set(issue_form(walked.year, *villages)) for villages in ((), ("QS",), ("LX",)))
    assert (len(of_qs), of_lx, of_qs | of_lx) == (3, {"LX-2031-0001"}, whole)
    assert set(issue_form(walked.year, "QS", "LX")) == whole
    assert "、".join(issue_form(walked.year)["QS-2031-0002"]) == LEDGER


@pytest.mark.proves("MZ1", "MZ8", "L4", "L5")
def test_what_nobody_touches_is_missed_and_goes_up_by_level_by_itself(walked: Walked) -> None:
    untouched = told(walked.year, walked.issues["untouched"])
    assert untouched[:5] == [
        "logged 03-03", "deadline_missed 03-04", "supervision_notice_sent 03-04", "escalated 03-05",
        "deadline_reminded 03-07",
    ]  # fmt: skip
    line = walked.line("untouched")
    assert (line["层级"], line["责任单位"], line["销号日期"]) == ("镇", "township", "")


@pytest.mark.proves("MZ8")
def test_what_a_department_owns_is_handled_by_it(walked: Walked) -> None:
    escalated = walked.year.events(walked.issues["land"], e.IssueEscalated)
    assert [(it.department, it.responsible.unit) for it in escalated] == [("land", "department:land")]


@pytest.mark.proves("MZ2", "F3")
def test_each_petition_stands_in_its_field_with_its_dates(walked: Walked) -> None:
    assert {line["领域"] for line in form(walked.year, "petitions")} == {"就业", "安全生产", "土地", "涉法涉诉"}
    land = walked.petition("land")
    assert (land["信访形式"], land["领域"], land["责任单位"]) == ("信访", "土地", "department:land")
    assert (land["告知日期"], land["受理日期"], land["办理期限"]) == ("2031-03-04", "2031-03-05", "2031-03-19")
    assert (land["答复日期"], land["评价"]) == ("2031-03-18", "满意")
    (only,) = form(walked.year, "petitions", field="law")
    assert only["编号"] == walked.petition("hard")["编号"]


@pytest.mark.proves("MZ3", "L11", "L13")
def test_the_hard_case_has_its_leader_until_the_person_is_content(walked: Walked) -> None:
    hard = walked.year.issue(walked.issues["hard"])
    assert (hard.leader, hard.reopenings) == ("committee", 1)
    (again,) = walked.year.events(hard.issue_id, e.IssueReopened)
    assert again.why == "dissatisfied"
    line = walked.line("hard")
    assert (line["包案领导"], line["群众评价"], line["销号日期"]) == ("committee", "满意", "2031-05-28")


@pytest.mark.proves("L12")
def test_a_case_closed_and_not_looked_back_on_is_told_of(walked: Walked) -> None:
    assert told(walked.year, walked.issues["land"])[-1] == "look_back_passed 04-17"
    hard = walked.year.issue(walked.issues["hard"])
    assert hard.stage is Stage.CLOSED
    missed = walked.year.events(hard.issue_id, e.DeadlineMissed)
    assert [(it.rule, local(it.due_at)) for it in missed][-1] == ("look_back", date(2031, 6, 27))


@pytest.mark.proves("MZ4", "F9")
def test_the_four_books_are_filed_each_month_and_what_is_not_filed_is_missing(walked: Walked) -> None:
    entered = form(walked.year, "books")
    assert {line["账别"] for line in entered} == {"民情账", "帮扶账", "组织账", "稳定账"}
    assert [line["报送月份"] for line in entered] == [f"2031-{month:02}" for month in range(4, 13)]
    lines = [line for line in form(walked.year, "submissions") if line["事项"] == "four_books"]
    of_the_year = {(line["周期"], line["报送人(单位)"]): line["状态"] for line in lines if line["周期"] < "2032"}
    assert len(of_the_year) == 24
    in_time = {(f"2031-{month:02}", it) for month in range(4, 13) for it in ("QS", "LX")} - {("2031-07", "LX")}
    assert {key for key, standing in of_the_year.items() if standing == "已报"} == in_time
    assert of_the_year["2031-07", "LX"] == "待报、缺报"
    july = submissions_id_of("LX", "2031-07")
    (told_of,), (missed,) = (walked.year.events(july, kind) for kind in (SubmissionsReminded, SubmissionMissed))
    assert (local(told_of.occurred_at), local(missed.occurred_at)) == (date(2031, 8, 3), date(2031, 8, 6))


@pytest.mark.proves("MZ5", "F11", "L11")
def test_each_reply_went_out_in_four_copies_before_the_case_was_struck_off(walked: Walked) -> None:
    for name in ("at once", "land", "hard"):
        delivered = walked.year.events(walked.issues[name], e.ReplyDelivered)
        closed = walked.year.events(walked.issues[name], e.IssueClosed)[-1]
        assert {it.copy_for for it in delivered} == set(CopyFor)
        assert max(it.occurred_at for it in delivered) < closed.occurred_at
    number = walked.year.issue(walked.issues["land"]).number
    copies = [line for line in form(walked.year, "replies") if line["编号"] == number]
    assert sorted(line["联"] for line in copies) == sorted(["当事人联", "村(居)联", "挂点单位联", "活动办联"])
    assert {line["签收"][:10] for line in copies} == {"2031-03-18"}


@pytest.mark.proves("MZ7", "D2")
def test_three_batches_are_counted_by_their_days_and_a_missing_day_shows(walked: Walked) -> None:
    months = {month: duties_id_of("T1", month_of(month).name) for month in range(1, 13)}
    counted = {month: walked.year.events(it, DutyPeriodClosed)[-1] for month, it in months.items()}
    assert {month for month, it in counted.items() if any(t.rule == "batch_days" for t in it.tallies)} == set(BATCHES)
    days = {month: of(counted[month].tallies, "batch_days", who) for month, who in BATCHES.items()}
    assert {month: (it.done, it.shortfall) for month, it in days.items()} == {4: (10, 0), 6: (9, 1), 9: (10, 0)}
    scheduled = [it for it in counted[6].days if it.rule == "rota"]
    assert ([it.missed for it in scheduled].count(True), len(scheduled)) == (1, 10)
    (reminded,) = walked.year.events(months[6], DutiesReminded)
    assert ("batch_days", "cadre-b", 1) in [(it.rule, it.officer, it.shortfall) for it in reminded.missing]


@pytest.mark.proves("MZ9")
def test_at_the_end_each_officers_summary_and_the_units_report_are_owed_and_who_owes_shows(walked: Walked) -> None:
    lines = [line for line in form(walked.year, "submissions") if line["周期"] == "2031"]
    state = {(line["事项"], line["报送人(单位)"]): line["状态"] for line in lines}
    assert state["officer_summary", "cadre-a"] == state["unit_report", "T1"] == "已报"
    assert state["officer_summary", "cadre-b"] == state["officer_summary", "handler"] == "待报、缺报"
