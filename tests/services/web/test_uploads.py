"""The photos of a form: uploaded inside before the command, once however often it is sent, kept if it comes back."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
from starlette.requests import Request

from services.api.app import create_app
from services.web.inside import Inside
from services.web.reading import posted
from services.web.uploads import Attached, attached
from tests.services.api.conftest import Api
from tests.support.files import photo


def sent(api: Api, fields: dict[str, Any], photos: list[bytes], **about: str) -> Attached:
    """What a page handler makes of a form with photos, of which no name is believed."""
    files = [("photos", ("../../etc/passwd\r\n.jpg", content, "text/html")) for content in photos]
    form = httpx.Request("POST", api.address, data=fields, files=files or None, headers=api.bearer("handler"))
    raw = form.read()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": raw, "more_body": False}

    async def handle() -> Attached:
        app: Any = create_app(api.parts)
        scope = {
            "type": "http",
            "asgi": {},
            "http_version": "1.1",
            "scheme": "http",
            "app": app,
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 1),
            "method": "POST",
            "path": "/",
            "query_string": b"",
            "headers": [(name.lower(), value) for name, value in form.headers.raw],
        }
        request = Request(scope, receive)
        return await attached(Inside(app.routed), request, await posted(request), **about)

    return asyncio.run(handle())


def test_given_a_form_with_photos_then_a_command_names_their_digests_and_a_repeat_is_the_same(
    api: Api,
) -> None:
    fields, photos = {"key": str(uuid4())}, [photo(colour="#a1b2c3"), photo(colour="#c3b2a1")]
    first = sent(api, fields, photos, village="QS", household="QS-012")
    assert first.problem is None
    assert len(first.digests["photos"]) == 2
    assert sent(api, fields, photos, village="QS", household="QS-012") == first
    body = {"channel": "visit", "village": "QS", "category": "construction", "description": "灯不亮。"}
    named = {**body, "household": "QS-012", "photos": first.digests["photos"]}
    assert api.post("/api/v1/issues", named).status_code == 201


def test_given_a_photo_that_is_refused_then_the_form_keeps_the_others_and_says_why(api: Api) -> None:
    before = sent(api, {"key": str(uuid4())}, [photo(colour="#123123")], village="QS").digests["photos"]
    again = sent(api, {"key": str(uuid4()), "photos": list(before)}, [b"<svg/>"], village="QS")
    assert again.digests["photos"] == before
    assert again.problem is not None
    assert (again.problem.status, again.problem.code) == (415, "file-kind-not-taken")


def test_given_a_form_without_photos_then_nothing_is_named(api: Api) -> None:
    assert sent(api, {"key": str(uuid4()), "photos": "x"}, [], village="QS") == Attached({})
