"""A page for paper, taken apart; and PDFs, for tests that need Pango and a Chinese font.

Those are left out where there is none, unless REQUIRE_BROWSER=1 asks for it.
"""

import io
import os
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from pypdf import PdfReader

from services.exports.pdf import PdfNotAvailable


class Taken(HTMLParser):
    """What stands in which element, in order; and every attribute that there is."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self.attributes: set[str] = set()
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link", "col"):
            self._open.append(tag)
        if tag in ("td", "th", "h1"):
            self.texts.append((tag, ""))
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        tag = self._open[-1] if self._open else ""
        if self.texts and self.texts[-1] == (tag, ""):
            self.texts[-1] = (tag, data)
        elif data.strip():
            self.texts.append((tag, data.strip()))

    def of(self, tag: str) -> list[str]:
        """The texts of all elements of this kind."""
        return [text for name, text in self.texts if name == tag]


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def printed(make: Callable[[], bytes]) -> bytes:
    """What `make` prints, where this machine can."""
    try:
        return make()
    except PdfNotAvailable as away:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            raise
        pytest.skip(str(away))
