"""The whole system, and an officer whose phone has no line for a while: what was entered arrives, and is shown."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.support.browsing import Coming
from tests.support.field import enter, items, on_a_phone, summary
from tests.support.system import System
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow


def test_given_issues_entered_without_a_line_when_it_is_back_then_each_is_in_the_ledger_once(
    system: System, comes: Coming
) -> None:
    officer = on_a_phone(comes, "handler")
    mark = uuid4().hex[:6]
    entered = [f"路灯 {mark}", f"水沟 {mark}"]
    with officer.offline():
        for words in entered:
            enter(officer, words)
        expect(summary(officer)).to_have_text("2 条待发送")
        officer.page.reload()
    expect(summary(officer)).to_have_text("2 条已登记")
    numbers = [line.get_by_role("link").inner_text() for line in items(officer).all()]
    with system.client("handler") as client:
        eventually(lambda: all(client.get(f"issues/{number}").status == 200 for number in numbers), within=30)
        found = [client.get(f"issues/{number}").body["description"] for number in numbers]
    assert found == entered
    officer.go(f"/issues/{numbers[0]}")
    expect(officer.page.locator("main")).to_contain_text(entered[0])
