"""The issue ledger as people look through it: filtered, sorted, a page at a time; and the views they keep."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from domain.issue.words import Channel, Stage
from services.web.choices import choices_of
from services.web.inside import Inside, Problem
from services.web.person import person_of
from services.web.reading import posted
from services.web.rendering import Rendering, to

_FILTERS: Final = ("village", "stage", "category", "channel", "person", "open", "overdue", "sort")
_FOLDED: Final = ("village", "stage", "category", "channel", "person")
_KEPT_NOWHERE: Final = ("q", "cursor")
_OTHERS: Final = (
    "tier", "unit", "department", "no_department", "rating", "logged", "answered", "closed", "counted", "age", "as_of",
    "known_at",
)  # fmt: skip
"""Filters that other pages' links bring along: kept, though they have no field here."""
_PAGE: Final = 25


class IssueListPages:
    """The handlers of /issues and of one's views."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def show(self, request: Request) -> Response:
        """`GET /issues`."""
        return await self._list(request, None)

    async def keep(self, request: Request) -> Response:
        """`POST /issues/views`: keep the list that is shown, by a name."""
        form = await posted(request)
        query = {name: value for name in (*_FILTERS, *_OTHERS) if (value := form.get(name))}
        view = {"name": form.get("name") or "", "ledger": "issues", "query": query}
        answer = await self._inside.post(request, "/api/v1/me/views", view, method="PUT")
        if answer.problem:
            return await self._list(request, answer.problem)
        return to(_address(query))

    async def drop(self, request: Request) -> Response:
        """`POST /issues/views/drop`."""
        form = await posted(request)
        named = {"name": form.get("name") or ""}
        answer = await self._inside.post(request, "/api/v1/me/views", method="DELETE", query=named)
        return await self._list(request, answer.problem) if answer.problem else to("/issues")

    async def _list(self, request: Request, problem: Problem | None) -> Response:
        person = await person_of(self._inside, request)
        asked = _asked(request)
        found = await self._inside.get(request, "/api/v1/issues", limit=_PAGE, **asked)
        views = await self._inside.get(request, "/api/v1/me/views")
        following = _address({**asked, "cursor": found["next"]}) if found["next"] else None
        return self._rendering.page(
            request,
            "issues.html",
            status=problem.status if problem else 200,
            person=person,
            found=found,
            asked=asked,
            choices=await choices_of(self._inside, request),
            stages=list(Stage),
            channels=list(Channel),
            views=[{**it, "address": _address(it["query"])} for it in views["views"] if it["ledger"] == "issues"],
            kept={name: value for name, value in asked.items() if name not in _KEPT_NOWHERE},
            others={name: value for name, value in asked.items() if name in _OTHERS},
            narrowed=any(name in asked for name in _FOLDED),
            following=following,
            problem=problem,
        )


def _asked(request: Request) -> dict[str, str]:
    """What the address asks for; a list that nobody narrowed shows what is open, the most urgent first."""
    given = {name: value for name, value in request.query_params.items() if value}
    return given or {"open": "true", "sort": "due"}


def _address(query: Mapping[str, Any]) -> str:
    return f"/issues?{urlencode(query)}" if query else "/issues"
