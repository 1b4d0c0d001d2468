"""Where do I want notices? One's own addresses, set whole and shown without their secrets.

Which channels and hosts there may be says the administrator (HUIYIN_NOTICE_TARGETS).
"""

from functools import partial
from typing import Annotated

from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import RoleNotAllowed
from domain.values import Role
from services.api.accounts.people import People
from services.api.door.answers import answer
from services.api.door.bodies import Body, body_of
from services.api.door.limits import Kind
from services.api.door.queries import Query, query_of
from services.api.door.threads import Threads
from services.api.parts import ApiParts
from services.identity.accounts import Account
from services.notify.targets import MOST

Address = Annotated[str, StringConstraints(min_length=8, max_length=1000)]


class NoticeTargets(Body):
    """通知地址 Where to send notices; these and no others from now on."""

    targets: Annotated[list[Address], Field(max_length=MOST)]


class NoticesDoor:
    """The handlers of `/api/v1/me/notices`."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def show(self, request: Request) -> Response:
        """`GET /api/v1/me/notices`."""
        account = await self._officer(request)
        query_of(request, Query)
        return await self._threads.run(partial(self._show, account))

    async def replace(self, request: Request) -> Response:
        """`PUT /api/v1/me/notices`; repeating it changes nothing but when they were added."""
        account = await self._officer(request)
        self._parts.limiter.hit(Kind.WRITE, account.name)
        asked = await body_of(request, NoticeTargets, self._parts.limits)
        return await self._threads.run(partial(self._replace, account, asked.targets))

    async def _officer(self, request: Request) -> Account:
        account = await self._people.reader(request)
        if account.role is Role.HOUSEHOLD:
            raise RoleNotAllowed
        return account

    # -- in a thread --------------------------------------------------------------------------------------------

    def _show(self, account: Account) -> Response:
        return answer({"targets": self._parts.notices.targets.of(account.name)})

    def _replace(self, account: Account, addresses: list[str]) -> Response:
        return answer({"targets": self._parts.notices.targets.replace(account.name, addresses)})
