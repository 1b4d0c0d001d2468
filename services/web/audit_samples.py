"""Auditors' samples on their pages: asked for, drawn, and drawn again at each look. Called by audit_pages.py."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from services.web import words
from services.web.forms import Choice, Form, body_of, fields_of
from services.web.inside import Inside, Problem
from services.web.language import Pair
from services.web.person import person_of
from services.web.reading import posted
from services.web.rendering import Rendering, to

_ASK: Final = "AskAuditSample"
_NOT_SEALED: Final = "sample-not-sealed"


class SamplePages:
    """The handlers of /audit/samples."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def listed(self, request: Request) -> Response:
        """`GET /audit/samples?cursor=`."""
        return await self._page(request, {}, None)

    async def begun(self, request: Request) -> Response:
        """`POST /audit/samples`."""
        form = await posted(request)
        path = "/api/v1/audit/ask-audit-sample"
        answer = await self._inside.post(request, path, body_of(_ASK, form), key=form.get("key"))
        if answer.problem:
            return await self._page(request, form.values, answer.problem)
        return to(f"/audit/samples/{answer.document['sample_id']}")

    async def shown(self, request: Request) -> Response:
        """`GET /audit/samples/{id}?wait=`."""
        person = await person_of(self._inside, request)
        sample = await self._inside.get(request, f"/api/v1/audit/samples/{request.path_params['id']}")
        context: dict[str, Any] = {"sample": sample, "key": uuid4(), "wait": "wait" in request.query_params}
        return self._rendering.page(request, "audit_sample.html", person=person, **context)

    async def draw(self, request: Request) -> Response:
        """`POST /audit/samples/{id}/draw`."""
        form, sample = await posted(request), request.path_params["id"]
        path = "/api/v1/audit/draw-audit-sample"
        answer = await self._inside.post(request, path, {"sample_id": sample}, key=form.get("key"))
        if answer.problem and answer.problem.code != _NOT_SEALED:
            return self._rendering.problem(request, answer.problem, {})
        return to(f"/audit/samples/{sample}{'?wait=1' if answer.problem else ''}")

    async def _page(self, request: Request, values: Mapping[str, Any], problem: Problem | None) -> Response:
        person = await person_of(self._inside, request)
        found = await self._inside.get(request, "/api/v1/audit/samples", cursor=request.query_params.get("cursor"))
        known = await self._inside.get(request, "/api/v1/me/choices")
        villages = [Choice(it["code"], Pair(it["name"], it["name"])) for it in known["villages"]]
        fields = fields_of(_ASK, choices={"village": villages}, values=values, problem=problem)
        said = words.command_called(_ASK)
        form = Form(action="/audit/samples", key=str(uuid4()), fields=fields, problem=problem, said=said)
        context: dict[str, Any] = {"found": found, "form": form}
        status = problem.status if problem else 200
        return self._rendering.page(request, "audit_samples.html", person=person, status=status, **context)
