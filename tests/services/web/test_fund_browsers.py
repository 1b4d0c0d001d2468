"""A fund on a phone and at a desk, in both languages: tried out by the committee, paid by finance."""

import pytest
from playwright.sync_api import expect

from tests.services.api.conftest import Api
from tests.services.web.test_fund_pages import FUND, wait_for_money
from tests.support.browsing import Somebody

pytestmark = pytest.mark.slow


def test_given_a_pool_when_a_member_tries_a_share_out_then_the_others_move(api: Api, anybody: Somebody) -> None:
    issues = wait_for_money(api, "修村口到小学的路", "修大桥栏杆", "修蓄水池")
    anybody.log_in("committee")
    anybody.go("/funds")
    anybody.look("funds")
    anybody.go(FUND)
    anybody.look("fund")
    share = anybody.page.locator(f'input[name="share-{issues[0]}"]')
    share.fill("0")
    anybody.page.get_by_role("button", name=anybody.t("试算", "Try it out")).click()
    row = anybody.page.get_by_role("row").filter(has=share)
    expect(row).to_contain_text(anybody.t("不安排", "nothing"))
    anybody.look("tried")


def test_given_grants_when_finance_looks_then_the_first_in_order_is_paid(api: Api, anybody: Somebody) -> None:
    wait_for_money(api)
    anybody.log_in("finance")
    anybody.go("/funds/to-pay")
    anybody.look("to-pay")
    cards = anybody.page.get_by_role("article")
    due = cards.count()
    cards.first.get_by_role("button", name=anybody.t("登记拨付", "Record the payment")).click()
    expect(anybody.page.get_by_role("heading", level=1)).to_be_visible()
    expect(anybody.page.get_by_role("article")).to_have_count(due - 1)
