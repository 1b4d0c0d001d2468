"""An auditor's day with a browser, on a phone and at a desk, in both languages; and without scripts."""

from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import expect

from projections.seal import seal_once
from services.persistence.draw_basis import SampleBases
from tests.services.api.conftest import Api
from tests.support.browsing import PHONE, Coming, Somebody

pytestmark = pytest.mark.slow


def test_given_a_day_of_an_auditor_then_every_page_is_accessible_and_the_finding_is_recorded(
    api: Api, anybody: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.casework, "sample_basis", SampleBases(api.database.app_dsn))
    number = str(api.lived("feedback", key=uuid4().hex).number)
    api.follow()
    anybody.log_in("auditor")
    anybody.go("/audit")
    anybody.look("audit")
    anybody.page.get_by_label(anybody.t("回放一件问题：编号", "Replay an issue: its number")).fill(number)
    anybody.page.get_by_role("button", name=anybody.t("回放", "Replay"), exact=True).click()
    expect(anybody.page.locator("#step .where")).to_be_visible()
    anybody.look("issue")
    anybody.page.locator("#at").fill("1")
    expect(anybody.page.locator("#step .where")).to_contain_text(anybody.t("第 1 步", "Step 1 of"))
    anybody.look("issue-first")
    for address, name in (
        ("/audit/ledger?as_of=2020-01-01", "ledger"),
        ("/audit/conformance", "conformance"),
        ("/audit/what-if?plan=cx&entries=clocks.on_site.amount:90", "what-if"),
        ("/audit/looks", "looks"),
    ):
        anybody.go(address)
        anybody.look(name)
    anybody.go(f"/audit/findings/new?about=issue&number={number}&unit=QS")
    anybody.page.locator("#f-problem").fill("答复没有送达凭据。")
    anybody.page.locator("#f-answer_by").fill("2027-12-01")
    anybody.look("finding-new")
    anybody.page.get_by_role("button", name=anybody.t("登记督查发现", "Record a finding")).click()
    expect(anybody.page.get_by_role("heading", level=1)).to_contain_text(anybody.t("督查发现", "Finding"))
    anybody.look("finding")
    api.follow()
    anybody.go("/audit/findings")
    anybody.look("findings")
    anybody.go("/audit/samples")
    anybody.page.locator("#f-number").fill("2")
    anybody.look("samples")
    anybody.page.get_by_role("button", name=anybody.t("提出抽样", "Ask for a sample")).click()
    with psycopg.connect(api.database.follower_dsn, autocommit=True) as connection:
        seal_once(connection)
    anybody.page.get_by_role("button", name=anybody.t("抽取", "Draw"), exact=True).click()
    expect(anybody.page.get_by_role("status")).to_contain_text(anybody.t("结果一致", "the same"))
    anybody.look("sample")


def test_given_no_scripts_then_the_slider_is_a_form_and_steps_are_links(api: Api, comes: Coming) -> None:
    number = str(api.lived("feedback", key=uuid4().hex).number)
    somebody = comes(PHONE, "zh", java_script_enabled=False)
    somebody.log_in("auditor")
    somebody.go(f"/audit/issues/{number}?at=1")
    expect(somebody.page.locator("#step .where")).to_contain_text("第 1 步")
    somebody.page.get_by_role("link", name="下一步").click()
    expect(somebody.page.locator("#step .where")).to_contain_text("第 2 步")
    somebody.page.locator("#at").press("End")
    somebody.page.get_by_role("button", name="查看").click()
    expect(somebody.page.get_by_role("link", name="下一步")).to_have_count(0)
    somebody.page.goto("about:blank")  # where no script runs axe-core does not either
