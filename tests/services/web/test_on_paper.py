"""Addresses that are printed: where the office says that it is found, whatever a browser or a proxy calls it."""

from datetime import UTC, datetime

import pytest
from starlette.requests import Request

from services.web.assets import Assets
from services.web.rendering import Rendering

INSIDE = {
    "type": "http",
    "method": "GET",
    "path": "/issues/new",
    "query_string": b"",
    "headers": [(b"host", b"10.0.0.7:8000")],
}


@pytest.mark.parametrize(
    ("public_url", "printed"),
    [("https://huiyin.example", "https://huiyin.example/r/ABCD"), (None, "http://10.0.0.7:8000/r/ABCD")],
)
def test_given_a_proxy_in_front_then_the_receipt_bears_the_public_address(public_url: str | None, printed: str) -> None:
    rendering = Rendering(Assets(), lambda: datetime(2026, 3, 2, tzinfo=UTC), public_url)
    assert rendering.on_paper(Request({**INSIDE, "scheme": "http"}), "/r/ABCD") == printed
