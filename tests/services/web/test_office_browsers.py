"""Auditor, administrator and department with a browser: ledgers as cards on a phone, as tables at a desk."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.services.api.conftest import Api
from tests.support.browsing import PHONE, Coming, Somebody

pytestmark = pytest.mark.slow


def test_given_ledgers_when_an_auditor_looks_then_rows_lead_to_their_issues(api: Api, anybody: Somebody) -> None:
    number = str(api.lived("granted", key=uuid4().hex).number)
    api.follow()
    anybody.log_in("auditor")
    anybody.go("/office")
    anybody.look("office")
    anybody.go("/ledgers")
    anybody.look("ledgers")
    anybody.page.get_by_role("link", name=anybody.t("问题台账", "Issue ledger")).click()
    expect(anybody.page.get_by_role("link", name=number)).to_have_attribute("href", f"/issues/{number}")
    anybody.look("ledger")
    anybody.go("/ledgers/projects?village=QS")
    anybody.look("projects")


def test_given_the_organisation_when_an_administrator_looks_then_places_stand_below_each_other(
    api: Api, anybody: Somebody
) -> None:
    anybody.log_in("admin")
    anybody.go("/office/organisation")
    anybody.look("organisation")
    anybody.go("/office/plans")
    anybody.look("plans")
    anybody.go("/office/holidays/2026")
    anybody.look("holidays")


def test_given_a_referral_when_a_department_looks_without_scripts_then_it_leads_to_the_issue(
    api: Api, comes: Coming
) -> None:
    number = str(api.lived("at_department", key=uuid4().hex).number)
    api.follow()
    somebody = comes(PHONE, "zh", java_script_enabled=False)
    somebody.log_in("department")
    somebody.go("/department")
    expect(somebody.page.locator(f'a[href="/issues/{number}"]')).to_be_visible()
    somebody.page.goto("about:blank")  # where no script runs axe-core does not either
