"""Copies of ledgers to take away: at once if they are small, else made in the background, with how far they are.

Called by app.py.
"""

from typing import Any, Final
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

from starlette.requests import Request
from starlette.responses import Response

from services.api.door.problems import NoSuchPath
from services.web.inside import Answer, Inside, Problem
from services.web.person import person_of
from services.web.reading import posted
from services.web.rendering import Rendering, to
from services.web.words.ledgers import LEDGERS

FORMATS: Final = ("xlsx", "pdf", "csv", "json", "html")
_TOO_LARGE: Final = frozenset({"export-too-large", "print-too-long"})
_PASSED_ON: Final = (b"content-type", b"content-disposition", b"content-security-policy")


class CopyPages:
    """The handlers of /ledgers/{name}/copy and /exports."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def take(self, request: Request) -> Response:
        """`POST /ledgers/{name}/copy`: the file itself, or the list where it is being made."""
        name, form = request.path_params["name"], await posted(request)
        if name not in LEDGERS:
            raise NoSuchPath
        kind, filters = form.get("format"), dict(parse_qsl(form.get("filters") or ""))
        path = f"/api/v1/ledgers/{name}/export"
        answer = await self._inside.ask(request, path, format=kind, **_named(filters))
        if answer.problem is None:
            return _file(answer)
        if answer.problem.code in _TOO_LARGE:
            wanted = {"ledger": name, "format": kind, "query": _named(filters)}
            answer = await self._inside.post(request, "/api/v1/exports", wanted, key=form.get("key"))
            if answer.problem is None:
                return to("/exports")
        return await self._list(request, answer.problem, answer.status)

    async def listed(self, request: Request) -> Response:
        """`GET /exports`: one's own copies of the last day."""
        return await self._list(request)

    async def cancel(self, request: Request) -> Response:
        """`POST /exports/{id}/cancel`."""
        form = await posted(request)
        try:
            job = UUID(request.path_params["id"])
        except ValueError:
            raise NoSuchPath from None
        path = f"/api/v1/exports/{job}"
        answer = await self._inside.post(request, path, key=form.get("key"), method="DELETE")
        return await self._list(request, answer.problem, answer.status) if answer.problem else to("/exports")

    async def _list(self, request: Request, problem: Problem | None = None, status: int = 200) -> Response:
        person = await person_of(self._inside, request)
        jobs = await self._inside.get(request, "/api/v1/exports")
        context: dict[str, Any] = {"jobs": jobs["items"], "problem": problem, "ledgers": LEDGERS, "new_key": uuid4}
        return self._rendering.page(request, "exports.html", person=person, status=status, **context)


def _named(filters: dict[str, str]) -> dict[str, str]:
    """Only what a ledger's page filters by."""
    return {name: filters[name] for name in ("village", "period") if name in filters}


def _file(answer: Answer) -> Response:
    response = Response(answer.content, 200)
    response.raw_headers.extend(answer.kept(*_PASSED_ON))
    return response
