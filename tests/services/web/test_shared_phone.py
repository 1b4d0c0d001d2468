"""A phone that several people use: nobody sees or sends another's, and what leaves with a log-in leaves."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from services.identity.sessions import end_sessions
from services.web.kept import KEPT_PAGES
from tests.services.api.conftest import Api
from tests.support.browsing import DESK, ELSEWHERE, PHONE, Coming, Somebody
from tests.support.field import enter, has_its_pages, logged, on_a_phone, stored, summary

pytestmark = pytest.mark.slow

_KEPT = """async () => {
    const found = {};
    for (const name of await caches.keys()) {
        found[name] = (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname);
    }
    return found;
}"""
_WORKERS = "navigator.serviceWorker.getRegistrations().then((found) => found.length)"


@pytest.fixture
def officer(comes: Coming) -> Somebody:
    """A case handler whose phone has the pages."""
    return on_a_phone(comes, "handler")


def log_out(somebody: Somebody) -> None:
    somebody.go("/account")
    somebody.page.get_by_role("button", name="退出登录").click()
    somebody.page.wait_for_url("**/")


def test_given_somebody_logged_in_then_only_forms_are_kept_and_no_page_of_a_case(officer: Somebody) -> None:
    officer.go("/issues")
    kept = officer.page.evaluate(_KEPT)
    assert sorted(kept.pop("huiyin-pages-handler")) == sorted(KEPT_PAGES)
    assert all(path.startswith("/assets/") for paths in kept.values() for path in paths)


def test_given_items_wait_when_their_owner_logs_out_then_they_are_warned_and_nobody_else_sees_or_sends_them(
    api: Api, officer: Somebody
) -> None:
    asked = []
    officer.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    officer.context.route("**/healthz", lambda route: route.abort())
    officer.loses_its_line()
    enter(officer, "十组坟边积水。")
    expect(summary(officer)).to_have_text("1 条待发送")
    log_out(officer)
    assert len(asked) == 1
    assert "还有 1 条没有发送" in asked[0]
    left = stored(officer)
    assert left["keys"] == []
    assert "积水" not in str(left)
    assert "huiyin-pages-handler" not in officer.page.evaluate(_KEPT)
    officer.context.unroute("**/healthz")
    officer.log_in("handler2")
    officer.go("/issues/new")
    expect(officer.page.locator("form[data-offline-form]")).to_be_visible()
    officer.page.wait_for_load_state("networkidle")
    expect(summary(officer)).to_have_count(0)
    assert [key["user"] for key in stored(officer)["keys"]] == ["handler2"]
    assert logged(api, "十组坟边积水。") == []
    officer.log_in("handler")
    officer.go("/issues/new")
    expect(summary(officer)).to_have_text("1 条已登记")
    assert len(logged(api, "十组坟边积水。")) == 1


def test_given_nothing_waits_when_somebody_logs_out_then_nothing_of_theirs_is_left(officer: Somebody) -> None:
    log_out(officer)
    assert officer.page.evaluate(_KEPT) == {}
    assert officer.page.evaluate(_WORKERS) == 0
    assert stored(officer) == {"items": [], "keys": []}


def test_given_another_logs_in_meanwhile_when_an_open_page_sends_then_nothing_is_done_in_their_name(
    api: Api, officer: Somebody
) -> None:
    officer.expects(403)
    with officer.offline():
        enter(officer, "十一组误入他人名下。")
        expect(summary(officer)).to_have_text("1 条待发送")
        officer.log_in("handler2")
    expect(officer.page.get_by_role("link", name="重新登录")).to_be_visible()
    assert logged(api, "十一组误入他人名下。") == []


def test_given_the_session_has_ended_when_the_line_is_back_then_it_waits_for_the_next_log_in(
    api: Api, officer: Somebody
) -> None:
    officer.expects(401)
    with officer.offline():
        enter(officer, "十二组桥栏松动。")
        expect(summary(officer)).to_have_text("1 条待发送")
        end_sessions(api.inside, "handler")
        api.parts.authenticator.forget("handler")
    officer.page.get_by_role("link", name="重新登录").click()
    officer.page.wait_for_url("**/login**")
    officer.log_in("handler")
    officer.go("/issues/new")
    expect(summary(officer)).to_have_text("1 条已登记")
    assert len(logged(api, "十二组桥栏松动。")) == 1


def test_given_items_wait_when_their_owner_logs_out_everywhere_then_they_stay_sealed_too(officer: Somebody) -> None:
    officer.page.on("dialog", lambda dialog: dialog.accept())
    officer.context.route("**/healthz", lambda route: route.abort())
    officer.loses_its_line()
    enter(officer, "十三组水渠渗漏。")
    expect(summary(officer)).to_have_text("1 条待发送")
    officer.go("/account")
    officer.page.get_by_role("button", name="在所有地方退出").click()
    officer.page.wait_for_url("**/")
    left = stored(officer)
    assert (len(left["items"]), left["keys"]) == (1, [])


def test_given_a_role_that_enters_nothing_then_its_phone_keeps_no_form(comes: Coming) -> None:
    finance = comes(PHONE, "zh", service_workers="allow")
    finance.log_in("finance")
    finance.go("/account")
    has_its_pages(finance)
    assert finance.page.evaluate(_KEPT)["huiyin-pages-finance"] == ["/offline"]


@pytest.mark.parametrize(("language", "words"), [("zh", "离线登记已关闭"), ("en", "Entering without a line is off")])
def test_given_plain_http_and_a_host_name_then_the_page_says_that_offline_is_off_and_why(
    comes: Coming, language: str, words: str
) -> None:
    somebody = comes(PHONE, language, service_workers="allow")
    somebody.go(f"http://{ELSEWHERE}:{urlsplit(somebody.house.address).port}/login")
    expect(somebody.page.locator("[data-offline-notice]")).to_contain_text(words)
    expect(somebody.page.locator("[data-offline-notice]")).to_contain_text("https")
    assert somebody.page.evaluate("'serviceWorker' in navigator") is False
    somebody.look("plain-http")


def test_given_an_address_that_is_trusted_then_nothing_is_said_of_it(comes: Coming) -> None:
    somebody = comes(DESK, "en")
    somebody.go("/login")
    expect(somebody.page.locator("[data-offline-notice]")).to_be_hidden()
