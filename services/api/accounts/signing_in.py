"""How does somebody come in, go, and change their password? Sessions for browsers; programs use tokens.

A password is looked at in threads of its own, one at a time: however many try to log in, writers keep their cores.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Final

from pydantic import StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from domain.organisation.state import Post
from services.api.accounts.people import People
from services.api.door.answers import answer
from services.api.door.bodies import Body, body_of
from services.api.door.limits import Kind
from services.api.door.queries import Flag, Query, query_of
from services.api.door.site import SESSION
from services.api.door.threads import Threads
from services.api.parts import ApiParts, Limits
from services.identity.authenticator import NotAuthenticated, Visitor
from services.identity.password_rules import LONGEST
from services.identity.sessions import CameBy

_MOST_WAITING: Final = 32

Words = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]


class LogIn(Body):
    """登录 Log in with a password."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    password: Words


class ChangePassword(Body):
    """修改密码 Change one's password."""

    old: Words
    new: Words


class LogOutQuery(Query):
    """`DELETE /api/v1/sessions`: whether API tokens end too."""

    tokens: Flag = False


def log_in_threads(limits: Limits) -> Threads:
    """Where passwords are looked at; few may wait, the others are told to come again."""
    return Threads("api-log-in", limits.log_ins, replace(limits, most_waiting=_MOST_WAITING))


class SigningIn:
    """The handlers of sessions and passwords."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads, slow: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads
        self._slow = slow

    async def log_in(self, request: Request) -> Response:
        """`POST /api/v1/session`."""
        site = self._parts.site
        self._parts.limiter.hit(Kind.LOG_IN, self._parts.address_of(request))
        site.require_own_page(request, by_cookie=False)
        site.origin(request)  # refused before a password is even read
        asked = await body_of(request, LogIn, self._parts.limits)
        before = site.kept(request, SESSION)
        secret = await self._slow.run(partial(self._parts.log_ins.log_in, asked.name, asked.password, before))
        return await self._welcome(request, secret)

    async def change_password(self, request: Request) -> Response:
        """`POST /api/v1/password`; every other session of the account ends."""
        name = (await self._visitor_by_session(request)).login.name
        asked = await body_of(request, ChangePassword, self._parts.limits)
        secret = await self._slow.run(partial(self._parts.log_ins.change_password, name, asked.old, asked.new))
        self._parts.authenticator.forget(name)
        return await self._welcome(request, secret)

    async def who(self, request: Request) -> Response:
        """`GET /api/v1/session`."""
        query_of(request, Query)
        return await self._told(await self._people.visitor(request))

    async def sessions(self, request: Request) -> Response:
        """`GET /api/v1/sessions`."""
        query_of(request, Query)
        name = (await self._visitor_by_session(request)).login.name
        current = self._people.session(request)
        return answer({"items": await self._threads.run(partial(self._parts.log_ins.sessions, name, current))})

    async def log_out(self, request: Request) -> Response:
        """`DELETE /api/v1/session`."""
        query_of(request, Query)
        name = (await self._visitor_by_session(request)).login.name
        await self._threads.run(partial(self._parts.log_ins.log_out, self._people.session(request)))
        return self._farewell(request, name)

    async def log_out_everywhere(self, request: Request) -> Response:
        """`DELETE /api/v1/sessions`."""
        query = query_of(request, LogOutQuery)
        name = (await self._visitor_by_session(request)).login.name
        await self._threads.run(partial(self._parts.log_ins.log_out_everywhere, name, tokens=query.tokens))
        return self._farewell(request, name)

    async def _visitor_by_session(self, request: Request) -> Visitor:
        visitor = await self._people.visitor(request)
        if visitor.come_by is CameBy.TOKEN:
            raise NotAuthenticated
        return visitor

    async def _welcome(self, request: Request, secret: str) -> Response:
        visitor = await self._threads.run(partial(self._parts.authenticator.visitor, secret))
        response = await self._told(visitor)
        self._parts.site.keep(request, response, secret)
        return response

    async def _told(self, visitor: Visitor) -> Response:
        posts = await self._threads.run(partial(self._parts.authenticator.posts, visitor.login))
        return answer(_said_of(visitor, posts))

    def _farewell(self, request: Request, account: str) -> Response:
        self._parts.authenticator.forget(account)
        response = Response(status_code=204)
        self._parts.site.let_go(request, response, SESSION)
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response


def _said_of(visitor: Visitor, posts: Sequence[Post]) -> Mapping[str, Any]:
    login = visitor.login
    return {
        "name": login.name,
        "display_zh": login.display_zh,
        "display_en": login.display_en,
        "posts": [{"post": str(post), "on_behalf_of": post.on_behalf_of} for post in posts],
        "come_by": visitor.come_by,
        "scopes": sorted(visitor.scopes),
        "must_change_password": visitor.must_change,
        "expires_at": visitor.expires_at,
    }
