"""The day-by-day account says in both languages what the count did, and where it is unsure."""

from datetime import datetime

import pytest

from domain.deadlines import count
from domain.explanation import Language, explain
from domain.values import LOCAL_ZONE
from domain.workdays import Unit
from services.holidays import official_table


def told(start: str, amount: int, unit: Unit, language: Language, *, roll: bool = False) -> list[str]:
    moment = datetime.fromisoformat(start).replace(tzinfo=LOCAL_ZONE)
    return explain(count(moment, amount, unit, official_table(), roll=roll), language)


def test_given_working_days_over_a_make_up_day_then_each_line_gives_place_and_reason() -> None:
    assert told("2026-02-27T10:00", 2, Unit.WORKING, "zh") == [
        "2026-02-27 周五    -  起算日，不计入（民法典第二百零一条）",
        "2026-02-28 周六    1  调休上班",
        "2026-03-01 周日    -  休息日",
        "2026-03-02 周一    2  工作日",
        "截止 2026-03-02 23:59:59（北京时间）",
    ]
    assert told("2026-02-27T10:00", 2, Unit.WORKING, "en") == [
        "2026-02-27 Fri    -  the day it begins is not counted (Civil Code art. 201)",
        "2026-02-28 Sat    1  make-up workday",
        "2026-03-01 Sun    -  weekend",
        "2026-03-02 Mon    2  working day",
        "due 2026-03-02 23:59:59 (Beijing time)",
    ]


def test_given_a_rolled_end_then_the_account_names_the_rest_and_the_article() -> None:
    lines = told("2026-10-06T10:00", 1, Unit.NATURAL, "en", roll=True)
    assert lines[1:3] == [
        "2026-10-07 Wed    1  natural day",
        "2026-10-08 Thu    -  the end moves to the day after the rest (Civil Code art. 203)",
    ]


def test_given_a_year_without_a_notice_then_each_doubtful_day_and_the_end_say_so() -> None:
    lines = told("2028-03-01T10:00", 3, Unit.WORKING, "zh")
    assert "尚未公布" not in lines[0]
    assert all("放假通知尚未公布" in line for line in lines[1:-1])
    assert "暂定" in lines[-1]


@pytest.mark.parametrize(("language", "words"), [("zh", "连续计算 30 小时"), ("en", "30 hours run from 2026-02-14")])
def test_given_hours_then_one_line_says_they_run_through(language: Language, words: str) -> None:
    lines = told("2026-02-14T10:00", 30, Unit.HOURS, language)
    assert len(lines) == 2
    assert words in lines[0]
    assert "2026-02-15 16:00:00" in lines[1]
