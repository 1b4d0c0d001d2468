"""How does a browser go to the identity provider and come back? `GET /login/oidc` and `/login/oidc/callback`.

What was agreed on the way out waits in the database, under a secret that only this browser has in a cookie.
"""

from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.api.door.limits import Kind
from services.api.door.problems import NoSuchPath
from services.api.door.queries import Query, query_of
from services.api.door.site import ATTEMPT, SESSION
from services.api.door.threads import Threads
from services.api.parts import ApiParts, Limits
from services.identity.oidc import LASTS, OidcLogIns
from services.identity.oidc_provider import OidcRefused

CALLBACK: Final = "/login/oidc/callback"
_MOST_WAITING: Final = 32
_LONGEST: Final = 2048  # characters of a code


def oidc_threads(limits: Limits) -> Threads:
    """Where the provider is waited for: however slow it is, nobody else waits with it."""
    return Threads("api-oidc", limits.oidc, replace(limits, most_waiting=_MOST_WAITING))


class OidcDoor:
    """The handlers."""

    def __init__(self, parts: ApiParts, threads: Threads) -> None:
        self._parts = parts
        self._threads = threads

    async def set_out(self, request: Request) -> Response:
        """`GET /login/oidc`."""
        log_ins, site = self._log_ins(), self._parts.site
        query_of(request, Query)
        self._parts.limiter.hit(Kind.LOG_IN, self._parts.address_of(request))
        departure = await self._threads.run(partial(log_ins.set_out, site.origin(request) + CALLBACK))
        response = RedirectResponse(departure.url, 303)
        site.keep(request, response, departure.attempt, ATTEMPT, max_age=int(LASTS.total_seconds()))
        return response

    async def come_back(self, request: Request) -> Response:
        """`GET /login/oidc/callback`; what a provider adds to code and state is left alone, as the standard asks."""
        log_ins, site = self._log_ins(), self._parts.site
        said = _said(request)
        attempt = site.kept(request, ATTEMPT)
        if attempt is None or said.get("iss", log_ins.issuer) != log_ins.issuer:
            raise OidcRefused
        uri, before = site.origin(request) + CALLBACK, site.kept(request, SESSION)
        secret = await self._threads.run(
            partial(log_ins.come_back, attempt, said.get("state", ""), said.get("code", ""), uri, before)
        )
        response = RedirectResponse("/", 303)
        site.keep(request, response, secret)
        site.let_go(request, response, ATTEMPT)
        return response

    def _log_ins(self) -> OidcLogIns:
        if self._parts.oidc is None:
            raise NoSuchPath
        return self._parts.oidc


def _said(request: Request) -> dict[str, str]:
    """What the provider sent along. Raises OidcRefused when it said something twice, or no code."""
    try:
        pairs = parse_qsl(request.scope["query_string"].decode("ascii"), strict_parsing=True, errors="strict")
    except ValueError:
        raise OidcRefused from None
    said = dict(pairs)
    if len(said) != len(pairs) or not said.get("code") or any(len(value) > _LONGEST for value in said.values()):
        raise OidcRefused
    if any("\0" in value or not value.isascii() for value in said.values()):
        raise OidcRefused
    return said
