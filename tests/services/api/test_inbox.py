"""The inbox at the door: one's own, page by page, and the mark that only moves forward."""

import json
from collections.abc import Iterator

import httpx
import pytest

from domain.organisation.commands import NameDeputy
from domain.values import Role
from tests.services.api.conftest import Api, an_api, assert_problem
from tests.support.organisation import ask
from tests.support.postgres import DatabaseServer
from tests.support.settling import SINCE

INBOX = "/api/v1/inbox"


@pytest.fixture(scope="module")
def api(database_server: DatabaseServer) -> Iterator[Api]:
    """An API of their own: they count what somebody was told."""
    with an_api(database_server) as opened:
        for _ in range(3):
            opened.lived("missed")
            opened.lived("submission")
        opened.follow()
        yield opened


def test_given_notices_when_read_page_by_page_then_each_stands_there_once_newest_first(api: Api) -> None:
    whole = api.get(INBOX).json()
    first = api.get(f"{INBOX}?limit=4").json()
    second = api.get(f"{INBOX}?limit=200&before={first['next']}").json()
    assert first["items"] + second["items"] == whole["items"]
    assert (first["unread"], second["next"]) == (len(whole["items"]), None)
    notice = next(it for it in whole["items"] if it["kind"] == "missed")
    assert (notice["addressee"], notice["zh"], notice["read"]) == ("handler", "已超期", False)
    assert notice["number"].startswith("QS-2026-")
    assert notice["due_at"]
    assert {it["addressee"] for it in whole["items"]} == {"handler"}


def test_given_notices_when_marked_then_they_are_read_again_and_again_and_never_unread(api: Api) -> None:
    items = api.get(INBOX, by="lead").json()["items"]
    newest, oldest = items[0]["position"], items[-1]["position"]
    for _ in range(2):
        marked = api.post(f"{INBOX}/read", {"up_to": newest}, by="lead").json()
        assert marked == {"unread": 0, "read_until": newest}
    assert api.post(f"{INBOX}/read", {"up_to": oldest}, by="lead").json()["read_until"] == newest
    assert api.get(f"{INBOX}?unread=true", by="lead").json()["items"] == []
    assert all(it["read"] for it in api.get(INBOX, by="lead").json()["items"])


def test_given_a_mark_beyond_the_last_notice_then_what_comes_later_is_still_news(api: Api) -> None:
    api.post(f"{INBOX}/read", {"up_to": 10**12}, by="handler2")
    api.lived("logged", village="LX", by="household")
    api.follow()
    assert api.get(INBOX, by="handler2").json()["unread"] == 1


def test_given_a_deputy_then_in_that_post_the_inbox_is_also_that_of_whom_they_stand_in_for(api: Api) -> None:
    stands_in = {"officer": "handler", "role": Role.CASE_HANDLER, "place": "QS", "deputy": "member2"}
    api.reorganise(ask(NameDeputy, at=SINCE, until=SINCE.replace(year=2199), **stands_in))
    own = api.get(INBOX, by="member2").json()["items"]
    as_deputy = api.send("GET", INBOX, headers={**api.bearer("member2"), "Huiyin-Post": "case_handler@QS"})
    assert "handler" not in {it["addressee"] for it in own}
    assert "handler" in {it["addressee"] for it in as_deputy.json()["items"]}


@pytest.mark.parametrize("body", [{}, {"up_to": -1}, {"up_to": "3"}, {"up_to": 1, "person": "lead"}])
def test_given_a_body_that_is_no_mark_then_refused(api: Api, body: dict[str, object]) -> None:
    assert_problem(api.post(f"{INBOX}/read", body), 422)


@pytest.mark.parametrize("query", ["before=-1", "before=x", "limit=0", "limit=201", "of=lead"])
def test_given_a_query_that_is_none_then_refused(api: Api, query: str) -> None:
    assert_problem(api.get(f"{INBOX}?{query}"), 422)


# -- where one wants notices -----------------------------------------------------------------------------------------

NOTICES = "/api/v1/me/notices"
KEY = "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"


def put(api: Api, *targets: str, by: str = "handler") -> httpx.Response:
    headers = {**api.bearer(by), "Content-Type": "application/json"}
    return api.send("PUT", NOTICES, headers=headers, content=json.dumps({"targets": targets}))


def test_given_targets_when_set_then_they_are_shown_without_secrets_to_their_owner_only(api: Api) -> None:
    for _ in range(2):
        told = put(api, f"wecom://{KEY}", "jsons://hook.example/s3cret")
        assert [(it["channel"], it["host"]) for it in told.json()["targets"]] == [
            ("wecom", "qyapi.weixin.qq.com"), ("jsons", "hook.example"),
        ]  # fmt: skip
    assert len(api.get(NOTICES).json()["targets"]) == 2
    assert KEY not in api.get(NOTICES).text + told.text
    assert "s3cret" not in told.text
    assert api.get(NOTICES, by="lead").json() == {"targets": []}
    assert put(api).json() == {"targets": []}


@pytest.mark.parametrize("target", ["jsons://evil.example/", "json://169.254.169.254/", "discord://a/b"])
def test_given_a_target_that_nobody_allowed_then_refused_and_the_others_stay(api: Api, target: str) -> None:
    put(api, "jsons://hook.example", by="lead")
    told = put(api, f"wecom://{KEY}", target, by="lead")
    assert_problem(told, 409, "notice-target-not-allowed")
    assert target not in told.text
    assert [it["channel"] for it in api.get(NOTICES, by="lead").json()["targets"]] == ["jsons"]
