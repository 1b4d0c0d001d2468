"""Bad bodies at every write route: refused in form, with a code and a place, unrepeated, and nothing written."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

from services.api.door.problems import FieldProblem
from services.api.openapi.document import description
from tests.services.api.conftest import CANARY, Api, assert_problem
from tests.services.api.routes import IDS, WRITE_ROUTES, WriteRoute

JSON = "application/json"


class BadBody(NamedTuple):
    """A body made of one that works; what it is refused with."""

    make: Callable[[dict[str, Any]], bytes]
    status: int
    code: str
    path: str | None = "body"
    content_type: str | None = JSON
    encoding: str | None = None


def text(written: str | bytes) -> Callable[[dict[str, Any]], bytes]:
    raw = written.encode() if isinstance(written, str) else written
    return lambda body: raw


def spliced(member: str) -> Callable[[dict[str, Any]], bytes]:
    """The good body with one more member, as it is written."""
    return lambda body: (
        json.dumps({**body, "occurred_at": None})[:-1].replace('"occurred_at": null', member) + "}"
    ).encode()


def with_(**members: Any) -> Callable[[dict[str, Any]], bytes]:
    return lambda body: json.dumps({**body, **members}).encode()


def when(written: Any) -> BadBody:
    return BadBody(with_(occurred_at=written), 422, "malformed", "body.occurred_at")


BAD_BODIES: dict[str, BadBody] = {
    "01 empty": BadBody(text(""), 422, "malformed"),
    "01 only space": BadBody(text(" \r\n\t "), 422, "malformed"),
    "02 null": BadBody(text("null"), 422, "malformed"),
    "03 array": BadBody(text(f'["{CANARY}"]'), 422, "malformed"),
    "03 text": BadBody(text(f'"{CANARY}"'), 422, "malformed"),
    "04 trailing comma": BadBody(text('{"a":1,}'), 422, "malformed"),
    "04 comment": BadBody(text('{/*a*/"a":1}'), 422, "malformed"),
    "04 two documents": BadBody(lambda body: json.dumps(body).encode() * 2, 422, "malformed"),
    "04 form feed as space": BadBody(lambda body: b"\x0c" + json.dumps(body).encode(), 422, "malformed"),
    "05 invalid utf-8": BadBody(text(b'{"a":"\xff\xfe"}'), 422, "malformed"),
    "05 overlong utf-8": BadBody(text(b'{"a":"\xc0\xaf"}'), 422, "malformed"),
    "05 surrogate in utf-8": BadBody(text(b'{"a":"\xed\xa0\x80"}'), 422, "malformed"),
    "06 gbk": BadBody(text('{"a":"路灯"}'.encode("gbk")), 422, "malformed"),
    "07 utf-16": BadBody(lambda body: json.dumps(body).encode("utf-16"), 422, "malformed"),
    "07 utf-16 without mark": BadBody(lambda body: json.dumps(body).encode("utf-16-le"), 422, "malformed"),
    "08 byte order mark": BadBody(lambda body: b"\xef\xbb\xbf" + json.dumps(body).encode(), 422, "malformed"),
    "09 repeated name": BadBody(spliced('"occurred_at":null,"occurred_at":null'), 422, "malformed"),
    "09 repeated name, escaped": BadBody(spliced('"a":1,"\\u0061":1'), 422, "malformed"),
    "09 repeated name inside": BadBody(spliced('"a":{"b":1,"b":1}'), 422, "malformed"),
    "10 nesting": BadBody(text('{"a":' + "[" * 100_000 + "]" * 100_000 + "}"), 422, "malformed"),
    "10 nesting of objects": BadBody(text('{"a":' * 50_000 + "1" + "}" * 50_000), 422, "malformed"),
    "11 five thousand digits": BadBody(spliced('"a":' + "7" * 5000), 422, "malformed"),
    "12 NaN": BadBody(spliced('"a":NaN'), 422, "malformed"),
    "13 Infinity": BadBody(spliced('"a":Infinity'), 422, "malformed"),
    "13 minus Infinity": BadBody(spliced('"a":-Infinity'), 422, "malformed"),
    "14 1e400": BadBody(spliced('"a":1e400'), 422, "malformed"),
    "15 text/plain": BadBody(with_(), 415, "not-json", None, "text/plain"),
    "15 no content type": BadBody(with_(), 415, "not-json", None, None),
    "15 another charset": BadBody(with_(), 415, "not-json", None, "application/json; charset=gbk"),
    "15 json in disguise": BadBody(with_(), 415, "not-json", None, "application/json-patch+json"),
    "16 form": BadBody(text(f"description={CANARY}"), 415, "not-json", None, "application/x-www-form-urlencoded"),
    "17 gzip": BadBody(with_(), 415, "not-json", None, JSON, "gzip"),
    "19 truncated": BadBody(lambda body: json.dumps(body).encode()[:-1], 422, "malformed"),
    "19 truncated text": BadBody(text(f'{{"a":"{CANARY}'), 422, "malformed"),
    "29 role": BadBody(with_(role="administrator"), 422, "malformed"),
    "29 a name of their own": BadBody(with_(**{CANARY: CANARY}), 422, "malformed"),
    "29 actor": BadBody(with_(actor={"user": "lead", "role": "station_lead"}), 422, "malformed"),
    "29 command id": BadBody(with_(command_id=str(uuid4())), 422, "malformed"),
    "29 command id, escaped": BadBody(spliced('"command\\u005fid":"' + str(uuid4()) + '"'), 422, "malformed"),
    "29 issue id": BadBody(with_(issue_id=str(uuid4())), 422, "malformed"),
    "29 causation": BadBody(with_(causation=str(uuid4())), 422, "malformed"),
    "29 recorded_at": BadBody(with_(recorded_at="2026-03-01T09:00:00+08:00"), 422, "malformed"),
    "29 stage": BadBody(with_(stage="settled"), 422, "malformed"),
    "36 NUL in a name": BadBody(spliced('"a\\u0000":1'), 422, "malformed"),
    "37 lone surrogate": BadBody(spliced('"occurred_at":"\\ud800"'), 422, "malformed"),
    "37 lone surrogate as a name": BadBody(spliced('"\\udfff":1'), 422, "malformed"),
    "44 year 0": when("0000-01-01T00:00:00Z"),
    "45 end of time": when("9999-12-31T23:59:59-14:00"),
    "45 beginning of time": when("0001-01-01T00:00:00+14:00"),
    "46 no zone": when("2026-03-01T09:00:00"),
    "47 number": when(0),
    "47 number as text": when("0"),
    "47 flag": when(True),
    "47 null": when(None),
    "48 leap second": when("2026-06-30T23:59:60Z"),
    "49 30 February": when("2026-02-30T09:00:00+08:00"),
    "50 future": BadBody(with_(occurred_at="2199-01-01T00:00:00Z"), 409, "in-the-future", None),
    "51 before 1949": BadBody(with_(occurred_at="1949-09-30T00:00:00+08:00"), 409, "before-the-beginning", None),
    "52 lunar calendar": when(f"丙午年正月初一 {CANARY}"),
    "52 full-width digits": when("２０２６-03-01T09:00:00+08:00"),
}


def refused(api: Api, route: WriteRoute, number: str, raw: bytes, bad: BadBody) -> dict[str, Any]:
    headers = {**api.bearer(route.by), "Idempotency-Key": str(uuid4())}
    if route.version:
        headers["If-Match"] = f'"{route.version}"'
    if bad.content_type:
        headers["Content-Type"] = bad.content_type
    if bad.encoding:
        headers["Content-Encoding"] = bad.encoding
    return assert_problem(api.send("POST", route.path(number), headers=headers, content=raw), bad.status, bad.code)


@pytest.mark.parametrize("bad", BAD_BODIES.values(), ids=BAD_BODIES)
def test_given_a_bad_body_then_every_write_refuses_it_and_nothing_is_written(
    api: Api, number: str, bad: BadBody
) -> None:
    written = api.written()
    for route in WRITE_ROUTES:
        if bad is BAD_BODIES["29 role"] and "role" in route.body():
            continue  # an appointment is to a role
        problem = refused(api, route, number, bad.make(route.body()), bad)
        assert [error["path"] for error in problem["errors"]] == ([bad.path] if bad.path else []), route
    assert api.written() == written


# -- field by field -------------------------------------------------------------------------------------------------

TEXTS = [
    "",
    "   ",
    "\u3000",
    "\u200b",
    f"{CANARY}\0",
    f"\u202e{CANARY}",
    f"{CANARY}\u2028",
    "\x1b[31m",
    7,
    True,
    [],
    {},
]
AMOUNTS = ["1_000", " 5", "５", "-0", "-1", "+5", "1e2", "NaN", "", CANARY, -1, -0.01, 1.005, "1.005", 10**12, 10**30,
           True, [], {}]  # fmt: skip
DAYS = ["", "0", "1", "2026-02-30", "2026-1-1", "20260301", "2026-03-01T00:00:00Z", "0000-01-01", "9999-12-31",
        f"正月初一{CANARY}", 0, True, []]  # fmt: skip
IDENTIFIERS = ["", CANARY, "00000000", "{}", 0, 2**64, True, []]


def resolved(field: dict[str, Any]) -> list[dict[str, Any]]:
    """The alternatives of a field's schema, references followed."""
    if "$ref" in field:
        return resolved(description()["components"]["schemas"][field["$ref"].rpartition("/")[2]])
    return [each for choice in field["anyOf"] for each in resolved(choice)] if "anyOf" in field else [field]


def bad_values(field: dict[str, Any]) -> Iterator[Any]:
    """Values that do not fit a field with this schema."""
    schemas = resolved(field)
    kinds = {schema.get("type") for schema in schemas}
    if "null" not in kinds:
        yield None
    schema = schemas[0]
    named = "number" if "number" in kinds else schema.get("format") or ("enum" if "enum" in schema else schema["type"])
    yield from BAD_VALUES[named](schema)


def bad_texts(schema: dict[str, Any]) -> Iterator[Any]:
    if "pattern" in schema:
        yield from ("", " ", "!", "a" * 200 + "A", f"{CANARY}\n", "\0", "ａ", 7, True, [])
        return
    yield from (*TEXTS, "长" * (schema["maxLength"] + 1), "𠮷" * (schema["maxLength"] + 1))
    if schema["maxLength"] == 200:
        yield from ("one\ntwo", "one\ttwo", "one\r\ntwo")


BAD_VALUES: dict[str, Callable[[dict[str, Any]], Iterable[Any]]] = {
    "number": lambda schema: AMOUNTS,
    "date": lambda schema: DAYS,
    "date-time": lambda schema: ("0", 0, "2026-03-01T09:00:00", "9999-12-31T23:59:59-14:00", CANARY),
    "uuid": lambda schema: IDENTIFIERS,
    "enum": lambda schema: ("", CANARY, schema["enum"][0].upper() + " ", 0, True, []),
    "integer": lambda schema: (
        "12", True, 1.0, 1.5, schema["minimum"] - 1, schema["maximum"] + 1, 10**30, "", [], CANARY
    ),
    "boolean": lambda schema: (0, 1, "true", "", [], CANARY),
    "array": lambda schema: (
        CANARY, {}, 0, [None], [0], [CANARY + "!"] * 3, ["\0"], ["a" * 64] * (schema["maxItems"] + 1)
    ),
    "object": lambda schema: (CANARY, 0, True, [], [CANARY]),
    "string": bad_texts,
}  # fmt: skip


def fields(route: WriteRoute) -> dict[str, dict[str, Any]]:
    properties: dict[str, dict[str, Any]] = description()["components"]["schemas"][route.kind.__name__]["properties"]
    return {name: field for name, field in properties.items() if name != "occurred_at"}


FIELDS = [(route, name) for route in WRITE_ROUTES for name in fields(route)]


@pytest.mark.parametrize(("route", "name"), FIELDS, ids=[f"{route.kind.__name__}-{name}" for route, name in FIELDS])
def test_given_values_that_do_not_fit_a_field_then_each_is_refused_there(
    api: Api, number: str, route: WriteRoute, name: str
) -> None:
    written = api.written()
    bad = BadBody(with_(), 422, "malformed")
    for value in bad_values(fields(route)[name]):
        raw = json.dumps({**route.body(), name: value}).encode()
        paths = [error["path"] for error in refused(api, route, number, raw, bad)["errors"]]
        assert paths, value
        assert all(path == f"body.{name}" or path.startswith(f"body.{name}[") for path in paths), (value, paths)
    assert api.written() == written


@pytest.mark.parametrize("route", WRITE_ROUTES, ids=IDS)
def test_given_required_fields_left_out_then_each_is_named(api: Api, number: str, route: WriteRoute) -> None:
    required = set(description()["components"]["schemas"][route.kind.__name__]["required"])
    if not required:
        assert all(not field.is_required() for name, field in route.kind.model_fields.items() if name in fields(route))
        return
    problem = refused(api, route, number, b"{}", BadBody(with_(), 422, "malformed"))
    assert {error["path"] for error in problem["errors"]} == {f"body.{name}" for name in required}
    assert {error["code"] for error in problem["errors"]} == {"missing-field"}


@pytest.mark.parametrize(
    ("route", "changes", "expected"),
    [
        ("SubmitToCommittee", {"subsidy_asked": "50000.01"}, "subsidy-above-budget"),
        ("RecordMeeting", {"absent": ["committee"]}, "attendance-inconsistent"),
        ("RecordMeeting", {"chair": "somebody.else"}, "attendance-inconsistent"),
        ("CorrectEntry", {"field": "household", "value": f"王某 {CANARY}"}, "correction-unfit"),
    ],
)
def test_given_fields_that_contradict_each_other_then_the_body_is_refused(
    api: Api, number: str, route: str, changes: dict[str, Any], expected: str
) -> None:
    found = next(each for each in WRITE_ROUTES if each.kind.__name__ == route)
    raw = json.dumps({**found.body(), **changes}).encode()
    problem = refused(api, found, number, raw, BadBody(with_(), 422, "malformed"))
    assert [(error["path"], error["code"]) for error in problem["errors"]] == [("body", expected)]


def test_given_an_unknown_name_inside_a_part_then_only_the_part_is_named(api: Api, number: str) -> None:
    route = next(each for each in WRITE_ROUTES if each.kind.__name__ == "SplitIssue")
    body = route.body()
    body["parts"][1][CANARY] = 1
    problem = refused(api, route, number, json.dumps(body).encode(), BadBody(with_(), 422, "malformed"))
    assert ("body.parts[1]", "unknown-field") in [(error["path"], error["code"]) for error in problem["errors"]]


def test_given_a_hundred_faults_then_at_most_twenty_are_told(api: Api, number: str) -> None:
    route = next(each for each in WRITE_ROUTES if each.kind.__name__ == "RecordMeeting")
    raw = json.dumps({**route.body(), "present": ["!"] * 50}).encode()
    problem = refused(api, route, number, raw, BadBody(with_(), 422, "malformed"))
    assert len(problem["errors"]) == 20


def test_given_texts_to_store_then_they_are_kept_as_written_and_normalised(api: Api) -> None:
    written = "<script>alert(1)</script> =1+1 𠮷 cafe\u0301\r\n第二行"
    body = {"channel": "visit", "village": "QS", "category": "construction", "description": written}
    done = api.post("/api/v1/issues", body)
    assert done.status_code == 201
    api.follow()
    shown = api.get(f"/api/v1/issues/{done.json()['number']}")
    assert shown.json()["description"] == "<script>alert(1)</script> =1+1 𠮷 café\n第二行"
    assert shown.headers["content-type"] == "application/json"


def test_given_the_problem_of_a_field_then_it_has_the_members_documented() -> None:
    documented = description()["components"]["schemas"]["Problem"]["properties"]["errors"]["items"]["required"]
    assert set(FieldProblem.__slots__) == set(documented)
