"""What tests of refused requests share: a write that would do, the reads, and that nothing was written."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.services.api.conftest import Api
from tests.services.api.routes import WRITE_ROUTES

FIX = "/api/v1/issues/{number}/fix-on-site"
READS = ["/api/v1/issues", "/api/v1/issues/{number}", "/api/v1/issues/{number}/history", "/api/v1/ledgers/issues",
         "/api/v1/dashboard", "/api/v1/meetings/x", "/api/v1/funds/x"]  # fmt: skip

ON_ISSUES = [route for route in WRITE_ROUTES if route.on_issue]


@pytest.fixture(scope="module", autouse=True)
def unchanged(api: Api, number: str) -> Any:
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
