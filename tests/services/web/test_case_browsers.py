"""A handler's day and a lead's in a real browser, on a phone and at a desk, in both languages; one without scripts."""

from datetime import timedelta
from typing import Any

import pytest

from tests.services.api.conftest import Api
from tests.support.browsing import PHONE, Coming, Somebody

pytestmark = pytest.mark.slow


def _case(api: Api, state: str, **log_fields: Any) -> str:
    number = str(api.lived(state, **log_fields).number)
    api.follow()
    return number


def test_given_a_handler_s_day_then_it_goes_from_today_to_a_case_and_its_list(api: Api, anybody: Somebody) -> None:
    from playwright.sync_api import expect

    number = _case(api, "logged")
    _case(api, "missed")
    anybody.log_in("handler")
    page = anybody.page
    anybody.go("/today")
    expect(page.get_by_role("heading", level=1)).to_have_text(anybody.t("今日", "Today"))
    anybody.look("today")
    anybody.go(f"/issues/{number}")
    anybody.look("issue")
    page.get_by_role("link", name=anybody.t("现场办理", "Fix on the spot"), exact=True).click()
    page.get_by_label(anybody.t("办理措施", "What was done")).fill("当场换了灯泡。")
    anybody.look("fix")
    page.get_by_role("button", name=anybody.t("现场办理", "Fix on the spot")).click()
    api.follow()
    expect(page.get_by_role("status").first).to_contain_text(anybody.t("已办", "Done"))
    anybody.go("/issues?sort=newest")
    anybody.look("issues")


def test_given_an_issue_when_it_is_logged_then_its_receipt_is_shown(anybody: Somebody) -> None:
    page = anybody.page
    anybody.log_in("handler")
    anybody.go("/issues/new")
    page.get_by_label(anybody.t("问题内容", "What is the problem")).fill(f"well, {anybody.screen.name}")
    page.locator('[name="village"]').select_option("QS")
    page.get_by_role("radio").first.check()
    anybody.look("new")
    page.get_by_role("button", name=anybody.t("登记", "Log it"), exact=True).click()
    page.locator("svg.qr").wait_for()
    anybody.look("receipt")


def test_given_a_visit_when_it_is_recorded_then_the_diary_has_it(api: Api, anybody: Somebody) -> None:
    api.clock.advance(timedelta(hours=1))  # nobody is in two places at one time
    page = anybody.page
    anybody.log_in("handler")
    anybody.go("/visits/new")
    anybody.look("visit")
    page.locator('[name="village"]').select_option("QS")
    page.locator('[name="kind"]').select_option("household_visit")
    page.locator('[name="household"]').fill("QS-012")
    page.locator('[name="said"]').fill("说路灯不亮。")
    page.get_by_role("button", name=anybody.t("登记走访", "Record a visit")).click()
    page.wait_for_url("**/visits?done=record-visit")
    api.follow()
    anybody.go("/visits")
    anybody.look("visits")
    anybody.go("/ledgers/coverage")
    anybody.look("ledger")
    anybody.go("/inbox")
    anybody.look("inbox")


def test_given_a_lead_s_day_then_they_sign_grant_and_see_who_has_how_much(api: Api, anybody: Somebody) -> None:
    from playwright.sync_api import expect

    number = _case(api, "submission")
    _case(api, "extension_asked")
    anybody.log_in("lead")
    page = anybody.page
    anybody.go("/today")
    anybody.look("lead-today")
    page.locator(f'a[href="/issues/{number}/sign-submission"]').click()
    anybody.look("sign")
    page.get_by_role("button", name=anybody.t("审签", "Sign the submission")).click()
    expect(page.get_by_role("status").first).to_contain_text(anybody.t("已办", "Done"))
    anybody.look("signed")
    anybody.go("/team")
    anybody.look("team")
    anybody.go("/ledgers")
    anybody.look("ledgers")
    anybody.go("/issues?overdue=true")
    anybody.look("overdue")


def test_given_no_scripts_then_an_issue_is_logged_and_fixed_all_the_same(api: Api, comes: Coming) -> None:
    somebody = comes(PHONE, "zh", java_script_enabled=False)
    somebody.log_in("handler")
    page = somebody.page
    somebody.go("/issues/new")
    page.locator('[name="description"]').fill("没有脚本也能登记。")
    page.locator('[name="village"]').select_option("QS")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="登记", exact=True).click()
    page.locator("svg.qr").wait_for()
    api.follow()
    page.get_by_role("link", name="打开此件").click()
    page.get_by_role("link", name="现场办理", exact=True).click()
    page.locator('[name="measures"]').fill("已办。")
    page.get_by_role("button", name="现场办理").click()
    assert "done=fix-on-site" in page.url
    page.goto("about:blank")  # axe needs scripts
