"""What counts as alike: wording, places, topics; duplicates and common causes of matters made up here."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.values import LOCAL_ZONE
from services.suggestions.common_causes import common_causes
from services.suggestions.duplicates import duplicates
from services.suggestions.matters import Matter, draft_of
from services.suggestions.topics import topics, topics_of
from services.suggestions.wording import likeness, same_place, wording

NOW = datetime(2026, 3, 2, 9, tzinfo=LOCAL_ZONE)
LAMPS = "村口到小学一段三盏路灯不亮，孩子晚自习回家看不清路。"


def matter(text: str, days_ago: float = 0, **given: Any) -> Matter:
    return draft_of(NOW - timedelta(days=days_ago), text, {"village": "QS", **given})


def test_given_the_same_text_in_other_marks_and_widths_then_it_is_wholly_alike() -> None:
    assert likeness(wording("路灯不亮，看不清ROAD"), wording("路灯不亮!看不清　ｒｏａｄ")) == 1


def test_given_texts_about_other_things_then_they_are_hardly_alike() -> None:
    assert likeness(wording(LAMPS), wording("老水井旁堆了生活垃圾，雨后有异味。")) < 0.1


def test_given_likeness_then_both_ways_are_one() -> None:
    one, other = wording(LAMPS), wording("村口三盏路灯坏了，晚上看不清。")
    assert likeness(one, other) == likeness(other, one) > 0


@pytest.mark.parametrize("word", ["路灯", "张三", "路灯不亮", "13800138000", "a b", ""])
def test_given_next_to_nothing_then_it_is_like_no_report(word: str) -> None:
    assert likeness(wording(word), wording(LAMPS)) < 0.2


def test_given_places_then_those_written_alike_are_the_same() -> None:
    assert same_place("青石村村口", "青石村 村口")
    assert same_place("3组", "3组")
    assert not same_place("青石村村口", "柳溪社区广场")
    assert not same_place(None, None)


def test_given_the_list_of_topics_then_each_has_names_words_and_a_category() -> None:
    assert len(topics()) >= 40
    for topic in topics().values():
        assert topic.zh
        assert topic.en
        assert topic.words
        assert topic.categories


def test_given_the_list_of_topics_then_none_is_about_belief_politics_birth_or_a_person() -> None:
    words = {word for topic in topics().values() for word in topic.words}
    forbidden = ("教会", "信教", "寺", "宗教", "政治", "上访", "计生", "生育", "重点人", "稳控", "吸毒", "精神病")
    assert not [word for word in words if any(each in word for each in forbidden)]


def test_given_latin_words_then_they_count_where_a_word_begins() -> None:
    assert "road" in topics_of("The roads are broken")
    assert "road" not in topics_of("The broadcast is broken")


def test_given_the_same_matter_in_other_words_then_it_is_a_duplicate_with_its_reason() -> None:
    other = matter("村口到小学的三盏路灯都不亮，孩子晚自习回家看不清。", place="村口")
    (found,) = duplicates(matter(LAMPS, place="村口"), [other, matter("老水井旁堆了生活垃圾。")])
    assert found.other is other
    assert found.reason.zh == f"地点相同，文字有 {found.alike:.0%} 相同"
    assert found.reason.en == f"the same place and {found.alike:.0%} of the wording"


def test_given_other_words_at_another_place_then_it_is_none() -> None:
    assert not duplicates(matter(LAMPS, place="村口"), [matter("广场的路灯坏了一盏。", place="柳溪广场")])


def test_given_one_topic_at_the_same_place_then_it_is_named_as_such() -> None:
    (found,) = duplicates(matter(LAMPS, place="村口"), [matter("照明坏了，夜里很黑。", place="村口")])
    assert (found.reason.zh, found.reason.en) == ("地点相同，都涉及路灯", "the same place and both about street lights")


def test_given_the_same_household_and_some_of_the_wording_then_it_is_named() -> None:
    other = matter("小学一段路灯还是不亮，请再来看看。", household="QS-012")
    (found,) = duplicates(matter(LAMPS, household="QS-012"), [other])
    assert found.reason.zh.startswith("同一户，")
    assert not duplicates(matter(LAMPS, household="QS-013"), [other])


def test_given_another_village_then_nothing_there_is_a_duplicate() -> None:
    assert not duplicates(matter(LAMPS), [matter(LAMPS, village="LX")])


def test_given_many_then_at_most_five_the_likeliest_first() -> None:
    others = [matter(LAMPS[: 12 + nth], nth) for nth in range(12)]
    found = duplicates(matter(LAMPS), others)
    assert len(found) == 5
    assert [it.alike for it in found] == sorted((it.alike for it in found), reverse=True)


def test_given_two_on_a_topic_then_no_cause_and_with_a_third_one() -> None:
    others = [matter("自来水停了三天。", 3), matter("水压太低。", 29)]
    assert not common_causes(matter("自来水发黄。"), others[:1])
    (found,) = common_causes(matter("自来水发黄。"), others)
    assert (found.topic, found.count, found.village_only) == ("water", 3, True)
    assert found.cause == "water-qs-2026-03"


def test_given_others_long_ago_then_they_do_not_count() -> None:
    assert not common_causes(matter("自来水发黄。"), [matter("停水三天。", 31), matter("水压太低。", 40)])


def test_given_too_few_in_the_village_then_those_of_the_station_count_together() -> None:
    others = [matter("停水三天。", 1), matter("水压太低。", 2, village="LX")]
    (found,) = common_causes(matter("自来水发黄。"), others)
    assert not found.village_only
    assert found.reason.en == "3 issues on water supply in the station's villages within 30 days"
