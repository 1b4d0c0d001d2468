"""Pages for whoever supervises or runs the office: where to go, spot checks, bulletins, plans, posts, holidays.

And a department's own beginning: what was sent to it. All of it is read only:
what supervision does is in supervision.py. Called by office_pages.py.
"""

from typing import Any, Final
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from domain.values import Role
from services.web.inside import Inside
from services.web.person import person_of
from services.web.rendering import Rendering
from services.web.supervision import acts_on

_READ_CASES: Final = frozenset(
    {Role.CASE_HANDLER, Role.STATION_LEAD, Role.COMMITTEE_MEMBER, Role.FINANCE, Role.DEPARTMENT, Role.AUDITOR}
)

_CHECKERS: Final = frozenset({Role.COMMITTEE_MEMBER, Role.AUDITOR})


class OfficePages:
    """The handlers of /office and /department."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def start(self, request: Request) -> Response:
        """`GET /office`."""
        person = await person_of(self._inside, request)
        plans = await self._inside.get(request, "/api/v1/plans")
        context: dict[str, Any] = {"reads": person.role in _READ_CASES, "plans": plans}
        return self._rendering.page(request, "office.html", person=person, **context)

    async def department(self, request: Request) -> Response:
        """`GET /department`: what is with one's department now: to accept or return, and what is due."""
        person = await person_of(self._inside, request)
        found = await self._inside.get(request, "/api/v1/issues", open=True, sort="due", limit=100)
        waiting = [it for it in found["items"] if it["stage"] == "escalated"]
        others = [it for it in found["items"] if it["stage"] != "escalated"]
        context: dict[str, Any] = {"waiting": waiting, "others": others, "more": found["next"] is not None}
        return self._rendering.page(request, "department.html", person=person, **context)

    async def spot_checks(self, request: Request) -> Response:
        """`GET /office/spot-checks`."""
        person = await person_of(self._inside, request)
        cursor = request.query_params.get("cursor")
        found = await self._inside.get(request, "/api/v1/spot-checks", cursor=cursor)
        return self._rendering.page(
            request, "spot_checks.html", person=person, found=found, checks=person.role in _CHECKERS
        )

    async def spot_check(self, request: Request) -> Response:
        """`GET /office/spot-checks/{id}`."""
        person = await person_of(self._inside, request)
        check = await self._inside.get(request, f"/api/v1/spot-checks/{request.path_params['id']}")
        return self._rendering.page(request, "spot_check.html", person=person, check=check, may=acts_on(person, check))

    async def bulletins(self, request: Request) -> Response:
        """`GET /office/bulletins?period=`."""
        person = await person_of(self._inside, request)
        period = request.query_params.get("period", "").strip()
        found = await self._inside.ask(request, "/api/v1/bulletins", period=period)
        if found.problem and found.status != 422:
            return self._rendering.problem(request, found.problem, {})
        context: dict[str, Any] = {
            "bulletins": [] if found.problem else found.document["items"], "period": period, "problem": found.problem,
            "issues": person.role is Role.COMMITTEE_MEMBER, "new_key": uuid4,
        }  # fmt: skip
        return self._rendering.page(request, "bulletins.html", person=person, status=found.status, **context)

    async def plans(self, request: Request) -> Response:
        """`GET /office/plans`."""
        person = await person_of(self._inside, request)
        plans = await self._inside.get(request, "/api/v1/plans")
        return self._rendering.page(request, "plans.html", person=person, plans=plans)

    async def organisation(self, request: Request) -> Response:
        """`GET /office/organisation`: the places in their order, and who serves in each."""
        person = await person_of(self._inside, request)
        found = await self._inside.get(request, "/api/v1/organisation")
        posts: dict[str, list[dict[str, Any]]] = {}
        for post in found["posts"]:
            posts.setdefault(post["place"], []).append(post)
        tree = list(_in_order(found["places"]))
        return self._rendering.page(request, "organisation.html", person=person, tree=tree, posts=posts)

    async def holidays(self, request: Request) -> Response:
        """`GET /office/holidays/{year}`, with the limits that a proposed table would move."""
        person, year = await person_of(self._inside, request), request.path_params["year"]
        table = await self._inside.get(request, f"/api/v1/holidays/{year}")
        affected = None
        if person.role in _READ_CASES:
            answer = await self._inside.ask(request, f"/api/v1/holidays/{year}/affected")
            affected = None if answer.problem else answer.document
        context: dict[str, Any] = {"table": table, "affected": affected, "year": int(year)}
        return self._rendering.page(request, "holidays.html", person=person, **context)


def _in_order(places: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """Each place below the one that it belongs to, with how deep it stands."""
    below: dict[str | None, list[dict[str, Any]]] = {}
    known = {place["code"] for place in places}
    for place in places:
        below.setdefault(place["parent"] if place["parent"] in known else None, []).append(place)
    found: list[tuple[int, dict[str, Any]]] = []
    waiting = [(0, place) for place in reversed(below.get(None, []))]
    while waiting:
        depth, place = waiting.pop()
        found.append((depth, place))
        waiting.extend((depth + 1, each) for each in reversed(below.get(place["code"], [])))
    return found
