"""Bad tokens, headers, paths and queries: one answer for each fault, nothing repeated, nothing written."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4, uuid5

import httpx
import psycopg
import pytest

from services.identity.accounts import set_active
from services.identity.tokens import create_token
from tests.services.api.conftest import CANARY, Api, assert_problem
from tests.services.api.routes import WRITE_ROUTES
from tests.support.waiting import eventually

FIX = "/api/v1/issues/{number}/fix-on-site"
READS = ["/api/v1/issues", "/api/v1/issues/{number}", "/api/v1/issues/{number}/history", "/api/v1/ledgers/issues",
         "/api/v1/dashboard", "/api/v1/meetings/x", "/api/v1/funds/x"]  # fmt: skip

BAD_TOKENS: dict[str, str | None] = {
    "none": None,
    "empty": "",
    "another scheme": "Basic aGFuZGxlcjpoYW5kbGVy",
    "86 unknown": "Bearer hy_" + "A" * 43,
    "87 no algorithm": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.",
    "canary": f"Bearer {CANARY}",
    "66 latin-1": "Bearer hy_é",
    "quote": "Bearer hy_' or 1=1 --",
    "long": "Bearer " + "a" * 5000,
}


@pytest.fixture(scope="module", autouse=True)
def _unchanged(api: Api, number: str) -> Any:
    written = api.written()
    yield
    assert api.written() == written, "a refused request was written"


def sent(api: Api, path: str, **headers: str | None) -> httpx.Response:
    """A write that would do, with some headers replaced or (None) left out. Values may hold any latin-1."""
    proper = {
        "Authorization": api.bearer("handler")["Authorization"],
        "Idempotency-Key": str(uuid4()),
        "Content-Type": "application/json",
        "If-Match": '"1"',
    }
    proper.update({name.replace("_", "-"): value for name, value in headers.items()})  # type: ignore[misc]
    raw = [(name.encode(), value.encode("latin-1")) for name, value in proper.items() if value is not None]
    return api.send("POST", path, headers=raw, content=b'{"measures":"x"}')


# -- who ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", BAD_TOKENS.values(), ids=BAD_TOKENS)
def test_given_no_good_token_then_no_write_is_let_in(api: Api, number: str, token: str | None) -> None:
    for path in (route.path(number) for route in WRITE_ROUTES):
        refused = sent(api, path, Authorization=token)
        assert_problem(refused, 401, "not-authenticated")
        assert refused.headers["www-authenticate"].startswith("Bearer"), path


@pytest.mark.parametrize("token", BAD_TOKENS.values(), ids=BAD_TOKENS)
def test_given_no_good_token_then_no_read_is_let_in(api: Api, number: str, token: str | None) -> None:
    headers = [] if token is None else [(b"Authorization", token.encode("latin-1"))]
    for path in READS:
        assert_problem(api.send("GET", path.replace("{number}", number), headers=headers), 401, "not-authenticated")


def test_given_two_tokens_then_neither_counts(api: Api) -> None:
    token = api.bearer("handler")["Authorization"].encode()
    headers = [(b"Authorization", token), (b"Authorization", token)]
    assert_problem(api.send("GET", "/api/v1/issues", headers=headers), 401, "not-authenticated")


def test_given_an_expired_token_and_a_closed_account_then_both_are_401(api: Api) -> None:
    with psycopg.connect(api.database.app_dsn, autocommit=True) as connection:
        expired = create_token(connection, "lead2", timedelta(milliseconds=5))
        eventually(
            lambda: connection.execute("select max(now()) > min(expires_at) from api_token").fetchone() == (True,)
        )
        closed = create_token(connection, "member7", timedelta(hours=1))
        set_active(connection, "member7", False)
        for token in (expired, closed):
            answer = api.send("GET", "/api/v1/issues", headers={"Authorization": f"Bearer {token}"})
            assert_problem(answer, 401, "not-authenticated")
        set_active(connection, "member7", True)


@pytest.mark.parametrize("path", [path for path in READS if "/x" not in path and "dashboard" not in path])
@pytest.mark.parametrize(("by", "code"), [("admin", "role-not-allowed"), ("household", "no-post")])
def test_given_an_administrator_or_nobody_in_a_post_then_no_case_is_shown(
    api: Api, number: str, path: str, by: str, code: str
) -> None:
    assert_problem(api.get(path.replace("{number}", number), by=by), 403, code)


def test_given_a_post_named_then_it_must_be_held_and_is_acted_in(api: Api, number: str) -> None:
    path = f"/api/v1/issues/{number}"
    api.follow()
    for post in ("case_handler@QS", "case_handler@YX"):
        assert api.send("GET", path, headers={**api.bearer("handler"), "Huiyin-Post": post}).status_code == 200
    elsewhere = {**api.bearer("handler2"), "Huiyin-Post": "case_handler@LX"}
    assert_problem(api.send("GET", path, headers=elsewhere), 404, "not-found")
    for post in ("station_lead@QS", "case_handler", "", CANARY, "auditor@YX" * 50, "case_handler@QS\u00e9"):
        headers = {**api.bearer("handler"), "Huiyin-Post": post.encode("latin-1")}
        assert_problem(api.send("GET", path, headers=headers), 403, "post-not-held")
    twice = [*api.bearer("handler").items(), *[("Huiyin-Post", "case_handler@QS")] * 2]
    assert_problem(api.send("GET", path, headers=twice), 403, "post-not-held")


# -- headers --------------------------------------------------------------------------------------------------------

KEYS = {
    "64 empty": ("", "idempotency-key-invalid"),
    "60 no uuid": (CANARY, "idempotency-key-invalid"),
    "61 nil": (str(UUID(int=0)), "idempotency-key-invalid"),
    "60 braces": ("{" + str(uuid4()) + "}", "idempotency-key-invalid"),
    "60 no hyphens": (uuid4().hex, "idempotency-key-invalid"),
    "60 two in one": (f"{uuid4()}, {uuid4()}", "idempotency-key-invalid"),
    "66 latin-1": (f"{str(uuid4())[:-1]}é", "idempotency-key-invalid"),
    "derived like a workflow's": (str(uuid5(uuid4(), "missed")), "idempotency-key-invalid"),
}
VERSIONS = {
    "empty": "", "any": "*", "weak": 'W/"1"', "bare": "1", "several": '"1", "2"', "zero": '"0"', "negative": '"-1"',
    "54 underscore": '"1_0"', "leading zero": '"01"', "text": f'"{CANARY}"', "53 huge": '"' + "9" * 30 + '"',
    "full-width, mangled": '"\xef\xbc\x91"', "space": '" 1"', "decimal": '"1.0"',
}  # fmt: skip


ON_ISSUES = [route for route in WRITE_ROUTES if route.on_issue]


def test_given_no_idempotency_key_then_428(api: Api, number: str) -> None:
    for path in (route.path(number) for route in WRITE_ROUTES):
        problem = assert_problem(sent(api, path, Idempotency_Key=None), 428, "header-missing")
        assert [error["path"] for error in problem["errors"]] == ["header.Idempotency-Key"], path


@pytest.mark.parametrize(("key", "code"), KEYS.values(), ids=KEYS)
def test_given_an_odd_idempotency_key_then_422(api: Api, number: str, key: str, code: str) -> None:
    for path in (route.path(number) for route in WRITE_ROUTES):
        problem = assert_problem(sent(api, path, Idempotency_Key=key), 422, "malformed")
        assert [(error["path"], error["code"]) for error in problem["errors"]] == [("header.Idempotency-Key", code)]


def test_given_no_version_on_an_existing_issue_then_428(api: Api, number: str) -> None:
    for path in (route.path(number) for route in ON_ISSUES):
        problem = assert_problem(sent(api, path, If_Match=None), 428, "header-missing")
        assert [error["path"] for error in problem["errors"]] == ["header.If-Match"], path


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_given_an_odd_version_then_422(api: Api, number: str, version: str) -> None:
    for path in (route.path(number) for route in ON_ISSUES):
        problem = assert_problem(sent(api, path, If_Match=version), 422, "malformed")
        assert [error["path"] for error in problem["errors"]] == ["header.If-Match"], path


@pytest.mark.parametrize("name", [b"Idempotency-Key", b"If-Match"])
def test_given_a_header_twice_then_422(api: Api, number: str, name: bytes) -> None:
    value = str(uuid4()).encode() if name == b"Idempotency-Key" else b'"1"'
    headers = {
        b"Authorization": api.bearer("handler")["Authorization"].encode(),
        b"Idempotency-Key": str(uuid4()).encode(),
        b"Content-Type": b"application/json",
        b"If-Match": b'"1"',
    }
    answer = api.send("POST", FIX.replace("{number}", number), headers=[*headers.items(), (name, value)], content=b"{}")
    assert_problem(answer, 422, "malformed")


def test_given_a_stale_version_then_412(api: Api, number: str) -> None:
    answer = sent(api, FIX.replace("{number}", number), If_Match='"999999999999999999"')
    assert_problem(answer, 412, "stale-version")


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
