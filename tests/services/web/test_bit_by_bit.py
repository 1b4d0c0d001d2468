"""With scripts a list is narrowed where it stands: no new page, the same address as without, no policy violated."""

import re

import pytest
from playwright.sync_api import expect

from tests.services.api.conftest import Api
from tests.support.browsing import Somebody

pytestmark = pytest.mark.slow


def test_given_a_filter_is_changed_then_the_list_follows_without_a_new_page(api: Api, desk: Somebody) -> None:
    api.lived("logged", title="A culvert is blocked.")
    api.follow()
    desk.log_in("handler")
    desk.go("/issues")
    page = desk.page
    row = page.get_by_text("A culvert is blocked.")
    expect(row).to_be_visible()
    page.evaluate("document.body.dataset.same = 'yes'")
    page.get_by_label("overdue only").check()
    expect(row).to_have_count(0)
    expect(page).to_have_url(re.compile("overdue=true"))
    page.get_by_label("overdue only").uncheck()
    expect(row).to_be_visible()
    assert page.evaluate("document.body.dataset.same") == "yes"
    page.go_back()
    expect(row).to_have_count(0)
    desk.look("narrowed")
