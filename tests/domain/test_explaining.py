"""Every clock of a case tells its own story: rule, article, plan, days, pauses, more time, notices, what follows."""

from dataclasses import replace
from datetime import datetime

import pytest

from domain.explaining import chain, told
from domain.issue import commands as c
from domain.issue.clock_lives import Change, ClockLife, Verdict, Whose, clock_lives
from domain.plan import load_plan
from domain.plan_parts import Rule
from domain.values import LOCAL_ZONE
from services.holidays import official_table
from tests.support.casework import STATES, Case, a_new_case, case, office
from tests.support.holidays import first_notice_of_2019, second_notice_of_2019, with_year

pytestmark = pytest.mark.proves("L3")
OFFICIAL, CX = official_table(), load_plan("cx")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL_ZONE)


def lives(life: Case) -> tuple[ClockLife, ...]:
    return clock_lives(life.events)


def texts(life: ClockLife) -> tuple[str, str]:
    return "\n".join(told(life, CX, OFFICIAL, "zh")), "\n".join(told(life, CX, OFFICIAL, "en"))


@pytest.mark.parametrize("state", STATES)
def test_given_any_case_then_its_clocks_add_up_and_each_is_told_in_both_languages(state: str) -> None:
    life = case(state)
    clocks = lives(life)
    assert [it.deadline for it in clocks if it.ended_at is None and it.whose is not Whose.HOUSEHOLD] == (
        [life.issue.deadline] if life.issue.deadline else []
    )
    for it in clocks:
        zh, en = texts(it)
        assert it.deadline.plan in zh
        assert "due" in en or it.deadline.promised


def test_given_a_case_through_its_stages_then_each_clock_was_met() -> None:
    assert [(it.deadline.rule, it.verdict) for it in lives(case("resolved"))] == [
        ("on_site", Verdict.MET),
        ("acceptance", Verdict.MET),
        ("handling", Verdict.MET),
        ("reply", Verdict.RUNNING),
    ]


def test_given_a_paused_extended_and_handed_over_case_then_every_move_is_told() -> None:
    life = case("handling").do(c.PauseClock, at=at("2026-03-05T09:00")).do(c.ResumeClock, at=at("2026-03-10T16:00"))
    life = life.do(c.RequestExtension, days=5).do(c.GrantExtension)
    life = life.do(c.AssignIssue, at=at("2026-04-02T15:00"))
    handling, holder, household = lives(life)[2:]
    assert [it.change for it in handling.moves] == [Change.PAUSED, Change.RESUMED, Change.EXTENDED]
    assert (handling.verdict, household.whose, holder.whose) == (Verdict.TAKEN_OVER, Whose.HOUSEHOLD, Whose.HOLDER)
    assert (household.holder.person, holder.holder.person) == ("lead", "handler2")
    zh, en = texts(household)
    assert "待群众补充材料" not in zh
    assert zh.count("暂停，不计入") >= 1
    assert "20 个工作日" in zh
    zh, en = texts(handling)
    assert "暂停（待群众补充材料）" in zh
    assert "5 more days granted: 2026-03-" in en


def test_given_a_miss_then_it_stays_missed_whatever_comes_later() -> None:
    late = case("missed").do(c.FixOnSite)
    first, reply = lives(late)
    assert (first.verdict, reply.verdict) == (Verdict.MISSED, Verdict.RUNNING)
    assert first.ended_at is not None
    assert "超期" in texts(first)[0]


def test_given_another_notice_then_both_ends_and_why_it_was_kept() -> None:
    first, second = with_year(first_notice_of_2019()), with_year(second_notice_of_2019(), version=2)
    life = a_new_case(at=at("2019-04-24T09:00"), office=replace(office(), calendar=lambda: first))
    life = replace(life, office=replace(office(), calendar=lambda: second))
    life = life.do(c.RedateDeadline, at=at("2019-04-29T09:00"), calendar=2, notice="国办发明电〔2019〕3号")
    (clock,) = lives(life)
    zh = "\n".join(told(clock, CX, second, "zh"))
    assert "按国办发明电〔2019〕3号重新计算: 2019-04-29 23:59 → 2019-04-29 23:59" in zh
    assert "截止 2019-04-28 23:59:59" in zh  # what the second notice gives: a Sunday that is over
    assert "实际期限 2019-04-29 23:59" in zh


def test_given_a_year_without_notice_then_the_earliest_and_the_latest_end_are_told() -> None:
    (clock,) = lives(a_new_case(at=at("2026-12-28T10:00")))
    zh, en = texts(clock)
    assert "暂定：最早 2026-12-31 23:59，最迟 2027-01-0" in zh
    assert "it is not missed before that" in en


def test_given_a_promised_date_then_it_says_so() -> None:
    (clock,) = lives(a_new_case(promised_by=at("2026-03-20T17:00")))
    assert "由承办人承诺的日期：2026-03-20 17:00" in texts(clock)[0]


@pytest.mark.proves("XF1")
def test_given_the_statutory_profile_then_the_article_and_the_chain_to_the_re_check_are_told() -> None:
    xf = load_plan("xf")
    life = case("resolved", office=office(plan=xf))
    handling, reply = [it for it in lives(life) if it.whose is Whose.STAGE][2:]
    assert "信访工作条例第三十四条" in told(handling, xf, OFFICIAL, "zh")[0]
    assert "60 个自然日" in told(handling, xf, OFFICIAL, "zh")[0]
    then, review = chain(reply.deadline.rule, xf, "zh")
    assert then.startswith("其后：群众评价")
    assert "30 日内申请复查，复查 30 个自然日（信访工作条例第三十五条）" in review
    assert "申请复核，复核 30 个自然日（信访工作条例第三十六条）" in review


def test_given_the_end_of_the_way_then_nothing_follows() -> None:
    assert chain(Rule.RECHECK, CX, "en") == []
    assert chain(Rule.SIGNING, CX, "en") == ["Then: decision within 31 natural days (CX6)"]


def test_given_a_case_left_alone_then_the_sum_ends_where_the_event_says() -> None:
    (clock,) = lives(a_new_case(at=at("2026-02-12T10:00")))
    lines = told(clock, CX, OFFICIAL, "en")
    assert lines[-1].startswith("due 2026-02-24 23:59:59")
    assert clock.deadline.due_at == at("2026-02-24T23:59:59")
