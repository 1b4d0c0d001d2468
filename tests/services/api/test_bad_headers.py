"""Bad headers: one answer for each fault, nothing repeated, nothing written."""

from uuid import UUID, uuid4, uuid5

import pytest

from tests.services.api.conftest import CANARY, Api, assert_problem
from tests.services.api.refused import FIX, ON_ISSUES, sent, unchanged
from tests.services.api.routes import WRITE_ROUTES

__all__ = ["unchanged"]

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
