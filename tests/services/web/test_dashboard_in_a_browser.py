"""The dashboard in a real browser: on both screens, in both languages, and without scripts."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.services.api.conftest import Api, an_api
from tests.services.web.lives import lived_through
from tests.support.browsing import DESK, Coming, Somebody
from tests.support.postgres import DatabaseServer

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def api(database_server: DatabaseServer) -> Iterator[Api]:
    with an_api(database_server) as opened:
        lived_through(opened)
        yield opened


def test_given_a_township_at_work_then_its_dashboard_is_fit_for_everybody(anybody: Somebody) -> None:
    anybody.log_in("lead")
    anybody.go("/dashboard")
    expect(anybody.page.get_by_role("heading", level=1)).to_have_text(anybody.t("总览", "Dashboard"))
    anybody.look("dashboard")
    anybody.go("/dashboard/appraisal?period=2026-04")
    anybody.look("appraisal")


def test_given_no_scripts_when_a_number_is_opened_then_its_issues_are_listed_as_of_that_day(
    api: Api, comes: Coming
) -> None:
    desk = comes(DESK, "en", java_script_enabled=False)
    desk.log_in("lead")
    desk.go(f"/dashboard?as_of={api.clock.now - timedelta(days=30):%Y-%m-%d}")
    open_ones = desk.page.locator(".figures li").nth(1).get_by_role("link")
    count = open_ones.inner_text()
    open_ones.click()
    expect(desk.page.get_by_role("status")).to_have_text(f"{count} issues")
    desk.page.goto("about:blank")  # where no script runs axe-core does not either
