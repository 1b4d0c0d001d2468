"""Documents on paper: the reply in four copies, minutes with who signs, the bulletin, the contact card four times."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.issue.words import CopyFor
from domain.liaison.events import OnCard
from projections.written_reply import CopyLine
from services.exports.documents import card_page, latest_reply, minutes_page, office_of, reply_page
from services.exports.pdf import press
from services.exports.printing import STYLESHEET
from tests.support.office import FakeDirectory
from tests.support.printing import Taken, pages_of, printed

GIVEN = datetime(2026, 3, 20, 2, tzinfo=UTC)
COPY = CopyLine(
    at=GIVEN, key="a", number="QS-2026-0001", village="QS", village_name="青石村", copy_for=CopyFor.HOUSEHOLD.value,
    matter="村口路灯不亮。", findings="情况属实。", opinion="已更换<灯泡>。", basis="《驻点直联工作方案》",
    review_until=datetime(2026, 4, 19, 2, tzinfo=UTC), unit="station:QS", replied_by="handler",
    delivered_at=GIVEN, delivered_by="handler", how="当面送达",
)  # fmt: skip
FOUR = [replace(COPY, copy_for=each.value) for each in CopyFor]


@pytest.fixture(scope="module", autouse=True)
def at_rest() -> Iterator[None]:
    """No press is left behind."""
    yield
    press().close()


@pytest.mark.proves("F11", "MZ5")
def test_given_a_reply_then_each_of_its_four_copies_says_everything_and_has_a_line_to_sign() -> None:
    taken = Taken(reply_page(FOUR, "云岭镇青石村驻点团队"))
    assert taken.of("h1") == ["云岭镇青石村驻点团队书面回复"] * 4
    for label in ("当事人联", "村(居)联", "挂点单位联", "活动办联"):
        assert any(label in text for text in taken.of("p"))
    said = "".join(taken.of("p"))
    for words in (COPY.matter, COPY.findings, COPY.opinion, "《驻点直联工作方案》", "可于2026年4月19日前申请复查"):
        assert said.count(words) == 4
    assert taken.of("th").count("签收人（签名）") == 4
    assert taken.of("td").count("2026-03-20 当面送达") == 4


def test_given_a_reply_as_pdf_then_each_copy_is_a_page() -> None:
    pages = pages_of(printed(lambda: press().pdf(reply_page(FOUR, "云岭镇青石村驻点团队"))))
    assert len(pages) == 4
    assert "第 4 页" in pages[3]


def test_given_a_reopened_issue_then_its_last_reply_is_the_one() -> None:
    later = [replace(each, at=datetime(2026, 5, 1, tzinfo=UTC)) for each in FOUR]
    assert latest_reply([*FOUR, *later]) == later
    assert latest_reply([]) == []


@pytest.mark.parametrize(
    ("unit", "name"),
    [("station:QS", "云岭镇青石村驻点团队"), ("township", "云岭镇人民政府"), ("department:roads", "云岭镇roads")],
)
def test_given_a_unit_then_the_letter_bears_the_offices_own_name(unit: str, name: str) -> None:
    assert office_of(FakeDirectory().organisation, unit, "QS") == name


@pytest.mark.proves("F15")
def test_given_minutes_without_items_then_who_was_there_stands_and_three_sign() -> None:
    head = [("时间", "2026-03-31 09:00"), ("主持", "committee"), ("实到(签到)", "5 人：甲、乙、丙、丁、戊")]
    taken = Taken(minutes_page("云岭镇党委会2026-03会议记录", head, [], {}, stylesheet=STYLESHEET))
    assert list(zip(taken.of("th"), taken.of("td"), strict=True)) == head
    assert taken.of("span") == ["主持人：", "记录人：", "日期："]
    assert "style" not in taken.attributes


@pytest.mark.proves("F13", "SG3")
def test_given_a_card_then_names_duties_phones_and_promise_stand_on_each_of_four() -> None:
    officials = [OnCard(officer="handler", name="张某", duty="驻点干部", phone="0599-1234567")]
    page = card_page("云岭镇青石村", 2, officials, "件件有回音。")
    taken = Taken(page)
    assert taken.of("h1") == ["便民联系卡"] * 4
    assert taken.of("td") == ["张某", "驻点干部", "0599-1234567"] * 4
    assert taken.of("p").count("承诺：件件有回音。") == 4
    assert len(pages_of(printed(lambda: press().pdf(page)))) == 1
