"""A photo's way: taken in, named by a command, shown to the case's people with the look recorded, refused to others."""

import io
from typing import Any
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from tests.services.api.conftest import Api, assert_problem
from tests.support.files import WHERE, paper, photo

LOGGED = {"channel": "visit", "village": "QS", "category": "construction", "description": "路灯不亮。"}


def upload(api: Api, raw: bytes, *, by: str = "handler", key: str | None = None, **query: str) -> httpx.Response:
    """An upload as a proper client sends it; for the village QS unless it says otherwise."""
    headers = {**api.bearer(by), "Idempotency-Key": key or str(uuid4()), "Content-Type": "application/octet-stream"}
    return api.send("POST", "/api/v1/files", params=query or {"village": "QS"}, headers=headers, content=raw)


def taken_in(api: Api, raw: bytes | None = None, **options: str) -> str:
    """The digest of a new photo."""
    answer = upload(api, photo(colour=f"#{uuid4().hex[:6]}") if raw is None else raw, **options)
    assert answer.status_code == 201, answer.text
    digest: str = answer.json()["digest"]
    return digest


def logged(api: Api, **fields: Any) -> httpx.Response:
    """Somebody comes with a problem, now."""
    return api.post("/api/v1/issues", {**LOGGED, **fields})


def with_photo(api: Api, **fields: Any) -> tuple[str, str]:
    """The number of an issue of a household with a photo, and the photo's digest."""
    digest = taken_in(api, village="QS", household="QS-012")
    answer = logged(api, household="QS-012", photos=[digest], **fields)
    assert answer.status_code == 201, answer.text
    api.follow()
    return answer.json()["number"], digest


def test_given_a_photo_then_it_is_taken_in_named_listed_and_shown_without_where_it_was_taken(api: Api) -> None:
    number, digest = with_photo(api)
    (listed,) = api.get(f"/api/v1/issues/{number}").json()["files"]
    assert (listed["digest"], listed["field"], listed["topic"]) == (digest, "photos", "issue.logged")
    assert (listed["standing"], listed["media_type"], listed["width"], listed["preview"]) == (
        "kept", "image/jpeg", 64, True,
    )  # fmt: skip
    shown = api.get(f"/api/v1/issues/{number}/files/{digest}")
    assert shown.status_code == 200
    assert WHERE.encode() not in shown.content
    picture = Image.open(io.BytesIO(shown.content))
    assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (64, 48), {})
    small = api.get(f"/api/v1/issues/{number}/files/{digest}/preview")
    assert Image.open(io.BytesIO(small.content)).format == "JPEG"


def test_given_a_photo_that_is_shown_then_no_browser_runs_or_keeps_it(api: Api) -> None:
    number, digest = with_photo(api)
    headers = api.get(f"/api/v1/issues/{number}/files/{digest}").headers
    assert headers["content-type"] == "image/jpeg"
    assert headers["content-disposition"] == f'attachment; filename="{number}-{digest[:8]}.jpg"'
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]
    assert headers["cache-control"] == "private, no-store"


def test_given_a_photo_of_a_household_then_each_look_is_recorded_and_nobody_without_its_words_sees_it(api: Api) -> None:
    number, digest = with_photo(api)
    path = f"/api/v1/issues/{number}/files/{digest}"
    before = looks(api)
    assert api.get(path).status_code == api.get(f"{path}/preview", by="lead").status_code == 200
    assert looks(api)[len(before) :] == [
        ("handler", "QS/QS-012", "file", "words"),
        ("lead", "QS/QS-012", "file", "words"),
    ]
    for who in ("auditor", "finance"):
        assert_problem(api.get(path, by=who), 403, "role-not-allowed")
    assert_problem(api.get(path, by="villager"), 404, "not-found")
    assert len(looks(api)) == len(before) + 2


def looks(api: Api) -> list[tuple[str, ...]]:
    statement = "select user_name, subject, what, shown from look where what = 'file' order by look_id"
    return api.inside.execute(statement).fetchall()


def test_given_a_photo_that_shows_no_household_then_whoever_reads_the_case_sees_it_and_it_is_sealed_too(
    api: Api,
) -> None:
    digest = taken_in(api)
    number = logged(api, photos=[digest]).json()["number"]
    assert api.get(f"/api/v1/issues/{number}/files/{digest}", by="auditor").status_code == 200
    row = api.parts.files.book.these([digest])[digest]
    stored = api.parts.files.store.get(f"{row.file_id.hex[:2]}/{row.file_id.hex}")
    assert stored is not None
    assert b"JFIF" not in stored


def test_given_a_paper_then_it_is_kept_as_its_pages_and_has_no_preview(api: Api) -> None:
    digest = taken_in(api, paper())
    number = logged(api, photos=[digest]).json()["number"]
    shown = api.get(f"/api/v1/issues/{number}/files/{digest}")
    assert shown.headers["content-type"] == "application/pdf"
    assert WHERE.encode() not in shown.content
    assert_problem(api.get(f"/api/v1/issues/{number}/files/{digest}/preview"), 404, "not-found")


def test_given_the_same_upload_again_then_it_is_one_file(api: Api) -> None:
    key, raw = str(uuid4()), photo(colour="#010203")
    first, again, other_key = upload(api, raw, key=key), upload(api, raw, key=key), upload(api, raw)
    assert (first.status_code, again.status_code, other_key.status_code) == (201, 200, 200)
    assert first.json()["digest"] == again.json()["digest"] == other_key.json()["digest"]
    assert (again.json()["repeated"], other_key.json()["repeated"]) == (True, True)
    assert_problem(upload(api, photo(colour="#040506"), key=key), 409, "command-id-reused")


def test_given_the_same_picture_for_two_households_then_their_digests_tell_nothing(api: Api) -> None:
    raw = photo(colour="#112233")
    one = taken_in(api, raw, village="QS", household="QS-012")
    assert one != taken_in(api, raw, village="QS", household="QS-013")
    assert one != taken_in(api, raw, village="QS", household="QS-012", by="lead")


def test_given_files_of_nobody_of_others_or_of_another_household_then_no_command_names_them(api: Api) -> None:
    written = api.written()
    for photos, household in (
        (["ab" * 32], "QS-012"),
        ([taken_in(api, village="QS", household="QS-012", by="lead")], "QS-012"),
        ([taken_in(api, village="QS", household="QS-012")], "QS-013"),
        ([taken_in(api)], "QS-012"),
        ([with_photo(api)[1]], "QS-012"),
    ):
        before = api.written()
        assert_problem(logged(api, photos=photos, household=household), 409, "file-not-for-this")
        assert api.written() == before
    assert api.written()[0] == written[0] + 1


def test_given_a_command_that_is_refused_then_its_photo_can_be_named_by_the_next_and_by_that_one_again(
    api: Api,
) -> None:
    digest, key = taken_in(api, village="QS", household="QS-012"), str(uuid4())
    body = {**LOGGED, "household": "QS-012", "photos": [digest]}
    assert_problem(logged(api, household="QS-012", photos=[digest], category="nothing"), 409, "unknown-category")
    first, again = (api.post("/api/v1/issues", body, key=key) for _ in range(2))
    assert (first.status_code, again.status_code, again.json()["repeated"]) == (201, 200, True)
    row = api.parts.files.book.these([digest])[digest]
    assert str(row.claimed_for) == first.json()["issue_id"]
    assert row.named_at is not None


def test_given_a_fix_on_site_then_it_tells_how_it_was_and_how_it_is(api: Api) -> None:
    number = logged(api).json()["number"]
    before, after = taken_in(api, issue=number), taken_in(api, issue=number)
    body = {"measures": "换了灯泡。", "before": [before], "evidence": [after]}
    assert api.post(f"/api/v1/issues/{number}/fix-on-site", body, version=1).status_code == 200
    api.follow()
    files = api.get(f"/api/v1/issues/{number}").json()["files"]
    assert [(each["digest"], each["field"]) for each in files] == [(before, "before"), (after, "evidence")]


def test_given_a_village_or_an_issue_that_is_not_theirs_then_nobody_uploads_for_it(api: Api) -> None:
    number = with_photo(api)[0]
    assert_problem(upload(api, photo(), by="villager", village="QS"), 403, "outside-your-scope")
    assert_problem(upload(api, photo(), by="villager", issue=number), 404, "not-found")
    assert_problem(upload(api, photo(), by="auditor", issue=number), 403, "role-not-allowed")
    assert_problem(upload(api, photo(), household="QS-012", issue=number), 422, "malformed")


@pytest.mark.parametrize("digest", ["ab" * 32, "AB" * 32, "x", "..%5c"])
def test_given_a_digest_that_the_case_does_not_name_then_it_is_as_if_there_were_none(api: Api, digest: str) -> None:
    number = with_photo(api)[0]
    other = with_photo(api)[1]
    assert api.get(f"/api/v1/issues/{number}/files/{digest}").status_code == 404
    assert_problem(api.get(f"/api/v1/issues/{number}/files/{other}"), 404, "not-found")


def test_given_a_file_that_is_missing_or_altered_then_it_is_not_shown(api: Api) -> None:
    number, digest = with_photo(api)
    row = api.parts.files.book.these([digest])[digest]
    name = f"{row.file_id.hex[:2]}/{row.file_id.hex}"
    api.parts.files.store.put(name, b"something else")
    assert_problem(api.get(f"/api/v1/issues/{number}/files/{digest}"), 503, "file-lost")
    api.parts.files.store.remove(name)
    assert_problem(api.get(f"/api/v1/issues/{number}/files/{digest}"), 503, "file-lost")
