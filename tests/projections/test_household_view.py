"""What a household is shown: every step in plain words, every promise and whether it was kept, and nobody's name."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta

import pytest

from domain.adoption.book import PlanBook
from domain.events import event_classes
from domain.issue import commands as c
from domain.issue.words import Rating, Stage
from domain.plan import load_plan
from domain.plan_parts import Rule
from domain.values import LOCAL_ZONE
from domain.workdays import HolidayTable
from projections.household_view import KEPT, Act, Kept, allowed, household_view
from projections.household_words import PROMISES, STEPS
from projections.receipt import RECEIPT, issues_of
from services.holidays import official_table
from tests.projections.ledger import Log
from tests.projections.lives import LIVES, issues
from tests.support.casework import PEOPLE, START, Case, case

BOOK = PlanBook(load_plan("cx"))
NEXT_YEAR = START + timedelta(days=365)


def table(_: int | None) -> HolidayTable:
    return official_table()


def kept(life: Case, now: datetime | None = None) -> list[Kept]:
    return [promise.kept for promise in household_view(life.events, BOOK, now or life.now).promises]


def test_every_event_of_an_issue_has_its_words_or_is_an_inner_matter() -> None:
    topics = {topic for topic in event_classes() if topic.startswith("issue.")}
    assert set(STEPS) == topics
    assert set(PROMISES) == set(Rule)
    assert set(KEPT) == set(Kept)


def test_given_any_life_when_shown_then_nobody_is_named_and_nothing_written_is_repeated() -> None:
    for life in LIVES:
        for _, events in issues(life):
            view = household_view(events, BOOK, NEXT_YEAR)
            shown = str(asdict(replace(view, stage=Stage.LOGGED)))
            assert not [name for name in (*PEOPLE, "township-head", "county-office") if f"'{name}'" in shown]
            written = [
                text
                for event in events
                for text in event.model_dump(mode="json", exclude={"actor"}).values()
                if isinstance(text, str) and any("\u4e00" <= letter <= "\u9fff" for letter in text)
            ]
            assert not [text for text in written if text in shown]


def test_given_an_answered_issue_when_shown_then_stage_answer_and_what_may_be_done() -> None:
    life = case("feedback")
    view = household_view(life.events, BOOK, life.now)
    assert (view.number, view.stage, view.answered_at) == ("QS-2026-0001", Stage.FEEDBACK, life.now)
    assert view.may == (Act.RATE, Act.ASK_FOR_REVIEW)
    assert view.steps[0].said.en == "What you reported was recorded."
    assert view.rating is None
    rated = household_view(case("answered").events, BOOK, life.now)
    assert rated.rating is not None
    assert rated.rating.zh == "满意"


def test_given_steps_in_time_and_late_when_shown_then_each_promise_says_so() -> None:
    assert kept(case("feedback")) == [Kept.IN_TIME, Kept.IN_TIME, Kept.RUNNING]
    late = case("logged").do(c.FixOnSite, at=START + timedelta(days=30))
    assert kept(late)[0] is Kept.LATE
    assert kept(case("logged"), NEXT_YEAR) == [Kept.OVERDUE]
    assert kept(case("extension_asked").do(c.GrantExtension)) == [Kept.EXTENDED, Kept.RUNNING]


def test_given_the_households_own_time_when_it_is_over_then_that_is_nobodys_broken_promise() -> None:
    assert kept(case("feedback"), NEXT_YEAR)[-1] is Kept.RUNNING


def test_given_a_promise_when_shown_then_its_reason_can_be_counted_on_a_calendar() -> None:
    promise = household_view(case("logged").events, BOOK, START).promises[0]
    assert promise.why.zh == "自 2026-03-02 起 3 个工作日（依据 PC2）"
    assert promise.why.en == "3 working days from 2026-03-02 (rule PC2)"


@pytest.mark.proves("L3")
def test_given_a_promise_that_stands_then_its_date_is_counted_day_by_day_and_none_of_those_that_ended() -> None:
    *ended, running = household_view(case("handling").events, BOOK, START, table).promises
    assert not any(promise.count for promise in ended)
    assert running.count[0].en == "2026-03-02 Mon    -  the day it begins is not counted (Civil Code art. 201)"
    assert running.count[6].zh == "2026-03-08 周日    -  休息日"
    assert running.due_at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d") in running.count[-1].zh


def test_given_any_life_then_a_date_is_counted_alike_in_both_languages_and_without_a_name() -> None:
    for events in (events for life in LIVES for _, events in issues(life)):
        for promise in household_view(events, BOOK, NEXT_YEAR, table).promises:
            told = " ".join(f"{line.zh} {line.en}" for line in promise.count)
            assert not any(person in told for person in PEOPLE)


@pytest.mark.parametrize(
    ("state", "may"),
    [
        ("logged", ()),
        ("feedback", (Act.RATE, Act.ASK_FOR_REVIEW)),
        ("answered", (Act.ASK_FOR_REVIEW,)),
        ("reviewed", (Act.ASK_FOR_RECHECK,)),
        ("rechecked", ()),
    ],
)
def test_given_a_stage_when_asked_then_just_what_it_lets_the_household_do(state: str, may: tuple[Act, ...]) -> None:
    life = case(state)
    assert allowed(life.issue, life.now) == may
    assert Act.ASK_FOR_REVIEW not in allowed(life.issue, NEXT_YEAR)


def test_given_a_dissatisfied_household_when_shown_then_it_is_told_of_the_reopening() -> None:
    view = household_view(case("feedback").do(c.RateAnswer, rating=Rating.DISSATISFIED).events, BOOK, START)
    assert view.steps[-1].said.zh == "重新办理，交上一级。"


def test_given_a_split_issue_when_its_receipt_is_looked_up_then_all_parts_are_found(log: Log) -> None:
    life = case("split")
    log.append(life, case("logged", key="another"))
    log.fill(RECEIPT)
    assert set(issues_of(log.follower, life.issue.receipt_hash)) == set(life.streams)
    assert issues_of(log.follower, "0" * 64) == []
