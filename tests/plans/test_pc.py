"""A township's year under the secretaries' great visit: leaders in the villages, receptions by rota, cases in hand,
hazards struck off one by one, backlog resolved, and all that the campaign closed looked back on after its end.

One year is walked for the whole file (story_pc.py); each test asks it for what one row demands.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from domain.duty.commands import duties_id_of
from domain.duty.events import DutiesReminded, DutyPeriodClosed
from domain.issue import events as e
from domain.issue.words import Stage
from domain.spot_check.commands import spot_check_id_of
from domain.spot_check.events import HandInMissed, SpotCheckDrawn
from domain.submission.commands import submissions_id_of
from domain.submission.events import SubmissionMissed
from projections.dashboard import dashboard
from tests.plans.story_pc import BACKLOG, Walked, walked_year
from tests.support.postgres import DatabaseServer
from tests.support.year_acts import form, local, month_of, told

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def walked(database_server: DatabaseServer) -> Iterator[Walked]:
    """The year as it was lived."""
    with walked_year(database_server) as found:
        yield found


@pytest.mark.proves("PC1", "D2")
def test_leaders_days_and_households_are_counted_each_month(walked: Walked) -> None:
    done = {
        (rule, who): (walked.tally(rule, who).done, walked.tally(rule, who).shortfall)
        for rule in ("leader_days", "leader_households")
        for who in ("sec", "mem")
    }
    assert done["leader_days", "sec"] == (12, 0)
    assert done["leader_households", "sec"] == (50, 0)
    assert done["leader_days", "mem"] == (3, 7)
    assert done["leader_households", "mem"] == (16, 34)
    assert [walked.tally("leader_days", "sec", month).shortfall for month in (1, 2, 4, 12)] == [10] * 4
    reminded = walked.year.events(duties_id_of("T1", "2031-03"), DutiesReminded)
    assert ("leader_days", "mem") in [(it.rule, it.officer) for it in reminded[0].missing]


@pytest.mark.proves("PC2", "D3")
def test_receptions_by_rota_and_of_village_secretaries_show_who_was_there(walked: Walked) -> None:
    days = {(it.rule, it.day): it for it in walked.closed_month(3).days}
    monday, tuesday = date(2031, 3, 24), date(2031, 3, 25)
    assert (days["rota", monday].due, days["rota", monday].present) == (("sec",), ("sec",))
    assert (days["rota", tuesday].due, "mem" in days["rota", tuesday].present) == (("mem",), True)
    assert days["rota", date(2031, 3, 26)].missed
    assert [it.day for it in walked.closed_month(3).days if it.rule == "village_secretary" and not it.absent] == [
        tuesday
    ]
    received = told(walked.year, walked.issues["received"])
    assert received[:2] == ["logged 03-26", "fixed_on_site 03-26"]
    (deadline,) = [it.deadline for it in walked.year.events(walked.issues["first"], e.IssueLogged)]
    assert (deadline.basis, deadline.amount) == ("PC2", 2)


@pytest.mark.proves("PC3", "D7")
def test_of_the_cases_that_a_leader_leads_some_are_in_hand_on_visits(walked: Walked) -> None:
    secretary, member = walked.tally("cases_in_hand", "sec"), walked.tally("cases_in_hand", "mem")
    assert (secretary.part, secretary.of, secretary.done, secretary.shortfall) == (1, 2, 50, 0)
    assert (member.part, member.of, member.shortfall) == (0, 1, 30)


@pytest.mark.proves("PC4", "F10")
def test_each_hazard_is_registered_with_everything_and_struck_off(walked: Walked) -> None:
    gone, left = form(walked.year, "hazards")
    assert (gone["类别"], gone["等级"], gone["分包领导"]) == ("消防隐患", "重大", "mem")
    assert (gone["责任单位"], gone["责任人"]) == ("station:QS", "handler")
    assert all(gone[name] for name in ("编号", "地点", "内容", "化解方案", "要求"))
    assert (gone["发现日期"], gone["销号"]) == ("2031-03-05", "2031-03-07")
    assert (left["类别"], left["销号"]) == ("道路交通隐患", "")
    assert left["时限"]


@pytest.mark.proves("PC5", "D7")
def test_six_of_seven_backlog_petitions_are_resolved_and_one_is_filed_as_final(walked: Walked) -> None:
    rate = dashboard(walked.year.log.connection, walked.year.clock.now).backlog
    assert (rate.numerator, rate.denominator) == (6, BACKLOG)
    asked = walked.year.plan.ending
    assert asked is not None
    assert rate.value is not None
    assert rate.value * 100 > Decimal(asked.backlog_percent or 100)
    (filed,) = walked.year.events(walked.old[-1], e.FiledAsFinal)
    assert (filed.plan, filed.basis, local(filed.occurred_at)) == ("pc@1", "PC5", date(2031, 6, 3))
    number = walked.year.issue(walked.old[-1]).number
    assert [it["终结"] for it in form(walked.year, "petitions") if it["编号"] == number] == ["2031-06-03"]


@pytest.mark.proves("PC6", "F7")
def test_visit_forms_are_handed_in_at_the_months_end_or_missing(walked: Walked) -> None:
    lines = [line for line in form(walked.year, "submissions") if line["事项"] == "visit_forms"]
    state = {(line["周期"], line["报送人(单位)"]): line["状态"] for line in lines if line["周期"] < "2032"}
    assert len(state) == 24
    assert {key for key, standing in state.items() if standing == "已报"} == {("2031-03", "QS")}
    (missed,) = walked.year.events(submissions_id_of("LX", "2031-03"), SubmissionMissed)
    assert (missed.owner, local(missed.due_at)) == ("LX", date(2031, 4, 1))
    assert len(form(walked.year, "visits")) == len([line for line in form(walked.year, "visits") if line["谈话要点"]])


@pytest.mark.proves("D6")
def test_each_month_a_station_is_drawn_and_what_it_does_not_hand_in_within_the_week_is_missing(walked: Walked) -> None:
    checks = [spot_check_id_of("T1", month_of(month).name) for month in range(1, 13)]
    assert [local(it.occurred_at).day for check in checks for it in walked.year.events(check, SpotCheckDrawn)] == [
        5
    ] * 12
    late = [month for month, check in enumerate(checks, 1) if walked.year.events(check, HandInMissed)]
    assert late == [3, 4, 5]


@pytest.mark.proves("PC8", "L12")
def test_whatever_the_campaign_closed_is_looked_back_on_after_its_end_or_shows_as_missed(walked: Walked) -> None:
    known = {name: walked.year.issue(it) for name, it in walked.issues.items()}
    assert {known[name].stage for name in ("first", "hazard", "received", "old 1")} == {Stage.SETTLED}
    assert (known["second"].reopenings, known["second"].stage) == (1, Stage.ESCALATED)
    left = walked.issues["third"]
    assert known["third"].stage is Stage.CLOSED
    (closed,) = walked.year.events(left, e.IssueClosed)
    assert closed.look_back is not None
    assert local(closed.look_back.started_at) == date(2031, 10, 31)
    missed = [it for it in walked.year.events(left, e.DeadlineMissed) if it.rule == "look_back"]
    assert [local(it.due_at) for it in missed] == [date(2031, 12, 12)]
    for it in walked.issues.values():
        for passed in walked.year.events(it, e.LookBackPassed):
            assert local(passed.occurred_at) > date(2031, 10, 31)


@pytest.mark.proves("PC9")
def test_each_secretarys_links_are_counted_in_the_year(walked: Walked) -> None:
    (closed,) = walked.year.events(duties_id_of("T1", "2031"), DutyPeriodClosed)
    links = {it.officer: (it.done, it.shortfall) for it in closed.tallies if it.rule == "secretary_links"}
    assert links == {"sec": (2, 0), "vsec": (1, 1)}


@pytest.mark.proves("PC10")
def test_what_arises_in_a_village_is_handled_there_or_by_the_department_in_charge(walked: Walked) -> None:
    (arisen,), (escalated,) = (
        walked.year.events(walked.issues["first"], kind) for kind in (e.IssueLogged, e.IssueEscalated)
    )
    assert (arisen.responsible.unit, escalated.responsible.unit) == ("station:QS", "department:labour")
    untouched = told(walked.year, walked.issues["open hazard"])
    assert untouched[1:4] == ["deadline_reminded 03-07", "deadline_missed 03-10", "supervision_notice_sent 03-10"]
    assert "escalated 03-12" in untouched
