"""Who of the station has how much, and how much of it is late? Each figure leads to its cases."""

from starlette.requests import Request
from starlette.responses import Response

from services.web.inside import Inside
from services.web.person import person_of
from services.web.rendering import Rendering


class TeamPage:
    """The handler of /team."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def show(self, request: Request) -> Response:
        """`GET /team`."""
        person = await person_of(self._inside, request)
        told = await self._inside.get(request, "/api/v1/team")
        return self._rendering.page(request, "team.html", person=person, told=told)
