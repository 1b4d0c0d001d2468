"""Where does somebody begin? Logged in with the first page of their day, else with the front page."""

from starlette.requests import Request
from starlette.responses import Response

from services.api.serving import Handler
from services.identity.authenticator import NotAuthenticated
from services.web.inside import Inside
from services.web.person import has_session, person_of
from services.web.rendering import to
from services.web.words import navigation_of


class StartingPage:
    """The handler of `/`. `front`: what everybody else is shown."""

    def __init__(self, inside: Inside, front: Handler) -> None:
        self._inside = inside
        self._front = front

    async def start(self, request: Request) -> Response:
        """`GET /`."""
        if not has_session(request):
            return await self._front(request)
        try:
            person = await person_of(self._inside, request)
        except NotAuthenticated:
            return await self._front(request)
        if person.must_change_password:
            return to("/account/password")
        ways = navigation_of(person.role)
        return to(ways[0].address) if ways else to("/account")
