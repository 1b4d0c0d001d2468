"""Pages as a browser without scripts gets them: the real application, asked for pages and sent forms."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import httpx
import pytest

from tests.services.api.conftest import Api, api, number
from tests.support.browsing import House

__all__ = ["api", "number"]

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_FORM = re.compile(r"<form[^>]*action=\"([^\"]*)\"[^>]*>(.*?)</form>", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """What came, as its reader finds it."""

    response: httpx.Response

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        """The words of the page's main part, without tags."""
        main = self.response.text.partition('<main id="main">')[2].partition("</main>")[0]
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", main))).strip()

    def hidden(self, action: str) -> dict[str, str]:
        """What a form sends along by itself: its key, and the version that it was made of."""
        forms = {unescape(found[0]): found[1] for found in _FORM.findall(self.response.text)}
        return {name: unescape(value) for name, value in _HIDDEN.findall(forms[action])}


@dataclass(frozen=True)
class Visitor:
    """Somebody at a browser; logged in by a token, which the pages take like a session."""

    api: Api
    name: str | None
    language: str = "en"

    def open(self, address: str, **parameters: Any) -> Page:
        return Page(self.api.send("GET", address, headers=self._headers(), params=parameters))

    def submit(self, address: str, fields: dict[str, Any], files: Any = None) -> Page:
        """A form as it stands on the page; where it leads to is not followed."""
        return Page(self.api.send("POST", address, headers=self._headers(), data=fields, files=files))

    def fill_in(self, page: Page, action: str, **fields: Any) -> Page:
        """The form of a page, with its hidden fields, sent to its address."""
        return self.submit(action, {**page.hidden(action), **fields})

    def _headers(self) -> dict[str, str]:
        own = {"Accept": "text/html", "Accept-Language": self.language}
        return {**own, **(self.api.bearer(self.name) if self.name else {})}


@pytest.fixture(scope="module")
def handler(api: Api) -> Visitor:
    return Visitor(api, "handler")


@pytest.fixture(scope="module")
def stranger(api: Api) -> Visitor:
    return Visitor(api, None)


@pytest.fixture(scope="module")
def house(api: Api) -> House:
    """For browsers with scripts (tests/support/browsing.py). What is logged shows once `api.follow()` was called."""
    return House(api.address, api.database.app_dsn, lambda: api.clock.now)
