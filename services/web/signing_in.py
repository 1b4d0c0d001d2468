"""Coming in, going, and in which language and post somebody works: small forms, each of which the API answers."""

from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from services.web.inside import POST_COOKIE, Headers, Inside
from services.web.language import LANGUAGE_COOKIE, LANGUAGES
from services.web.person import has_session, person_of
from services.web.reading import Posted, posted
from services.web.rendering import Rendering, to

PASSED_BACK: Final = (b"set-cookie", b"clear-site-data")
_ALL_BUT_STORAGE: Final = '"cache", "cookies"'
_A_YEAR: Final = 31_536_000  # s


class SigningInPages:
    """The handlers of /login, /logout, /language and /post."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def ask(self, request: Request) -> Response:
        """`GET /login`."""
        after = own_address(request.query_params.get("next"))
        site = await self._inside.get(request, "/api/v1/site")
        return self._rendering.page(request, "login.html", problem=None, name="", next=after, site=site)

    async def log_in(self, request: Request) -> Response:
        """`POST /login`."""
        form = await posted(request)
        name, after = form.get("name") or "", own_address(form.get("next"))
        answer = await self._inside.post(request, "/api/v1/session", {"name": name, "password": form.get("password")})
        if answer.problem:
            shown: dict[str, Any] = {"problem": answer.problem, "name": name, "next": after}
            shown["site"] = await self._inside.get(request, "/api/v1/site")
            return self._rendering.page(request, "login.html", status=answer.status, **shown)
        response = bearing(to(after), answer.kept(*PASSED_BACK))
        response.delete_cookie(POST_COOKIE)
        return response

    async def log_out(self, request: Request) -> Response:
        """`POST /logout`."""
        if not has_session(request):
            return to("/")
        form = await posted(request) if "content-type" in request.headers else None
        answer = await self._inside.post(request, "/api/v1/session", method="DELETE")
        if answer.problem and answer.status != 401:
            return self._rendering.problem(request, answer.problem, {})
        response = bearing(to("/"), answer.kept(*PASSED_BACK))
        spare_what_waits(response, form)
        response.delete_cookie(POST_COOKIE)
        return response

    async def choose_language(self, request: Request) -> Response:
        """`POST /language`."""
        form = await posted(request)
        response = to(own_address(form.get("next")))
        if (chosen := form.get("language")) in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=_A_YEAR, path="/", samesite="lax", httponly=True)
        return response

    async def choose_post(self, request: Request) -> Response:
        """`POST /post`."""
        form, person = await posted(request), await person_of(self._inside, request)
        response = to(own_address(form.get("next")))
        if (chosen := form.get("post")) in person.posts:
            response.set_cookie(POST_COOKIE, chosen, path="/", samesite="lax", httponly=True)
        return response


def spare_what_waits(response: Response, form: Posted | None) -> None:
    """Where the page's script asks for it, the phone's queue stays: sealed, and its key is gone (decision 0035)."""
    if form is not None and form.get("keep") == "queue":
        response.headers["Clear-Site-Data"] = _ALL_BUT_STORAGE


def own_address(wanted: str | None) -> str:
    """A path of this site with its query, or its start: nobody is sent elsewhere by an address that somebody made."""
    parts = urlsplit(wanted or "")
    path = parts.path
    is_own = not parts.scheme and not parts.netloc and path.startswith("/") and not path.startswith(("//", "/\\"))
    address = path + (f"?{parts.query}" if parts.query else "")
    return address if is_own and address.isascii() and address.isprintable() and " " not in address else "/"


def bearing(response: Response, headers: Headers) -> Response:
    """The response with these headers of the API's: cookies, say."""
    response.raw_headers.extend(headers)
    return response
