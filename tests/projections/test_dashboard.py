"""The dashboard: every count, by hand, for a handful of issues at one moment."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from domain.issue import commands as c
from domain.issue.words import Channel, Rating, Stage
from domain.plan import load_plan
from projections.dashboard import DASHBOARD, dashboard
from projections.dashboard_fold import DashboardRow
from projections.three_rates import Goal
from tests.projections.ledger import Log, interleaved, taken_in
from tests.support.casework import START, Case, case

NEXT_DAY = START + timedelta(days=1)
NEXT_YEAR = START + timedelta(days=365)


def row(life: Case) -> DashboardRow:
    found: DashboardRow = taken_in(DASHBOARD, interleaved([life]))[life.issue_id]
    return found


# -- one issue ------------------------------------------------------------------------------------------------------


def test_given_each_step_in_time_then_the_issue_is_not_late() -> None:
    assert not row(case("settled")).late


@pytest.mark.parametrize(("minutes", "late"), [(0, False), (1, True)])
def test_given_a_step_after_its_due_time_then_the_issue_is_late(minutes: int, late: bool) -> None:
    deadline = case("logged").issue.deadline
    assert deadline is not None
    life = case("logged").do(c.FixOnSite, at=deadline.due_at + timedelta(minutes=minutes))
    assert row(life).late is late


def test_given_a_late_step_then_later_ones_in_time_do_not_mend_it() -> None:
    assert row(case("missed").do(c.FixOnSite).do(c.GiveReply)).late


def test_given_an_extension_granted_after_the_old_due_time_then_nothing_was_late() -> None:
    asked = case("extension_asked")
    deadline = asked.issue.deadline
    assert deadline is not None
    granted = asked.do(c.GrantExtension, by="lead", at=deadline.due_at + timedelta(hours=1))
    assert not row(granted.do(c.FixOnSite)).late


def test_given_time_lost_after_the_answer_then_the_household_did_not_wait_for_it() -> None:
    answered = case("answered")
    deadline = answered.issue.deadline
    assert deadline is not None
    assert not row(answered.do(c.CloseIssue, at=deadline.due_at + timedelta(days=1))).late


@pytest.mark.parametrize(
    ("state", "solved"),
    [
        ("fixed", True), ("resolved", True), ("reply", True), ("county_resolved", True), ("answered", True),
        ("logged", False), ("declined", False), ("dissatisfied", False), ("fallen_back", False), ("works", False),
    ],
)  # fmt: skip
def test_solved_means_brought_to_an_end_by_measures_and_not_reopened(state: str, solved: bool) -> None:
    assert row(case(state)).solved is solved


def test_given_a_second_call_back_then_it_replaces_the_first() -> None:
    first = case("dissatisfied")
    assert row(first).rating == "dissatisfied"
    again = first.do(c.AcceptIssue).do(c.ResolveIssue).do(c.GiveReply)
    assert row(again).rating == "dissatisfied"
    assert row(again.do(c.RateAnswer, rating=Rating.MOSTLY, contacted=False)).rating == "mostly_satisfied"
    assert row(again.do(c.RateAnswer, rating=Rating.MOSTLY, contacted=False)).contacted is False


# -- many -----------------------------------------------------------------------------------------------------------


def written(log: Log, *cases: Case) -> None:
    log.append(*cases)
    log.fill(DASHBOARD)


def test_given_no_issue_then_every_count_is_nought_and_every_rate_undefined(log: Log) -> None:
    seen = dashboard(log.connection, START)
    assert (seen.total, seen.open, seen.overdue) == (0, 0, 0)
    assert seen.by_stage == dict.fromkeys(Stage, 0)
    assert set(seen.ages.values()) == {0}
    assert (seen.on_time.value, seen.on_time.denominator) == (None, 0)
    assert seen.rates.satisfaction.value is None
    assert (seen.reply_times.answered, seen.reply_times.median_days, seen.reply_times.over_15_days.value) == (
        0,
        None,
        None,
    )


def test_given_issues_at_several_stages_then_each_is_counted_where_it_stands(log: Log) -> None:
    written(log, case("logged"), case("works", key="w"), case("closed", key="c"), case("withdrawn", key="x"))
    seen = dashboard(log.connection, NEXT_DAY)
    assert {stage: count for stage, count in seen.by_stage.items() if count} == {
        Stage.LOGGED: 1, Stage.WORKS: 1, Stage.CLOSED: 1, Stage.WITHDRAWN: 1,
    }  # fmt: skip
    assert (seen.total, seen.open) == (4, 2)


def test_given_a_later_moment_then_more_is_overdue_but_only_what_is_open(log: Log) -> None:
    written(log, case("logged"), case("closed", key="c"))
    assert dashboard(log.connection, NEXT_DAY).overdue == 0
    assert dashboard(log.connection, NEXT_YEAR).overdue == 1


def test_given_a_village_then_only_its_issues_count(log: Log) -> None:
    written(log, case("logged"), case("logged", village="LX"), case("fixed", village="LX", key="f"))
    assert dashboard(log.connection, NEXT_DAY, "LX").total == 2
    assert dashboard(log.connection, NEXT_DAY, "LX").village == "LX"
    assert dashboard(log.connection, NEXT_DAY, "WS").total == 0
    assert dashboard(log.connection, NEXT_DAY).total == 3


def test_given_a_complaint_then_the_totals_of_those_who_may_not_know_of_it_leave_it_out(log: Log) -> None:
    written(log, case("logged"), case("fixed", key="c", concerns="lead2"))
    assert dashboard(log.connection, NEXT_DAY).total == 2
    assert dashboard(log.connection, NEXT_DAY, barred={"lead", "township-head"}).total == 2
    unaware = dashboard(log.connection, NEXT_DAY, barred={"handler2", "lead2"})
    assert (unaware.total, unaware.by_stage[Stage.REPLY]) == (1, 0)


def test_given_open_issues_then_they_are_counted_by_age_and_the_last_class_is_open(log: Log) -> None:
    days = (0, 2, 3, 8, 59, 60, 300)
    written(log, *(case("logged", at=NEXT_YEAR - timedelta(days=day), household=f"QS-{day}") for day in days))
    log.append(case("settled", key="ended"))
    seen = dashboard(log.connection, NEXT_YEAR)
    assert seen.ages == {3: 2, 7: 1, 15: 1, 30: 0, 60: 1, None: 2}


def test_given_answers_then_on_time_is_judged_on_what_is_answered_late_or_overdue(log: Log) -> None:
    written(
        log,
        case("closed", key="in time"),
        case("feedback", key="in time too"),
        case("missed").do(c.FixOnSite).do(c.GiveReply),
        case("logged", key="waiting"),
        case("withdrawn", key="ended"),
    )
    soon = dashboard(log.connection, NEXT_DAY)
    assert (soon.on_time.numerator, soon.on_time.denominator) == (2, 3)
    assert soon.not_counted == {"not_due_yet": 1, "ended_without_answer": 1, "imported_without_due_date": 0}
    later = dashboard(log.connection, NEXT_YEAR)
    assert (later.on_time.numerator, later.on_time.denominator) == (2, 4)
    assert later.not_counted == {"not_due_yet": 0, "ended_without_answer": 1, "imported_without_due_date": 0}


def rated(rating: Rating, key: str, *, contacted: bool = True) -> Case:
    return case("feedback", key=key).do(c.RateAnswer, rating=rating, contacted=contacted)


def test_given_call_backs_of_every_kind_then_the_rates_show_who_counts_and_who_does_not(log: Log) -> None:
    written(
        log,
        rated(Rating.SATISFIED, "a"),
        rated(Rating.SATISFIED, "b", contacted=False),
        rated(Rating.MOSTLY, "c"),
        rated(Rating.DISSATISFIED, "d"),
        rated(Rating.CANNOT_SAY, "e"),
        rated(Rating.DECLINED, "f"),
        case("closed_silently", key="g"),
        case("feedback", key="h"),
        case("fixed", household=None, key="i").do(c.GiveReply),
        case("fixed", key="j"),
    )
    rates = dashboard(log.connection, NEXT_YEAR).rates
    assert (rates.response.numerator, rates.response.denominator) == (3, 4)
    assert (rates.resolution.numerator, rates.resolution.denominator) == (3, 4)
    assert rates.satisfaction.numerator == Decimal("2.9")
    assert rates.satisfaction.value == Decimal("0.725")
    assert rates.excluded == {"cannot_say": 1, "declined": 1, "silent": 1, "not_called_back": 1, "not_asked": 1}


def answered_after(days: float, key: str) -> Case:
    at = START + timedelta(days=days)
    return case("logged", key=key).do(c.ResolveIssue, at=at).do(c.GiveReply, at=at)


def test_given_replies_then_their_times_are_told_with_the_number_of_issues(log: Log) -> None:
    written(log, *(answered_after(days, f"r{days}") for days in (2, 15, 15.5, 61)), case("logged"))
    times = dashboard(log.connection, NEXT_YEAR).reply_times
    assert (times.answered, times.median_days) == (4, 15.25)
    assert (times.over_15_days.numerator, times.over_15_days.denominator) == (2, 4)
    assert (times.over_60_days.numerator, times.over_60_days.value) == (1, Decimal("0.25"))


def test_given_a_reopened_issue_then_the_first_reply_counts(log: Log) -> None:
    life = answered_after(2, "twice").do(c.RateAnswer, rating=Rating.DISSATISFIED)
    later: datetime = START + timedelta(days=40)
    written(log, life.do(c.AcceptIssue).do(c.ResolveIssue, at=later).do(c.GiveReply, at=later))
    assert dashboard(log.connection, NEXT_YEAR).reply_times.median_days == 2.0


@pytest.mark.proves("PC5", "D7")
def test_given_backlog_petitions_then_the_share_struck_off_is_told_with_both_numbers(log: Log) -> None:
    def petition(state: str) -> Case:
        return case(state, key=f"backlog {state}", channel=Channel.PETITION)

    settled = petition("final_proposed").do(c.MarkBacklog).do(c.FileAsFinal)
    closed, waiting = petition("answered").do(c.MarkBacklog).do(c.CloseIssue), petition("handling").do(c.MarkBacklog)
    withdrawn = petition("logged").do(c.MarkBacklog).do(c.WithdrawIssue)
    log.append(settled, closed, waiting, withdrawn, case("closed", key="no backlog"))
    log.fill(DASHBOARD)
    found = dashboard(log.connection, START)
    assert (found.backlog.numerator, found.backlog.denominator) == (2, 3)
    assert found.backlog_goal is None
    assert dashboard(log.connection, START, plan=load_plan("pc")).backlog_goal == Goal(85, met=False)
    assert dashboard(log.connection, START, "WS", plan=load_plan("pc")).backlog_goal == Goal(85, met=None)
    assert dashboard(log.connection, START, plan=load_plan("cx")).backlog_goal is None
