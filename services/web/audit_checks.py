"""Every history held against the declared process, and the log under another plan, on pages. Called by audit_pages.py.

Both ask the API as any program does, and say what it refuses: too many issues at once, or no such plan.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.audit.what_if_words import JUDGED, QUESTIONS, rule_name
from services.web.inside import Inside
from services.web.person import person_of
from services.web.rendering import Rendering


class CheckPages:
    """The handlers of /audit/conformance and /audit/what-if."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def conformance(self, request: Request) -> Response:
        """`GET /audit/conformance?village=&logged=&number=&kind=&severity=`."""
        return await self._asked(request, "conformance", ("village", "logged", "number", "kind", "severity"))

    async def what_if(self, request: Request) -> Response:
        """`GET /audit/what-if?plan=&entries=&village=&logged=`."""
        return await self._asked(request, "what-if", ("plan", "entries", "village", "logged"))

    async def _asked(self, request: Request, name: str, parameters: tuple[str, ...]) -> Response:
        person = await person_of(self._inside, request)
        given = {key: request.query_params.get(key, "").strip() for key in parameters}
        found = await self._inside.ask(request, f"/api/v1/audit/{name}", **given)
        if found.problem and found.status not in (404, 409, 422):
            return self._rendering.problem(request, found.problem, {})
        choices = await self._inside.get(request, "/api/v1/me/choices")
        context: dict[str, Any] = {
            "asked": given, "villages": choices["villages"], "problem": found.problem,
            "found": None if found.problem else found.document, "questions": QUESTIONS, "judged": JUDGED,
            "rule_name": rule_name,
        }  # fmt: skip
        template = f"audit_{name.replace('-', '_')}.html"
        return self._rendering.page(request, template, person=person, status=found.status, **context)
