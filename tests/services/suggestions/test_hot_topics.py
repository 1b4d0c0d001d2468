"""Hot topics: what rises is told, what is under five is not, by count, by order or by being called rising."""

from datetime import datetime, timedelta

import pytest

from domain.periods import period_named
from domain.values import LOCAL_ZONE
from services.suggestions.hot_topics import HotTopics, Spoken, compared_periods, hot_topics

MARCH = period_named("2026-03")


def said(topic: str, count: int, village: str = "QS") -> list[Spoken]:
    return [Spoken(village, frozenset({topic}))] * count


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL_ZONE)


def test_given_more_than_before_then_it_rises_and_both_counts_are_told() -> None:
    (hot,) = hot_topics(said("water", 12), said("water", 8)).everywhere
    assert (hot.topic, hot.count, hot.before, hot.rises) == ("water", 12, 8, True)
    assert (hot.said.zh, hot.said.en) == ("供水：12 件，上期 8 件", "water supply: 12, 8 before")


def test_given_about_as_many_as_before_then_it_is_told_and_does_not_rise() -> None:
    (hot,) = hot_topics(said("water", 11), said("water", 8)).everywhere
    assert not hot.rises


@pytest.mark.parametrize("count", range(1, 5))
def test_given_fewer_than_five_then_nothing_is_told(count: int) -> None:
    assert hot_topics(said("water", count), []) == HotTopics([], {})


def test_given_fewer_than_five_before_then_all_such_counts_look_alike() -> None:
    others = said("road", 7) + said("power", 6)
    seen = {str(hot_topics(said("water", 6) + others, said("water", before) + said("road", 5))) for before in range(5)}
    assert len(seen) == 1


def test_given_topics_then_those_that_rise_most_stand_first() -> None:
    now = said("water", 10) + said("road", 30) + said("power", 20)
    before = said("water", 5) + said("road", 30) + said("power", 12)
    assert [it.topic for it in hot_topics(now, before).everywhere] == ["water", "power", "road"]


def test_given_villages_then_each_is_told_by_itself_where_it_is_large_enough() -> None:
    found = hot_topics(said("water", 6) + said("water", 4, "LX"), [])
    assert {village: [it.count for it in hot] for village, hot in found.by_village.items()} == {"QS": [6]}
    assert found.everywhere[0].count == 10


def test_given_an_issue_that_names_a_topic_often_then_it_counts_once() -> None:
    spoken = [Spoken("QS", frozenset({"water", "road"}))] * 5
    assert [it.count for it in hot_topics(spoken, []).everywhere] == [5, 5]


def test_given_a_period_that_is_over_then_it_is_compared_whole() -> None:
    now, before = compared_periods(MARCH, moment("2026-05-01"))
    assert now == (MARCH.starts_at, MARCH.ends_at)
    assert before == (moment("2026-02-01"), MARCH.starts_at)


def test_given_a_running_period_then_as_many_days_of_the_one_before() -> None:
    now, before = compared_periods(MARCH, moment("2026-03-10T15:00"))
    assert now == (moment("2026-03-01"), moment("2026-03-11"))
    assert before == (moment("2026-02-01"), moment("2026-02-11"))
    _, shorter = compared_periods(MARCH, moment("2026-03-31T15:00"))
    assert shorter[1] - shorter[0] == timedelta(days=28)
