"""Many callers at once: one key counts once, one version wins once, numbers have no gaps."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx

from tests.services.api.conftest import Api, assert_problem

AT_ONCE = 50


def together(call: Callable[[int], httpx.Response]) -> list[httpx.Response]:
    with ThreadPoolExecutor(AT_ONCE) as callers:
        return list(callers.map(call, range(AT_ONCE)))


def test_given_fifty_callers_with_one_key_then_one_event_and_one_answer(api: Api) -> None:
    number, key = api.lived("logged").number, str(uuid4())
    events, commands = api.written()
    path = f"/api/v1/issues/{number}/fix-on-site"
    answers = together(lambda _: api.post(path, {"measures": "已修。"}, key=key, version=1))
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json()["repeated"] for answer in answers) == [False] + [True] * (AT_ONCE - 1)
    assert {answer.json()["version"] for answer in answers} == {2}
    assert api.written() == (events + 1, commands + 1)


def test_given_fifty_callers_who_log_with_one_key_then_one_issue_and_one_receipt(api: Api) -> None:
    key = str(uuid4())
    events, _ = api.written()
    body = {"channel": "hotline", "village": "QS", "category": "other", "description": "停水。"}
    answers = together(lambda _: api.post("/api/v1/issues", body, key=key))
    assert sorted(answer.status_code for answer in answers) == [200] * (AT_ONCE - 1) + [201]
    assert len({(answer.json()["number"], answer.json()["receipt_code"]) for answer in answers}) == 1
    assert api.written()[0] == events + 1


def test_given_fifty_callers_on_one_version_then_one_wins_and_the_others_are_told(api: Api) -> None:
    logged = api.lived("logged")
    path = f"/api/v1/issues/{logged.number}/link-common-cause"
    answers = together(lambda n: api.post(path, {"cause": f"cause-{n}"}, version=1))
    assert sorted({answer.status_code for answer in answers}) == [200, 412]
    assert [answer.status_code for answer in answers].count(200) == 1
    for answer in answers:
        if answer.status_code == 412:
            assert assert_problem(answer, 412, "stale-version")["version"] == 2


def test_given_fifty_callers_who_log_different_issues_then_their_numbers_have_no_gap(api: Api) -> None:
    body = {"channel": "online", "village": "WS", "category": "other", "description": "路面破损。"}
    answers = together(lambda _: api.post("/api/v1/issues", body))
    assert {answer.status_code for answer in answers} == {201}
    serials = sorted(int(answer.json()["number"].rpartition("-")[2]) for answer in answers)
    assert serials == list(range(serials[0], serials[0] + AT_ONCE))


def test_given_one_key_for_two_requests_then_the_second_is_refused(api: Api) -> None:
    number, key = api.lived("logged").number, str(uuid4())
    path = f"/api/v1/issues/{number}"
    assert api.post(f"{path}/link-common-cause", {"cause": "a"}, key=key, version=1).status_code == 200
    written = api.written()
    for other in (
        api.post(f"{path}/link-common-cause", {"cause": "b"}, key=key, version=1),
        api.post(f"{path}/link-common-cause", {"cause": "a"}, key=key, version=1, by="lead"),
        api.post(f"{path}/fix-on-site", {"measures": "a"}, key=key, version=2),
        api.post(f"/api/v1/issues/{api.lived('logged').number}/link-common-cause", {"cause": "a"}, key=key, version=1),
    ):
        assert_problem(other, 409, "command-id-reused")
    assert api.written() == (written[0] + 1, written[1] + 1)  # the other issue that was logged
