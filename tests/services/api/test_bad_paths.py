"""Bad paths and queries: one answer for each fault, nothing repeated, nothing written."""

from urllib.parse import quote
from uuid import UUID

import pytest

from tests.services.api.conftest import CANARY, Api, assert_problem
from tests.services.api.refused import FIX, ON_ISSUES, sent, unchanged

__all__ = ["unchanged"]

# -- paths ----------------------------------------------------------------------------------------------------------

NO_NUMBERS = {
    "absent": "QS-2026-9999",
    "absent village": "ZZ-2026-0001",
    "53 huge": "QS-2026-" + str(2**64),
    "53 a number": str(2**64),
    "54 underscore": "QS-2026-0_01",
    "55 space": "%20QS-2026-0001",
    "60 no number": quote(CANARY),
    "61 nil uuid": str(UUID(int=0)),
    "61 an issue's own id": "",
    "62 traversal": "..%5c..%5cetc%5cpasswd",
    "lower case": "qs-2026-0001",
    "full-width": quote("ＱＳ-2026-0001"),
    "full-width digits": quote("QS-２０２６-0001"),
    "NUL": "QS-2026-0001%00",
    "line feed": "QS-2026-0001%0a",
    "broken utf-8": "%ff%fe",
    "quote": "QS-2026-0001'--",
    "long": "QS-2026-" + "0" * 3000,
}


@pytest.mark.parametrize("given", NO_NUMBERS.values(), ids=NO_NUMBERS)
@pytest.mark.parametrize("action", ["fix-on-site", "close-issue", ""])
def test_given_an_absent_or_impossible_number_then_the_same_404(api: Api, number: str, given: str, action: str) -> None:
    given = given or str(api.casework.issue_id(number))
    path = f"/api/v1/issues/{given}/{action}".rstrip("/")
    answer = sent(api, path) if action else api.get(path)
    assert_problem(answer, 404)
    absent_path = f"/api/v1/issues/QS-2026-9999/{action}".rstrip("/")
    absent = sent(api, absent_path) if action else api.get(absent_path)
    disguised = "%5c" in given or "%00" in given  # refused before any route is looked for
    assert (answer.content == absent.content) is not disguised


def test_given_another_village_then_the_same_404_for_reading_and_writing(api: Api, number: str) -> None:
    for path in (f"/api/v1/issues/{number}", f"/api/v1/issues/{number}/history"):
        absent = api.get(path.replace(number, "QS-2026-9999"), by="villager")
        assert api.get(path, by="villager").content == absent.content
        assert_problem(absent, 404, "not-found")
    for route in ON_ISSUES:
        answer = api.post(route.path(number), route.body(), by="villager", version=1)
        assert answer.content == absent.content
    body = {"channel": "visit", "village": "QS", "category": "construction", "description": CANARY}
    assert_problem(api.post("/api/v1/issues", body, by="villager"), 403, "outside-your-scope")


def test_given_another_departments_case_then_the_same_404(api: Api, number: str) -> None:
    assert_problem(api.get(f"/api/v1/issues/{number}", by="department"), 404, "not-found")
    for route in ON_ISSUES:
        assert_problem(api.post(route.path(number), route.body(), by="department", version=1), 404, "not-found")
        assert_problem(api.post(route.path(number), route.body(), by="household", version=1), 403, "no-post")


@pytest.mark.parametrize(
    "path",
    ["/api/v1", "/api/v1/", "/api/v1/issues/", "/api/v2/issues", "/api/v1/visits", "/api/v1/issues%2F", "/favicon.ico",
     "/api/v1/ledgers/none", "/%2e%2e/etc/passwd", "/api/v1/issues/QS-2026-0001%2Ffix-on-site", f"/{CANARY}", "//",
     "/api/v1/issues/QS-2026-0001/unknown-command", "/api/v1/issues/QS-2026-0001/table-submission",
     "/api/v1/issues/QS-2026-0001/fix-on-site/", "/api/v1/issues/QS-2026-0001/FixOnSite"],
)  # fmt: skip
def test_given_no_such_path_then_404_in_form(api: Api, path: str) -> None:
    method = "POST" if "QS-" in path else "GET"
    answer = api.send(method, path, headers=api.bearer("handler"))
    assert_problem(answer, 404, "no-such-path")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", FIX, "POST"),
        ("DELETE", "/api/v1/issues/{number}", "GET, HEAD"),
        ("PUT", "/api/v1/issues/{number}", "GET, HEAD"),
        ("PATCH", "/api/v1/issues", "GET, HEAD, POST"),
        ("POST", "/api/v1/dashboard", "GET, HEAD"),
        ("POST", "/api/v1/issues/{number}/history", "GET, HEAD"),
        ("DELETE", "/", "GET, HEAD"),
        ("OPTIONS", FIX, "POST"),
    ],
)
def test_given_the_wrong_method_then_405_and_what_is_allowed(
    api: Api, number: str, method: str, path: str, allowed: str
) -> None:
    answer = api.send(method, path.replace("{number}", number), headers=api.bearer("handler"))
    assert_problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == allowed


# -- queries --------------------------------------------------------------------------------------------------------

BAD_QUERIES = {
    "56 unknown": ("limt=5", "query"),
    "56 canary as a name": (f"{CANARY}=1", "query"),
    "57 repeated": ("limit=1&limit=2", "query"),
    "58 negative": ("limit=-1", "query.limit"),
    "58 zero": ("limit=0", "query.limit"),
    "58 huge": ("limit=1000000000", "query.limit"),
    "58 201": ("limit=201", "query.limit"),
    "53 2^64": (f"limit={2**64}", "query.limit"),
    "54 underscore": ("limit=1_0", "query.limit"),
    "55 space": ("limit=%205", "query.limit"),
    "55 plus": ("limit=+5", "query.limit"),
    "full-width": ("limit=" + quote("５"), "query.limit"),
    "empty": ("limit=", "query.limit"),
    "no value": ("limit", "query"),
    "decimal": ("limit=1.0", "query.limit"),
    "NUL": ("village=QS%00", "query.village"),
    "village": (f"village={CANARY}", "query.village"),
    "stage": (f"stage={CANARY}", "query.stage"),
    "flag": ("overdue=1", "query.overdue"),
    "flag in capitals": ("overdue=True", "query.overdue"),
    "59 malformed cursor": (f"cursor={CANARY}", "query.cursor"),
    "59 cursor with strange letters": ("cursor=%00%ff", "query"),
    "59 empty cursor": ("cursor=", "query.cursor"),
    "59 forged cursor": ("cursor=WyIyMDI2LTAzLTAyIiwiUVMiLCJ4Il0", "query.cursor"),
    "broken utf-8": ("village=%ff", "query"),
    "21 parameters": ("&".join(f"a{n}=1" for n in range(21)), "query"),
}


@pytest.mark.parametrize(("query", "path"), BAD_QUERIES.values(), ids=BAD_QUERIES)
def test_given_an_odd_query_then_422_and_its_place(api: Api, query: str, path: str) -> None:
    problem = assert_problem(api.get(f"/api/v1/issues?{query}"), 422, "malformed")
    assert {error["path"] for error in problem["errors"]} == {path}


@pytest.mark.parametrize(
    "path",
    ["/api/v1/issues/{number}?x=1", "/api/v1/issues/{number}/history?as_of=0", "/api/v1/ledgers/issues?stage=logged",
     "/api/v1/issues/{number}/history?known_at=2026-03-01T00:00:00", "/api/v1/dashboard?village=qs"],
)  # fmt: skip
def test_given_an_odd_query_elsewhere_then_422_too(api: Api, number: str, path: str) -> None:
    assert_problem(api.get(path.replace("{number}", number)), 422, "malformed")
