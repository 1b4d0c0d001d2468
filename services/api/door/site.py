"""Where do browsers find this installation, and does a request come from its own pages? Cookies and the CSRF check.

Over https the session's cookie is `__Host-huiyin`, Secure. Without it there is a cookie only for a browser on this very
machine (http://localhost, 127.0.0.1, [::1]); anywhere else a password or a session would cross the network readable.
"""

import re
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from services.identity.authenticator import NotAllowedHere

_HOST_PREFIX: Final = "__Host-"
_LOCAL: Final = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?")
_HSTS: Final = "max-age=31536000; includeSubDomains"


class Cookie(NamedTuple):
    """What a browser keeps for us: its name without the prefix that https gives it, and how its secrets begin."""

    name: str
    secret_prefix: str


SESSION: Final = Cookie("huiyin", "hs_")
ATTEMPT: Final = Cookie("huiyin-oidc", "ho_")
"""Of a log-in that is at the identity provider."""
SECURE_COOKIE: Final = _HOST_PREFIX + SESSION.name


class NeedsHttps(NotAllowedHere):
    code = "needs-https"
    zh = "登录须使用 https。请管理员设置 HUIYIN_PUBLIC_URL，并由反向代理提供 https；在本机可用 http://localhost。"
    en = "Logging in needs https: set HUIYIN_PUBLIC_URL and put a proxy with https in front, or use http://localhost."


class ForeignOrigin(NotAllowedHere):
    code = "foreign-origin"
    zh = "此请求不是从本系统的页面发出的，未予处理。请从本系统的页面重新操作。"
    en = "This request does not come from Huiyin's own pages, so nothing was done. Repeat it from there."


def is_local(netloc: str) -> bool:
    """Whether a host, with or without port, is this machine as its own browser calls it."""
    return _LOCAL.fullmatch(netloc) is not None


class Site:
    """The installation as browsers see it. `public_url`: its https address, if it has one."""

    def __init__(self, public_url: str | None = None) -> None:
        self._public = public_url.rstrip("/") if public_url else None

    @property
    def public_url(self) -> str | None:
        """Its address as the settings say it, without a slash at the end; None if they do not."""
        return self._public

    @property
    def headers(self) -> dict[str, str]:
        """What every answer says because of it."""
        return {"Strict-Transport-Security": _HSTS} if self._public and self._public.startswith("https://") else {}

    def origin(self, request: Request) -> str:
        """What the browser that asks calls this site. Raises NeedsHttps."""
        if self._public:
            return self._public
        host = request.headers.get("host", "").lower()
        if not is_local(host):
            raise NeedsHttps
        return f"http://{host}"

    def require_own_page(self, request: Request, *, by_cookie: bool) -> None:
        """Refuses what another site's page sends. Raises ForeignOrigin, NeedsHttps.

        A browser says where a write comes from; `by_cookie`: the request counts by its cookie, so it must be said.
        """
        origins = request.headers.getlist("origin")
        fetch_sites = request.headers.getlist("sec-fetch-site")
        if not origins and not fetch_sites and not by_cookie:
            return  # a program: no browser leaves out both
        own_origin = not origins or origins == [self.origin(request)]
        own_site = not fetch_sites or fetch_sites == ["same-origin"]
        if not (own_origin and own_site) or not (origins or fetch_sites):
            raise ForeignOrigin

    def kept(self, request: Request, cookie: Cookie) -> str | None:
        """The secret that the browser brought along in this cookie; one given twice is none."""
        try:
            name = self._name(request, cookie)
        except NeedsHttps:
            return None
        pairs = (pair.strip().partition("=") for line in request.headers.getlist("cookie") for pair in line.split(";"))
        found = [value for key, _, value in pairs if key == name]
        return found[0] if len(found) == 1 and found[0].startswith(cookie.secret_prefix) else None

    def keep(
        self, request: Request, response: Response, secret: str, cookie: Cookie = SESSION, max_age: int | None = None
    ) -> None:
        """The browser keeps this secret, for so many seconds, or until it is closed."""
        self._set(request, response, cookie, secret, max_age)

    def let_go(self, request: Request, response: Response, cookie: Cookie) -> None:
        """The browser forgets this cookie."""
        self._set(request, response, cookie, "", max_age=0)

    def _set(self, request: Request, response: Response, cookie: Cookie, value: str, max_age: int | None) -> None:
        name, secure = self._name(request, cookie), self._is_https(request)
        response.set_cookie(name, value, max_age=max_age, path="/", secure=secure, httponly=True, samesite="lax")

    def _name(self, request: Request, cookie: Cookie) -> str:
        return _HOST_PREFIX + cookie.name if self._is_https(request) else cookie.name

    def _is_https(self, request: Request) -> bool:
        return urlsplit(self.origin(request)).scheme == "https"
