"""The category that is suggested: by topics as installed, by what the log taught; never by one household's words."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.plan import load_plan
from services.suggestions.categories import CategoryModel, Learned, piece_id
from services.suggestions.learned_file import LearnedFile
from services.suggestions.learning import Example, learn
from services.suggestions.topics import topics

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SECRET = b"s" * 32
NINE = tuple(load_plan("cx").categories)
INVENTED = (
    ("construction", "村口到小学一段三盏路灯不亮，孩子晚自习回家看不清路。"),
    ("construction", "社区东头排水沟淤塞，下雨积水进院。"),
    ("construction", "到组里的土路雨天泥泞，三轮车进不去。"),
    ("construction", "自来水三天没有来，要到邻组挑水。"),
    ("environment", "老水井旁堆了生活垃圾，雨后有异味。"),
    ("environment", "上游养猪场把粪便直接排进小河，臭味很大。"),
    ("environment", "砖厂夜里冒黑烟，粉尘落在菜地里。"),
    ("social_security", "合作医疗的费用交了两次，想退回一次。"),
    ("social_security", "父亲满六十岁，养老金一直没有发下来。"),
    ("education_health", "村卫生室没有常用药品，老人看病要去镇上。"),
    ("education_health", "小学没有校车，孩子上学要走一个钟头。"),
    ("culture", "文化广场的健身器材坏了两件。"),
    ("culture", "农家书屋常年锁着门，想借书借不到。"),
    ("hardship", "房子去年受灾，一家人生活困难，想申请临时救助。"),
    ("hardship", "低保今年停了，不知道是什么原因。"),
    ("public_safety", "组里接连三户被盗，希望装监控。"),
    ("public_safety", "村口急弯没有减速带，大货车开得很快。"),
    ("conduct", "去镇上办事，窗口的人互相推诿，态度很差，账目也不公开。"),
    ("income", "今年柑橘滞销，收购价低，希望帮忙找销路。"),
    ("income", "想学果树种植，问有没有种子和化肥的补贴。"),
)


def taught(owners: int = 20) -> Learned:
    """Words that no topic knows, said by so many households."""
    said = [("construction", "瓦檐掉落伤人"), ("culture", "锣鼓队缺少行头")]
    examples = [
        Example(f"{text}{nth}", category, f"QS/QS-{nth:03}") for nth in range(owners) for category, text in said
    ]
    return learn(examples, SECRET, NOW)


def test_given_a_fresh_installation_then_most_invented_messages_get_their_category() -> None:
    model = CategoryModel()
    guesses = [[it.category for it in model.likely(text, NINE)] for _, text in INVENTED]
    right = sum(guess[:1] == [wanted] for guess, (wanted, _) in zip(guesses, INVENTED, strict=True))
    among = sum(wanted in guess for guess, (wanted, _) in zip(guesses, INVENTED, strict=True))
    assert right >= 16, [(wanted, guess) for guess, (wanted, _) in zip(guesses, INVENTED, strict=True)]
    assert among >= 18


@pytest.mark.parametrize("plan", ["cx", "ll", "sg", "mz", "pc", "xf"])
def test_given_any_plan_then_only_its_own_categories_are_suggested(plan: str) -> None:
    categories = load_plan(plan).categories
    found = [it for _, text in INVENTED for it in CategoryModel().likely(text, categories)]
    assert found
    assert {it.category for it in found} <= set(categories)


def test_given_the_topics_then_every_category_of_every_plan_but_the_catch_alls_has_one() -> None:
    named = {category for topic in topics().values() for category in topic.categories}
    wanted = {key for plan in ("cx", "ll", "sg", "mz", "pc", "xf") for key in load_plan(plan).categories}
    assert wanted - named == {"other", "backlog"}


def test_given_words_that_speak_for_nothing_then_nothing_is_suggested() -> None:
    assert CategoryModel().likely("请回复。", NINE) == []


def test_given_what_the_log_taught_then_it_is_suggested_with_the_words_that_counted() -> None:
    assert CategoryModel().likely("锣鼓队缺行头", NINE) == []
    best = CategoryModel(SECRET, taught()).likely("锣鼓队缺行头", NINE)[0]
    assert best.category == "culture"
    assert best.because
    assert all(word in "锣鼓队缺行头" for word in best.because)


def test_given_wording_of_fewer_than_five_households_then_it_is_not_learned() -> None:
    assert len(taught(owners=4).pieces) == 0
    assert len(taught(owners=5).pieces) > 0
    alone = [Example("王某某的瓦檐掉落", "construction", "QS/QS-001")] * 9
    others = [Example(f"瓦檐掉落{nth}", "culture", f"QS/QS-1{nth:02}") for nth in range(9)]
    learned = learn([*alone, *others], SECRET, NOW)
    assert piece_id(SECRET, "瓦檐") in learned.pieces
    assert piece_id(SECRET, "王某") not in learned.pieces


def test_given_the_same_examples_then_the_same_weights() -> None:
    assert taught() == taught()


def test_given_another_secret_then_what_was_learned_says_nothing() -> None:
    assert CategoryModel(b"t" * 32, taught()).likely("锣鼓队缺行头", NINE) == []


def test_given_what_was_learned_when_kept_then_it_comes_back_and_holds_no_words(tmp_path: Path) -> None:
    file = LearnedFile(tmp_path, SECRET)
    assert file.model().learned is None
    examples = [Example(f"锣鼓队缺少行头{nth}", NINE[nth % 2], str(nth)) for nth in range(20)]
    learned, path = file.learn(examples, NOW)
    assert file.model().learned == learned
    assert LearnedFile(tmp_path, SECRET).model().learned == learned
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "锣" not in path.read_text("utf-8")


def test_given_a_damaged_file_then_the_topics_alone_speak(tmp_path: Path) -> None:
    file = LearnedFile(tmp_path, SECRET)
    _, path = file.learn([Example("甲", "culture", "1"), Example("乙", "income", "2")], NOW)
    path.write_text('{"categories": ["culture"]}', "utf-8")
    assert file.model().learned is None
    assert file.model().likely("三盏路灯不亮", NINE)
