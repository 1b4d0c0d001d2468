"""The household's door shows its own photos to whoever proves to be it, and nobody else's to anybody."""

from typing import Any
from uuid import uuid4

import httpx

from services.files.kept import Upload
from tests.services.api.conftest import Api, assert_problem
from tests.services.api.test_receipt_words import ask, registered
from tests.support.casework import case
from tests.support.files import photo


def taken(api: Api, household: str | None) -> str:
    """A photo of a household of QS, or of nobody."""
    content = photo(colour=f"#{uuid4().hex[:6]}")
    return api.parts.files.take_in(Upload(uuid4(), "handler", "QS", household, content))[0].digest


def receipt_with(api: Api, household: str, *photos: str) -> str:
    life = case("logged", key=uuid4().hex, household=household, photos=photos)
    api.live(life)
    api.follow()
    return api.parts.receipts.code_for(life.commands[0].command_id)


def look_at(api: Api, code: str, digest: Any, last_four: str = "4321") -> httpx.Response:
    return api.send("POST", f"/api/v1/receipts/{code}/file", json={"last_four": last_four, "digest": digest})


def test_given_the_proof_then_the_household_sees_its_own_photos_and_the_look_is_recorded(api: Api) -> None:
    household = registered(api)
    own, nobodys = taken(api, household), taken(api, None)
    code = receipt_with(api, household, own, nobodys)
    (item,) = ask(api, code, "4321").json()["items"]
    assert [(each["digest"], each["field"]) for each in item["files"]] == [(own, "photos"), (nobodys, "photos")]
    for digest in (own, nobodys):
        shown = look_at(api, code, digest)
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
        assert "sandbox" in shown.headers["content-security-policy"]
    assert [look["what"] for look in ask(api, code, "4321").json()["looks"]].count("file") == 1


def test_given_no_proof_or_anothers_photo_then_nothing_is_shown(api: Api) -> None:
    household = registered(api)
    own, others = taken(api, household), taken(api, registered(api))
    code = receipt_with(api, household, own, others)
    assert_problem(look_at(api, code, own, "0000"), 403, "second-factor-wrong")
    assert_problem(look_at(api, code, others), 404, "not-found")
    assert_problem(look_at(api, code, "ab" * 32), 404, "not-found")
    assert_problem(look_at(api, "7K3M-9QPA-02XV-R8TD", own), 404, "not-found")
    for digest in ("x", 7, "AB" * 32):
        assert_problem(look_at(api, code, digest), 422, "malformed")
