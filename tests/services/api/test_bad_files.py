"""Files that nobody should send: refused with a stable code, without repeating anything, and nothing is written."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from services.files import kept
from tests.services.api.conftest import CANARY, Api, assert_problem
from tests.services.api.test_files import taken_in, upload
from tests.support.files import photo, written

NAMES = [f"../../etc/{CANARY}", f"{CANARY}\r\nX-Evil: 1\x00.jpg", f"照片‮gpj.{CANARY}.exe"]
HTML = b"<html><script>" + CANARY.encode() + b"</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>"
ZIP = b"PK\x03\x04" + b"\x00" * 26 + CANARY.encode()


def by_form(api: Api, *files: tuple[str, tuple[str, bytes, str]], **fields: str) -> httpx.Response:
    """A form with these files, as a browser or a careless program sends it."""
    headers = {**api.bearer("handler"), "Idempotency-Key": str(uuid4())}
    request: dict[str, Any] = {"files": list(files), "data": fields}
    return api.send("POST", "/api/v1/files", params={"village": "QS"}, headers=headers, **request)


def as_body(api: Api, raw: bytes, **headers: str) -> httpx.Response:
    own = {**api.bearer("handler"), "Idempotency-Key": str(uuid4()), "Content-Type": "application/octet-stream"}
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.send("POST", "/api/v1/files", params={"village": "QS"}, headers={**own, **said}, content=raw)


def rows(api: Api) -> int:
    found = api.inside.execute("select count(*) from file").fetchone()
    return found[0] if found else 0


@pytest.mark.parametrize("name", NAMES)
def test_given_any_file_name_then_it_is_not_looked_at_and_not_kept(api: Api, name: str) -> None:
    """Cases 70 and 71."""
    answer = by_form(api, ("file", (name, photo(colour=f"#{uuid4().hex[:6]}"), "text/html")))
    assert answer.status_code == 201, answer.text
    assert CANARY not in answer.text
    held = api.inside.execute("select to_jsonb(file)::text from file where digest = %s", (answer.json()["digest"],))
    assert CANARY not in str(held.fetchall())


@pytest.mark.parametrize("content", [b""])
def test_given_an_empty_file_then_it_is_refused(api: Api, content: bytes) -> None:
    """Case 72."""
    before = rows(api)
    assert_problem(as_body(api, content), 422, "file-empty")
    assert_problem(by_form(api, ("file", ("x.jpg", content, "image/jpeg"))), 422, "file-empty")
    assert rows(api) == before


@pytest.mark.parametrize(
    "kind",
    ["multipart/form-data", "multipart/form-data; boundary=", 'multipart/form-data; boundary="' + "x" * 300 + '"'],
)
def test_given_a_form_without_a_boundary_then_it_is_malformed(api: Api, kind: str) -> None:
    """Case 73."""
    assert_problem(as_body(api, b"--x\r\n" + CANARY.encode(), Content_Type=kind), 422, "malformed")


def test_given_a_form_with_no_file_two_files_or_fields_then_it_is_malformed(api: Api) -> None:
    one = ("file", ("x.jpg", photo(), "image/jpeg"))
    assert_problem(by_form(api, one, one), 422, "malformed")
    assert_problem(by_form(api, one, note=CANARY), 422, "malformed")


@pytest.mark.parametrize("claimed", ["image/png", "application/pdf"])
def test_given_a_claim_that_the_content_is_something_else_then_the_content_counts(api: Api, claimed: str) -> None:
    """Case 74."""
    answer = as_body(api, photo(colour=f"#{uuid4().hex[:6]}"), Content_Type=claimed)
    assert (answer.status_code, answer.json()["media_type"]) == (201, "image/jpeg")
    assert_problem(as_body(api, HTML, Content_Type=claimed), 415, "file-kind-not-taken")


@pytest.mark.parametrize("kind", ["text/html", "application/json", "image/svg+xml", "application/zip", "image/gif", ""])
def test_given_a_type_that_is_not_taken_then_it_is_refused_unread(api: Api, kind: str) -> None:
    assert_problem(as_body(api, photo(), Content_Type=kind), 415, "file-kind-not-taken")


def test_given_a_compressed_body_then_it_is_refused_unread(api: Api) -> None:
    assert_problem(as_body(api, photo(), Content_Encoding="gzip"), 415, "file-kind-not-taken")


def test_given_a_bomb_of_pixels_then_it_is_refused(api: Api) -> None:
    """Case 75."""
    before = rows(api)
    assert_problem(as_body(api, written(Image.new("1", (20_000, 20_000)), "PNG")), 413, "picture-too-large")
    assert rows(api) == before


@pytest.mark.parametrize("raw", [ZIP, SVG, HTML, b"GIF89a" + b"\x00" * 40], ids=["zip", "svg", "html", "gif"])
def test_given_archives_pages_and_moving_pictures_then_they_are_not_taken(api: Api, raw: bytes) -> None:
    """Cases 76, 77 and 78."""
    before = rows(api)
    assert_problem(as_body(api, raw, Content_Type="image/jpeg"), 415, "file-kind-not-taken")
    assert rows(api) == before


def test_given_a_body_that_is_too_large_then_it_is_refused_before_it_is_read(api: Api) -> None:
    raw = b"\xff\xd8\xff" + b"0" * api.parts.limits.file_bytes
    assert_problem(as_body(api, raw), 413, "file-too-large")


def test_given_the_hundred_and_first_photo_that_nothing_names_then_it_is_refused(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Case 80."""
    assert kept.MOST_WAITING == 100
    waiting = api.parts.files.book.waiting("handler2")
    monkeypatch.setattr(kept, "MOST_WAITING", waiting + 1)
    taken_in(api, by="handler2")
    assert_problem(upload(api, photo(colour="#fedcba"), by="handler2"), 409, "too-many-files-waiting")


def test_given_an_upload_without_a_request_id_or_for_nothing_then_it_says_so(api: Api) -> None:
    headers = {**api.bearer("handler"), "Content-Type": "image/jpeg"}
    asked = {"params": {"village": "QS"}, "headers": headers, "content": photo()}
    assert_problem(api.send("POST", "/api/v1/files", **asked), 428, "header-missing")
    headers["Idempotency-Key"] = str(uuid4())
    for query in ({}, {"village": "QS", "issue": "QS-2026-0001"}, {"household": "QS-012"}, {"vilage": "QS"}):
        assert_problem(api.send("POST", "/api/v1/files", **{**asked, "params": query}), 422, "malformed")
