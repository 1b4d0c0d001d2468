"""A committee's and a station's meeting on a phone and at a desk, in both languages, with and without scripts."""

import pytest
from playwright.sync_api import expect

from domain.meeting import commands as c
from tests.services.api.conftest import Api
from tests.services.web.meeting_halls import committee, do, weekly
from tests.support.browsing import PHONE, Coming, Somebody

pytestmark = pytest.mark.slow


def test_given_a_committee_when_a_member_goes_through_its_items_then_each_leads_to_the_next(
    api: Api, anybody: Somebody
) -> None:
    meeting, numbers = committee(api, 5)
    anybody.log_in("committee")
    anybody.go("/meetings")
    anybody.look("meetings")
    anybody.go(f"/meetings/{meeting}")
    anybody.look("meeting")
    anybody.page.get_by_role("link", name=anybody.t("逐项研究", "Take the items")).click()
    anybody.look("item")
    anybody.page.get_by_label(anybody.t("同意", "approved"), exact=True).check()
    anybody.page.get_by_role("button", name=anybody.t("决定，下一件", "Decide, go to the next")).click()
    expect(anybody.page).to_have_url(f"{anybody.house.address}/meetings/{meeting}/items/{numbers[1]}")
    expect(anybody.page.locator("progress")).to_have_attribute("value", "1")
    anybody.page.get_by_text(anybody.t("表决：", "Votes:")).click()
    anybody.look("votes")
    anybody.go(f"/meetings/{meeting}/papers")
    anybody.look("papers")


def test_given_no_scripts_when_items_are_deferred_and_the_meeting_closed_then_minutes_can_be_read(
    api: Api, comes: Coming
) -> None:
    meeting, (number,) = committee(api, 1)
    member = comes(PHONE, "zh", java_script_enabled=False)
    member.log_in("committee")
    page = member.page
    member.go(f"/meetings/{meeting}/items/{number}")
    page.get_by_label("缓议", exact=True).check()
    page.get_by_label("理由").fill("待县里批复后再议。")
    page.get_by_role("button", name="决定，下一件").click()
    page.get_by_role("button", name="散会").click()
    page.get_by_role("link", name="会议记录").click()
    expect(page.get_by_text("待县里批复后再议。")).to_be_visible()
    page.goto("about:blank")  # where no script runs axe-core does not either


def test_given_a_refusal_when_reasons_are_missing_then_the_page_says_so_and_keeps_the_choice(
    api: Api, phone: Somebody
) -> None:
    meeting, (number,) = committee(api, 1)
    phone.log_in("committee")
    phone.expects(409, 422)
    phone.go(f"/meetings/{meeting}/items/{number}")
    phone.page.get_by_label("不予同意", exact=True).check()
    phone.page.get_by_role("button", name="决定，下一件").click()
    expect(phone.page.get_by_role("alert")).to_be_visible()
    expect(phone.page.get_by_label("不予同意", exact=True)).to_be_checked()
    phone.look("refused")


def test_given_a_weekly_meeting_when_a_lead_settles_an_item_then_it_shows_on_the_agenda(
    api: Api, anybody: Somebody
) -> None:
    meeting, numbers = weekly(api)
    do(api, c.SignIn, "handler", meeting_id=meeting)
    anybody.log_in("lead")
    anybody.go(f"/meetings/{meeting}")
    anybody.page.get_by_role("button", name=anybody.t("签到", "Sign in")).click()
    anybody.page.get_by_role("button", name=anybody.t("宣布开会", "Open the meeting")).click()
    anybody.page.get_by_role("link", name=anybody.t("逐项研究", "Take the items")).click()
    anybody.page.get_by_label(anybody.t("继续办理", "goes on"), exact=True).check()
    anybody.page.get_by_label(anybody.t("时限", "Due on"), exact=True).fill("2031-06-30")
    anybody.look("settling")
    anybody.page.get_by_role("button", name=anybody.t("分办，下一件", "Settle, go to the next")).click()
    expect(anybody.page).to_have_url(f"{anybody.house.address}/meetings/{meeting}/items/{numbers[1]}")
    anybody.go(f"/meetings/{meeting}")
    anybody.look("agenda")
