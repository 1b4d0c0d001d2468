"""What can be read back: issues, histories, ledgers, counts; page by page, within the reader's scope."""

import threading
from uuid import uuid4

import pytest

from tests.services.api.conftest import CANARY, Api, assert_problem


@pytest.fixture(scope="module")
def village(api: Api) -> str:
    """A village with seven issues, one of them with the construction department; followed by the read models."""
    for _ in range(6):
        api.lived("logged", village="LX")
    api.lived("at_department", village="LX")
    api.follow()
    return "LX"


def test_given_an_issue_then_it_is_shown_with_the_version_to_act_on(api: Api) -> None:
    done = api.post("/api/v1/issues", {"channel": "visit", "village": "QS", "category": "construction",
                                       "description": "桥栏松动。"})  # fmt: skip
    api.follow()
    shown = api.get(f"/api/v1/issues/{done.json()['number']}", by="lead")
    assert shown.status_code == 200
    assert shown.headers["etag"] == '"1"'
    assert shown.headers["cache-control"] == "no-store"
    line = shown.json()
    assert (line["number"], line["description"], line["stage"]) == (done.json()["number"], "桥栏松动。", "logged")
    path = f"/api/v1/issues/{line['number']}/fix-on-site"
    fixed = api.post(path, {"measures": "已加固。"}, If_Match=shown.headers["etag"])
    assert fixed.status_code == 200


def test_given_followers_behind_then_a_read_waits_for_what_was_just_written(api: Api) -> None:
    logged = api.lived("logged")
    later = threading.Timer(0.1, api.follow)
    later.start()
    shown = api.get(f"/api/v1/issues/{logged.number}")
    later.join()
    assert shown.status_code == 200


def test_given_followers_that_do_not_come_then_the_reader_is_told_to_come_back(api: Api) -> None:
    number = api.lived("logged").number
    answer = api.get(f"/api/v1/issues/{number}")
    assert_problem(answer, 503, "not-visible-yet")
    assert answer.headers["retry-after"] == "2"


def test_given_followers_behind_then_what_they_have_is_shown_with_its_own_version(api: Api) -> None:
    logged = api.lived("logged")
    api.follow()
    api.post(f"/api/v1/issues/{logged.number}/assign-issue", {"person": "lead2"}, by="lead", version=1)
    assert api.get(f"/api/v1/issues/{logged.number}").headers["etag"] == '"1"'


def test_given_a_life_then_its_history_tells_every_step(api: Api) -> None:
    number = api.lived("feedback").number
    api.follow()
    told = api.get(f"/api/v1/issues/{number}/history").json()
    assert told["number"] == number
    assert [line["version"] for line in told["items"]] == [1, 2, 3]
    assert [line["topic"] for line in told["items"]] == ["issue.logged", "issue.fixed_on_site", "issue.reply_given"]
    assert all(line["zh"] and line["en"] and line["actor_user"] for line in told["items"])


def test_given_a_moment_then_the_history_ends_there(api: Api) -> None:
    number = api.lived("feedback").number
    api.follow()
    path = f"/api/v1/issues/{number}/history"
    assert len(api.get(path, params={"as_of": "2026-03-02T10:00:00+08:00"}).json()["items"]) == 2
    assert api.get(path, params={"known_at": "2026-03-02T10:00:00+08:00"}).json()["items"] == []


def test_given_pages_then_they_hold_every_issue_once_and_in_order(api: Api, village: str) -> None:
    whole = api.get("/api/v1/issues", params={"village": village, "limit": 200}).json()
    assert whole["next"] is None
    seen: list[str] = []
    query: dict[str, str] = {"village": village, "limit": "3"}
    while True:
        page = api.get("/api/v1/issues", params=query).json()
        seen += [line["number"] for line in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert seen == [line["number"] for line in whole["items"]]
    assert len(set(seen)) == len(seen) == 7

    newest = api.get("/api/v1/issues", params={"village": village, "sort": "newest"}).json()
    assert [line["number"] for line in newest["items"]] == seen[::-1]


def test_given_a_cursor_of_another_list_then_it_is_refused(api: Api, village: str) -> None:
    cursor = api.get("/api/v1/issues", params={"village": village, "limit": "3"}).json()["next"]
    for query in ({"limit": "3"}, {"village": village, "sort": "newest"}, {"village": village, "stage": "logged"}):
        problem = assert_problem(api.get("/api/v1/issues", params={**query, "cursor": cursor}), 422)
        assert problem["errors"][0]["code"] == "cursor-invalid"
    assert_problem(api.get("/api/v1/ledgers/issues", params={"village": village, "cursor": cursor}), 422)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"stage": "escalated"}, 1),
        ({"stage": "logged"}, 6),
        ({"stage": "settled"}, 0),
        ({"unit": "department:construction"}, 1),
        ({"category": "construction"}, 7),
        ({"channel": "petition"}, 0),
        ({"open": "true"}, 7),
        ({"overdue": "false"}, 7),
    ],
)
def test_given_a_filter_then_only_what_fits_is_listed(
    api: Api, village: str, query: dict[str, str], count: int
) -> None:
    assert len(api.get("/api/v1/issues", params={"village": village, **query}).json()["items"]) == count


def test_given_time_passed_then_what_is_overdue_is_listed(api: Api, village: str) -> None:
    now = api.clock.now
    api.clock.set(now.replace(year=2027))
    assert len(api.get("/api/v1/issues", params={"village": village, "overdue": "true"}).json()["items"]) == 7
    api.clock.set(now)


def test_given_a_village_officer_then_only_their_village_is_listed(api: Api, village: str) -> None:
    listed = api.get("/api/v1/issues", by="villager", params={"limit": 200}).json()["items"]
    assert {line["village"] for line in listed} == {village}
    others = api.get("/api/v1/issues", by="villager", params={"village": "QS"}).json()
    assert (others["items"], others["next"], others["total"]) == ([], None, 0)
    rows = api.get("/api/v1/ledgers/issues", by="villager", params={"limit": 200}).json()["rows"]
    assert len(rows) == len(listed) == 7
    assert_problem(api.get("/api/v1/dashboard", by="villager", params={"village": "QS"}), 404)
    assert api.get("/api/v1/dashboard", by="villager").json()["total"] == 7


def test_given_a_department_then_only_its_cases_are_listed_and_shown(api: Api, village: str) -> None:
    listed = api.get("/api/v1/issues", by="department", params={"limit": 200}).json()["items"]
    assert listed
    assert {line["department"] for line in listed} == {"construction"}
    assert api.get(f"/api/v1/issues/{listed[0]['number']}", by="department").status_code == 200


def test_given_a_department_that_hands_its_case_back_then_the_repeat_gives_the_same_answer(api: Api) -> None:
    number = api.lived("at_department").number
    path, key = f"/api/v1/issues/{number}/return-escalation", str(uuid4())
    body = {"reasons": "不属本部门。"}
    done = api.post(path, body, by="department", key=key, version=2)
    assert done.status_code == 200
    again = api.post(path, body, by="department", key=key, version=2)
    assert again.json() == {**done.json(), "repeated": True}
    assert_problem(api.post(path, body, by="department", version=3), 404, "not-found")


def test_given_the_ledger_then_it_has_the_forms_columns(api: Api, village: str) -> None:
    ledger = api.get("/api/v1/ledgers/issues", params={"village": village, "limit": 5}).json()
    assert ledger["columns"][:3] == ["编号", "登记日期", "村(社区)"]
    assert len(ledger["rows"]) == 5
    assert all(len(row) == len(ledger["columns"]) for row in ledger["rows"])
    following = api.get(
        "/api/v1/ledgers/issues", params={"village": village, "limit": 5, "cursor": ledger["next"]}
    ).json()
    assert (len(following["rows"]), following["next"]) == (2, None)


def test_given_the_dashboard_then_rates_show_what_they_are_made_of(api: Api, village: str) -> None:
    counts = api.get("/api/v1/dashboard", params={"village": village}, by="admin").json()
    assert (counts["total"], counts["open"], counts["village"]) == (7, 7, village)
    assert counts["rates"]["satisfaction"] == {"numerator": 0.0, "denominator": 0, "value": None}
    assert counts["backlog_goal"] is None, "this plan asks for nothing"
    assert sum(each["issues"] for each in counts["ages"]) == 7
    assert counts["by_stage"]["escalated"] == 1
    assert_problem(api.get("/api/v1/dashboard", by="household"), 403, "no-post")


NOBODY = "5d0f5a53-5f0e-4a1c-8a53-9a3d6f1f0c11"


@pytest.mark.parametrize("given", ["x", NOBODY, "0" * 32, f"%7B{NOBODY}%7D", CANARY, NOBODY.upper() + "A"])
def test_given_no_such_meeting_or_fund_then_404(api: Api, given: str) -> None:
    assert_problem(api.get(f"/api/v1/meetings/{given}"), 404, "not-found")
    assert_problem(api.get(f"/api/v1/funds/{given}"), 404, "not-found")
