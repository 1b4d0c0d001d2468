"""What does somebody without an account find first? What this is, the ways in, the look-up of a receipt, the board."""

from starlette.requests import Request
from starlette.responses import Response

from services.web.inside import Inside
from services.web.reading import posted
from services.web.rendering import Rendering, to

_LETTERS_OF_A_CODE = 16


class FrontPage:
    """The handlers of / for strangers, and of the form that looks a receipt up."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def front(self, request: Request) -> Response:
        """`GET /`, without a session."""
        return await self._page(request, wrong=False)

    async def find(self, request: Request) -> Response:
        """`POST /receipt`: the code as somebody typed it, to its page."""
        typed = (await posted(request)).get("code") or ""
        code = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
        if len(code) != _LETTERS_OF_A_CODE:
            return await self._page(request, wrong=True)
        return to("/r/" + "-".join(code[start : start + 4] for start in range(0, _LETTERS_OF_A_CODE, 4)))

    async def _page(self, request: Request, *, wrong: bool) -> Response:
        site = await self._inside.get(request, "/api/v1/site")
        return self._rendering.page(request, "front.html", status=422 if wrong else 200, site=site, wrong=wrong)
