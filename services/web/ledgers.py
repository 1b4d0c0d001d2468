"""Pages of ledgers: all of them with their questions, and each as its form, by village and period, with ways out.

Called by app.py.
"""

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlencode
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from domain.ledger_views import LEDGER_READERS
from services.api.door.problems import NoSuchPath
from services.web.copies import FORMATS
from services.web.inside import Inside
from services.web.person import Person, person_of
from services.web.rendering import Rendering
from services.web.words.ledgers import LEDGERS

_NUMBER: Final = re.compile(r"\b([A-Z][A-Z0-9]{0,15}-[0-9]{4}-[0-9]{4,9})\b", re.ASCII)
_ROWS: Final = 50
Part = tuple[str, bool]
"""A piece of a cell, and whether it is the number of an issue."""


class LedgerPages:
    """The handlers of /ledgers."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def listed(self, request: Request) -> Response:
        """`GET /ledgers`."""
        person = await person_of(self._inside, request)
        mine = {name: ledger for name, ledger in LEDGERS.items() if _reads(person, name)}
        return self._rendering.page(request, "ledgers.html", person=person, ledgers=mine)

    async def shown(self, request: Request) -> Response:
        """`GET /ledgers/{name}?village=&period=&cursor=`."""
        name = request.path_params["name"]
        if name not in LEDGERS:
            raise NoSuchPath
        person, asked = await person_of(self._inside, request), _asked(request, name)
        found = await self._inside.ask(request, f"/api/v1/ledgers/{name}", limit=_ROWS, **asked)
        if found.problem and found.status != 422:
            return self._rendering.problem(request, found.problem, {})
        choices = await self._inside.get(request, "/api/v1/me/choices")
        filters = {key: value for key, value in asked.items() if key != "cursor"}
        context: dict[str, Any] = {
            "name": name, "ledger": LEDGERS[name], "form": None if found.problem else found.document,
            "problem": found.problem, "asked": asked, "villages": choices["villages"], "parts": parts_of,
            "key": uuid4(), "formats": FORMATS, "filters": urlencode(filters), "has_period": name != "issues",
        }  # fmt: skip
        return self._rendering.page(request, "ledger.html", person=person, status=found.status, **context)


def parts_of(cell: str) -> Iterator[Part]:
    """A cell's text, with the numbers of issues told apart: they become links."""
    return ((text, bool(_NUMBER.fullmatch(text))) for text in _NUMBER.split(cell) if text)


def _reads(person: Person, name: str) -> bool:
    """Whether it is worth a link. The API decides."""
    return name == "issues" or person.role in LEDGER_READERS[name]


def _asked(request: Request, name: str) -> dict[str, str]:
    names = ("village", "cursor") if name == "issues" else ("village", "period", "cursor")
    given = ((key, request.query_params.get(key, "").strip()) for key in names)
    return {key: value for key, value in given if value}
