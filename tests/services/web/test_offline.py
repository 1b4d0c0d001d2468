"""In a village without a line: what is entered waits on the phone, survives a reload, and is sent once, by itself."""

from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect

from services.web.icons import icon_png
from tests.services.api.conftest import Api
from tests.support.browsing import Coming, Somebody
from tests.support.field import enter, happened_at, items, logged, on_a_phone, save, stored, summary

pytestmark = pytest.mark.slow

LONG_AGO = "2020-01-01T09:00"
"""A promise that the office refuses."""


@pytest.fixture
def officer(comes: Coming) -> Somebody:
    """A case handler whose phone has the pages."""
    return on_a_phone(comes, "handler")


def test_given_a_line_when_an_issue_is_entered_then_it_is_taken_in_as_by_any_form(api: Api, officer: Somebody) -> None:
    enter(officer, "桥头路灯不亮。")
    expect(officer.page.locator("h1")).to_have_text("回执")
    expect(officer.page.locator(".receipt")).to_contain_text("QS-")
    assert len(logged(api, "桥头路灯不亮。")) == 1
    assert stored(officer)["items"] == []


def test_given_no_line_when_several_are_entered_then_they_wait_sealed_survive_a_reload_and_one_refusal_stops_none(
    api: Api, officer: Somebody
) -> None:
    entered_at = api.clock.now
    with officer.offline():
        enter(officer, "一组水管爆裂。")
        expect(summary(officer)).to_have_text("1 条待发送")
        enter(officer, "二组路面塌陷。", promised_by=LONG_AGO)
        enter(officer, "三组河道垃圾。")
        expect(summary(officer)).to_have_text("3 条待发送")
        officer.page.reload()
        expect(summary(officer)).to_have_text("3 条待发送")
        expect(officer.page.locator("#waiting")).to_contain_text("现在没有信号")
        officer.look("waiting")
        kept = stored(officer)
        assert len(kept["items"]) == 3
        assert "水管" not in str(kept)
        assert kept["keys"] == [{"user": "handler", "extractable": False}]
    api.clock.advance(timedelta(hours=2))
    officer.expects(409)
    expect(summary(officer)).to_have_text("1 条需更正 · 2 条已登记")
    expect(officer.page.locator("#waiting")).to_contain_text("承诺办结时间不能早于登记时间")
    officer.look("refused")
    (first,) = logged(api, "一组水管爆裂。")
    assert happened_at(api, first["number"]) == entered_at
    assert [len(logged(api, words)) for words in ("二组路面塌陷。", "三组河道垃圾。")] == [0, 1]
    officer.page.get_by_role("link", name="打开修改").click()
    expect(officer.page.locator("[name=description]")).to_have_value("二组路面塌陷。")
    officer.page.locator("[name=promised_by]").fill("")
    save(officer)
    expect(summary(officer)).to_have_text("3 条已登记")
    expect(officer.page.locator("#waiting")).to_contain_text("查询码")
    assert len(logged(api, "二组路面塌陷。")) == 1


def test_given_a_line_when_the_office_refuses_then_the_reason_stands_in_the_form_and_nothing_typed_is_lost(
    api: Api, officer: Somebody
) -> None:
    officer.expects(409)
    enter(officer, "五组围墙开裂。", promised_by=LONG_AGO)
    expect(officer.page.get_by_role("alert")).to_contain_text("承诺办结时间不能早于登记时间")
    expect(officer.page.locator("[name=description]")).to_have_value("五组围墙开裂。")
    officer.page.locator("[name=promised_by]").fill("")
    save(officer)
    expect(officer.page.locator("h1")).to_have_text("回执")
    assert len(logged(api, "五组围墙开裂。")) == 1


@pytest.mark.parametrize(
    ("arrives_at", "words"), [("/issues/new", "变压器异响。"), ("/api/v1/issues", "古井的盖板不见了。")]
)
def test_given_the_answer_is_lost_when_it_is_sent_again_then_it_counts_once_and_was_not_changed_meanwhile(
    api: Api, officer: Somebody, arrives_at: str, words: str
) -> None:
    def lose(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        if route.request.url.endswith(arrives_at):
            route.fetch()
        route.abort()

    officer.context.route("**/issues*", lose)
    officer.context.route("**/issues/new", lose)
    officer.loses_its_line()
    enter(officer, words)
    expect(summary(officer)).to_have_text("1 条待发送")
    summary(officer).click()
    expect(items(officer)).to_contain_text("还没有收到回音")
    expect(officer.page.get_by_role("link", name="打开修改")).to_have_count(0)
    officer.context.unroute_all()
    officer.page.get_by_role("button", name="立即发送").click()
    expect(summary(officer)).to_have_text("1 条已登记")
    assert len(logged(api, words)) == 1


def test_given_two_tabs_when_the_line_is_back_then_each_item_is_sent_once(api: Api, officer: Somebody) -> None:
    other = officer.context.new_page()
    other.goto("/visits/new")
    sent = []
    officer.context.on("request", lambda it: sent.append(it) if it.method == "POST" else None)
    with officer.offline():
        enter(officer, "七组涵洞堵塞。")
        enter(officer, "八组电线下垂。")
        expect(other.locator("#waiting summary")).to_have_text("2 条待发送")
    expect(summary(officer)).to_have_text("2 条已登记")
    expect(other.locator("#waiting summary")).to_have_text("2 条已登记")
    assert len(sent) == 2
    assert [len(logged(api, words)) for words in ("七组涵洞堵塞。", "八组电线下垂。")] == [1, 1]


def test_given_no_line_when_a_visit_is_written_down_then_it_is_in_the_diary_afterwards(
    api: Api, officer: Somebody
) -> None:
    page = officer.page
    with officer.offline():
        page.goto("/visits/new")
        page.locator("[name=village]").select_option("QS")
        page.locator("[name=kind]").select_option("talk_day")
        page.locator("[name=place]").fill("村小学")
        page.locator("[name=said]").fill("校门口积水。")
        save(officer)
        expect(summary(officer)).to_have_text("1 条待发送")
    expect(summary(officer)).to_have_text("1 条已登记")
    api.follow()
    assert "校门口积水。" in api.get("/api/v1/ledgers/visits").text


def test_given_no_line_when_another_page_is_opened_then_it_says_what_can_be_done(officer: Somebody) -> None:
    with officer.offline():
        officer.go("/issues")
        expect(officer.page.locator("h1")).to_have_text("没有信号")
        officer.page.get_by_role("link", name="登记问题").click()
        expect(officer.page.locator("form[data-offline-form]")).to_be_visible()
        officer.look("form-without-a-line")


def test_given_what_waits_when_it_is_deleted_then_it_is_gone(api: Api, officer: Somebody) -> None:
    officer.page.on("dialog", lambda dialog: dialog.accept())
    with officer.offline():
        enter(officer, "九组误报。")
        summary(officer).click()
        officer.page.get_by_role("button", name="删除").click()
        expect(summary(officer)).to_have_count(0)
        assert stored(officer)["items"] == []
    assert logged(api, "九组误报。") == []


def test_given_a_photo_was_taken_without_a_line_then_it_arrives_with_its_issue(api: Api, officer: Somebody) -> None:
    photo = {"name": "门前.png", "mimeType": "image/png", "buffer": icon_png(192)}
    with officer.offline():
        officer.page.locator("#f-photos-camera").set_input_files([photo])
        enter(officer, "校门口的灯坏了。")
        expect(summary(officer)).to_have_text("1 条待发送")
        (kept,) = stored(officer)["items"]
        assert len(kept["pictures"]) == 1
        assert "PNG" not in kept["pictures"][0]
    expect(summary(officer)).to_have_text("1 条已登记")
    assert stored(officer)["items"][0]["pictures"] == []
    (issue,) = logged(api, "校门口的灯坏了。")
    (file,) = api.get(f"/api/v1/issues/{issue['number']}").json()["files"]
    assert (file["media_type"], file["width"], file["standing"]) == ("image/png", 192, "kept")
