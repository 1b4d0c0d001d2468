"""What may be a telephone number is masked; dates, amounts, issue numbers and house numbers stay."""

import pytest

from services.privacy.masking import MASKED, masked


@pytest.mark.parametrize(
    "number",
    [
        "13800138000", "+86 138 0013 8000", "138-0013-8000", "0591-83012345", "８３０１２３４",
        "一三八零零一三八零零零", "8301234", "138.0013.8000",
        "138/0013/8000", "138,0013,8000", "138，0013，8000", "138(0013)8000", "（0591）83012345", "138 - 0013 - 8000",
    ],
)  # fmt: skip
def test_given_a_number_in_any_writing_then_it_is_masked(number: str) -> None:
    text = masked(f"请打{number}找他")
    assert MASKED in text
    assert number not in text
    assert not set("0123456789８３０１２４一三八零") & set(text)


@pytest.mark.parametrize(
    "text",
    [
        "见 QS-2026-0012，2026-03-12 已办",
        "3月12日花了1200.50元",
        "一百二十三号",
        "共 50 户",
        "",
        "2026/3/12 已办",
        "补贴1,200,000元",
    ],
)
def test_given_anything_else_then_it_stays(text: str) -> None:
    assert masked(text) == text
