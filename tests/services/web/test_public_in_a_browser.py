"""Households, the public and accounts in a real browser: on both screens, in both languages, also without scripts."""

from datetime import datetime

import pytest
from playwright.sync_api import expect

from domain.values import LOCAL_ZONE
from tests.services.api.conftest import Api
from tests.services.web.households import LAST_FOUR, receipt_of
from tests.support.browsing import PHONE, Coming, Somebody

pytestmark = pytest.mark.slow


def test_given_an_answer_when_its_household_looks_then_it_reads_where_it_stands(api: Api, anybody: Somebody) -> None:
    code = receipt_of(api, "feedback")
    anybody.go("/")
    anybody.page.get_by_label(anybody.t("回执编码", "Code on the receipt")).fill(code.lower())
    anybody.page.get_by_role("button", name=anybody.t("查一查", "Look it up")).click()
    expect(anybody.page.get_by_role("heading", level=1)).to_have_text(anybody.t("已经答复您", "You have been answered"))
    anybody.look("receipt")


def test_given_no_scripts_when_a_household_reads_and_rates_then_it_is_recorded(api: Api, comes: Coming) -> None:
    code = receipt_of(api, "feedback")
    somebody = comes(PHONE, "zh", java_script_enabled=False)
    page = somebody.page
    somebody.go(f"/r/{code}")
    page.get_by_text("看我反映的内容和书面答复").click()
    page.get_by_label("登记电话的后四位").first.fill(LAST_FOUR)
    page.get_by_role("button", name="给我看").first.click()
    expect(page.get_by_text("路灯已修好。")).to_be_visible()
    page.get_by_role("link", name="回到我的回执").click()
    page.get_by_label("基本满意").check()
    page.get_by_label("想说的话（可不填）").fill("还差一盏。")
    page.get_by_role("button", name="交给他们").click()
    expect(page.get_by_role("status")).to_have_text("您的评价已记下，谢谢。")
    expect(page.get_by_text("您的评价：基本满意")).to_be_visible()
    page.goto("about:blank")  # where no script runs axe-core does not either


def test_given_a_month_that_is_over_when_the_board_is_read_then_it_fits_both_screens(
    api: Api, anybody: Somebody
) -> None:
    at = datetime(2026, 1, 12, 9, tzinfo=LOCAL_ZONE)
    for nth in range(6):
        api.lived("closed", at=at, household=f"QS-{nth}")
    api.follow()
    anybody.go("/board?month=2026-01")
    anybody.look("board")
    anybody.page.get_by_role("row").nth(1).get_by_role("link").click()
    anybody.look("village")


def test_given_somebody_logged_in_then_their_account_is_fit_for_everybody(anybody: Somebody) -> None:
    anybody.log_in("handler")
    anybody.go("/account")
    expect(anybody.page.get_by_role("heading", level=1)).to_be_visible()
    anybody.look("account")


def test_given_nobody_then_the_log_in_page_is_fit_for_everybody(anybody: Somebody) -> None:
    anybody.go("/login?next=/issues%3Fopen%3Dtrue")
    anybody.look("login")


def test_given_words_and_slip_then_they_are_fit_for_everybody(api: Api, phone: Somebody) -> None:
    code = receipt_of(api, "answered")
    phone.go(f"/r/{code}/slip")
    phone.look("slip")
    phone.go(f"/r/{code}")
    phone.page.get_by_text("看我反映的内容和书面答复").click()
    phone.page.get_by_label("登记电话的后四位").first.fill(LAST_FOUR)
    phone.page.get_by_role("button", name="给我看").first.click()
    expect(phone.page.get_by_text("路灯已修好。")).to_be_visible()
    phone.look("words")
