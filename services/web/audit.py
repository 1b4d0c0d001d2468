"""Where auditors begin: what is proved, what waits, and what they themselves looked at. Called by audit_pages.py."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from domain.values import Role
from services.web.inside import Inside
from services.web.person import person_of
from services.web.rendering import Rendering


class AuditHome:
    """The handlers of /audit and /audit/looks."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def start(self, request: Request) -> Response:
        """`GET /audit`."""
        person = await person_of(self._inside, request)
        proof = await self._inside.get(request, "/api/v1/audit/proof")
        answered = await self._inside.get(request, "/api/v1/audit/findings", standing="answered", limit=20)
        awaited = await self._inside.get(request, "/api/v1/audit/findings", standing="awaited", limit=20)
        late = [it for it in awaited["items"] if it["overdue"]]
        context: dict[str, Any] = {"proof": proof, "answered": answered["items"], "late": late}
        return self._rendering.page(request, "audit.html", person=person, **context)

    async def looks(self, request: Request) -> Response:
        """`GET /audit/looks`: one's own, or how much auditors looked at."""
        person = await person_of(self._inside, request)
        own = person.role is Role.AUDITOR
        path = "/api/v1/audit/looks" if own else "/api/v1/audit/looks/report"
        found = await self._inside.get(request, path)
        return self._rendering.page(request, "audit_looks.html", person=person, looks=found["items"], own=own)
