"""What do I owe today? Everything of one's own by urgency, each with the one obvious step; and what one was told."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.web import words
from services.web.inside import Inside
from services.web.person import person_of
from services.web.reading import posted
from services.web.rendering import Rendering, to

_TO_SIGN = "to_sign"


class TodayPages:
    """The handlers of /today and /inbox."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def today(self, request: Request) -> Response:
        """`GET /today`."""
        person = await person_of(self._inside, request)
        told = await self._inside.get(request, "/api/v1/today")
        items = [{**it, "step": _step(it)} for it in told["items"]]
        return self._rendering.page(
            request,
            "today.html",
            person=person,
            told=told,
            late=[it for it in items if it["overdue"]],
            mine=[it for it in items if not it["overdue"] and it["whose"] == "mine"],
            anybody=[it for it in items if not it["overdue"] and it["whose"] != "mine"],
            papers=[{**it, "act": "sign" if it["standing"] == _TO_SIGN else "hand-in"} for it in told["papers"]],
        )

    async def inbox(self, request: Request) -> Response:
        """`GET /inbox`: newest first; `before`: the page after."""
        person = await person_of(self._inside, request)
        asked = {name: request.query_params.get(name) for name in ("before", "unread")}
        told = await self._inside.get(request, "/api/v1/inbox", limit=30, **asked)
        newest = max((it["position"] for it in told["items"]), default=0)
        return self._rendering.page(request, "inbox.html", person=person, told=told, newest=newest, asked=asked)

    async def read(self, request: Request) -> Response:
        """`POST /inbox/read`: everything up to what was shown."""
        form = await posted(request)
        up_to = form.get("up_to") or ""
        answer = await self._inside.post(
            request, "/api/v1/inbox/read", {"up_to": int(up_to) if up_to.isdecimal() else up_to}
        )
        return self._rendering.problem(request, answer.problem, {}) if answer.problem else to("/inbox")


def _step(item: Mapping[str, Any]) -> dict[str, Any]:
    """Where the obvious step is done, and what it is called; the case itself where there is none in this post."""
    at = f"/issues/{item['number']}"
    if item["path"] is None:
        return {"address": at, "called": None}
    return {"address": f"{at}/{item['path']}", "called": words.command_called(item["command"])}
